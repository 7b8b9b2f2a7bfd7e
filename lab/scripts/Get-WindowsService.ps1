# The named services that are installed here, with the accounts they run under; a name that is not installed is left out.
param([Parameter(Mandatory = $true)][string[]]$Name)
foreach ($service in @(Get-CimInstance -ClassName Win32_Service | Where-Object { $Name -contains $_.Name })) {
    @{
        Name = "$($service.Name)"
        DisplayName = "$($service.DisplayName)"
        State = "$($service.State)"
        StartName = "$($service.StartName)"
    }
}
