"""The journal: what happened in a run, one JSON object a line, written and flushed as it happens.

It is the only source of records, verdicts and reports (format: docs/journal.md).
"""

from __future__ import annotations

import json
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from lab.errors import SiteError
from lab.ports import Clock

MASK = "●●●"


class RecordLost(Exception):
    """What happens can no longer be taken down; nothing more may be begun."""


class Journal(ABC):
    """Takes down entries; `secrets` are masked wherever they turn up.

    `clock` is the lab's and may be replaced between drills; `wall` is the wall's. Where an entry cannot be kept `write`
    raises RecordLost, unless `must_keep` has been unset: a lab is put back whether or not that can be taken down.
    """

    def __init__(self, *, clock: Clock, wall: Clock, secrets: Collection[str] = ()) -> None:
        self.clock = clock
        self.must_keep = True
        self.lost = ""
        """Why nothing is kept any more, if it is not."""
        self._wall = wall
        self._secrets = [secret for secret in secrets if secret]
        self._writing = threading.Lock()

    def hide(self, secrets: Collection[str]) -> None:
        self._secrets += [secret for secret in secrets if secret]

    def write(self, what: str, **fields: Any) -> None:
        """One entry at a time, whichever thread it comes from: a relay tells of its calls while a step runs."""
        with self._writing:
            moments = {"at": instant(self.clock.now()), "wall": instant(self._wall.now().astimezone(UTC))}
            self._keep(self._masked({**moments, "what": what, **fields}))

    def lose(self, error: OSError) -> RecordLost:
        """From now on nothing is kept, so that what was kept until now has no gap."""
        self.lost = self.lost or f"The record cannot be written any more: {error.strerror}."
        return RecordLost(self.lost)

    @abstractmethod
    def _keep(self, entry: Mapping[str, Any]) -> None:
        """An entry that lacks nothing but its number."""

    def _masked(self, value: Any) -> Any:
        match value:
            case str():
                for secret in self._secrets:
                    value = value.replace(secret, MASK)
                return value
            case Mapping():
                return {key: self._masked(inner) for key, inner in value.items()}
            case list() | tuple():
                return [self._masked(inner) for inner in value]
            case datetime():
                return instant(value)
            case _:
                return value


class JournalFile(Journal):
    """Appends to `journal.jsonl` in `folder`, which must have none yet, and tells listeners."""

    def __init__(self, folder: Path, *, clock: Clock, wall: Clock, secrets: Collection[str] = ()) -> None:
        super().__init__(clock=clock, wall=wall, secrets=secrets)
        self.path = folder / "journal.jsonl"
        self._listeners: list[Callable[[Mapping[str, Any]], None]] = []
        self._count = 0
        try:
            self._file = self.path.open("x", encoding="utf-8", newline="\n")
        except OSError as error:
            raise SiteError(f"The journal {self.path} cannot be written: {error.strerror}.") from error

    def listen(self, listener: Callable[[Mapping[str, Any]], None]) -> None:
        self._listeners.append(listener)

    def adopt(self, entry: Mapping[str, Any]) -> None:
        """An entry that was taken down elsewhere, masked and with its times."""
        with self._writing:
            self._keep(entry)

    def _keep(self, entry: Mapping[str, Any]) -> None:
        self._count += 1
        numbered = {"n": self._count, **entry}
        if not self.lost:
            try:
                self._file.write(json.dumps(numbered, ensure_ascii=False, separators=(", ", ": ")) + "\n")
                self._file.flush()
            except OSError as error:
                self.lose(error)
        if self.lost and self.must_keep:
            raise RecordLost(self.lost)
        for listener in self._listeners:
            listener(numbered)

    def close(self) -> None:
        try:
            self._file.close()
        except OSError as error:  # it tries once more to write what it could not
            self.lose(error)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def instant(moment: datetime) -> str:
    """ISO 8601 with milliseconds and offset."""
    return moment.isoformat(timespec="milliseconds")
