# Starts one guest. The name is compared whole: Start-VM would take * and ? in it for wildcards.
param([Parameter(Mandatory = $true)][string]$Name)
$machines = @(Get-VM -ErrorAction SilentlyContinue -ErrorVariable failures | Where-Object { $_.Name -eq $Name })
if ($machines.Count -ne 1) {
    $told = @(foreach ($failure in $failures) { "$($failure.Exception.Message)" }) -join ' '
    throw "There are $($machines.Count) virtual machines named $Name on this host. $told".Trim()
}
Start-VM -Name $Name
