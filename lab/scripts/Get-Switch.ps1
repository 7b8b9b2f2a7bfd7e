# The virtual networks of this host.
foreach ($switch in @(Get-VMSwitch)) {
    @{ Name = "$($switch.Name)"; SwitchType = "$($switch.SwitchType)" }
}
