# Carries one HTTP request to localhost inside a guest, and the whole answer back, through PowerShell Direct: the guest
# needs no network. Bytes go as base64; nothing is followed, and every status is an answer. The request has to ask for
# "Connection: close", which is how the end of the answer is known. Host and guest: Windows 10, Server 2016 or later.
param(
    [Parameter(Mandatory = $true)][string]$Name,
    [Parameter(Mandatory = $true)][string]$User,
    [Parameter(Mandatory = $true)][System.Security.SecureString]$Secret,
    [Parameter(Mandatory = $true)][int]$Port,
    [Parameter(Mandatory = $true)][string]$Method,
    [Parameter(Mandatory = $true)][string]$Path,
    [string]$Header = '',
    [string]$Body = ''
)
$credential = New-Object -TypeName System.Management.Automation.PSCredential -ArgumentList $User, $Secret
$request = @{ Port = $Port; Line = "$Method $Path HTTP/1.1"; Header = $Header; Body = $Body }
$answer = Invoke-Command -VMName $Name -Credential $credential -ErrorAction Stop -ArgumentList $request -ScriptBlock {
    param($Request)
    $client = New-Object -TypeName System.Net.Sockets.TcpClient -ArgumentList 'localhost', $Request.Port
    try {
        $client.ReceiveTimeout = 20000
        $stream = $client.GetStream()
        $head = [System.Text.Encoding]::ASCII.GetBytes("$($Request.Line)`r`n$($Request.Header)`r`n")
        $stream.Write($head, 0, $head.Length)
        $content = [Convert]::FromBase64String($Request.Body)
        $stream.Write($content, 0, $content.Length)
        $received = New-Object -TypeName System.IO.MemoryStream
        $stream.CopyTo($received)
        $bytes = $received.ToArray()
        $status = [System.Text.Encoding]::ASCII.GetString($bytes, 0, [Math]::Min(12, $bytes.Length))
        @{ Status = $status; Body = [Convert]::ToBase64String($bytes) }
    } finally {
        $client.Close()
    }
}
@{ Status = "$($answer.Status)"; Body = "$($answer.Body)" }
