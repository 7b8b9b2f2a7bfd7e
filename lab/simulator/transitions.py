"""The power states of a simulated guest: which action leads from where to where, how fast, and in what words not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from lab.model.machines import PowerState
from lab.site.simulation import SimulationSettings


class PowerAction(Enum):
    """The value is Hyper-V's word in "'Garoon' failed to …"."""

    START = "start"
    SHUT_DOWN = "shut down"
    TURN_OFF = "turn off"


def at_once(_: SimulationSettings) -> timedelta:
    return timedelta()


@dataclass(frozen=True, slots=True)
class Transition:
    """Through `passing`, for a time the settings give."""

    passing: PowerState
    duration: Callable[[SimulationSettings], timedelta] = at_once


OFF, STARTING, RUNNING, STOPPING = PowerState.OFF, PowerState.STARTING, PowerState.RUNNING, PowerState.STOPPING

TRANSITIONS = {
    (OFF, PowerAction.START): Transition(STARTING, lambda settings: settings.power_on_time),
    (RUNNING, PowerAction.SHUT_DOWN): Transition(STOPPING, lambda settings: settings.shutdown_time),
    (RUNNING, PowerAction.TURN_OFF): Transition(OFF),
    (STARTING, PowerAction.TURN_OFF): Transition(OFF),
    (STOPPING, PowerAction.TURN_OFF): Transition(OFF),
}
ALREADY_THERE = {
    PowerAction.START: RUNNING,
    PowerAction.SHUT_DOWN: OFF,
    PowerAction.TURN_OFF: OFF,
}


class HyperVRefusal(Exception):
    """Hyper-V says no; `error_id` and `category` are those of its cmdlets' error records."""

    def __init__(self, message: str, error_id: str = "InvalidState", category: str = "InvalidOperation") -> None:
        super().__init__(message)
        self.error_id = error_id
        self.category = category


def unknown(kind: str, name: str) -> HyperVRefusal:
    """The refusal of a virtual machine or switch that Hyper-V does not have."""
    message = f'Hyper-V was unable to find a virtual {kind} with name "{name}".'
    return HyperVRefusal(message, "InvalidParameter", "InvalidArgument")


class AlreadyInState(Exception):
    """The guest is where the action would bring it; Hyper-V warns and does nothing."""

    def __init__(self) -> None:
        super().__init__("The virtual machine is already in the specified state.")


def transition(guest: str, state: PowerState, action: PowerAction) -> Transition:
    """The declared transition; raises AlreadyInState or HyperVRefusal."""
    if ALREADY_THERE[action] is state:
        raise AlreadyInState
    found = TRANSITIONS.get((state, action))
    if found is None:
        raise HyperVRefusal(
            f"'{guest}' failed to {action.value}.\r\n"
            "The operation cannot be performed while the virtual machine is in its current state."
        )
    return found
