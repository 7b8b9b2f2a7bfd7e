# The lab's cmdlets as they answer on a host with two guests, so that the scripts can be run in a real engine.
$global:acts = New-Object System.Collections.ArrayList
$global:listed = [System.Collections.ArrayList]@(1, 'b')
$global:guests = @(
    [pscustomobject]@{
        Name = 'Garoon'; Id = [guid]'aaaaaaaa-0000-0000-0000-000000000001'; State = [System.DayOfWeek]::Monday; Heartbeat = 'OkApplicationsHealthy'
        Uptime = [timespan]'1.02:03:04.5'; ParentSnapshotName = 'before'; IsClustered = $false
        ProcessorCount = [long]4; MemoryStartup = [long]8GB; Generation = 2
        VMIntegrationService = @([pscustomobject]@{ Id = 'Microsoft:A\B'; Name = 'Heartbeat'; Enabled = $true })
        HardDrives = @(
            [pscustomobject]@{ ControllerType = 'SCSI'; ControllerNumber = 0; ControllerLocation = 1; Path = 'D:\g.vhdx' }
            [pscustomobject]@{ ControllerType = 'SCSI'; ControllerNumber = 0; ControllerLocation = 2; Path = 'Disk 3' }
            [pscustomobject]@{ ControllerType = 'IDE'; ControllerNumber = 1; ControllerLocation = 0; Path = '' }
        )
        NetworkAdapters = @([pscustomobject]@{
            Name = "$([char]0x30cd)"; SwitchName = 'External'; MacAddress = '00155D010203'
            IPAddresses = [string[]]@('192.0.2.10', 'fe80::1')
        })
    }
    [pscustomobject]@{
        Name = 'DC1'; Id = [guid]'aaaaaaaa-0000-0000-0000-000000000002'; State = 'Off'; Heartbeat = $null
        Uptime = [timespan]0
        NetworkAdapters = @([pscustomobject]@{ Name = 'A'; SwitchName = $null; MacAddress = ''; IPAddresses = $null })
    }
)
$global:logged = @(foreach ($minutes in 5, 90) {
    [pscustomobject]@{
        RecordId = [long](100 - $minutes); Level = [byte]2; ProviderName = 'CA ARCserve RHA'
        TimeCreated = (Get-Date).AddMinutes(-$minutes); Message = "$([char]0x969c) $minutes"
    }
    [pscustomobject]@{
        RecordId = [long](99 - $minutes); Level = [byte]4; ProviderName = 'Other'
        TimeCreated = (Get-Date).AddMinutes(-$minutes); Message = 'x'
    }
})
$global:failures = @()
function global:Get-VM {
    [CmdletBinding()] param([string]$Name = '*')
    foreach ($failure in $global:failures) { Write-Error $failure }
    $found = @($global:guests | Where-Object { $_.Name -like $Name })
    if ($found.Count -eq 0) { Write-Error "Hyper-V was unable to find a virtual machine with name $Name." }
    $found
}
function global:Start-VM { [CmdletBinding()] param([string]$Name) [void]$global:acts.Add("start $Name") }
function global:Stop-VM {
    [CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'High')] param([string]$Name, [switch]$TurnOff, [switch]$Force)
    if ($TurnOff -or $PSCmdlet.ShouldProcess($Name)) { [void]$global:acts.Add("stop $Name TurnOff=$TurnOff Force=$Force") }
}
function global:Restart-Computer { [CmdletBinding()] param([switch]$Force) [void]$global:acts.Add("restart Force=$Force") }
function global:Get-VMSwitch { [CmdletBinding()] param() [pscustomobject]@{ Name = 'External'; SwitchType = 'External' } }
function global:Get-CimInstance {
    [CmdletBinding()] param([string]$ClassName, [string]$Namespace, [string]$Filter)
    if ($ClassName -eq 'Win32_OperatingSystem') {
        [pscustomobject]@{ Version = '6.3.9600'; CurrentTimeZone = [int16]540; LastBootUpTime = [datetime]::new(2012, 9, 25, 8, 0, 0, [DateTimeKind]::Utc) }
    } elseif ($ClassName -eq 'Win32_Process' -and $Filter -eq "Name = 'wininit.exe'") {
        [pscustomobject]@{
            ProcessId = [uint32]568; CreationDate = [datetime]::new(2012, 9, 25, 8, 0, 3, [DateTimeKind]::Utc)
        }
    } elseif ($ClassName -eq 'Win32_Service') {
        foreach ($name in 'vmms', 'CAARCserveRHAEngine', 'Spooler') {
            [pscustomobject]@{
                Name = $name; DisplayName = "$name service"; State = 'Running'; StartName = 'KUNREN\svc-rha'
                PathName = "`"C:\Program Files\$name.exe`" -k"
            }
        }
    } elseif ($ClassName -eq 'Win32_ComputerSystem') {
        [pscustomobject]@{
            Manufacturer = 'Maker'; Model = 'R 1'; NumberOfLogicalProcessors = [uint32]16; TotalPhysicalMemory = [uint64]68719476736
        }
    } elseif ($ClassName -eq 'Win32_LogicalDisk') {
        [pscustomobject]@{ DeviceID = 'C:'; DriveType = [uint32]3; Size = [uint64]644245094400; FreeSpace = [uint64]5 }
        [pscustomobject]@{ DeviceID = 'D:'; DriveType = [uint32]5; Size = $null; FreeSpace = $null }
    } elseif ($ClassName -eq 'Msvm_KvpExchangeComponent' -and $Namespace -eq 'root/virtualization/v2') {
        [pscustomobject]@{
            SystemName = 'AAAAAAAA-0000-0000-0000-000000000001'; GuestIntrinsicExchangeItems = [string[]]@('<A/>', '<B/>')
        }
        [pscustomobject]@{ SystemName = 'AAAAAAAA-0000-0000-0000-000000000002'; GuestIntrinsicExchangeItems = $null }
    } else { throw "no class $ClassName" }
}
function global:Get-VHD {
    [CmdletBinding()] param([Parameter(Mandatory = $true)][string[]]$Path)
    if ($Path -ne 'D:\g.vhdx') { Write-Error 'The system cannot find the file specified.'; return }
    [pscustomobject]@{ Size = [uint64]64; FileSize = [uint64]36 }
}
$global:refused = $false
function global:Get-HotFix {
    [CmdletBinding()] param()
    if ($global:refused) { Write-Error 'Access is denied.'; return }
    [pscustomobject]@{ HotFixID = 'KB1'; InstalledOn = [datetime]'2026-11-10' }
    $undated = [pscustomobject]@{ HotFixID = 'KB2' }
    $undated | Add-Member -MemberType ScriptProperty -Name InstalledOn -Value { [datetime]::Parse('') }
    $undated
}
function global:Get-ItemProperty {
    [CmdletBinding()] param([string]$LiteralPath)
    if ($LiteralPath -ne 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion') { throw "no key $LiteralPath" }
    [pscustomobject]@{ CurrentBuild = '9600'; UBR = 20000 }
}
function global:Get-MpPreference {
    [CmdletBinding()] param()
    if ($global:refused) { Write-Error 'Access is denied.'; return }
    [pscustomobject]@{ DisableRealtimeMonitoring = $false; ExclusionPath = [string[]]@('D:\spool', 'C:\x') }
}
function global:Resolve-DnsName {
    [CmdletBinding()] param([string]$Name, [string]$Type, [switch]$DnsOnly, [switch]$NoHostsFile, [switch]$QuickTimeout)
    if ($global:refused) { Write-Error 'Access is denied.'; return }
    [pscustomobject]@{ Name = $Name; Type = 'CNAME'; TTL = 60; NameHost = 'a.example' }
    [pscustomobject]@{ Name = 'a.example'; Type = 'A'; TTL = 3600; IPAddress = '192.0.2.10' }
}
$global:pending = ''
function global:Test-Path {
    [CmdletBinding()] param([string]$LiteralPath)
    $global:pending -and $LiteralPath.EndsWith($global:pending)
}
$global:quotas = @{ MaxMemoryPerShellMB = '1024'; MaxShellsPerUser = '30'; MaxConcurrentOperationsPerUser = '1500' }
function global:Get-Item {
    [CmdletBinding()] param([string[]]$LiteralPath)
    if ($LiteralPath[0].StartsWith('WSMan:\localhost\')) {
        if ($global:refused) { throw 'Access is denied.' }
        foreach ($each in $LiteralPath) {
            $name = $each.Split('\')[-1]
            [pscustomobject]@{ Name = $name; Value = $global:quotas[$name] }
        }
        return
    }
    if ($LiteralPath -eq 'C:\Program Files\vmms.exe') {
        [pscustomobject]@{ VersionInfo = [pscustomobject]@{ FileVersion = '6.3.1' } }
    } else { Write-Error "Cannot find path '$LiteralPath' because it does not exist." }
}
function global:Test-NetConnection {
    [CmdletBinding()] param([string]$ComputerName, [int]$Port, [string]$InformationLevel)
    Write-Warning "TCP connect to $ComputerName"
    $Port -eq 25000 -and $InformationLevel -eq 'Quiet'
}
function global:Get-WinEvent {
    [CmdletBinding()] param([hashtable]$FilterHashtable)
    if ($FilterHashtable.LogName -eq 'Nothing') { throw 'There is not an event log on the localhost computer.' }
    if ($FilterHashtable.ProviderName -eq 'Nobody') {
        Write-Error -Message 'There is not an event provider.' -ErrorId 'NoMatchingProvidersFound' -Category ObjectNotFound
        return
    }
    $found = @($global:logged | Where-Object {
        $_.TimeCreated -ge $FilterHashtable.StartTime -and $_.ProviderName -eq $FilterHashtable.ProviderName
    })
    if ($found.Count -eq 0) {
        Write-Error -Message 'No events were found.' -ErrorId 'NoMatchingEventsFound' -Category ObjectNotFound
    }
    $found
}
$global:groups = 'S-1-1-0', 'S-1-5-32-544', 'S-1-16-12288'
function global:whoami.exe {
    foreach ($sid in $global:groups) { "`"G, x`",`"Alias`",`"$sid`",`"`"" }
}
function global:Get-Scenario {
    [CmdletBinding()] param([string]$Name)
    [pscustomobject]@{
        Name = "S'$([char]0x2019)"; Guests = [string[]]@('Garoon'); Listed = $global:listed; One = @('x'); None = @(); Alive = $true; Blocks = 42
        Time = [datetime]::new(2012, 9, 25, 22, 0, 0, [DateTimeKind]::Utc); Missing = $null
    }
    [pscustomobject]@{ Name = 'T' }
}
function global:Run-Scenario {
    [CmdletBinding()] param([Parameter(Mandatory = $true)][string]$Name, [string[]]$Guest, [switch]$RunReverse)
    "Scenario $Name started, $($Guest -join '+'), $RunReverse"
}
function global:Stop-Scenario { [CmdletBinding()] param([string]$Name) throw 'the scenario does not run' }
$env:COMPUTERNAME = 'MASTER'
