"""What is known, and what is only guessed, of Arcserve RHA's PowerShell: the names live in a profile file as data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from lab.errors import SiteError
from lab.model.replication import ScenarioState, Severity
from lab.toml_table import Table, read_toml

SUPPORTED_OPERATIONS = (
    "list_scenarios",
    "create_scenario",
    "remove_scenario",
    "set_initiation",
    "engine_version",
    "discover_guests",
    "scenario_properties",
    "verify_scenario",
    "run_scenario",
    "stop_scenario",
    "switch_over",
    "set_notification",
    "list_events",
    "statistics",
    "suspend_scenario",
    "resume_scenario",
    "prepare_reboot",
    "start_integrity_test",
    "stop_integrity_test",
)


_LONGEST_MESSAGE = 1000
"""Characters of a message that are looked at: far more than an event has, and few enough for patterns with gaps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A command of the product. `parameters` and `properties` lead from Kunren's names to the product's.

    `unused` are parameters that it may have and that Kunren never gives, so that no site has to confirm them.
    """

    name: str
    command: str
    parameters: Mapping[str, str]
    unused: Mapping[str, str]
    properties: Mapping[str, str]
    verified: bool
    source: str

    @property
    def known_parameters(self) -> Mapping[str, str]:
        return {**self.parameters, **self.unused}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What the product writes, in both languages; the first of each is the one to write, all are understood."""

    ja: tuple[str, ...]
    en: tuple[str, ...]
    verified: bool
    source: str

    def names(self, word: str) -> bool:
        return _plain(word) in {_plain(known) for known in (*self.ja, *self.en)}


@dataclass(frozen=True, slots=True, kw_only=True)
class EventText:
    """A message of the event view; `{host}` in a text stands for any name. `code` is empty where no source gives it."""

    name: str
    code: str
    severity: Severity
    wording: Wording

    def matches(self, message: str) -> bool:
        """Loose about blanks, angle brackets and the final full stop, which differ between the product's own texts."""
        plain = _plain(message[:_LONGEST_MESSAGE])
        return any(re.search(_pattern(text), plain) for text in (*self.wording.ja, *self.wording.en))


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceName:
    """The name of a Windows service of the product."""

    name: str
    verified: bool
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLogSource:
    """Where in a management OS's event log the product writes its notifications."""

    log: str
    provider: str
    verified: bool
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RhaProfile:
    """One release of the product, as far as Kunren has to know it."""

    name: str
    title: str
    snap_ins: tuple[str, ...]
    server_type: str
    engine_service: ServiceName
    control_service: ServiceName
    event_log: EventLogSource
    operations: Mapping[str, Operation]
    states: Mapping[ScenarioState, Wording]
    severities: Mapping[Severity, Wording]
    events: Mapping[str, EventText]
    choices: Mapping[str, Mapping[str, str]]

    def state(self, word: str) -> ScenarioState:
        """The state a word of the product names; UNKNOWN when the profile does not know the word."""
        return next((state for state, wording in self.states.items() if wording.names(word)), ScenarioState.UNKNOWN)

    def severity(self, word: str) -> Severity:
        return next((level for level, wording in self.severities.items() if wording.names(word)), Severity.UNKNOWN)

    def event_kind(self, message: str) -> str:
        """The profile's name of the event with that message; empty when it has none."""
        return next((name for name, event in self.events.items() if event.matches(message)), "")


def load_profile(name: str) -> RhaProfile:
    """The profile of that name that comes with Kunren; raises SiteError."""
    folder = Path(__file__).parent
    known = sorted(path.stem for path in folder.glob("*.toml"))
    if name not in known:
        raise SiteError(f'There is no RHA profile "{name}"; name one of: {", ".join(known)}.')
    return read_profile(f"{name}.toml", read_toml(folder / f"{name}.toml"), name)


def read_profile(file: str, values: Mapping[str, Any], name: str) -> RhaProfile:
    """The profile in these tables; raises SiteError for whatever is missing, unknown or of the wrong kind."""
    top = Table(file, values)
    services = top.table("services", "engine and control")
    profile = RhaProfile(
        name=name,
        title=top.text("title", "the product and release the profile is for"),
        snap_ins=top.texts("snap_ins", "the names of the snap-ins to load", ()),
        server_type=top.text("server_type", "the product's word for Hyper-V servers"),
        engine_service=_service(services, "engine"),
        control_service=_service(services, "control"),
        event_log=_event_log(top.table("event_log", "log, provider, verified and source")),
        operations=_operations(top.table("operations", "one table an operation")),
        states=_states(top.table("states", "one table a state")),
        severities=_severities(top.table("severities", "one table a severity")),
        events=_events(top.table("events", "one table an event")),
        choices=_choices(top.table("choices", "the product's words for what can be chosen")),
    )
    services.close()
    top.close()
    return profile


def _service(services: Table, key: str) -> ServiceName:
    table = services.table(key, "name, verified and source")
    service = ServiceName(
        name=table.text("name", "the name of the Windows service"),
        verified=_verified(table),
        source=_source(table),
    )
    table.close()
    return service


def _event_log(table: Table) -> EventLogSource:
    found = EventLogSource(
        log=table.text("log", "the name of the event log"),
        provider=table.text("provider", "the name the product writes under"),
        verified=_verified(table),
        source=_source(table),
    )
    table.close()
    return found


def _operations(operations: Table) -> Mapping[str, Operation]:
    found = {name: _operation(operations, name) for name in SUPPORTED_OPERATIONS}
    operations.close()
    return MappingProxyType(found)


def _operation(operations: Table, name: str) -> Operation:
    table = operations.table(name, "command, verified and source")
    operation = Operation(
        name=name,
        command=table.text("command", "the name of the PowerShell command"),
        parameters=_names(table, "parameters"),
        unused=_names(table, "unused"),
        properties=_names(table, "properties"),
        verified=_verified(table),
        source=_source(table),
    )
    if not re.fullmatch(r"[A-Za-z]+-[A-Za-z]+", operation.command):
        table.refuse("command", f"is {operation.command!r}, not a command name", "write it as Verb-Noun")
    table.close()
    return operation


def _names(table: Table, key: str) -> Mapping[str, str]:
    inner = table.table(key, "names", {})
    return MappingProxyType({name: inner.text(name, "the product's name for it") for name in inner})


def _states(states: Table) -> Mapping[ScenarioState, Wording]:
    known = [state for state in ScenarioState if state is not ScenarioState.UNKNOWN]
    found: dict[ScenarioState, Wording] = {}
    for state in known:
        found[state] = _wording(states.table(state.name.lower(), "ja, en, verified and source"))
    states.close()
    return MappingProxyType(found)


def _severities(severities: Table) -> Mapping[Severity, Wording]:
    known = [severity for severity in Severity if severity is not Severity.UNKNOWN]
    found: dict[Severity, Wording] = {}
    for severity in known:
        found[severity] = _wording(severities.table(severity.name.lower(), "ja, en, verified and source"))
    severities.close()
    return MappingProxyType(found)


def _events(events: Table) -> Mapping[str, EventText]:
    return MappingProxyType({name: _event(events.table(name, "ja and en"), name) for name in events})


def _event(table: Table, name: str) -> EventText:
    code = table.text("code", "the event's code", "")
    severity = table.choice("severity", "the event's severity", Severity)
    return EventText(name=name, code=code, severity=severity, wording=_wording(table))


def _choices(choices: Table) -> Mapping[str, Mapping[str, str]]:
    return MappingProxyType({name: _names(choices, name) for name in choices})


def _wording(table: Table) -> Wording:
    wording = Wording(
        ja=table.texts("ja", "the Japanese words", ()),
        en=table.texts("en", "the English words", ()),
        verified=_verified(table),
        source=_source(table),
    )
    if not wording.ja and not wording.en:
        table.refuse("ja", "and en are both missing", "write the words of at least one language")
    table.close()
    return wording


def _verified(table: Table) -> bool:
    return table.flag("verified", "true only where a public source of the vendor shows it")


def _source(table: Table) -> str:
    return table.text("source", "where it is from, or that it is a guess")


def _plain(text: str) -> str:
    return re.sub(r"[\s<>＜＞]", "", text).rstrip("。.").casefold()


def _pattern(text: str) -> str:
    return ".+?".join(re.escape(_plain(part)) for part in text.split("{host}"))
