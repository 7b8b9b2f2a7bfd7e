# What Hyper-V knows of one guest's power and heartbeat; asked often, so nothing else of it.
param([string]$Name)
foreach ($machine in @(Get-VM)) {
    if ($machine.Name -eq $Name) {
        @{ State = "$($machine.State)"; Heartbeat = "$($machine.Heartbeat)" }
    }
}
