"""The lab as Kunren sees it: hosts, guests, replication and Garoon behind small ports, real or simulated."""
