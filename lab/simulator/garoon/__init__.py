"""A stand-in for Cybozu Garoon 3.5 on the simulated guest: its pages, its SOAP API and its data on the guest's disk."""
