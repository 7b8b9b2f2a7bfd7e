"""Opening a lab, on a real site or simulated."""

from lab.opening.access import load_simulator
from lab.opening.control import performed_by_commands
from lab.opening.opened import GaroonClients, Lab, LabHost, Rha
from lab.opening.opener import open_lab, searching

__all__ = [
    "GaroonClients",
    "Lab",
    "LabHost",
    "Rha",
    "load_simulator",
    "open_lab",
    "performed_by_commands",
    "searching",
]
