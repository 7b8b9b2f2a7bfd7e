"""Host maintenance (guide 6-2): scenarios are prepared for a host's reboot; those that are not synchronise after it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING

from lab.model.replication import ScenarioState
from lab.simulator.hosts import HyperVHost
from lab.simulator.hyperv import HyperV
from lab.simulator.replication import Replication
from lab.simulator.transitions import AlreadyInState, HyperVRefusal
from lab.simulator.world import World

if TYPE_CHECKING:
    from lab.simulator.scenarios import ScenarioRecord

RECONNECTING = timedelta(seconds=30)
"""From a host that is back to engines that have found each other; a guess."""


class Stage(Enum):
    SHUTTING_DOWN = "the guests of the host shut down"
    SENDING = "outstanding changes are sent"
    READY = "the host may be rebooted"


@dataclass(slots=True)
class Preparation:
    """A scenario's share in the maintenance of one of its hosts."""

    host: HyperVHost
    stage: Stage = Stage.SHUTTING_DOWN


class NotPrepared(Exception):
    """A preparation that is not begun, in one Japanese sentence of the simulator's own."""


class HostMaintenance:
    """Kept by the Control Service, and called while the world is acting.

    `report` writes an event of the profile for a scenario. `on_ready` is told when its host may be rebooted,
    `on_resumed` and `on_resynchronising` how it goes on after a reboot.
    """

    def __init__(
        self,
        world: World,
        records: Mapping[str, ScenarioRecord],
        *,
        report: Callable[[str, str], None],
        on_ready: Callable[[ScenarioRecord], None],
        on_resumed: Callable[[ScenarioRecord], None],
        on_resynchronising: Callable[[ScenarioRecord], None],
    ) -> None:
        self._world = world
        self._hyperv = HyperV(world)
        self._records = records
        self._report = report
        self._on_ready = on_ready
        self._on_resumed = on_resumed
        self._on_resynchronising = on_resynchronising
        self._booted = self._boots()

    def prepare(self, host: HyperVHost) -> None:
        """Every running scenario of the host, as master or replica; one host at a time, none while synchronising."""
        running = [each for each in self._of(host) if each.listed_state is ScenarioState.RUNNING]
        synchronizing = [each.name for each in self._of(host) if each.listed_state is ScenarioState.SYNCHRONIZING]
        others = {record.maintenance.host.name for record in self._records.values() if record.maintenance is not None}
        if synchronizing:
            raise NotPrepared(f"シナリオ「{synchronizing[0]}」が同期中のため、{host.name} の再起動を準備できません。")
        if not running:
            raise NotPrepared(f"{host.name} で実行中のシナリオがありません。")
        if others:
            raise NotPrepared(f"{others.pop()} のホスト メンテナンスが完了していません。")
        for record in running:
            self._prepare(record, Preparation(host))

    def cancel(self, record: ScenarioRecord) -> None:
        """The scenario is stopped: the vendor's way out when nobody reboots after all."""
        record.maintenance = None

    def advance(self) -> None:
        """Looks at the world: guests that have shut down, hosts that have been rebooted."""
        for record in self._records.values():
            preparation = record.maintenance
            if preparation is None or preparation.stage is Stage.READY:
                continue
            if not preparation.host.powered:
                record.maintenance = None  # it went down before it was ready
            elif preparation.stage is Stage.SHUTTING_DOWN and self._guests_are_off(record):
                self._send(record, preparation)
        boots = self._boots()
        for name in [name for name, booted in boots.items() if booted != self._booted[name]]:
            self._rebooted(self._world.hosts[name])
        self._booted = boots

    def _prepare(self, record: ScenarioRecord, preparation: Preparation) -> None:
        record.maintenance = preparation
        record.stop_watching()
        self._report("preparing_for_reboot", record.name)
        if self._shuts_guests_down(record, preparation.host):
            for guest in record.plan.guests:
                self._shut_down(guest, record.active)
        else:
            self._send(record, preparation)

    def _shuts_guests_down(self, record: ScenarioRecord, host: HyperVHost) -> bool:
        return host is record.active

    def _shut_down(self, guest: str, host: HyperVHost) -> None:
        try:
            self._hyperv.shut_down(guest, host.name)
        except (AlreadyInState, HyperVRefusal):
            return  # off already, or deaf: the preparation waits until it is off

    def _guests_are_off(self, record: ScenarioRecord) -> bool:
        return all(
            (registration := record.active.registrations.get(guest)) is None or registration.off
            for guest in record.plan.guests
        )

    def _send(self, record: ScenarioRecord, preparation: Preparation) -> None:
        preparation.stage = Stage.SENDING
        self._replication(record).flush(lambda: self._sent(record, preparation))

    def _sent(self, record: ScenarioRecord, preparation: Preparation) -> None:
        if record.maintenance is preparation:
            self._ready(record, preparation)

    def _ready(self, record: ScenarioRecord, preparation: Preparation) -> None:
        preparation.stage = Stage.READY
        self._on_ready(record)

    # After a reboot -------------------------------------------------------------------------------------------------

    def _rebooted(self, host: HyperVHost) -> None:
        """A synchronisation under way sees for itself whether its engines are linked when it ends."""
        for record in self._of(host):
            if record.state is ScenarioState.RUNNING:
                record.stop_watching()
                self._world.later(RECONNECTING, partial(self._reconnected, record, self._replication(record), host))

    def _reconnected(self, record: ScenarioRecord, replication: Replication, host: HyperVHost) -> None:
        if record.replication is not replication or not host.powered or replication.ended:
            return  # stopped, switched over or rebooted once more meanwhile
        preparation, record.maintenance = record.maintenance, None
        prepared = preparation is not None and preparation.host is host and preparation.stage is Stage.READY
        if prepared:
            self._report("maintenance_completed", record.name)
        if self._resumes(prepared=prepared):
            self._resume(replication)
            self._on_resumed(record)
        else:
            self._on_resynchronising(record)

    def _resumes(self, *, prepared: bool) -> bool:
        """Whether a scenario goes on without a synchronisation."""
        return prepared

    def _resume(self, replication: Replication) -> None:
        replication.resume()

    def _of(self, host: HyperVHost) -> Collection[ScenarioRecord]:
        return [record for record in self._records.values() if host in (record.master, record.replica)]

    def _boots(self) -> dict[str, datetime]:
        return {host.name: host.booted for host in self._world.hosts.values()}

    @staticmethod
    def _replication(record: ScenarioRecord) -> Replication:
        assert record.replication is not None, "a scenario that runs replicates"
        return record.replication
