# What the host says of itself.
$system = Get-CimInstance -ClassName Win32_OperatingSystem
@{
    Name = "$env:COMPUTERNAME"
    Os = "$($system.Caption)"
    OsVersion = "$($system.Version)"
    PowerShellVersion = "$($PSVersionTable.PSVersion)"
    BootTime = $system.LastBootUpTime.ToString('o')
    Clock = (Get-Date).ToString('o')
}
