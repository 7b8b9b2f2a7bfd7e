# Logs on to a guest through PowerShell Direct and asks for the name it has there.
param(
    [Parameter(Mandatory = $true)][string]$Name,
    [Parameter(Mandatory = $true)][string]$User,
    [Parameter(Mandatory = $true)][System.Security.SecureString]$Secret
)
$credential = New-Object -TypeName System.Management.Automation.PSCredential -ArgumentList $User, $Secret
$answer = Invoke-Command -VMName $Name -Credential $credential -ErrorAction Stop -ScriptBlock {
    @{ Name = "$env:COMPUTERNAME" }
}
@{ Name = "$($answer.Name)" }
