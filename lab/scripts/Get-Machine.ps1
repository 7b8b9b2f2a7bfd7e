# The guests registered on this host, with their adapters. States go as names: their numbers differ between versions.
# Hyper-V trips over a guest that is being registered or removed. What fails comes as Error, of the guest it is about
# where that is known, so that one guest does not hide the others. A property that cannot be read is null to
# PowerShell, and no error.
foreach ($machine in @(Get-VM -ErrorAction SilentlyContinue -ErrorVariable failures)) {
    $uptime = $machine.Uptime
    $found = $machine.NetworkAdapters
    if (($null -eq $uptime) -or ($null -eq $found)) {
        @{ Name = "$($machine.Name)"; Error = 'Hyper-V did not tell its uptime or its adapters.' }
        continue
    }
    $adapters = @(foreach ($adapter in $found) {
        @{
            Name = "$($adapter.Name)"
            SwitchName = "$($adapter.SwitchName)"
            MacAddress = "$($adapter.MacAddress)"
            IPAddresses = @(foreach ($address in $adapter.IPAddresses) { "$address" })
        }
    })
    @{
        Name = "$($machine.Name)"
        State = "$($machine.State)"
        Heartbeat = "$($machine.Heartbeat)"
        UptimeSeconds = $uptime.TotalSeconds
        NetworkAdapters = $adapters
    }
}
foreach ($failure in $failures) { @{ Error = "$($failure.Exception.Message)" } }
