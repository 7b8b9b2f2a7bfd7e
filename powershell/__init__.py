"""An embedded engine for the subset of PowerShell that scripts against a simulated Hyper-V host need."""
