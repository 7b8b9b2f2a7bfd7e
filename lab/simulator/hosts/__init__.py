"""The simulated Hyper-V hosts."""
