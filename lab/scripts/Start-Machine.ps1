# Starts one guest. The name is compared whole: Start-VM would take * and ? in it for wildcards.
param([Parameter(Mandatory = $true)][string]$Name)
$machines = @(Get-VM | Where-Object { $_.Name -eq $Name })
if ($machines.Count -ne 1) { throw "There are $($machines.Count) virtual machines named $Name on this host." }
Start-VM -Name $Name
