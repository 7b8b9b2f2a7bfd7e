# What a running guest says of itself through the key-value pair exchange of its integration services, as Hyper-V gives
# it: one XML instance an item. The guest is found by its id, so no text is put into a query.
param([Parameter(Mandatory = $true)][string]$Name)
$machine = @(Get-VM -Name $Name)
foreach ($component in @(Get-CimInstance -Namespace 'root/virtualization/v2' -ClassName Msvm_KvpExchangeComponent)) {
    if ("$($component.SystemName)" -eq "$($machine[0].Id)") {
        foreach ($item in $component.GuestIntrinsicExchangeItems) { "$item" }
    }
}
