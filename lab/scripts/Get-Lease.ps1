# The text of the lease that lies on this host, empty where there is none, and the host's clock to judge its age by.
$path = "$env:ProgramData\Kunren\lease.json"
try {
    $text = "$(Get-Content -LiteralPath $path -Raw -ErrorAction Stop)"
} catch {
    if ("$($_.FullyQualifiedErrorId)" -notlike 'PathNotFound*') { throw }
    $text = ''
}
@{ Text = $text; Clock = (Get-Date).ToString('o') }
