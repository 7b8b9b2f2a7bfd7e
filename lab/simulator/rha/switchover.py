"""Switchovers, step by step: each step begins when the world shows that the last is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from enum import Enum

from lab.model.machines import NetworkAdapter, PowerState
from lab.simulator.hosts.host import Registration
from lab.simulator.hosts.hyperv import HyperV
from lab.simulator.rha.replication import Replication
from lab.simulator.rha.scenarios import ScenarioRecord
from lab.simulator.transitions import AlreadyInState, HyperVRefusal
from lab.simulator.world import World


class Stage(Enum):
    SHUTTING_DOWN = "the guests shut down on the host they leave"
    DRAINING = "what is left in the spool is applied"
    STARTING = "the guests start on the host they go to"
    ENDED = "it has ended"


class Switchover:
    """A clean one (guide 4-1 and 5-2), from the record's active host to its standby. Called while the world is acting.

    `on_turned` is called when the direction has turned and no guest has started yet: the moment for reverse
    replication without synchronisation. `on_ended` is given the reason of a failure, or nothing.
    """

    def __init__(
        self,
        world: World,
        record: ScenarioRecord,
        replication: Replication,
        *,
        on_turned: Callable[[], None],
        on_ended: Callable[[str], None],
    ) -> None:
        self._world = world
        self._hyperv = HyperV(world)
        self._record = record
        self._replication = replication
        self._on_turned = on_turned
        self._on_ended = on_ended
        self._left = record.active
        self._target = record.standby
        self._phase = Stage.SHUTTING_DOWN

    def begin(self) -> None:
        """Raises HyperVRefusal when a guest cannot be shut down; then nothing has been switched over."""
        self._shut_down_guests()

    def _shut_down_guests(self) -> None:
        for guest in self._record.plan.guests:
            try:
                self._hyperv.shut_down(guest, self._left.name)
            except AlreadyInState:
                continue  # a guest that is off has nothing to shut down

    def advance(self) -> None:
        """Looks at the world and goes on when the present phase is over."""
        if self._phase is Stage.SHUTTING_DOWN and all(
            (registration := self._left.registrations.get(guest)) is None or registration.off
            for guest in self._record.plan.guests
        ):
            self._drain()
        elif self._phase is Stage.STARTING:
            registrations = [self._target.registrations.get(guest) for guest in self._record.plan.guests]
            if any(registration is None or registration.off for registration in registrations):
                self._end(f"{self._target.name} で仮想マシンが停止しました。")
            elif all(registration is not None and registration.healthy for registration in registrations):
                self._end()

    def _drain(self) -> None:
        self._phase = Stage.DRAINING
        self._replication.drain(self._drained)

    def _drained(self) -> None:
        try:
            for registration in self._leaving():
                self._hyperv.register(registration.guest.name, self._target.name, self._adapters(registration))
            self._turn()
            self._turned()
            self._start_guests()
        except HyperVRefusal as refusal:
            self._end(str(refusal))

    def _turn(self) -> None:
        self._record.turn()

    def _turned(self) -> None:
        self._on_turned()

    def _start_guests(self) -> None:
        for guest in self._record.plan.guests:
            self._hyperv.start(guest, self._target.name)
        self._phase = Stage.STARTING

    def _leaving(self) -> tuple[Registration, ...]:
        return tuple(self._hyperv.registration(guest, self._left.name) for guest in self._record.plan.guests)

    def _adapters(self, registration: Registration) -> tuple[NetworkAdapter, ...]:
        """The guest's adapters on the networks the mapping leads to; unmapped ones hang on nothing."""
        return tuple(
            replace(adapter, switch=self._record.network_on_standby(adapter.switch) or "")
            for adapter in registration.adapters
        )

    def _end(self, reason: str = "") -> None:
        self._phase = Stage.ENDED
        self._on_ended(reason)


class Failover(Switchover):
    """Because of a fault (guide 4-2): from an active host that does not answer, or whose guests do not.

    While the two engines reach each other, what is left in the spool is applied, and the engine there ends the guests,
    so that none runs twice; no source says how the product does that, least of all while Hyper-V's service is stopped.
    Without that line the changes that had not arrived stay behind, and the guests there go on running.
    """

    def begin(self) -> None:
        if self._replication.linked:
            for guest in self._record.plan.guests:
                self._end_guest(guest)
            self._drain()
        else:
            self._phase = Stage.DRAINING
            self._replication.stop()
            self._drained()

    def _end_guest(self, guest: str) -> None:
        registration = self._left.registrations.get(guest)
        if registration is not None and registration.state is not PowerState.OFF:
            self._world.halt(registration)

    def _leaving(self) -> tuple[Registration, ...]:
        """The registrations as the Control Service knows them; the host itself is not asked."""
        found = [self._left.registrations.get(guest) for guest in self._record.plan.guests]
        if any(registration is None for registration in found):
            raise HyperVRefusal(f"{self._left.name} の仮想マシンの構成が不明です。")
        return tuple(registration for registration in found if registration is not None)
