# Stops one guest: shuts it down through its integration services, or turns it off.
param([Parameter(Mandatory = $true)][string]$Name, [bool]$TurnOff = $false)
$machines = @(Get-VM | Where-Object { $_.Name -eq $Name })
if ($machines.Count -ne 1) { throw "There are $($machines.Count) virtual machines named $Name on this host." }
if ($TurnOff) { Stop-VM -Name $Name -TurnOff } else { Stop-VM -Name $Name -Force }
