# What of this host may keep a drill from going well: its time zone, free space, a restart that Windows waits for, the
# files that the named services run, the machine itself, and hardware, disks, integration services, checkpoint and
# cluster of one guest, if one is named. A disk of the guest that is no file has no size.
param([string]$Guest = '', [Parameter(Mandatory = $true)][string[]]$Service)
$system = Get-CimInstance -ClassName Win32_OperatingSystem
$disks = @(Get-CimInstance -ClassName Win32_LogicalDisk | Where-Object { $_.DriveType -eq 3 })
$windows = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion'
$waiting = "$windows\Component Based Servicing\RebootPending", "$windows\WindowsUpdate\Auto Update\RebootRequired"
$installed = @(Get-CimInstance -ClassName Win32_Service | Where-Object { $Service -contains $_.Name })
$computers = @(Get-CimInstance -ClassName Win32_ComputerSystem)
$found = @()
if ($Guest) { $found = @(Get-VM -ErrorAction SilentlyContinue | Where-Object { $_.Name -eq $Guest }) }
@{
    UtcOffsetMinutes = $system.CurrentTimeZone
    Disks = @(foreach ($disk in $disks) {
        @{ Name = "$($disk.DeviceID)"; Size = "$($disk.Size)"; Free = "$($disk.FreeSpace)" }
    })
    RestartPending = "$(@($waiting | Where-Object { Test-Path -LiteralPath $_ }).Count -gt 0)"
    Services = @(foreach ($each in $installed) {
        $path = $version = ''
        if ("$($each.PathName)" -match '^\s*"?(.+?\.exe)') {
            $path = $Matches[1]
            $file = Get-Item -LiteralPath $path -ErrorAction SilentlyContinue
            if ($file) { $version = "$($file.VersionInfo.FileVersion)" }
        }
        @{ Name = "$($each.Name)"; Path = $path; Version = $version }
    })
    Computers = @(foreach ($computer in $computers) {
        @{
            Model = "$($computer.Manufacturer) $($computer.Model)"
            Processors = "$($computer.NumberOfLogicalProcessors)"
            MemoryBytes = "$($computer.TotalPhysicalMemory)"
        }
    })
    Guests = @(foreach ($machine in $found) {
        @{
            Checkpoint = "$($machine.ParentSnapshotName)"
            Clustered = "$($machine.IsClustered)"
            Processors = "$($machine.ProcessorCount)"
            MemoryBytes = "$($machine.MemoryStartup)"
            Generation = "$($machine.Generation)"
            Components = @(foreach ($component in $machine.VMIntegrationService) {
                @{ Id = "$($component.Id)"; Name = "$($component.Name)"; Enabled = "$($component.Enabled)" }
            })
            Disks = @(foreach ($drive in $machine.HardDrives) {
                $file = $null
                try {
                    if ($drive.Path) { $file = Get-VHD -Path $drive.Path -ErrorAction Stop }
                } catch {
                    $file = $null
                }
                @{
                    Place = "$($drive.ControllerType) $($drive.ControllerNumber):$($drive.ControllerLocation)"
                    Path = "$($drive.Path)"
                    Size = "$($file.Size)"
                    Used = "$($file.FileSize)"
                }
            })
        }
    })
}
