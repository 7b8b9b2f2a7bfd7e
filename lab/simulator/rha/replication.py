"""Copying the guests' disks from one host to the other: synchronisation, then changed blocks with a lag, by a spool."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from pathlib import Path

from lab.model.replication import Direction, Synchronization, SynchronizationMethod
from lab.simulator.hosts.disk import Difference, FileChange, FolderImage, apply, difference, folder_image
from lab.simulator.timeline import Appointment
from lab.simulator.world import World


@dataclass(frozen=True, slots=True)
class DiskPair:
    """A guest's disk on the host it is copied from and on the host it is copied to."""

    source: Path
    target: Path


@dataclass(frozen=True, slots=True)
class SpooledChange:
    guest: str
    captured: datetime
    change: FileChange


class Stage(Enum):
    SYNCHRONIZING = "synchronizing"
    REPLICATING = "replicating"
    ENDED = "ended"


class Replication:
    """One run in one direction. Its methods are called while the world is acting.

    Captured blocks wait in the spool while a synchronisation or a suspension lasts or the two engines are not
    `linked`, and otherwise for the lag. A synchronisation that ends without a link begins anew.
    """

    def __init__(
        self,
        world: World,
        disks: Mapping[str, DiskPair],
        method: SynchronizationMethod,
        *,
        direction: Direction,
        linked: Callable[[], bool],
        on_replicating: Callable[[], None],
    ) -> None:
        self.direction = direction
        self._world = world
        self._disks = disks
        self._method = method
        self._linked = linked
        self._on_replicating = on_replicating
        self._images: dict[str, FolderImage] = {}
        self._spool: deque[SpooledChange] = deque()
        self._suspended = False
        self._appointments: list[Appointment] = []
        self._stage = Stage.SYNCHRONIZING
        self._started = world.now()
        self._ended: datetime | None = None
        self._blocks_compared = 0
        self._blocks_copied = 0
        self._blocks_replicated = 0

    @property
    def synchronizing(self) -> bool:
        return self._stage is Stage.SYNCHRONIZING

    @property
    def replicating(self) -> bool:
        return self._stage is Stage.REPLICATING

    @property
    def ended(self) -> bool:
        return self._stage is Stage.ENDED

    @property
    def suspended(self) -> bool:
        return self._suspended

    @property
    def linked(self) -> bool:
        """Whether the two engines reach each other."""
        return self._linked()

    @property
    def in_spool(self) -> int:
        """Blocks captured and not yet applied."""
        return sum(len(each.change.blocks) for each in self._spool)

    @property
    def replicated(self) -> int:
        """Blocks applied since the synchronisation."""
        return self._blocks_replicated

    @property
    def figures(self) -> Synchronization:
        return Synchronization(
            method=self._method,
            blocks_compared=self._blocks_compared,
            blocks_copied=self._blocks_copied,
            started=self._started,
            ended=self._ended,
        )

    def begin(self) -> None:
        """Compares the disks now and copies what differs when the time for it is over; a skipped one trusts them."""
        if self._method is SynchronizationMethod.SKIPPED:
            self._images = {guest: folder_image(pair.source) for guest, pair in self._disks.items()}
            self._stage = Stage.REPLICATING
            self._ended = self._world.now()
            self._on_replicating()
            return
        differences = {guest: self._compare(pair) for guest, pair in self._disks.items()}
        self._images = {guest: found.image for guest, found in differences.items()}
        self._blocks_compared = sum(found.blocks_compared for found in differences.values())
        duration = self._world.settings.synchronization_time * len(self._disks)
        self._later(duration, lambda: self._copied(differences))

    def capture(self, guest: str) -> None:
        """Takes the blocks the guest has changed since the last time."""
        if self._stage is Stage.ENDED or guest not in self._disks:
            return
        found = difference(self._disks[guest].source, self._images[guest])
        self._images[guest] = found.image
        self._spool += (SpooledChange(guest, self._world.now(), change) for change in found.changes)
        if found.changes and self._stage is Stage.REPLICATING:
            self._later(self._lag(), self._apply_due)

    def suspend(self) -> None:
        self._suspended = True

    def resume(self) -> None:
        self._suspended = False
        self.catch_up()

    def catch_up(self) -> None:
        """The two engines reach each other again: what waited in the spool is on its way."""
        self._later(self._lag(), self._apply_due)

    def flush(self, then: Callable[[], None]) -> None:
        """Applies all that is outstanding, which takes the lag once more, and then holds back what comes later."""

        def flushed() -> None:
            self._apply(self._world.now())
            self.suspend()
            then()

        self._later(self._world.settings.lag, flushed)

    def discard_waiting(self) -> None:
        """Empties the spool: its changes are never applied."""
        self._spool.clear()

    def drain(self, then: Callable[[], None]) -> None:
        """Applies all that is left in the spool, which takes the lag once more, and ends."""

        def drained() -> None:
            self._suspended = False
            self._apply(self._world.now())
            self.stop()
            then()

        self._later(self._world.settings.lag, drained)

    def stop(self) -> None:
        """Ends capturing and applying, and discards what is in the spool."""
        self._stage = Stage.ENDED
        for appointment in self._appointments:
            appointment.cancel()
        self._appointments.clear()
        self._spool.clear()

    def _lag(self) -> timedelta:
        """The time a change waits in the spool."""
        return self._world.settings.lag

    def _compare(self, pair: DiskPair) -> Difference:
        pair.target.mkdir(parents=True, exist_ok=True)
        whole_files = self._method is SynchronizationMethod.FILE
        return difference(pair.source, folder_image(pair.target), whole_files=whole_files)

    def _copied(self, differences: Mapping[str, Difference]) -> None:
        if not self._linked():
            self.discard_waiting()
            self.begin()
            return
        for guest, found in differences.items():
            self._blocks_copied += self._copy(guest, found.changes)
        self._stage = Stage.REPLICATING
        self._later(self._world.settings.lag, self._caught_up)

    def _caught_up(self) -> None:
        self._apply(self._world.now() - self._world.settings.lag)
        self._ended = self._world.now()
        self._on_replicating()

    def _apply_due(self) -> None:
        self._apply(self._world.now() - self._lag())

    def _apply(self, captured_until: datetime) -> None:
        """Applies, in order, what was captured until then."""
        if self._suspended or not self._linked():
            return
        while self._spool and self._spool[0].captured <= captured_until:
            spooled = self._spool.popleft()
            self._blocks_replicated += self._replay(spooled.guest, spooled.change)

    def _copy(self, guest: str, changes: Sequence[FileChange]) -> int:
        """A synchronisation's part of one guest; returns the number of blocks copied."""
        return self._write(guest, changes)

    def _replay(self, guest: str, change: FileChange) -> int:
        """A change from the spool; returns the number of blocks replicated."""
        return self._write(guest, (change,))

    def _write(self, guest: str, changes: Sequence[FileChange]) -> int:
        return apply(self._disks[guest].target, changes)

    def _later(self, delay: timedelta, action: Callable[[], None]) -> None:
        now = self._world.now()
        self._appointments = [each for each in self._appointments if each.at >= now and not each.cancelled]
        self._appointments.append(self._world.later(delay, action))
