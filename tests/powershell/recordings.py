"""The conformance corpus: scripts and what a real PowerShell 7.6 answered (culture en-US, UTC, plain text)."""

from __future__ import annotations

import json
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Case:
    family: str
    name: str
    script: str
    answer: Answer


def _error(data: dict[str, str]) -> ErrorAnswer:
    return ErrorAnswer(data["message"], data["id"], data["category"])


def _case(family: str, data: dict[str, Any]) -> Case:
    script, text = data["script"], data.get("text", [])
    answer = Answer(
        types=tuple(data.get("types", ())),
        text="\n".join(text),
        errors=tuple(_error(error) for error in data.get("errors", ())),
        warnings=tuple(data.get("warnings", ())),
        information=tuple(data.get("information", ())),
        ended_by=_error(data["ended_by"]) if "ended_by" in data else None,
    )
    return Case(family, data["name"], "\n".join(script), answer)


def load() -> list[Case]:
    return [
        _case(path.stem, data)
        for path in sorted(FOLDER.glob("*.json"))
        for data in json.loads(path.read_text(encoding="utf-8"))["cases"]
    ]
