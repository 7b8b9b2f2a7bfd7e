"""What `Get-Command` on one site has shown of the product's commands: it confirms guesses of the profile."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, NoReturn

from lab.errors import SiteError
from lab.profiles import Operation, RhaProfile


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
    """Reads {"snap_ins": [name], "commands": {command: [parameter]}}; raises SiteError."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SiteError(f"{path}: the discovery file cannot be read ({error.strerror}); check the path.") from error
    except ValueError as error:
        raise SiteError(f"{path}: the discovery file is not valid JSON ({error}); make it again.") from error
    snap_ins, commands = _parts(value) or _refuse(path, 'it needs "snap_ins" (a list) and "commands" (an object)')
    found = {name.casefold(): _parameters(path, name, names) for name, names in commands.items()}
    return Discovery(tuple(snap_ins), MappingProxyType(found))


def _parts(value: Any) -> tuple[list[str], dict[str, Any]] | None:
    match value:
        case {"snap_ins": list(snap_ins), "commands": dict(commands)} if _names(snap_ins):
            return snap_ins, commands
        case _:
            return None


def _parameters(path: Path, command: str, names: Any) -> frozenset[str]:
    if not _names(names):
        _refuse(path, f"the parameters of {command} are not a list of names")
    return frozenset(name.casefold() for name in names)


def _names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _refuse(path: Path, problem: str) -> NoReturn:
    raise SiteError(f"{path}: this is not a discovery file ({problem}); make it again.")
