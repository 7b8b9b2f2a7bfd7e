"""Arcserve RHA's Control Service, by PowerShell commands."""
