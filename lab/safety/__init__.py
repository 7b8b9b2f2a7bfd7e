"""Safeguards of a lab: interlocks, permissions, the lease."""
