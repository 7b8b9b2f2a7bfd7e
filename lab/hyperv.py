"""The `HyperV` port: guests and virtual networks of one host, through Windows' own cmdlets."""

from __future__ import annotations

from lab.answers import Row, ask
from lab.errors import AnswerUnreadable, OperationUnavailable
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
from lab.ports import HostSession

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
_WILDCARDS = frozenset("*?[]`")


class HyperVHost:
    """Guests by their names, compared whole; a name in which Hyper-V would see a wildcard is not acted on."""

    def __init__(self, session: HostSession, limits: Limits) -> None:
        self._session = session
        self._limits = limits

    @property
    def host(self) -> str:
        return self._session.host

    def machines(self) -> tuple[VirtualMachine, ...]:
        return tuple(self._machine(row) for row in ask(self._session, ScriptCall("Get-Machine"), self._limits.question))

    def machine(self, name: str) -> VirtualMachine | None:
        found = [machine for machine in self.machines() if machine.name == name]
        if len(found) > 1:
            raise AnswerUnreadable(f"{self.host} has {len(found)} guests named {name}; a drill cannot tell them apart.")
        return found[0] if found else None

    def pulse(self, name: str) -> Pulse | None:
        """The guest's power and heartbeat alone, which is asked and answered quickly."""
        rows = ask(self._session, ScriptCall("Get-Heartbeat", {"Name": name}), self._limits.question)
        return Pulse(*_power_and_heartbeat(rows[0])) if rows else None

    def start(self, name: str) -> None:
        self._literal(name)
        call = ScriptCall("Start-Machine", {"Name": name}, Undertaking(Change.START_GUEST, name))
        self._session.run(call, within=self._limits.start)

    def stop(self, name: str, mode: StopMode) -> None:
        self._literal(name)
        arguments: dict[str, JsonValue] = {"Name": name, "TurnOff": mode is StopMode.TURN_OFF}
        call = ScriptCall("Stop-Machine", arguments, Undertaking(Change.STOP_GUEST, name))
        self._session.run(call, within=self._limits.stop)

    def switches(self) -> tuple[VirtualSwitch, ...]:
        return tuple(_switch(row) for row in ask(self._session, ScriptCall("Get-Switch"), self._limits.question))

    def _machine(self, row: Row) -> VirtualMachine:
        name = row.name("Name")
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
            raise OperationUnavailable(
                f'Hyper-V\'s cmdlets cannot name the guest "{name}" literally; rename the guest.'
            )


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
    return VirtualSwitch(row.name("Name"), kind or row.refuse("SwitchType", "External, Internal or Private"))
