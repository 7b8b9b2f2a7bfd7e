"""The course of one drill: what its chapters hand on to each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from lab.errors import LabError, Refused
from lab.model.faults import Fault
from lab.model.garoon import Marker
from lab.model.hosts import HostFacts, HostRole
from lab.model.replication import RebootPreparation, ScenarioPlan, Synchronization
from lab.model.undertakings import Undertaking
from lab.ports import GaroonEntries


@dataclass(slots=True)
class Downtime:
    """A host that is taken down: the last synchronisation of each of its scenarios, and what it said, just before."""

    role: HostRole
    figures: Mapping[str, Synchronization | None]
    before: HostFacts


@dataclass(slots=True, kw_only=True)
class Preparation(Downtime):
    """Host maintenance from the preparation on, which `began_s` on the monotonic clock."""

    began_s: float
    confirmation: RebootPreparation | None = None
    ready: bool = False
    completed: bool = False


@dataclass(slots=True)
class Reboot(Downtime):
    """A reboot the operator has commanded."""

    over: bool = False


@dataclass(frozen=True, slots=True)
class Sighting:
    """When an event was seen, and its own time on the Control Service's clock where that can be read."""

    seen: datetime
    stamped: datetime | None

    def since(self, earlier: Sighting) -> timedelta:
        """By the events' own times: people may tell of an event long after it."""
        if self.stamped is not None and earlier.stamped is not None:
            return self.stamped - earlier.stamped
        return self.seen - earlier.seen


@dataclass(slots=True)
class Course:
    """Facts that more than one noun, or the restoration, needs to know.

    `plan` grows as the wizard is told more; `markers` are the entries the drill made and takes away again, `unanswered`
    titles of which it is not known whether Garoon has them. In a drill `begun_midway` chapters were left out. In a
    `disposable` lab, and only there, a Given may bring about what it names; on a real site it only looks. What is done
    in `whole` and taken down here is not cut in two by a request to stop.
    """

    whole: Callable[[], AbstractContextManager[None]] = nullcontext
    plan: ScenarioPlan | None = None
    markers: list[Marker] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    begun_midway: bool = False
    disposable: bool = False
    switched_over: bool = False
    switched_back: bool = False
    commanded_after: int = 0
    faults: list[Fault] = field(default_factory=list)
    faults_ended: list[Fault] = field(default_factory=list)
    fault_at: datetime | None = None
    countdown_began: Sighting | None = None
    maintenance: Preparation | None = None
    reboot: Reboot | None = None
    test_under_way: bool = False
    in_flight: Undertaking | None = None
    """What the run that died was about to do, so that what is seen now is no sign of what others did after it."""

    @property
    def entered(self) -> bool:
        """Whether entries may be there that the restoration has to remove."""
        return bool(self.markers)

    def remove_entries(self, garoon: GaroonEntries) -> bool:
        """Whether there were any. One that Garoon does not let go is no reason to leave the others."""
        refused: list[Refused] = []
        for marker in self.markers:
            try:
                garoon.remove_marker(marker)
            except Refused as error:
                refused.append(error)
        if refused:
            raise refused[0]
        return bool(self.markers)

    def entries_left(self, garoon: GaroonEntries) -> tuple[str, ...]:
        """Titles of what the drill has made, or may have, and what has not been seen to be gone."""
        return (*(each.title for each in self.markers if not _seen_gone(each, garoon)), *self.unanswered)


def _seen_gone(marker: Marker, garoon: GaroonEntries) -> bool:
    try:
        return garoon.find_marker(marker) != marker.title
    except LabError:
        return False
