"""Arcserve RHA's commands by the names of the profile: a guess is used only where the site has confirmed it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from lab.drivers.rha.door import FAILED, Door
from lab.drivers.rows import Row, ask, shown, well_formed
from lab.errors import LabError, OperationRefused, OperationUnavailable, ScriptFailed
from lab.model.limits import Limits
from lab.model.scripts import JsonValue, ScriptCall
from lab.model.undertakings import Change, Undertaking
from lab.ports import HostSession
from lab.site.profile import Operation, RhaProfile
from words import Told, sentence

SCRIPT = "Invoke-RhaCommand"
CHANGES = {
    "create_scenario": Change.CREATE_SCENARIO,
    "remove_scenario": Change.REMOVE_SCENARIO,
    "run_scenario": Change.RUN_SCENARIO,
    "stop_scenario": Change.STOP_SCENARIO,
    "switch_over": Change.SWITCH_OVER,
    "set_initiation": Change.SET_PROPERTIES,
    "set_notification": Change.SET_NOTIFICATION,
    "start_integrity_test": Change.START_TEST,
    "stop_integrity_test": Change.STOP_TEST,
    "prepare_reboot": Change.PREPARE_REBOOT,
}
"""The operations of a profile that change something; every other one only asks."""
# Error ids with which PowerShell says that a command, or a parameter of it, is not there: nothing was begun.
_NO_COMMAND = ("RhaCommandMissing", "CommandNotFoundException")
_NOT_THERE = (*_NO_COMMAND, "NamedParameterNotFound")


class RhaOperations(Protocol):
    """The operations of a profile, by whatever way they are performed."""

    @property
    def profile(self) -> RhaProfile: ...

    def command(self, name: str) -> str:
        """The command that is sent for an operation; empty where people do it."""

    def ask(self, name: str, values: Mapping[str, JsonValue]) -> tuple[Record, ...]:
        """The objects an operation answers with; `values` are named as in the profile."""

    def act(self, name: str, values: Mapping[str, JsonValue]) -> tuple[str, ...]:
        """Starts an operation that changes something; the lines it prints are for the record and decide nothing."""


@dataclass(frozen=True, slots=True)
class MixedOperations:
    """Operations in `usable` by commands, the others by people."""

    usable: Collection[str]
    commands: RhaOperations
    people: RhaOperations
    commanded: Callable[[], None] = lambda: None
    """Is told before a command that changes something: what people have answered is of the past then."""

    @property
    def profile(self) -> RhaProfile:
        return self.commands.profile

    def command(self, name: str) -> str:
        return self._of(name).command(name)

    def ask(self, name: str, values: Mapping[str, JsonValue]) -> tuple[Record, ...]:
        return self._of(name).ask(name, values)

    def act(self, name: str, values: Mapping[str, JsonValue]) -> tuple[str, ...]:
        if name in self.usable:
            self.commanded()
        return self._of(name).act(name, values)

    def _of(self, name: str) -> RhaOperations:
        return self.commands if name in self.usable else self.people


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """How commands of a site are used: those that may be, the snap-ins that hold them, and the connection they want.

    `connecting` is a command of the site that looks as if it connected, and that the profile does not use.
    """

    usable: Collection[str]
    snap_ins: Sequence[str] = ()
    door: Door | None = None
    connecting: str = ""


class RhaCommands:
    """Runs operations of the profile on the host of the Control Service."""

    def __init__(self, session: HostSession, profile: RhaProfile, ways: Ways, limits: Limits) -> None:
        self.profile = profile
        self._session = session
        self._ways = ways
        self._snap_ins = tuple(ways.snap_ins) or profile.snap_ins
        self._limits = limits

    def command(self, name: str) -> str:
        return self.profile.operations[name].command

    def ask(self, name: str, values: Mapping[str, JsonValue]) -> tuple[Record, ...]:
        """The objects an operation answers with; `values` are named as in the profile."""
        operation = self._operation(name)
        try:
            found = self._asked(operation, values)
        except ScriptFailed as error:
            if not self._may_have_lost_connection(error):
                raise self._explained(name, error) from error
            try:
                found = self._asked(operation, values)
            except ScriptFailed as again:
                raise self._explained(name, again) from again
        return tuple(Record(row, operation) for row in found)

    def _asked(self, operation: Operation, values: Mapping[str, JsonValue]) -> tuple[Row, ...]:
        found = ask(self._session, self._call(operation, values, None), self._limits.question)
        self._answered()
        return found

    def act(self, name: str, values: Mapping[str, JsonValue]) -> tuple[str, ...]:
        """Starts an operation that changes something; the lines it prints are for the record and decide nothing."""
        operation = self._operation(name)
        subject = values.get("name") or values.get("host") or ""
        call = self._call(operation, values, Undertaking(CHANGES[name], str(subject)))
        try:
            printed = self._session.run(call, within=self._limits.replication).value
        except ScriptFailed as error:
            self._may_have_lost_connection(error)
            raise self._explained(name, error) from error
        self._answered()
        lines = printed if isinstance(printed, Sequence) and not isinstance(printed, str) else ()
        return tuple(well_formed(line) if isinstance(line, str) else str(shown(line)) for line in lines)

    def _operation(self, name: str) -> Operation:
        operation = self.profile.operations[name]
        if name not in self._ways.usable:
            raise OperationUnavailable(self._unverified(name), host=self._session.host, operation=name)
        return operation

    def _unverified(self, name: str) -> Told:
        """Names every other command that is still missing too, so that one attempt tells them all."""
        operations = self.profile.operations
        about = {"command": operations[name].command, "source": operations[name].source}
        usable, connection = self._ways.usable, self.profile.connection.command
        commands = {operations[each].command for each in operations if each != name and each not in usable}
        missing = sorted({*commands, *filter(None, [connection])})
        if missing:
            return sentence("errors.rha.unverified_and", **about, others=", ".join(missing))
        return sentence("errors.rha.unverified", **about)

    def _call(
        self, operation: Operation, values: Mapping[str, JsonValue], undertaking: Undertaking | None
    ) -> ScriptCall:
        arguments: dict[str, JsonValue] = {
            "Command": operation.command,
            "Parameters": {operation.parameters[name]: value for name, value in values.items()},
            "Property": [] if undertaking else list(operation.properties.values()),
            "SnapIn": list(self._snap_ins),
        }
        door = self._ways.door
        if door is None:
            return ScriptCall(SCRIPT, arguments, undertaking)
        return ScriptCall(SCRIPT, {**arguments, **door.arguments()}, undertaking, door.secrets())

    def _answered(self) -> None:
        if self._ways.door is not None:
            self._ways.door.answered()

    def _may_have_lost_connection(self, error: ScriptFailed) -> bool:
        """Whether a command that was there has failed, and the next one connects anew."""
        door = self._ways.door
        if door is None or error.error_id.startswith((*_NOT_THERE, FAILED)):
            return False
        return door.may_have_closed()

    def _explained(self, name: str, error: ScriptFailed) -> LabError:
        operation, ways = self.profile.operations[name], self._ways
        about = {"host": self._session.host, "operation": name}
        if ways.door is not None and error.error_id.startswith(FAILED):
            return ways.door.failed(error)
        if error.error_id.startswith(_NOT_THERE):
            kind = "no_command" if error.error_id.startswith(_NO_COMMAND) else "no_parameter"
            there = {"host": self._session.host, "command": operation.command}
            return OperationUnavailable(sentence(f"errors.rha.{kind}", **there), **about)
        told = {"command": operation.command, "error": error}
        if ways.door is None and ways.connecting:
            hint = sentence("errors.rha.refused_unconnected", **told, connecting=ways.connecting)
            return OperationRefused(hint, **about)
        return OperationRefused(sentence("errors.rha.refused", **told), **about)


class Record:
    """An object a command answered with, or a person (`by`), read by the names of the profile."""

    def __init__(self, row: Row, operation: Operation, by: str = "") -> None:
        self.by = by
        self._row = row
        self._properties = operation.properties

    def text(self, name: str) -> str:
        return self._row.text(self._properties[name])

    def name(self, name: str) -> str:
        return self._row.name(self._properties[name])

    def whole(self, name: str) -> int:
        return self._row.whole(self._properties[name])

    def flag(self, name: str) -> bool:
        return self._row.flag(self._properties[name])

    def texts(self, name: str) -> tuple[str, ...]:
        return self._row.texts(self._properties[name])

    def chosen(self, name: str, words: Mapping[str, str]) -> str:
        """The meaning of the product's word; `words` leads from Kunren's names to the product's."""
        word = self.text(name)
        meaning = next((meaning for meaning, known in words.items() if known.casefold() == word.casefold()), None)
        return meaning or self._row.refuse(
            self._properties[name], sentence("answers.one_of", words=", ".join(words.values()))
        )
