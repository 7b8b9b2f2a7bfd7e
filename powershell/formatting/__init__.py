"""Objects into text: what Format-Table, Format-List, Out-String and Out-Default do in PowerShell 7."""
