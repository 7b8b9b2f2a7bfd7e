# Kunren's resident. Reads requests from standard input, one base64 line each (UTF-8 JSON: id, script, arguments),
# and writes for each one line: the character U+001E and JSON with the request's id and its output or its error.
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
[Console]::InputEncoding = New-Object System.Text.UTF8Encoding $false
[Console]::OutputEncoding = New-Object System.Text.UTF8Encoding $false
while ($null -ne ($line = [Console]::In.ReadLine())) {
    $request = [System.Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($line)) | ConvertFrom-Json
    try {
        $arguments = @{}
        foreach ($argument in $request.arguments.PSObject.Properties) { $arguments[$argument.Name] = $argument.Value }
        $output = @(& ([scriptblock]::Create($request.script)) @arguments)
        $answer = ConvertTo-Json -InputObject @{ id = $request.id; output = $output } -Compress -Depth 8
    } catch {
        $answer = ConvertTo-Json -Compress -Depth 3 -InputObject @{
            id = $request.id
            error = @{
                id = "$($_.FullyQualifiedErrorId)"
                category = "$($_.CategoryInfo.Category)"
                message = "$($_.Exception.Message)"
                position = "$($_.InvocationInfo.PositionMessage)"
            }
        }
    }
    [Console]::Out.WriteLine("$([char]30)$answer")
}
