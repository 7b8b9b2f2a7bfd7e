"""Writes the journal: what happened in a run, one JSON object a line, flushed as it happens.

It is the only source of records, verdicts and reports (format: docs/journal.md).
"""

from __future__ import annotations

import json
import os
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

from journal import chain
from journal.entries import entry_of
from journal.entry import Entry
from journal.form import masked
from journal.masking import Masking
from lab.model.json_values import instant
from lab.model.zones import TimeZone
from words import Explained, Told, reason, sentence


class Clock(Protocol):
    def now(self) -> datetime: ...


class JournalUnwritable(Explained):
    """There is a journal already, or none can be made."""


class RecordLost(Explained):
    """What happens can no longer be taken down; nothing more may be begun."""


class Journal(ABC):
    """Takes down entries; `masking` is done to what is declared as coming from outside in them.

    `clock` is the lab's and may be replaced between drills; `wall` is the wall's. Times are those of `zone`; without
    one they are written as the lab's clock has them, and the wall's in UTC. Where an entry cannot be kept `write`
    raises RecordLost, unless `must_keep` has been unset: a lab is restored whether or not that can be recorded.
    """

    def __init__(
        self, *, clock: Clock, wall: Clock, masking: Masking | None = None, zone: TimeZone | None = None
    ) -> None:
        self.clock = clock
        self.masking = masking or Masking()
        self.must_keep = True
        self.lost: Told | None = None
        """Why nothing is kept any more, if it is not."""
        self.watch: Callable[[Entry, datetime], None] | None = None
        """Is told of each entry after it has been kept, with its time on the lab's clock."""
        self._wall = wall
        self._zone = zone
        self._writing = threading.Lock()

    def write(self, entry: Entry) -> None:
        """One entry at a time, whichever thread it comes from: a relay tells of its calls while a step runs.

        Raises TypeError, and writes nothing, for a field that is not a value of JSON.
        """
        with self._writing:
            now = self.clock.now()
            moments = {"at": now, "wall": self._wall.now().astimezone(UTC)}
            self._keep(
                {
                    **{name: instant(self._local(moment)) for name, moment in moments.items()},
                    "what": entry.what,
                    **masked(type(entry), entry.to_json(self._zone), self.masking.value),
                }
            )
        if self.watch is not None:
            self.watch(entry, now)

    def lose(self, error: OSError) -> RecordLost:
        """From now on nothing is kept, so that the entries so far have no gap."""
        self.lost = self.lost or sentence("errors.journal.lost", reason=reason(error))
        return RecordLost(self.lost)

    @abstractmethod
    def _keep(self, entry: Mapping[str, Any]) -> None:
        """An entry that lacks nothing but its number."""

    def _local(self, moment: datetime) -> datetime:
        return moment if self._zone is None else self._zone.local(moment)


class JournalFile(Journal):
    """Appends to `journal.jsonl` in `folder`, which must have none yet, and tells listeners."""

    def __init__(
        self, folder: Path, *, clock: Clock, wall: Clock, masking: Masking | None = None, zone: TimeZone | None = None
    ) -> None:
        super().__init__(clock=clock, wall=wall, masking=masking, zone=zone)
        self.path = folder / "journal.jsonl"
        self._listeners: list[tuple[Callable[[Entry], None], frozenset[str]]] = []
        self._counted = (0, 0, chain.FIRST)
        """How many entries are in the file, in how many bytes, and the digest of the last: one value, so that Ctrl-C
        never parts the three."""
        self._next = (0, chain.FIRST)
        try:
            self._file = self.path.open("xb", buffering=0)
        except OSError as error:
            told = sentence("errors.journal.unwritable", file=self.path, reason=reason(error))
            raise JournalUnwritable(told) from error

    def listen(self, listener: Callable[[Entry], None], *kinds: type[Entry]) -> None:
        """`listener` is told of each entry of these kinds, as it stands in the journal."""
        self._listeners.append((listener, frozenset(kind.what for kind in kinds)))

    def adopt(self, entry: Mapping[str, Any]) -> None:
        """An entry that was taken down elsewhere, masked and with its times."""
        with self._writing:
            self._keep(entry)

    def _keep(self, entry: Mapping[str, Any]) -> None:
        numbered = {"n": self._counted[0] + 1, **entry}
        if not self.lost:
            try:
                count, _, head = self._settled()
                numbered = {"n": count + 1, "prev": head, **entry}
                self._append(json.dumps(numbered, ensure_ascii=False, allow_nan=False, separators=(", ", ": ")))
                self._settled()
            except OSError as error:
                self.lose(error)
        if self.lost and self.must_keep:
            raise RecordLost(self.lost)
        for listener, kinds in self._listeners:
            if entry["what"] in kinds:
                listener(entry_of(numbered))

    def _append(self, text: str) -> None:
        line = text.encode()
        self._next = (self._counted[1] + len(line) + 1, chain.digest(line))
        left = memoryview(line + b"\n")
        while left:
            left = left[self._file.write(left) or 0 :]

    def _settled(self) -> tuple[int, int, str]:
        """What is whole in the file; takes out the part of an entry that Ctrl-C has cut off."""
        count, kept, _ = self._counted
        size = os.fstat(self._file.fileno()).st_size
        until, head = self._next
        if size == until and size > kept:
            self._counted = (count + 1, size, head)
        elif size != kept:
            os.ftruncate(self._file.fileno(), kept)
            self._file.seek(kept)
        return self._counted

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
