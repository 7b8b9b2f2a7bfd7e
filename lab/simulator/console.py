"""The console of a simulated process: its three streams, and the exact knowledge of whether it waits for input."""
