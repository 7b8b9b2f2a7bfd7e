# What of this host may keep a drill from going well: its time zone, free space, a restart that Windows waits for, versions
# of the files that the named services run, and checkpoints or a cluster of one guest.
param([Parameter(Mandatory = $true)][string]$Guest, [Parameter(Mandatory = $true)][string[]]$Service)
$system = Get-CimInstance -ClassName Win32_OperatingSystem
$disks = @(Get-CimInstance -ClassName Win32_LogicalDisk | Where-Object { $_.DriveType -eq 3 })
$windows = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion'
$waiting = "$windows\Component Based Servicing\RebootPending", "$windows\WindowsUpdate\Auto Update\RebootRequired"
$installed = @(Get-CimInstance -ClassName Win32_Service | Where-Object { $Service -contains $_.Name })
$found = @(Get-VM -ErrorAction SilentlyContinue | Where-Object { $_.Name -eq $Guest })
@{
    UtcOffsetMinutes = $system.CurrentTimeZone
    Disks = @(foreach ($disk in $disks) {
        @{ Name = "$($disk.DeviceID)"; Size = "$($disk.Size)"; Free = "$($disk.FreeSpace)" }
    })
    RestartPending = "$(@($waiting | Where-Object { Test-Path -LiteralPath $_ }).Count -gt 0)"
    Services = @(foreach ($each in $installed) {
        $version = ''
        if ("$($each.PathName)" -match '^\s*"?(.+?\.exe)') {
            $file = Get-Item -LiteralPath $Matches[1] -ErrorAction SilentlyContinue
            if ($file) { $version = "$($file.VersionInfo.FileVersion)" }
        }
        @{ Name = "$($each.Name)"; Version = $version }
    })
    Guests = @(foreach ($machine in $found) {
        @{ Checkpoint = "$($machine.ParentSnapshotName)"; Clustered = "$($machine.IsClustered)" }
    })
}
