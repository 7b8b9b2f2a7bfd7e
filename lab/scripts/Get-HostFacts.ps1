# What the host says of itself. Its boot is known by the process that each boot begins with: the boot time is moved when
# the clock is corrected, but the instant a process was stamped with is not.
$system = Get-CimInstance -ClassName Win32_OperatingSystem
$boots = @(Get-CimInstance -ClassName Win32_Process -Filter "Name = 'wininit.exe'" | ForEach-Object {
    "$($_.ProcessId) $($_.CreationDate.ToUniversalTime().ToString('o'))"
})
@{
    Name = "$env:COMPUTERNAME"
    Os = "$($system.Caption)"
    OsVersion = "$($system.Version)"
    PowerShellVersion = "$($PSVersionTable.PSVersion)"
    BootTime = $system.LastBootUpTime.ToString('o')
    Boot = "$boots"
    Clock = (Get-Date).ToString('o')
}
