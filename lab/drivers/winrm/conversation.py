"""Talking with the resident PowerShell (scripts/Resident.ps1), without any input or output of its own.

A request is one line of base64 words: the request itself, and one for each secret it comes with.
An answer is one line of JSON behind U+001E, as in a JSON text sequence (RFC 7464);
every other line, and whatever stands before that character in its line, is stray output of a script.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NoReturn

from lab.model.scripts import JsonValue

MARK = b"\x1e"
MAXIMUM_OUTPUT = 8 * 1024 * 1024
"""Bytes one answer may take, stray output included."""
PIECE = 90_000
"""Bytes of one Send: in base64 and with its envelope still below the 150 KB that a host accepts by default."""
DEEPEST = 32
"""Values inside one another in an answer; ConvertTo-Json is asked for eight."""
_TOO_OLD = re.compile(rb'\{"powershell": "([0-9.]{0,20})"\}')
_NO_SECRETS: Mapping[str, str] = MappingProxyType({})
_STRAY_LINES = 200
_STRAY_WIDTH = 1000


@dataclass(frozen=True, slots=True)
class ScriptError:
    """The error record a script ended with, as PowerShell names its parts."""

    error_id: str
    category: str
    message: str
    position: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The objects a script put out, or the error that ended it."""

    output: tuple[JsonValue, ...]
    error: ScriptError | None = None


class Flooded(Exception):
    """A script printed more than one answer may take; its process has to be ended."""


class TooDeep(Exception):
    """An answer nests its values beyond what any script of ours answers."""


class TooOld(Exception):
    """The host's PowerShell does not know what the resident is written with; its version is the text."""


class Conversation:
    """One resident's side of the talk: one request at a time, each answer known by the id of its request.

    `token` is unforgeable by what a script prints; every id begins with it.
    """

    def __init__(self, token: str, *, maximum_output: int = MAXIMUM_OUTPUT) -> None:
        self._token = token
        self._maximum = maximum_output
        self._asked = 0
        self._awaited: str | None = None
        self._heard = 0
        self._rest = bytearray()
        self._stray: list[str] = []

    @property
    def stray(self) -> tuple[str, ...]:
        """Output since the last request that is not its answer; long lines and long lists are cut."""
        return tuple(self._stray)

    def ask(self, script: str, arguments: Mapping[str, JsonValue], secrets: Mapping[str, str] = _NO_SECRETS) -> bytes:
        """The line that asks the resident to run `script`."""
        self._asked += 1
        self._heard = 0
        self._stray = []
        self._awaited = f"{self._token}-{self._asked}"
        request = {"id": self._awaited, "script": script, "arguments": arguments, "secrets": list(secrets)}
        words = (json.dumps(request), *secrets.values())
        return b" ".join(base64.b64encode(word.encode()) for word in words) + b"\n"

    def hear(self, output: bytes) -> Answer | None:
        """Takes the next bytes of standard output, cut anywhere; returns the answer when its line is complete."""
        self._heard += len(output)
        if self._heard > self._maximum:
            raise Flooded
        answers: list[Answer] = []
        *lines, rest = output.split(b"\n")
        for line in lines:
            answers += self._read(bytes(self._rest) + line)
            self._rest.clear()
        self._rest += rest
        return answers[0] if answers else None

    def hear_error(self, output: bytes) -> None:
        """Standard error is stray output too."""
        for line in output.splitlines():
            self._keep(line)

    def fall_silent(self) -> None:
        """The process has ended: what it had begun to print is stray."""
        self._keep(bytes(self._rest))
        self._rest.clear()

    def _read(self, line: bytes) -> Iterator[Answer]:
        """The answer in this line, if it is awaited; an answer that comes twice is stray the second time."""
        before, *marked = line.split(MARK)
        self._keep(before)
        for candidate in marked:
            if self._asked == 1 and (version := _version(candidate)) is not None:
                raise TooOld(version)
            answer = _parse(candidate, self._awaited)
            if answer is None:
                self._keep(candidate)
            else:
                self._awaited = None
                yield answer

    def _keep(self, line: bytes) -> None:
        text = line.decode("utf-8", "replace").strip("\r\ufeff")
        if not text.strip():
            return
        if len(self._stray) < _STRAY_LINES:
            self._stray.append(text if len(text) <= _STRAY_WIDTH else text[:_STRAY_WIDTH] + "…")
        elif len(self._stray) == _STRAY_LINES:
            self._stray.append("…")


def pieces(line: bytes) -> Iterator[bytes]:
    """The line cut into what one Send carries; the request begins when the last piece has arrived."""
    for start in range(0, len(line), PIECE):
        yield line[start : start + PIECE]


def _parse(candidate: bytes, identity: str | None) -> Answer | None:
    try:
        value = json.loads(candidate, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        return None
    match value:
        case {"id": str(named), "output": list(output)} if named == identity and len(value) == 2:
            if _depth(output) > DEEPEST:
                raise TooDeep
            return Answer(tuple(output))
        case {"id": str(named), "error": dict(error)} if named == identity and len(value) == 2:
            return Answer((), _error(error))
        case _:
            return None


def _version(candidate: bytes) -> str | None:
    """The version that a PowerShell tells which is too old to read anything."""
    found = _TOO_OLD.fullmatch(candidate.strip())
    return found.group(1).decode("ascii") if found else None


def _depth(value: object) -> int:
    """Counts, without recursion, how deep lists and objects are nested."""
    depth = 0
    level = [value]
    while level:
        depth += 1
        level = [
            inner
            for each in level
            if isinstance(each, list | dict)
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
    return depth


def _error(error: Mapping[str, Any]) -> ScriptError:
    parts = (str(error.get(part) or "") for part in ("id", "category", "message", "position"))
    return ScriptError(*parts)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
