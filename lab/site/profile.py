"""Names of Arcserve RHA's PowerShell, known or only guessed, as data of a profile file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, model_validator

from lab.errors import SiteError
from lab.model.replication import ScenarioState, Severity
from lab.site.toml_table import Table, Text, Texts, read_table, read_toml, refused
from words import sentence

_LONGEST_MESSAGE = 1000
"""Characters of a message that are looked at: far more than an event has, and few enough for patterns with gaps."""


def _command(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z]+-[A-Za-z]+", name):
        raise refused("no_command", "write_command", name=repr(name))
    return name


CONNECT = "connect"
"""What a connection is called among the operations that people read of."""
CONNECTION_PARAMETERS = ("host", "credential")
_FOLDER = Path(__file__).parent
Names = Annotated[Mapping[str, Text], AfterValidator(MappingProxyType)]


class Sourced(Table):
    """An item that a profile knows or guesses, and its source."""

    verified: bool = Field(description="true only where a public source of the vendor shows it")
    source: Text = Field(description="where it is from, or that it is a guess")


class Operation(Sourced):
    """A command of the product. `parameters` and `properties` lead from Kunren's names to the product's.

    `unused` are parameters that it may have and that Kunren never gives, so that no site has to confirm them.
    """

    command: Annotated[Text, AfterValidator(_command)] = Field(description="the name of the PowerShell command")
    parameters: Names = Field(default={}, description="the product's name for each parameter")
    unused: Names = Field(default={}, description="the product's name for each parameter")
    properties: Names = Field(default={}, description="the product's name for each property")
    candidates: Texts = Field(default=(), description="other names that a site may have for it, to be looked for")

    @property
    def known_parameters(self) -> Mapping[str, str]:
        return {**self.parameters, **self.unused}


class Connection(Table):
    """How a session with the Control Service is opened; without a command none is.

    Of `parameters`, `host` is given the Control Service's host and `credential` a PSCredential; `values` are texts by
    the product's names.
    """

    command: Annotated[str, AfterValidator(lambda name: name and _command(name))] = Field(
        default="", description="the name of the PowerShell command"
    )
    candidates: Texts = Field(default=(), description="commands that may connect to the Control Service, to look for")
    parameters: Names = Field(default={}, description='the product\'s names of "host" and "credential"')
    values: Names = Field(default={}, description="a text for each further parameter, by the product's names")
    verified: bool = Field(default=False, description="true only where a public source of the vendor shows it")
    source: str = Field(default="", description="where it is from, or that it is a guess")

    @model_validator(mode="after")
    def _parameters_are_known(self) -> Self:
        for name in self.parameters:
            if name not in CONNECTION_PARAMETERS:
                raise refused("unknown", "write_near", key=f"parameters.{name}", near=", ".join(CONNECTION_PARAMETERS))
        return self

    @property
    def given(self) -> tuple[str, ...]:
        return (*self.parameters.values(), *self.values)


class Wording(Sourced):
    """Words of the product in both languages; the first of each is written, all are understood."""

    ja: Texts = Field(default=(), description="the Japanese words")
    en: Texts = Field(default=(), description="the English words")

    @model_validator(mode="after")
    def _has_words(self) -> Self:
        if not self.ja and not self.en:
            raise refused("no_language", "write_language", key="ja")
        return self

    def names(self, word: str) -> bool:
        return _plain(word) in {_plain(known) for known in (*self.ja, *self.en)}


class EventText(Wording):
    """A message of the event view; `{host}` in a text stands for any name. `code` is empty where no source gives it."""

    code: str = Field(default="", description="the event's code")
    severity: Severity = Field(strict=False, description="the event's severity")

    def matches(self, message: str) -> bool:
        """Loose about blanks, angle brackets and the final full stop, which differ between the product's own texts."""
        plain = _plain(message[:_LONGEST_MESSAGE])
        return any(_in_order(text.split("{host}"), plain) for text in (*self.ja, *self.en))


class ServiceName(Sourced):
    """The name of a Windows service of the product."""

    name: Text = Field(description="the name of the Windows service")


class Services(Table):
    engine: ServiceName = Field(description="name, verified and source")
    control: ServiceName = Field(description="name, verified and source")


class EventLogSource(Sourced):
    """The event log of a management OS into which the product writes its notifications."""

    log: Text = Field(description="the name of the event log")
    provider: Text = Field(description="the name the product writes under")


_AN_OPERATION = Field(description="command, verified and source")
_WORDS = Field(description="ja, en, verified and source")


class Operations(Table):
    list_scenarios: Operation = _AN_OPERATION
    create_scenario: Operation = _AN_OPERATION
    remove_scenario: Operation = _AN_OPERATION
    set_initiation: Operation = _AN_OPERATION
    engine_version: Operation = _AN_OPERATION
    discover_guests: Operation = _AN_OPERATION
    scenario_properties: Operation = _AN_OPERATION
    verify_scenario: Operation = _AN_OPERATION
    run_scenario: Operation = _AN_OPERATION
    stop_scenario: Operation = _AN_OPERATION
    switch_over: Operation = _AN_OPERATION
    set_notification: Operation = _AN_OPERATION
    list_events: Operation = _AN_OPERATION
    statistics: Operation = _AN_OPERATION
    suspend_scenario: Operation = _AN_OPERATION
    resume_scenario: Operation = _AN_OPERATION
    prepare_reboot: Operation = _AN_OPERATION
    start_integrity_test: Operation = _AN_OPERATION
    stop_integrity_test: Operation = _AN_OPERATION


SUPPORTED_OPERATIONS = tuple(Operations.model_fields)


class States(Table):
    editing: Wording = _WORDS
    synchronizing: Wording = _WORDS
    running: Wording = _WORDS
    switching_over: Wording = _WORDS
    stopped: Wording = _WORDS


class Severities(Table):
    information: Wording = _WORDS
    significant: Wording = _WORDS
    warning: Wording = _WORDS
    error: Wording = _WORDS


class ProfileFile(Table):
    """A profile as it is written."""

    title: Text = Field(description="the product and release the profile is for")
    snap_ins: Texts = Field(default=(), description="the names of the snap-ins to load")
    connection: Connection = Field(default=Connection(), description="how to connect to the Control Service")
    server_type: Text = Field(description="the product's word for Hyper-V servers")
    services: Services = Field(description="engine and control")
    event_log: EventLogSource = Field(description="log, provider, verified and source")
    operations: Operations = Field(description="one table an operation")
    states: States = Field(description="one table a state")
    severities: Severities = Field(description="one table a severity")
    events: Mapping[str, EventText] = Field(description="ja and en")
    choices: Mapping[str, Names] = Field(description="the product's words for what can be chosen")


@dataclass(frozen=True, slots=True, kw_only=True)
class RhaProfile:
    """One release of the product, as far as Kunren has to know it."""

    snap_ins: tuple[str, ...]
    connection: Connection
    server_type: str
    engine_service: ServiceName
    control_service: ServiceName
    event_log: EventLogSource
    operations: Mapping[str, Operation]
    states: Mapping[ScenarioState, Wording]
    severities: Mapping[Severity, Wording]
    events: Mapping[str, EventText]
    choices: Mapping[str, Mapping[str, str]]

    def names_to_look_for(self) -> frozenset[str]:
        """The commands that a site may have: each operation's, its other candidates, and those that connect."""
        every = (name for each in self.operations.values() for name in (each.command, *each.candidates))
        connecting = (self.connection.command, *self.connection.candidates)
        return frozenset(filter(None, (*every, *connecting)))

    def state(self, word: str) -> ScenarioState:
        """The state a word of the product names; UNKNOWN when the profile does not know the word."""
        return next((state for state, wording in self.states.items() if wording.names(word)), ScenarioState.UNKNOWN)

    def severity(self, word: str) -> Severity:
        return next((level for level, wording in self.severities.items() if wording.names(word)), Severity.UNKNOWN)

    def event_kind(self, message: str) -> str:
        """The profile's name of the event with that message; empty when it has none."""
        return next((name for name, event in self.events.items() if event.matches(message)), "")


def load_profile(name: str, beside: Path | None = None) -> RhaProfile:
    """The profile of that name that comes with Kunren, or the file of that path from `beside`; raises SiteError."""
    path = profile_path(name, beside)
    if beside is not None and name.endswith(".toml"):
        return read_profile(name, read_toml(path))
    known = sorted(each.stem for each in _FOLDER.glob("*.toml"))
    if name not in known:
        raise SiteError(sentence("site.no_profile", name=name, known=", ".join(known)))
    return _shipped(path.name)


@cache
def _shipped(file: str) -> RhaProfile:
    return read_profile(file, read_toml(_FOLDER / file))


def profile_path(name: str, beside: Path | None = None) -> Path:
    """The file of a profile, as `load_profile` finds it."""
    return beside / name if beside is not None and name.endswith(".toml") else _FOLDER / f"{name}.toml"


def profile_text(name: str) -> str:
    """The text of a profile that comes with Kunren."""
    return (_FOLDER / f"{name}.toml").read_text(encoding="utf-8")


def read_profile(file: str, values: Mapping[str, Any]) -> RhaProfile:
    """The profile in these tables; raises SiteError for what is missing, unknown or of the wrong kind."""
    found = read_table(ProfileFile, file, values)
    return RhaProfile(
        snap_ins=found.snap_ins,
        connection=found.connection,
        server_type=found.server_type,
        engine_service=found.services.engine,
        control_service=found.services.control,
        event_log=found.event_log,
        operations=MappingProxyType(dict(found.operations)),
        states=MappingProxyType({ScenarioState[name.upper()]: words for name, words in found.states}),
        severities=MappingProxyType({Severity[name.upper()]: words for name, words in found.severities}),
        events=MappingProxyType(found.events),
        choices=MappingProxyType(found.choices),
    )


def _plain(text: str) -> str:
    return re.sub(r"[\s<>＜＞]", "", text).rstrip("。.").casefold()


def _in_order(parts: Sequence[str], plain: str) -> bool:
    """Whether the message has the parts one after another, with a name between any two."""
    end = -1
    for part in map(_plain, parts):
        found = plain.find(part, end + 1)
        if found < 0:
            return False
        end = found + len(part)
    return True
