# What one provider wrote into one event log of this host within the last hours. A log without such entries is no error.
param(
    [Parameter(Mandatory = $true)][string]$LogName,
    [Parameter(Mandatory = $true)][string]$ProviderName,
    [Parameter(Mandatory = $true)][int]$Hours
)
$since = (Get-Date).AddHours(-$Hours)
try {
    $found = @(Get-WinEvent -FilterHashtable @{ LogName = $LogName; StartTime = $since } -ErrorAction Stop)
} catch {
    if ("$($_.FullyQualifiedErrorId)" -notlike 'NoMatchingEventsFound*') { throw }
    $found = @()
}
foreach ($entry in $found) {
    if ("$($entry.ProviderName)" -eq $ProviderName) {
        @{
            Number = "$($entry.RecordId)"
            Level = "$($entry.Level)"
            Time = $entry.TimeCreated.ToString('o')
            Message = "$($entry.Message)"
        }
    }
}
