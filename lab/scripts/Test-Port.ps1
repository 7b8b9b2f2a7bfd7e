# Whether a port of another machine answers this host: a connection is opened and closed again, and nothing is sent.
param([Parameter(Mandatory = $true)][string]$Address, [Parameter(Mandatory = $true)][int]$Port)
$quiet = @{ InformationLevel = 'Quiet'; WarningAction = 'SilentlyContinue' }
@{ Answers = "$(Test-NetConnection -ComputerName $Address -Port $Port @quiet)" }
