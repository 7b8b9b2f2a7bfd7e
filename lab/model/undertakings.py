"""Needs of a drill before it begins, and changes that it undertakes on a site."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class Change(Enum):
    """A kind of change to a site. Its restoration undoes only changes that the drill itself has begun."""

    CREATE_SCENARIO = "create scenario"
    REMOVE_SCENARIO = "remove scenario"
    RUN_SCENARIO = "run scenario"
    STOP_SCENARIO = "stop scenario"
    SWITCH_OVER = "switch over"
    SET_PROPERTIES = "set properties"
    SET_NOTIFICATION = "set notification"
    START_TEST = "start integrity test"
    STOP_TEST = "stop integrity test"
    PREPARE_REBOOT = "prepare reboot"
    RESTART_HOST = "restart host"
    START_GUEST = "start guest"
    STOP_GUEST = "stop guest"
    USE_TEST_GUEST = "use test guest"
    ENTER_IN_GAROON = "enter in Garoon"
    INJECT_FAULT = "inject fault"
    HOLD_LEASE = "hold lease"


class ChangeStage(Enum):
    """Stages of a change: about to be sent, found not to have begun, or perhaps begun, as people do not tell."""

    BEGUN = "begun"
    DOUBTFUL = "doubtful"
    NOT_BEGUN = "not begun"


@dataclass(frozen=True, slots=True)
class Undertaking:
    """A change that a call to a host begins: of which scenario, guest or host, by the name it has there."""

    change: Change
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that people were asked to do on a host, and may have begun, or may still begin."""

    undertaking: Undertaking
    host: str
    asked: datetime
    of: tuple[str, ...]
    """Names of those who were there to be asked."""


class Need(Enum):
    """Needs of a step. Those of `STATES` refer to the beginning of a drill."""

    SIMULATOR = "simulator"
    FAULTS = "faults"
    PEOPLE = "people who know the site's mail"
    GUEST_LOGIN = "login for the guest"
    ASSURED_RECOVERY = "Assured Recovery"
    BUSINESS_HOURS = "business hours"
    NO_SCENARIO = "no scenario"
    IDLE_SCENARIO = "idle scenario"
    FORWARD_REPLICATION = "forward replication"
    BACKWARD_REPLICATION = "backward replication"
    GUEST_ON_MASTER = "guest on the master host"
    GUEST_ON_REPLICA = "guest on the replica host"


STATES = frozenset(
    {
        Need.NO_SCENARIO,
        Need.IDLE_SCENARIO,
        Need.FORWARD_REPLICATION,
        Need.BACKWARD_REPLICATION,
        Need.GUEST_ON_MASTER,
        Need.GUEST_ON_REPLICA,
    }
)
QUIET_HOURS_FOR = frozenset({Change.RUN_SCENARIO, Change.SWITCH_OVER})
"""What the guide wants done at night or on a holiday (3.N16a, 4-1.N0, 5-1.N3a)."""
