"""The `HostSession` over WinRM: one shell and one resident PowerShell a host, one Send and one Receive a call."""
