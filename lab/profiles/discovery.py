"""What `Get-Command` on one site has shown of the product's commands: it confirms guesses of the profile."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, NoReturn

from lab.errors import SiteError
from lab.profiles import Operation, RhaProfile
from lab.text_file import read_text

_NAME = re.compile(r"[\w.\-]{1,200}")
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Discovery:
    """Snap-ins that hold the commands, and each command's parameters; names are compared as PowerShell does."""

    snap_ins: tuple[str, ...]
    commands: Mapping[str, frozenset[str]]

    def confirms(self, operation: Operation) -> bool:
        parameters = self.commands.get(operation.command.casefold())
        return parameters is not None and all(name.casefold() in parameters for name in operation.parameters.values())


def usable_operations(profile: RhaProfile, discovery: Discovery | None) -> frozenset[str]:
    """The operations a real site may use: those a vendor's source verifies, and those the site itself confirms."""
    return frozenset(
        name
        for name, operation in profile.operations.items()
        if operation.verified or (discovery is not None and discovery.confirms(operation))
    )


def read_discovery(path: Path) -> Discovery:
    """Reads {"snap_ins": [name], "commands": {command: [parameter]}} as PowerShell writes it; raises SiteError.

    Windows PowerShell 5.1 makes a list of one a text, a list of none null, and some lists an object with `value`.
    """
    try:
        value = json.loads(read_text(path, "discovery file", utf_16=True))
    except RecursionError as error:
        raise SiteError(f"{path}: the discovery file is too deep to be one; make it again.") from error
    except ValueError as error:
        raise SiteError(f"{path}: the discovery file is not valid JSON ({error}); make it again.") from error
    if not isinstance(value, dict) or not isinstance(value.get("commands"), dict) or "snap_ins" not in value:
        _refuse(path, 'it needs "snap_ins" (a list) and "commands" (an object)')
    snap_ins = _names(path, "snap_ins", value["snap_ins"])
    found = {
        _name(path, "commands", command).casefold(): frozenset(
            name.casefold() for name in _names(path, f"the parameters of {command}", names)
        )
        for command, names in value["commands"].items()
    }
    return Discovery(snap_ins, MappingProxyType(found))


def _names(path: Path, what: str, value: Any) -> tuple[str, ...]:
    match value:
        case None:
            items: list[Any] = []
        case str():
            items = [value]
        case list():
            items = value
        case {"value": list(listed), "Count": int()}:
            items = listed
        case _:
            _refuse(path, f"{_short(what)} are not a list of names")
    return tuple(_name(path, what, item) for item in items)


def _name(path: Path, what: str, value: Any) -> str:
    if not isinstance(value, str):
        _refuse(path, f"{_short(what)} are not a list of names")
    if not _NAME.fullmatch(value):
        _refuse(path, f"{_short(what)} has {value[:_SHOWN]!a}, which is not a name")
    return value


def _short(text: str) -> str:
    return ascii(text[:_SHOWN])[1:-1]


def _refuse(path: Path, problem: str) -> NoReturn:
    raise SiteError(f"{path}: this is not a discovery file ({problem}); make it again.")
