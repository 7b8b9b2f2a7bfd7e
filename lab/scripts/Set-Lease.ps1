# Replaces the text of the lease on this host, if it still is the expected one; an empty text is no lease. A text is a
# file with the next number, made in one step that fails where there is one already: of two at once only one goes on.
param([string]$Expected = '', [string]$Text = '')
$folder = "$env:ProgramData\Kunren"
$null = New-Item -ItemType Directory -Force -Path $folder
$files = @(Get-ChildItem -LiteralPath $folder -Filter 'lease-*.json' | Sort-Object -Property Name)
$found, $number = '', 0
if ($files.Count) {
    $found = "$(Get-Content -LiteralPath $files[-1].FullName -Raw)"
    if (-not $found) { $found = '?' } # as Get-Lease tells a text that was never finished
    $number = [int]$files[-1].BaseName.Substring(6)
}
if ($found -cne $Expected) { throw 'LeaseChanged' }
if ($Text) {
    $null = New-Item -ItemType File -Path ('{0}\lease-{1:D9}.json' -f $folder, ($number + 1)) -Value $Text
}
foreach ($file in $files) { Remove-Item -LiteralPath $file.FullName }
@{ Clock = (Get-Date).ToString('o') }
