# The groups that give this very logon its rights; a filtered token lacks them. whoami names groups by identifiers, which
# are the same in every language.
$rights = 'S-1-5-32-544', 'S-1-5-32-578', 'S-1-16-12288', 'S-1-16-16384'
$groups = @(whoami.exe /groups /fo csv /nh | ConvertFrom-Csv -Header Name, Type, Sid, Attributes)
@{
    Told = "$($groups.Count -gt 0)"
    Groups = @(foreach ($group in $groups) { if ($rights -contains $group.Sid) { "$($group.Sid)" } })
}
