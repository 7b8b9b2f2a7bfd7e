"""The `HyperV` port: guests and virtual networks of one host, through Windows' own cmdlets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import TypeVar

from lab.drivers.rows import Row, ask
from lab.errors import AnswerUnreadable, GuestsUnread, OperationUnavailable, ScriptTimedOut
from lab.model.limits import Limits
from lab.model.machines import (
    Heartbeat,
    NetworkAdapter,
    PowerState,
    Pulse,
    StopMode,
    SwitchType,
    VirtualMachine,
    VirtualSwitch,
)
from lab.model.scripts import JsonValue, ScriptCall
from lab.model.undertakings import Change, Undertaking
from lab.ports import Clock, HostSession
from words import Quoted, Told, sentence

_POWER = {state.value: state for state in PowerState}
_SWITCHES = {kind.value: kind for kind in SwitchType}
# VMHeartbeatStatus: the three Ok… values say that the guest answers; an empty text is a guest that is off.
_HEARTBEATS = {
    "OkApplicationsHealthy": Heartbeat.OK,
    "OkApplicationsUnknown": Heartbeat.OK,
    "OkApplicationsCritical": Heartbeat.OK,
    "NoContact": Heartbeat.NO_CONTACT,
    "LostCommunication": Heartbeat.LOST,
    "Error": Heartbeat.LOST,
}
RETRY_FOR = timedelta(seconds=30)
RETRY_EVERY = timedelta(seconds=3)
T = TypeVar("T")
_WILDCARDS = frozenset("*?[]`")


class HyperVHost:
    """Guests by their names, compared whole; a name in which Hyper-V would see a wildcard is not acted on.

    A registration or removal takes Hyper-V a moment, in which it cannot list every guest: with a `clock` it is asked
    again for half a minute.
    """

    def __init__(self, session: HostSession, limits: Limits, clock: Clock | None = None) -> None:
        self._session = session
        self._limits = limits
        self._clock = clock

    @property
    def host(self) -> str:
        return self._session.host

    def machines(self) -> tuple[VirtualMachine, ...]:
        """All of them; GuestsUnread when Hyper-V failed to read one of which it does not say which."""
        return self._retried(self._all)

    def machine(self, name: str) -> VirtualMachine | None:
        """The guest; None when it is not registered, GuestsUnread when Hyper-V failed to tell."""
        return self._retried(partial(self._one, name))

    def _retried(self, ask: Callable[[], T]) -> T:
        began = 0.0 if self._clock is None else self._clock.monotonic()
        while True:
            try:
                return ask()
            except GuestsUnread:
                if self._clock is None or self._clock.monotonic() - began >= RETRY_FOR.total_seconds():
                    raise
            self._clock.sleep(RETRY_EVERY)

    def _all(self) -> tuple[VirtualMachine, ...]:
        machines, failures = self._listed()
        if failures:
            raise GuestsUnread(sentence("errors.hyperv.unlisted", host=self.host, problem=failures[0]))
        return machines

    def _one(self, name: str) -> VirtualMachine | None:
        machines, failures = self._listed()
        found = [machine for machine in machines if machine.name == name]
        if len(found) > 1:
            raise AnswerUnreadable(sentence("errors.hyperv.twice", host=self.host, n=len(found), name=name))
        if found and found[0].problem:
            raise GuestsUnread(sentence("errors.hyperv.unread", host=self.host, name=name, problem=found[0].problem))
        if not found and failures:
            raise _not_known(self.host, name, failures)
        return found[0] if found else None

    def _listed(self) -> tuple[tuple[VirtualMachine, ...], tuple[str, ...]]:
        """The guests that could be listed, and what Hyper-V says of those that could not."""
        rows = ask(self._session, ScriptCall("Get-Machine"), self._limits.question)
        told, failures = _parted(rows)
        return tuple(self._machine(row) for row in told), failures

    def pulse(self, name: str) -> Pulse | None:
        """The guest's power and heartbeat alone, which is asked and answered quickly."""
        rows = ask(self._session, ScriptCall("Get-Heartbeat", {"Name": name}), self._limits.question)
        told, failures = _parted(rows)
        if not told and failures:
            raise _not_known(self.host, name, failures)
        return Pulse(*_power_and_heartbeat(told[0])) if told else None

    def start(self, name: str) -> None:
        self._literal(name)
        call = ScriptCall("Start-Machine", {"Name": name}, Undertaking(Change.START_GUEST, name))
        self._session.run(call, within=self._limits.start)

    def stop(self, name: str, mode: StopMode) -> None:
        self._literal(name)
        arguments: dict[str, JsonValue] = {"Name": name, "TurnOff": mode is StopMode.TURN_OFF}
        call = ScriptCall("Stop-Machine", arguments, Undertaking(Change.STOP_GUEST, name))
        try:
            self._session.run(call, within=self._limits.stop)
        except ScriptTimedOut:
            if mode is StopMode.TURN_OFF:
                raise
            # Stop-VM waits for the guest, which goes on shutting down: the caller observes the end.

    def switches(self) -> tuple[VirtualSwitch, ...]:
        return tuple(_switch(row) for row in ask(self._session, ScriptCall("Get-Switch"), self._limits.question))

    def _machine(self, row: Row) -> VirtualMachine:
        """A guest of which Hyper-V told something odd, or an error, is one of unknown state: the others are not."""
        name = row.name("Name")
        try:
            if "Error" not in row:
                return self._read(name, row)
            said = row.text("Error")
            problem: Told = Quoted(said) if said else sentence("errors.hyperv.no_reason")
        except AnswerUnreadable as error:
            problem = error.why
        return VirtualMachine(
            name=name, host=self.host, state=PowerState.OTHER, heartbeat=Heartbeat.NONE, problem=problem
        )

    def _read(self, name: str, row: Row) -> VirtualMachine:
        state, heartbeat = _power_and_heartbeat(row)
        return VirtualMachine(
            name=name,
            host=self.host,
            state=state,
            heartbeat=heartbeat,
            uptime_seconds=row.seconds("UptimeSeconds"),
            adapters=tuple(_adapter(adapter) for adapter in row.rows("NetworkAdapters")),
        )

    def _literal(self, name: str) -> None:
        if not name or _WILDCARDS & set(name):
            raise OperationUnavailable(sentence("errors.hyperv.wildcard", name=name))


def _parted(rows: Sequence[Row]) -> tuple[tuple[Row, ...], tuple[str, ...]]:
    """The rows about guests, and the failures of which Hyper-V does not say what guest they are about."""
    nameless = [row for row in rows if "Error" in row and "Name" not in row]
    return tuple(row for row in rows if row not in nameless), tuple(row.text("Error") for row in nameless)


def _not_known(host: str, name: str, failures: Sequence[str]) -> GuestsUnread:
    return GuestsUnread(sentence("errors.hyperv.not_known", host=host, name=name, problem=failures[0]))


def _power_and_heartbeat(row: Row) -> tuple[PowerState, Heartbeat]:
    return (
        _POWER.get(row.name("State"), PowerState.OTHER),
        _HEARTBEATS.get(row.text("Heartbeat"), Heartbeat.NONE),
    )


def _adapter(row: Row) -> NetworkAdapter:
    return NetworkAdapter(
        name=row.text("Name"),
        switch=row.text("SwitchName"),
        mac_address=row.text("MacAddress"),
        ip_addresses=row.texts("IPAddresses"),
    )


def _switch(row: Row) -> VirtualSwitch:
    kind = _SWITCHES.get(row.text("SwitchType"))
    return VirtualSwitch(row.name("Name"), kind or row.refuse("SwitchType", "switch_type"))
