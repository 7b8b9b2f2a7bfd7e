"""Drivers: ports served by real protocols."""
