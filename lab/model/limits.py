"""Limits of a driver's wait for one answer of a host, and of a step's wait for what takes long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum


class LongWait(Enum):
    """Waits that depend on a site's disks, lines and hosts; the value is the key in `[limits]`."""

    SYNCHRONIZATION = "synchronization_minutes"
    SWITCHOVER = "switchover_minutes"
    REBOOT = "reboot_minutes"
    IS_ALIVE = "is_alive_minutes"

    @property
    def key(self) -> str:
        """The key as a site file has it."""
        return f"limits.{self.value}"


@dataclass(frozen=True, slots=True)
class FromText:
    """The limit that a step's text names, which a site file may extend by its own for `kind`, and never shorten."""

    named: timedelta
    kind: LongWait


Within = timedelta | LongWait | FromText
"""A limit of a wait: a length of time, the site's for a kind of wait, or the text's that the site may extend."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Lab time. `stop` includes the guest's own shutdown; the first four are per call, the next per wait.

    `answer` is what people have at least for a question, `task` for a task.

    `stated` are the waits whose limit the site file itself has written: only those extend what a step's text says.
    """

    question: timedelta = timedelta(seconds=60)
    start: timedelta = timedelta(seconds=120)
    stop: timedelta = timedelta(seconds=600)
    replication: timedelta = timedelta(seconds=120)
    synchronization: timedelta = timedelta(minutes=60)
    switchover: timedelta = timedelta(minutes=25)
    reboot: timedelta = timedelta(minutes=30)
    is_alive: timedelta = timedelta(minutes=5)
    answer: timedelta = timedelta(minutes=10)
    task: timedelta = timedelta(minutes=30)
    drill: timedelta | None = None
    """On the wall, for the steps of a drill; its restoration takes as long as it takes."""
    stated: frozenset[LongWait] = frozenset()

    def of(self, kind: LongWait) -> timedelta:
        """The site's limit for that kind of wait."""
        return {
            LongWait.SYNCHRONIZATION: self.synchronization,
            LongWait.SWITCHOVER: self.switchover,
            LongWait.REBOOT: self.reboot,
            LongWait.IS_ALIVE: self.is_alive,
        }[kind]

    def resolve(self, within: Within) -> timedelta:
        """The limit as a length of time."""
        match within:
            case FromText(named, kind):
                return max(named, self.of(kind)) if kind in self.stated else named
            case LongWait():
                return self.of(within)
            case timedelta():
                return within

    def extended(self, within: Within) -> LongWait | None:
        """The kind of wait for which the site's limit holds in place of a shorter one in a step's text."""
        if isinstance(within, FromText) and self.resolve(within) > within.named:
            return within.kind
        return None


def at_least(minutes: int, kind: LongWait) -> FromText:
    """The limit of a step whose text says `minutes`."""
    return FromText(timedelta(minutes=minutes), kind)
