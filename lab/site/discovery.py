"""Commands of the product that `Get-Command` has shown on one site: they confirm guesses of the profile."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from lab.errors import SiteError
from lab.model.findings import FoundCommand, FoundParameter, ParameterSet
from lab.site.profile import Connection, Operation, RhaProfile
from lab.site.text_file import read_text
from words import Quoted, Told, sentence

VERSION = 1
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


class WrittenParameter(BaseModel):
    """A parameter in one of a command's parameter sets."""

    name: Name
    type: str = ""
    mandatory: bool = False
    aliases: list[Name] = []

    def found(self) -> FoundParameter:
        return FoundParameter(self.name, self.type, self.mandatory, tuple(self.aliases))


class DiscoveryFile(BaseModel):
    """A discovery file, as `kunren discover` or PowerShell's `ConvertTo-Json` writes it."""

    model_config = ConfigDict(strict=True)
    snap_ins: Names = Field(description="the snap-ins that hold the commands")
    commands: dict[Name, Names] = Field(description="the parameters of each command")
    version: int | None = Field(default=None, description="of this form; only `kunren discover` writes it")
    kunren: str = Field(default="", description="the version of Kunren that searched")
    host: str = Field(default="", description="the host of the Control Service, where the commands are")
    time: str = Field(default="", description="when it was searched")
    hosts: list[str] = Field(default=[], description="the hosts that were searched")
    bits: Literal[64, 32] = Field(default=64, description="64 or 32: of the PowerShell that the commands are in")
    versions: dict[str, dict[str, str]] = Field(
        default={}, description="of each host, the file versions of the product's services"
    )
    sets: dict[Name, list[list[WrittenParameter]]] = Field(default={}, description="the parameter sets of each command")
    found: dict[str, Any] = Field(default={}, description="all else that was found, for people")
    digest: str = Field(default="", description="SHA-256 over all other keys")

    @property
    def of_kunren(self) -> bool:
        """Whether it has more than a person writes; it is then held against its version and digest."""
        return bool(self.model_fields_set - {"snap_ins", "commands"})


@dataclass(frozen=True, slots=True)
class Discovery:
    """Snap-ins that hold the commands, and each command's parameters; names are compared as PowerShell does.

    `sets` are told by a search of Kunren, which was made on `host`: what it has not found is not there.
    """

    snap_ins: tuple[str, ...]
    commands: Mapping[str, frozenset[str]]
    host: str = ""
    sets: Mapping[str, tuple[ParameterSet, ...]] | None = None
    hosts: tuple[str, ...] = ()
    bits: int = 64
    versions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    connecting: str = ""
    """A command that looks as if it connected to something; empty for none."""

    def connects(self, connection: Connection) -> bool:
        """Whether the site has the command of a profile's connection, and takes a login from Kunren as no text."""
        sets = (self.sets or {}).get(connection.command.casefold(), ())
        credential = connection.parameters.get("credential", "")
        return FoundCommand(connection.command, "", sets).takes_login(connection.given, credential)

    def confirms(self, operation: Operation) -> bool:
        given = tuple(operation.parameters.values())
        if self.sets is not None:
            return any(each.takes(given) for each in self.sets.get(operation.command.casefold(), ()))
        parameters = self.commands.get(operation.command.casefold())
        return parameters is not None and all(name.casefold() in parameters for name in given)


def usable_operations(profile: RhaProfile, discovery: Discovery | None) -> frozenset[str]:
    """The operations a real site may use: those the site itself confirms.

    Those that a source of the vendor verifies need no confirmation, unless Kunren has searched the site. Without a
    connection that the profile says is needed there are none.
    """
    searched = discovery is not None and discovery.sets is not None
    if profile.connection.command and (discovery is None or not discovery.connects(profile.connection)):
        return frozenset()
    return frozenset(
        name
        for name, operation in profile.operations.items()
        if (operation.verified and not searched) or (discovery is not None and discovery.confirms(operation))
    )


def read_discovery(path: Path) -> Discovery:
    """Reads {"snap_ins": [name], "commands": {command: [parameter]}} as PowerShell writes it; raises SiteError."""
    text = read_text(path, sentence("site.discovery_file"), utf_16=True)
    try:
        file = DiscoveryFile.model_validate_json(text)
    except ValidationError as error:
        problem = _problem(error.errors(include_url=False)[0])
        raise SiteError(sentence("site.no_discovery", path=path, problem=problem)) from None
    commands = {
        command.casefold(): frozenset(name.casefold() for name in names) for command, names in file.commands.items()
    }
    if not file.of_kunren:
        return Discovery(tuple(file.snap_ins), MappingProxyType(commands))
    if file.version not in {None, VERSION}:
        raise SiteError(sentence("site.discovery_version", path=path, version=file.version))
    if not _is_unchanged(text, file.digest):
        raise SiteError(sentence("site.discovery_changed", path=path))
    sets = {
        command.casefold(): tuple(ParameterSet(tuple(each.found() for each in known)) for known in given)
        for command, given in file.sets.items()
    }
    return Discovery(
        snap_ins=tuple(file.snap_ins),
        commands=MappingProxyType(commands),
        host=file.host,
        sets=MappingProxyType(sets),
        hosts=tuple(file.hosts),
        bits=file.bits,
        versions=MappingProxyType(file.versions),
        connecting=next((name for name in file.commands if name.casefold().startswith("connect-")), ""),
    )


def _is_unchanged(text: str, digest: str) -> bool:
    try:
        return digest == digest_of(json.loads(text))
    except (ValueError, RecursionError):  # numbers and depths beyond reason, which Kunren does not write
        return False


def digest_of(content: Mapping[str, Any]) -> str:
    """SHA-256 over all keys but the digest's own, however the file is laid out."""
    others = {key: value for key, value in content.items() if key != "digest"}
    text = json.dumps(others, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _problem(error: ErrorDetails) -> Told:
    match error["type"], error["loc"]:
        case "json_invalid", _:
            return Quoted(f"{error['ctx']['error']}")
        case "string_pattern_mismatch" | "string_too_long", (*where, _):
            return sentence("site.no_name", where=_told(where), value=ascii(str(error["input"])[:_SHOWN]))
        case _, ("snap_ins", *_) | ("commands", _, *_) if error["type"] != "missing":
            return sentence("site.no_names", where=_told(error["loc"]))
        case _, (str(key), *_) if key not in {"snap_ins", "commands"}:
            return sentence("site.no_value", key=Quoted(key))
        case _:
            return sentence("site.needs")


def _told(where: Sequence[int | str]) -> Told:
    match where:
        case ("commands", str(command), *_):
            return sentence("site.parameters_of", command=ascii(command[:_SHOWN])[1:-1])
        case _:
            return Quoted(str(where[0]))
