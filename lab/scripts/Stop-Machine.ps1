# Stops one guest: shuts it down through its integration services, or turns it off. The shutdown is not forced: that
# would give the guest five minutes, and turn it off then, whatever its databases are doing.
param([Parameter(Mandatory = $true)][string]$Name, [bool]$TurnOff = $false)
$machines = @(Get-VM -ErrorAction SilentlyContinue -ErrorVariable failures | Where-Object { $_.Name -eq $Name })
if ($machines.Count -ne 1) {
    $told = @(foreach ($failure in $failures) { "$($failure.Exception.Message)" }) -join ' '
    throw "There are $($machines.Count) virtual machines named $Name on this host. $told".Trim()
}
if ($TurnOff) { Stop-VM -Name $Name -TurnOff } else { Stop-VM -Name $Name -Confirm:$false }
