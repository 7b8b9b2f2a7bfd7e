"""The replica integrity test of Assured Recovery (guide 6-1): the replica's copy starts as a test, then is forgotten.

While it lasts the master's changes wait in the spool. The guest runs from an overlay of the replica's disk on an
internal network; at the end the overlay goes and the waiting changes are applied, without a resynchronisation.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import ClassVar

from lab.model.machines import SwitchType
from lab.simulator.hosts.host import HyperVHost
from lab.simulator.hosts.hyperv import HyperV
from lab.simulator.rha.replication import Replication
from lab.simulator.rha.scenarios import ScenarioRecord
from lab.simulator.transitions import HyperVRefusal
from lab.simulator.world import World

INSPECTION = timedelta(seconds=60)
"""How long an automatic test looks at guests that have started."""


class Stage(Enum):
    STARTING = "the guests start from the overlay"
    READY = "the guests run; a manual test waits to be stopped"
    RESUMING = "the waiting changes are applied"
    ENDED = "it has ended"


class IntegrityTest:
    """One test of one scenario. Called while the world is acting.

    `on_ready` is called when all guests run. `on_ended` is called when replication has resumed, with the reason of a
    failure, or nothing.
    """

    network_type: ClassVar = SwitchType.INTERNAL
    """Of the network its guests start on."""

    def __init__(
        self,
        world: World,
        record: ScenarioRecord,
        replication: Replication,
        *,
        manual: bool,
        on_ready: Callable[[], None],
        on_ended: Callable[[str], None],
    ) -> None:
        self._world = world
        self._hyperv = HyperV(world)
        self._record = record
        self._replication = replication
        self._manual = manual
        self._on_ready = on_ready
        self._on_ended = on_ended
        self._host: HyperVHost = record.standby
        self._stage = Stage.STARTING
        self._reason = ""
        self._then: Callable[[], None] | None = None

    def begin(self) -> None:
        """Raises HyperVRefusal when the test cannot be made; then replication goes on as before."""
        network = self._network()
        for guest in self._record.plan.guests:
            if guest in self._host.registrations:
                raise HyperVRefusal(f"{self._host.name} に仮想マシン「{guest}」が既に登録されています。")
        self._replication.suspend()
        self._start_copies(network)

    def _start_copies(self, network: str) -> None:
        for guest in self._record.plan.guests:
            self._start_copy(guest, network)

    def _start_copy(self, guest: str, network: str) -> None:
        overlay = self._overlay(guest)
        shutil.copytree(self._host.disk_folder(guest), overlay)
        adapters = self._hyperv.registration(guest, self._record.active.name).adapters
        isolated = tuple(replace(adapter, switch=network) for adapter in adapters)
        self._hyperv.register(guest, self._host.name, isolated, disk=overlay)
        self._hyperv.start(guest, self._host.name)

    def advance(self) -> None:
        """Looks at the world and goes on when the present stage is over; a host without power is waited for."""
        if self._stage not in {Stage.STARTING, Stage.READY} or not self._host.powered:
            return
        guests = [self._host.registrations.get(guest) for guest in self._record.plan.guests]
        if any(guest is None or guest.off for guest in guests):
            self._finish(f"{self._host.name} でテスト中の仮想マシンが停止しました。")
        elif self._stage is Stage.STARTING and all(guest is not None and guest.healthy for guest in guests):
            self._ready()

    def stop(self, *, then: Callable[[], None] | None = None) -> None:
        """Ends the test at any stage; `then` is called when it has ended."""
        self._then = then or self._then
        if self._stage in {Stage.STARTING, Stage.READY}:
            self._finish()

    def _ready(self) -> None:
        self._stage = Stage.READY
        if not self._manual:
            self._world.later(INSPECTION, self._inspected)
        else:
            self._call_operator()

    def _call_operator(self) -> None:
        self._on_ready()

    def _inspected(self) -> None:
        if self._stage is Stage.READY:
            self._finish()

    def _finish(self, reason: str = "") -> None:
        self._stage = Stage.RESUMING
        self._reason = reason
        for guest in self._record.plan.guests:
            registration = self._host.registrations.get(guest)
            if registration is not None:
                if not registration.off:
                    self._hyperv.turn_off(guest, self._host.name)
                self._hyperv.unregister(guest, self._host.name)
        self._resume()
        self._world.later(self._world.settings.lag, self._resumed)

    def _resume(self) -> None:
        self._replication.resume()

    def _resumed(self) -> None:
        for guest in self._record.plan.guests:
            self._forget(guest)
        self._stage = Stage.ENDED
        self._on_ended(self._reason)
        if self._then is not None:
            self._then()

    def _forget(self, guest: str) -> None:
        shutil.rmtree(self._overlay(guest))

    def _overlay(self, guest: str) -> Path:
        return self._host.storage / f"{guest}.integrity-test"

    def _network(self) -> str:
        found = [each.switch.name for each in self._host.switches.values() if each.switch.type is self.network_type]
        if not found:
            raise HyperVRefusal(f"{self._host.name} に内部仮想ネットワークがありません。")
        return found[0]
