# What is set on this host: Windows' build and updates, quotas of WinRM, what Microsoft Defender leaves out, and how DNS
# resolves one name (none if empty). What cannot be read comes with its reason, and does not hide the rest.
param([Parameter(Mandatory = $true)][AllowEmptyString()][string]$Name)
$version = Get-ItemProperty -LiteralPath 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion'
$updates = $quotas = $defender = $records = @()
$untold = @{ Updates = ''; Quotas = ''; Defender = ''; Addresses = '' }
try {
    $updates = @(Get-HotFix -ErrorAction Stop)
} catch {
    $untold.Updates = "$($_.Exception.Message)"
}
$shell, $service = 'WSMan:\localhost\Shell', 'WSMan:\localhost\Service'
$wanted = "$shell\MaxMemoryPerShellMB", "$shell\MaxShellsPerUser", "$service\MaxConcurrentOperationsPerUser"
try {
    $quotas = @(Get-Item -LiteralPath $wanted -ErrorAction Stop)
} catch {
    $untold.Quotas = "$($_.Exception.Message)"
}
$known = [bool](Get-Command -Name Get-MpPreference -ErrorAction SilentlyContinue)
try {
    if ($known) { $defender = @(Get-MpPreference -ErrorAction Stop) }
} catch {
    $untold.Defender = "$($_.Exception.Message)"
}
$way = @{ Type = 'A'; DnsOnly = $true; NoHostsFile = $true; QuickTimeout = $true }
try {
    if ($Name) { $records = @(Resolve-DnsName -Name $Name @way -ErrorAction Stop) }
} catch {
    $untold.Addresses = "$($_.Exception.Message)"
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
    UpdatesUntold = $untold.Updates
    QuotasUntold = $untold.Quotas
    DefenderUntold = $untold.Defender
    AddressesUntold = $untold.Addresses
}
