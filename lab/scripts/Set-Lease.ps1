# Replaces the text of the lease on this host, if it still is the expected one; an empty text is no lease. A new file is
# made in one step that fails where there is one already, so of two that begin at once only one goes on.
param([string]$Expected = '', [string]$Text = '')
$folder = "$env:ProgramData\Kunren"
$path = "$folder\lease.json"
try {
    $found = "$(Get-Content -LiteralPath $path -Raw -ErrorAction Stop)"
} catch {
    if ("$($_.FullyQualifiedErrorId)" -notlike 'PathNotFound*') { throw }
    $found = ''
}
if ($found -cne $Expected) { throw 'LeaseChanged' }
if ($found) { Remove-Item -LiteralPath $path }
if ($Text) {
    $null = New-Item -ItemType Directory -Force -Path $folder
    $null = New-Item -ItemType File -Path $path -Value $Text
}
@{ Clock = (Get-Date).ToString('o') }
