"""Commands of the product that `Get-Command` has shown on one site: they confirm guesses of the profile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from lab.errors import SiteError
from lab.site.profile import Operation, RhaProfile
from lab.site.text_file import read_text
from words import Quoted, Told, sentence

_SHOWN = 60
Name = Annotated[str, Field(max_length=200, pattern=r"^[\w.\-]+$")]


class Wrapped(BaseModel):
    """A list as Windows PowerShell 5.1 writes some."""

    value: list[Name]
    Count: int


def _listed(names: Any) -> Any:
    """Reads as lists what Windows PowerShell 5.1 makes of them: a text of a list of one, null of an empty one."""
    match names:
        case None:
            return []
        case str():
            return [names]
        case {"value": list(listed), "Count": int()}:
            return listed
        case _:
            return names


Names = Annotated[list[Name], BeforeValidator(_listed, json_schema_input_type=list[Name] | Name | Wrapped | None)]


class DiscoveryFile(BaseModel):
    """A discovery file, as PowerShell's `ConvertTo-Json` writes it."""

    model_config = ConfigDict(strict=True)
    snap_ins: Names = Field(description="the snap-ins that hold the commands")
    commands: dict[Name, Names] = Field(description="the parameters of each command")


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
    """Reads {"snap_ins": [name], "commands": {command: [parameter]}} as PowerShell writes it; raises SiteError."""
    try:
        file = DiscoveryFile.model_validate_json(read_text(path, sentence("site.discovery_file"), utf_16=True))
    except ValidationError as error:
        problem = _problem(error.errors(include_url=False)[0])
        raise SiteError(sentence("site.no_discovery", path=path, problem=problem)) from None
    commands = {
        command.casefold(): frozenset(name.casefold() for name in names) for command, names in file.commands.items()
    }
    return Discovery(tuple(file.snap_ins), MappingProxyType(commands))


def _problem(error: ErrorDetails) -> Told:
    match error["type"], error["loc"]:
        case "json_invalid", _:
            return Quoted(f"{error['ctx']['error']}")
        case "string_pattern_mismatch" | "string_too_long", (*where, _):
            return sentence("site.no_name", where=_told(where), value=ascii(str(error["input"])[:_SHOWN]))
        case _, ("snap_ins", *_) | ("commands", _, *_) if error["type"] != "missing":
            return sentence("site.no_names", where=_told(error["loc"]))
        case _:
            return sentence("site.needs")


def _told(where: Sequence[int | str]) -> Told:
    match where:
        case ("commands", str(command), *_):
            return sentence("site.parameters_of", command=ascii(command[:_SHOWN])[1:-1])
        case _:
            return Quoted(str(where[0]))
