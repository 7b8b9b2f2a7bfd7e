# Logs on to a guest through PowerShell Direct and asks for the name it has there.
param([Parameter(Mandatory = $true)][string]$Name, [Parameter(Mandatory = $true)][psobject]$Login)
$secret = New-Object -TypeName System.Security.SecureString
foreach ($character in $Login.password.ToCharArray()) { $secret.AppendChar($character) }
$credential = New-Object -TypeName System.Management.Automation.PSCredential -ArgumentList $Login.user, $secret
$answer = Invoke-Command -VMName $Name -Credential $credential -ErrorAction Stop -ScriptBlock {
    @{ Name = "$env:COMPUTERNAME" }
}
@{ Name = "$($answer.Name)" }
