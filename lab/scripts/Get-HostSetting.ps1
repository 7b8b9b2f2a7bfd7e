# What is set on this host: Windows' build and updates, quotas of WinRM, what Microsoft Defender leaves out, and how DNS
# resolves one name (none if empty). What cannot be read comes with its reason, and does not hide the rest.
param([Parameter(Mandatory = $true)][AllowEmptyString()][string]$Name)
$quiet = @{ ErrorAction = 'SilentlyContinue' }
$version = Get-ItemProperty -LiteralPath 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion' @quiet
$updates = @(Get-HotFix @quiet -ErrorVariable untoldUpdates)
$shell, $service = 'WSMan:\localhost\Shell', 'WSMan:\localhost\Service'
$wanted = "$shell\MaxMemoryPerShellMB", "$shell\MaxShellsPerUser", "$service\MaxConcurrentOperationsPerUser"
$quotas = @(Get-Item -LiteralPath $wanted @quiet -ErrorVariable untoldQuotas)
$defender = @()
$known = [bool](Get-Command -Name Get-MpPreference @quiet)
if ($known) { $defender = @(Get-MpPreference @quiet -ErrorVariable untoldDefender) }
$records = @()
if ($Name) {
    $records = @(Resolve-DnsName -Name $Name -Type A -DnsOnly -NoHostsFile -QuickTimeout @quiet -ErrorVariable untoldNames)
}
@{
    Today = (Get-Date).ToString('yyyy-MM-dd')
    Build = "$($version.CurrentBuild).$($version.UBR)"
    Updates = @(foreach ($update in $updates) {
        $day = ''
        if ($update.InstalledOn -is [datetime]) { $day = $update.InstalledOn.ToString('yyyy-MM-dd') }
        @{ Name = "$($update.HotFixID)"; Day = $day }
    })
    Quotas = @(foreach ($quota in $quotas) { @{ Name = "$($quota.Name)"; Value = "$($quota.Value)" } })
    DefenderKnown = "$known"
    Defender = @(foreach ($settings in $defender) {
        @{
            RealTime = "$(-not $settings.DisableRealtimeMonitoring)"
            Paths = @(foreach ($path in $settings.ExclusionPath) { "$path" })
        }
    })
    Addresses = @(foreach ($record in $records) {
        if ("$($record.Type)" -eq 'A') { @{ Address = "$($record.IPAddress)"; Seconds = "$($record.TTL)" } }
    })
    UpdatesUntold = "$($untoldUpdates | Select-Object -First 1)"
    QuotasUntold = "$($untoldQuotas | Select-Object -First 1)"
    DefenderUntold = "$($untoldDefender | Select-Object -First 1)"
    AddressesUntold = "$($untoldNames | Select-Object -First 1)"
}
