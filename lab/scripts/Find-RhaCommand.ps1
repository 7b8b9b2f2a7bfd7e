# What one PowerShell of this host offers of Arcserve RHA: registered snap-ins, modules, and commands with their parameter
# sets and the beginning of their help. It is looked for in a process of its own, of 64 or of 32 bits, with which all that
# was loaded is gone. Only reads. The answer is one text: UTF-8 JSON in base64, which no code page of a console alters;
# nothing where this host has no such PowerShell.
param(
    [Parameter(Mandatory = $true)][int]$Bits,
    [Parameter(Mandatory = $true)][string]$Pattern,
    [Parameter(Mandatory = $true)][string[]]$Candidate
)
$search = {
    param([string]$Pattern, [string]$Candidates)
    # Those that every command has, which would make the answer long.
    $common = 'Verbose', 'Debug', 'ErrorAction', 'WarningAction', 'InformationAction', 'ProgressAction', 'ErrorVariable',
        'WarningVariable', 'InformationVariable', 'OutVariable', 'OutBuffer', 'PipelineVariable', 'WhatIf', 'Confirm'
    $longest = 1000
    $failures = @()
    $snapIns = @(Get-PSSnapin -Registered -ErrorAction SilentlyContinue | Where-Object {
        "$($_.Name);$($_.Vendor);$($_.ModuleName)" -match $Pattern
    })
    $loaded = @(foreach ($each in $snapIns) {
        try {
            Add-PSSnapin -Name $each.Name -ErrorAction Stop
            "$($each.Name)"
        } catch { $failures += "$($each.Name): $($_.Exception.Message)" }
    })
    $modules = @(Get-Module -ListAvailable -ErrorAction SilentlyContinue | Where-Object {
        "$($_.Name);$($_.CompanyName);$($_.Path)" -match $Pattern
    })
    $holders = @($loaded) + @($modules | ForEach-Object { "$($_.Name)" })
    $found = @()
    if ($holders.Count -gt 0) { $found += @(Get-Command -Module $holders -ErrorAction SilentlyContinue) }
    $found += @(Get-Command -Name $Candidates.Split(' ') -ErrorAction SilentlyContinue)
    $commands = @(foreach ($command in $found) {
        if ('Cmdlet', 'Function' -notcontains "$($command.CommandType)") { continue }
        try {
            $sets = @(foreach ($set in $command.ParameterSets) {
                $parameters = @(foreach ($parameter in $set.Parameters) {
                    if ($common -contains $parameter.Name) { continue }
                    @{
                        Name = "$($parameter.Name)"
                        Type = "$($parameter.ParameterType.Name)"
                        Mandatory = "$($parameter.IsMandatory)"
                        Aliases = @(foreach ($alias in $parameter.Aliases) { "$alias" })
                    }
                })
                @{ Name = "$($set.Name)"; Parameters = $parameters }
            })
            $synopsis = $syntax = ''
            if ($holders -contains "$($command.ModuleName)") {
                $help = @(Get-Help -Name $command.Name -ErrorAction SilentlyContinue)
                if ($help.Count -gt 0) { $synopsis = "$($help[0].Synopsis)" }
                $syntax = "$(Get-Command -Name $command.Name -Module $command.ModuleName -Syntax)"
            }
            @{
                Name = "$($command.Name)"
                Holder = "$($command.ModuleName)"
                Sets = $sets
                Synopsis = $synopsis.Substring(0, [Math]::Min($longest, $synopsis.Length))
                Syntax = $syntax.Substring(0, [Math]::Min($longest, $syntax.Length))
            }
        } catch { $failures += "$($command.Name): $($_.Exception.Message)" }
    })
    $answer = ConvertTo-Json -Compress -Depth 8 -InputObject @{
        Version = "$($PSVersionTable.PSVersion)"
        SnapIns = @(foreach ($each in $snapIns) {
            @{ Name = "$($each.Name)"; Vendor = "$($each.Vendor)"; Path = "$($each.ModuleName)"; Version = "$($each.Version)" }
        })
        Modules = @(foreach ($each in $modules) {
            @{ Name = "$($each.Name)"; Path = "$($each.Path)"; Version = "$($each.Version)" }
        })
        Commands = $commands
        Failures = @($failures)
    }
    [Convert]::ToBase64String([System.Text.Encoding]::UTF8.GetBytes($answer))
}
$engine = 'powershell.exe'
if ($Bits -eq 32) { $engine = "$env:SystemRoot\SysWOW64\WindowsPowerShell\v1.0\powershell.exe" }
if (-not (Get-Command -Name $engine -ErrorAction SilentlyContinue)) { return }
# The empty input is the process's own: it must not read what is meant for this one.
"$(@() | & $engine -NoProfile -NonInteractive -Command $search -args $Pattern, ($Candidate -join ' '))"
