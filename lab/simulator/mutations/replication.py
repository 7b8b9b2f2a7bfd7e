"""Mutations of the copy that replication makes (guide 1-3, 3, 4-1 and 5)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from lab.model.replication import Direction
from lab.simulator.hosts.disk import FileChange
from lab.simulator.mutations.declaration import mutation
from lab.simulator.rha.replication import Replication

SECOND = timedelta(seconds=1)
HOURS = timedelta(hours=24)


@mutation("3.S16")
class SynchronizationCopiesNothing(Replication):
    """A synchronisation ends without having copied a block."""

    def _copy(self, guest: str, changes: Sequence[FileChange]) -> int:  # noqa: ARG002  # whatever they are
        return 0


@mutation("3.N16b")
class SpoolLost(Replication):
    """Changes made during and after a synchronisation never leave the spool."""

    def _replay(self, guest: str, change: FileChange) -> int:
        return len(change.blocks) if self.direction is Direction.FORWARD else super()._replay(guest, change)


@mutation("1-3.B2")
class ReplicationStalls(Replication):
    """Changes stay in the spool for hours without a cause."""

    def _lag(self) -> timedelta:
        return HOURS


@mutation("4-1.S5")
class LastSecondLost(Replication):
    """The changes of the last second before the latest change never reach the other host."""

    def _apply(self, captured_until: datetime) -> None:
        latest = max((each.captured for each in self._spool), default=captured_until)
        super()._apply(min(captured_until, latest - SECOND))


@mutation("5-1.S3")
class ReverseCopiesNothing(Replication):
    """The synchronisation from the replica to the master compares and copies nothing."""

    def _copy(self, guest: str, changes: Sequence[FileChange]) -> int:
        return 0 if self.direction is Direction.BACKWARD else super()._copy(guest, changes)


@mutation("5-1.N3a")
class ReverseSpoolLost(Replication):
    """Changes made during and after a reverse synchronisation never reach the master."""

    def _replay(self, guest: str, change: FileChange) -> int:
        return len(change.blocks) if self.direction is Direction.BACKWARD else super()._replay(guest, change)


@mutation("5-2.S9")
class ReverseNotApplied(Replication):
    """Reverse replication counts blocks as copied without writing them."""

    def _write(self, guest: str, changes: Sequence[FileChange]) -> int:
        if self.direction is Direction.FORWARD:
            return super()._write(guest, changes)
        return sum(len(change.blocks) for change in changes)
