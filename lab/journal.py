"""The journal: what happened in a run, one JSON object a line, written and flushed as it happens.

It is the only source of records, verdicts and reports (format: docs/journal.md).
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from lab.errors import SiteError
from lab.ports import Clock

MASK = "●●●"


class Journal:
    """Appends entries to `journal.jsonl`; `secrets` are masked wherever they turn up.

    `clock` is the lab's and may be replaced between drills; `wall` is the wall's.
    """

    def __init__(self, folder: Path, *, clock: Clock, wall: Clock, secrets: Collection[str] = ()) -> None:
        self.path = folder / "journal.jsonl"
        self.clock = clock
        self._wall = wall
        self._secrets = [secret for secret in secrets if secret]
        self._listeners: list[Callable[[Mapping[str, Any]], None]] = []
        self._count = 0
        self._writing = threading.Lock()
        try:
            self._file = self.path.open("x", encoding="utf-8", newline="\n")
        except OSError as error:
            raise SiteError(f"The journal {self.path} cannot be written: {error.strerror}.") from error

    def listen(self, listener: Callable[[Mapping[str, Any]], None]) -> None:
        self._listeners.append(listener)

    def hide(self, secrets: Collection[str]) -> None:
        self._secrets += [secret for secret in secrets if secret]

    def write(self, what: str, **fields: Any) -> None:
        """One entry at a time, whichever thread it comes from: a relay tells of its calls while a step runs."""
        with self._writing:
            self._append(what, fields)

    def _append(self, what: str, fields: Mapping[str, Any]) -> None:
        self._count += 1
        entry = {
            "n": self._count,
            "at": instant(self.clock.now()),
            "wall": instant(self._wall.now().astimezone(UTC)),
            "what": what,
            **fields,
        }
        entry = self._masked(entry)
        self._file.write(json.dumps(entry, ensure_ascii=False, separators=(", ", ": ")) + "\n")
        self._file.flush()
        for listener in self._listeners:
            listener(entry)

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

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def instant(moment: datetime) -> str:
    """ISO 8601 with milliseconds and offset."""
    return moment.isoformat(timespec="milliseconds")
