# Restarts this host's management OS. Returns at once: Windows goes on to stop its services while WinRM still answers.
Restart-Computer -Force
