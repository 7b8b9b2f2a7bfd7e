# What Hyper-V knows of one guest's power and heartbeat; asked often, so nothing else of it. What fails comes as Error:
# it may be about this guest, so that a guest which is not listed need not be gone.
param([string]$Name)
foreach ($machine in @(Get-VM -ErrorAction SilentlyContinue -ErrorVariable failures)) {
    if ($machine.Name -eq $Name) {
        @{ State = "$($machine.State)"; Heartbeat = "$($machine.Heartbeat)" }
    }
}
foreach ($failure in $failures) { @{ Error = "$($failure.Exception.Message)" } }
