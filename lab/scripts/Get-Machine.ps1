# The guests registered on this host, with their adapters. States go as names: their numbers differ between versions.
foreach ($machine in @(Get-VM)) {
    $adapters = @(foreach ($adapter in $machine.NetworkAdapters) {
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
        UptimeSeconds = $machine.Uptime.TotalSeconds
        NetworkAdapters = $adapters
    }
}
