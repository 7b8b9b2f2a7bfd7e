"""The conformance corpus: scripts and what a real PowerShell 7.6 answered (culture en-US, UTC, plain text)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "conformance"


@dataclass(frozen=True, slots=True)
class ErrorAnswer:
    message: str
    id: str
    category: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`types` are the output objects' full names, `text` what Out-String -Width 120 makes of them; `ended_by` is the
    error that ended the script.
    """

    types: tuple[str, ...] = ()
    text: str = ""
    errors: tuple[ErrorAnswer, ...] = ()
    warnings: tuple[str, ...] = ()
    information: tuple[str, ...] = ()
    ended_by: ErrorAnswer | None = None


class Status(Enum):
    """What this engine is pinned to do with a case: answer as the real one did, or refuse it as outside the subset."""

    AGREES = "agrees"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Case:
    """`id` is the topic, which is the file's name, and a number."""

    id: str
    status: Status
    script: str
    answer: Answer


def _error(data: dict[str, str]) -> ErrorAnswer:
    return ErrorAnswer(data["message"], data["id"], data["category"])


def _case(data: dict[str, Any]) -> Case:
    script, text = data["script"], data.get("text", [])
    answer = Answer(
        types=tuple(data.get("types", ())),
        text="\n".join(text),
        errors=tuple(_error(error) for error in data.get("errors", ())),
        warnings=tuple(data.get("warnings", ())),
        information=tuple(data.get("information", ())),
        ended_by=_error(data["ended_by"]) if "ended_by" in data else None,
    )
    return Case(data["id"], Status(data["status"]), "\n".join(script), answer)


def load() -> list[Case]:
    """All cases, topic by topic."""
    return [
        _case(data)
        for path in sorted(FOLDER.glob("*.json"))
        for data in json.loads(path.read_text(encoding="utf-8"))["cases"]
    ]


def pin(statuses: Mapping[str, Status]) -> None:
    """Writes other statuses into the recordings."""
    for path in sorted(FOLDER.glob("*.json")):
        lines = path.read_text(encoding="utf-8").splitlines()
        path.write_text("".join(f"{pinned(line, statuses)}\n" for line in lines), encoding="utf-8")


def pinned(line: str, statuses: Mapping[str, Status]) -> str:
    """One case stands in one line, its id and its status before everything else."""
    found = re.match(r'  \{"id": "([^"]+)", "status": "[a-z]+"', line)
    if found is None or found[1] not in statuses:
        return line
    return f'  {{"id": "{found[1]}", "status": "{statuses[found[1]].value}"{line[found.end() :]}'
