# Runs one command of Arcserve RHA. Its name, its parameters and the properties to answer with come from the profile;
# values go as strings, dates as ISO 8601, collections as lists of strings. Without properties each line is a string.
# Where the product wants a connection to its Control Service, it is made first, once a process: the password is part of a
# PSCredential, and of no text.
param(
    [Parameter(Mandatory = $true)][string]$Command,
    [Parameter(Mandatory = $true)][psobject]$Parameters,
    [string[]]$Property = @(),
    [string[]]$SnapIn = @(),
    [psobject]$Connection = $null,
    [System.Security.SecureString]$Secret = $null
)
if (-not (Get-Command -Name $Command -ErrorAction SilentlyContinue)) {
    foreach ($name in $SnapIn) { Add-PSSnapin -Name $name }
}
if (-not (Get-Command -Name $Command -ErrorAction SilentlyContinue)) { throw 'RhaCommandMissing' }
if ($Connection -and ($Connection.Anew -eq 'True' -or $script:KunrenConnection -ne $Connection.Command)) {
    $login = @{}
    foreach ($parameter in $Connection.Parameters.PSObject.Properties) { $login[$parameter.Name] = $parameter.Value }
    if ($Connection.Credential) {
        $credential = New-Object -TypeName System.Management.Automation.PSCredential -ArgumentList $Connection.User, $Secret
        $login[$Connection.Credential] = $credential
    }
    $script:KunrenConnection = ''
    $connect = $Connection.Command
    try { & $connect @login | Out-Null } catch { throw "RhaConnectionFailed: $($_.Exception.Message)" }
    $script:KunrenConnection = $connect
}
$arguments = @{}
foreach ($parameter in $Parameters.PSObject.Properties) { $arguments[$parameter.Name] = $parameter.Value }
foreach ($item in @(& $Command @arguments)) {
    if ($Property.Count -eq 0) { "$item"; continue }
    $row = @{}
    foreach ($name in $Property) {
        $value = $item.$name
        if ($value -is [datetime]) { $row[$name] = $value.ToString('o') }
        elseif ($value -is [System.Collections.IList]) { $row[$name] = @(foreach ($element in $value) { "$element" }) }
        elseif ($null -ne $value) { $row[$name] = "$value" }
        else { $row[$name] = $null }
    }
    $row
}
