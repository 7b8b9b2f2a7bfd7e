# The text of the lease that lies on this host, empty where there is none, and the host's clock to judge its age by.
# Each text is a file with the next number, so there is no instant at which a lease that is being replaced is not there.
$folder = "$env:ProgramData\Kunren"
$text = ''
foreach ($look in 1..20) {
    try {
        $files = @(Get-ChildItem -LiteralPath $folder -Filter 'lease-*.json' -ErrorAction Stop | Sort-Object -Property Name)
        if ($files.Count -eq 0) { break }
        $text = "$(Get-Content -LiteralPath $files[-1].FullName -Raw -ErrorAction Stop)"
        if ($text) { break }
    } catch {
        # Without the folder there is none; a file that another run has just replaced is looked for again.
        if ("$($_.FullyQualifiedErrorId)" -like 'PathNotFound,*GetChildItem*') { break }
        if ($look -eq 20) { throw }
    }
    Start-Sleep -Milliseconds 100
}
if ($files -and -not $text) { $text = '?' }
@{ Text = $text; Clock = (Get-Date).ToString('o') }
