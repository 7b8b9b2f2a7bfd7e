# What this host shows of Arcserve RHA without any of its commands: Windows services with image path and file version,
# providers of event logs, and ports that are listened on. Only reads.
param(
    [Parameter(Mandatory = $true)][string]$Pattern,
    [Parameter(Mandatory = $true)][string[]]$Provider,
    [Parameter(Mandatory = $true)][int[]]$Port
)
$services = @(Get-CimInstance -ClassName Win32_Service | Where-Object {
    "$($_.Name);$($_.DisplayName);$($_.PathName)" -match $Pattern
})
foreach ($service in $services) {
    $path = "$($service.PathName)"
    $version = ''
    if ($path -match '^\s*"?(.+?\.exe)') {
        $path = $Matches[1]
        $file = Get-Item -LiteralPath $path -ErrorAction SilentlyContinue
        if ($file) { $version = "$($file.VersionInfo.FileVersion)" }
    }
    @{
        Kind = 'service'
        Name = "$($service.Name)"
        DisplayName = "$($service.DisplayName)"
        State = "$($service.State)"
        Account = "$($service.StartName)"
        Path = $path
        Version = $version
    }
}
foreach ($found in @(Get-WinEvent -ListProvider $Provider -ErrorAction SilentlyContinue)) {
    @{ Kind = 'provider'; Name = "$($found.Name)"; Logs = @(foreach ($log in $found.LogLinks) { "$($log.LogName)" }) }
}
foreach ($each in @(Get-NetTCPConnection -State Listen -LocalPort $Port -ErrorAction SilentlyContinue)) {
    @{ Kind = 'port'; Port = "$($each.LocalPort)"; Address = "$($each.LocalAddress)" }
}
