# What one provider wrote into one event log of this host within the last hours. A log without such entries is no error,
# nor is a provider that this host does not know: nothing has been written by it.
param(
    [Parameter(Mandatory = $true)][string]$LogName,
    [Parameter(Mandatory = $true)][string]$ProviderName,
    [Parameter(Mandatory = $true)][int]$Hours
)
$wanted = @{ LogName = $LogName; ProviderName = $ProviderName; StartTime = (Get-Date).AddHours(-$Hours) }
$nothing = 'NoMatchingEventsFound*', 'NoMatchingProvidersFound*', 'LogsAndProvidersDontOverlap*'
$found = @()
try {
    $found = @(Get-WinEvent -FilterHashtable $wanted -ErrorAction Stop)
} catch {
    $failure = $_
    if (@($nothing | Where-Object { "$($failure.FullyQualifiedErrorId)" -like $_ }).Count -eq 0) { throw }
}
foreach ($entry in $found) {
    @{
        Number = "$($entry.RecordId)"
        Level = "$($entry.Level)"
        Time = $entry.TimeCreated.ToString('o')
        Message = "$($entry.Message)"
    }
}
