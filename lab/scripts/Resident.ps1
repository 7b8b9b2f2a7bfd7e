# Kunren's resident. Reads requests from standard input, one line each: a base64 word (UTF-8 JSON: id, script, arguments,
# names of secrets) and one more for each secret. Writes for each one line: the character U+001E and JSON with the
# request's id and its output or its error. A secret goes through no pipeline, where Windows may log what it binds.
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
[Console]::InputEncoding = New-Object System.Text.UTF8Encoding $false
[Console]::OutputEncoding = New-Object System.Text.UTF8Encoding $false
if ($PSVersionTable.PSVersion.Major -lt 3) {
    [Console]::Out.WriteLine("$([char]30){""powershell"": ""$($PSVersionTable.PSVersion)""}")
    exit 1
}
while ($null -ne ($line = [Console]::In.ReadLine())) {
    $words = $line.Split(' ')
    $request = [System.Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($words[0])) | ConvertFrom-Json
    try {
        $arguments = @{}
        foreach ($argument in $request.arguments.PSObject.Properties) { $arguments[$argument.Name] = $argument.Value }
        for ($place = 1; $place -lt $words.Length; $place++) {
            $secret = New-Object -TypeName System.Security.SecureString
            $text = [System.Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($words[$place]))
            foreach ($character in $text.ToCharArray()) { $secret.AppendChar($character) }
            $arguments[$request.secrets[$place - 1]] = $secret
        }
        $line = $words = $text = $character = $null
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
