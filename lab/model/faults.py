"""Faults of a lab by name, as a drill begins and ends them."""

from __future__ import annotations

from enum import Enum

END_FAULT = "end_"
"""Before the name of a fault in the operation of a task that ends it."""


class Fault(Enum):
    """Each strikes the master host, or the guest on it."""

    POWER_CUT = "power cut"
    """The management OS loses its power, and with it every guest."""

    GUEST_CRASH = "guest crash"
    """The guest is off; it can be started again."""

    GUEST_DAMAGE = "guest damage"
    """The guest is off, and started again it does not boot until it is repaired."""

    GUEST_HANG = "guest hang"
    """The guest stops responding and its heartbeat is lost, while Hyper-V shows it running."""

    HYPERV_SERVICE_STOPPED = "Hyper-V service stopped"
    """The guests go on running, and nothing can be asked of them or done with them."""

    LINE_CUT = "line cut"
    """The two hosts do not reach each other; both are reached from elsewhere."""
