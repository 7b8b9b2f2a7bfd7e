"""The journal: what happened in a run, one JSON object a line, written and flushed as it happens.

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
from typing import Any, Self

from lab.errors import SiteError
from lab.model import outside
from lab.model.calls import trimmed
from lab.model.json_values import writable
from lab.model.zones import TimeZone
from lab.ports import Clock
from lab.secrets import Masking


class RecordLost(Exception):
    """What happens can no longer be taken down; nothing more may be begun."""


class Journal(ABC):
    """Takes down entries; `masking` is done to what comes from outside in them.

    `clock` is the lab's and may be replaced between drills; `wall` is the wall's. Times are those of `zone`; without
    one they are written as the lab's clock has them, and the wall's in UTC. Where an entry cannot be kept `write`
    raises RecordLost, unless `must_keep` has been unset: a lab is put back whether or not that can be taken down.
    """

    def __init__(
        self, *, clock: Clock, wall: Clock, masking: Masking | None = None, zone: TimeZone | None = None
    ) -> None:
        self.clock = clock
        self.masking = masking or Masking()
        self.must_keep = True
        self.lost = ""
        """Why nothing is kept any more, if it is not."""
        self._wall = wall
        self._zone = zone
        self._writing = threading.Lock()

    def write(self, what: str, **fields: Any) -> None:
        """One entry at a time, whichever thread it comes from: a relay tells of its calls while a step runs.

        Raises TypeError, and writes nothing, for a field that is not a value of JSON or an instant.
        """
        with self._writing:
            moments = {"at": self.clock.now(), "wall": self._wall.now().astimezone(UTC)}
            self._keep(self._entry(what, {**moments, "what": what, **fields}))

    def lose(self, error: OSError) -> RecordLost:
        """From now on nothing is kept, so that what was kept until now has no gap."""
        self.lost = self.lost or f"The record cannot be written any more: {error.strerror}."
        return RecordLost(self.lost)

    @abstractmethod
    def _keep(self, entry: Mapping[str, Any]) -> None:
        """An entry that lacks nothing but its number."""

    def _entry(self, what: str, fields: Mapping[str, Any]) -> Mapping[str, Any]:
        """Plain JSON, with secrets masked in what is from outside before any of it is cut."""
        plain = writable({name: self._local(value) for name, value in fields.items()})
        assert isinstance(plain, dict)
        entry = outside.masked(what, plain, self.masking.value)
        return {name: trimmed(entry[name]) if name in outside.CUT.get(what, ()) else entry[name] for name in entry}

    def _local(self, value: Any) -> Any:
        return self._zone.local(value) if self._zone is not None and isinstance(value, datetime) else value


class JournalFile(Journal):
    """Appends to `journal.jsonl` in `folder`, which must have none yet, and tells listeners."""

    def __init__(
        self, folder: Path, *, clock: Clock, wall: Clock, masking: Masking | None = None, zone: TimeZone | None = None
    ) -> None:
        super().__init__(clock=clock, wall=wall, masking=masking, zone=zone)
        self.path = folder / "journal.jsonl"
        self._listeners: list[Callable[[Mapping[str, Any]], None]] = []
        self._counted = (0, 0)
        """How many entries are in the file, and in how many bytes: one value, so that Ctrl-C never parts the two."""
        self._next = 0
        try:
            self._file = self.path.open("xb", buffering=0)
        except OSError as error:
            raise SiteError(f"The journal {self.path} cannot be written: {error.strerror}.") from error

    def listen(self, listener: Callable[[Mapping[str, Any]], None]) -> None:
        self._listeners.append(listener)

    def adopt(self, entry: Mapping[str, Any]) -> None:
        """An entry that was taken down elsewhere, masked and with its times."""
        with self._writing:
            self._keep(entry)

    def _keep(self, entry: Mapping[str, Any]) -> None:
        numbered = entry
        if not self.lost:
            try:
                numbered = {"n": self._settled() + 1, **entry}
                self._append(json.dumps(numbered, ensure_ascii=False, allow_nan=False, separators=(", ", ": ")))
                self._settled()
            except OSError as error:
                self.lose(error)
        if self.lost and self.must_keep:
            raise RecordLost(self.lost)
        for listener in self._listeners:
            listener(numbered)

    def _append(self, text: str) -> None:
        line = memoryview(f"{text}\n".encode())
        self._next = self._counted[1] + len(line)
        while line:
            line = line[self._file.write(line) or 0 :]

    def _settled(self) -> int:
        """The entries that are whole in the file; takes out the part of one that Ctrl-C has cut off."""
        count, kept = self._counted
        size = os.fstat(self._file.fileno()).st_size
        if size == self._next and size > kept:
            self._counted = (count + 1, size)
        elif size != kept:
            os.ftruncate(self._file.fileno(), kept)
            self._file.seek(kept)
        return self._counted[0]

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
