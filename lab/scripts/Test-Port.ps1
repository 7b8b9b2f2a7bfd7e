# Which ports of another machine answer this host: a connection is opened and closed again, and nothing is sent. Of ports
# with a bar between them one that answers is enough.
param([Parameter(Mandatory = $true)][string]$Address, [Parameter(Mandatory = $true)][string[]]$Port)
$quiet = @{ InformationLevel = 'Quiet'; WarningAction = 'SilentlyContinue' }
foreach ($wanted in $Port) {
    $answers = $false
    foreach ($one in $wanted.Split('|')) {
        if (-not $answers) { $answers = [bool](Test-NetConnection -ComputerName $Address -Port $one @quiet) }
    }
    @{ Port = $wanted; Answers = "$answers" }
}
