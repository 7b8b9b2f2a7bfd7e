"""Host maintenance (guide 6-2): scenarios are prepared for a host's reboot; those that are not synchronise after it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from enum import Enum
from functools import partial

from lab.model.replication import ScenarioState
from lab.simulator.hosts.host import HyperVHost
from lab.simulator.hosts.hyperv import HyperV
from lab.simulator.rha.replication import Replication
from lab.simulator.rha.scenarios import ScenarioRecord
from lab.simulator.transitions import AlreadyInState, HyperVRefusal
from lab.simulator.world import World

RECONNECTING = timedelta(seconds=30)
"""From a host that is back to engines that have found each other; a guess."""


class Stage(Enum):
    SHUTTING_DOWN = "the guests of the host shut down"
    SENDING = "outstanding changes are sent"
    READY = "the host may be rebooted"


class Preparation:
    """A scenario's share in the maintenance of one of its hosts, until that host is back or the scenario is stopped.

    `report` writes an event of the profile for a scenario; `on_ready` is told when the host may be rebooted.
    """

    def __init__(
        self,
        world: World,
        record: ScenarioRecord,
        host: HyperVHost,
        *,
        report: Callable[[str, str], None],
        on_ready: Callable[[ScenarioRecord], None],
    ) -> None:
        self.host = host
        self._world = world
        self._hyperv = HyperV(world)
        self._record = record
        self._report = report
        self._on_ready = on_ready
        self._stage = Stage.SHUTTING_DOWN

    @property
    def ready(self) -> bool:
        """Whether the host may be rebooted."""
        return self._stage is Stage.READY

    def begin(self) -> None:
        self._record.process = self
        self._record.stop_watching()
        self._report("preparing_for_reboot", self._record.name)
        if self._shuts_guests_down():
            for guest in self._record.plan.guests:
                self._shut_down(guest)
        else:
            self._send()

    def advance(self) -> None:
        """Looks at the world: guests that have shut down, or a host that went down before it was ready."""
        if self.ready:
            return
        if not self.host.powered:
            self._record.process = None
        elif self._stage is Stage.SHUTTING_DOWN and self._guests_are_off():
            self._send()

    def _shuts_guests_down(self) -> bool:
        return self.host is self._record.active

    def _shut_down(self, guest: str) -> None:
        try:
            self._hyperv.shut_down(guest, self._record.active.name)
        except (AlreadyInState, HyperVRefusal):
            return  # off already, or deaf: the preparation waits until it is off

    def _guests_are_off(self) -> bool:
        return all(
            (registration := self._record.active.registrations.get(guest)) is None or registration.off
            for guest in self._record.plan.guests
        )

    def _send(self) -> None:
        self._stage = Stage.SENDING
        replication_of(self._record).flush(self._sent)

    def _sent(self) -> None:
        if self._record.process is self:
            self._get_ready()

    def _get_ready(self) -> None:
        self._stage = Stage.READY
        self._on_ready(self._record)


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
        others = {
            record.process.host.name for record in self._records.values() if isinstance(record.process, Preparation)
        }
        if synchronizing:
            raise NotPrepared(f"シナリオ「{synchronizing[0]}」が同期中のため、{host.name} の再起動を準備できません。")
        if not running:
            raise NotPrepared(f"{host.name} で実行中のシナリオがありません。")
        if others:
            raise NotPrepared(f"{others.pop()} のホスト メンテナンスが完了していません。")
        for record in running:
            preparation = self._world.parts.of(Preparation)
            preparation(self._world, record, host, report=self._report, on_ready=self._on_ready).begin()

    def advance(self) -> None:
        """Looks at the world: hosts that have been rebooted."""
        boots = self._boots()
        for name in [name for name, booted in boots.items() if booted != self._booted[name]]:
            self._rebooted(self._world.hosts[name])
        self._booted = boots

    # After a reboot -------------------------------------------------------------------------------------------------

    def _rebooted(self, host: HyperVHost) -> None:
        """A synchronisation under way sees for itself whether its engines are linked when it ends."""
        for record in self._of(host):
            if record.state is ScenarioState.RUNNING:
                record.stop_watching()
                self._world.later(RECONNECTING, partial(self._reconnected, record, replication_of(record), host))

    def _reconnected(self, record: ScenarioRecord, replication: Replication, host: HyperVHost) -> None:
        if record.replication is not replication or not host.powered or replication.ended:
            return  # stopped, switched over or rebooted once more meanwhile
        prepared = False
        if isinstance(record.process, Preparation):
            prepared = record.process.ready and record.process.host is host
            record.process = None
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


def replication_of(record: ScenarioRecord) -> Replication:
    assert record.replication is not None, "a scenario that runs replicates"
    return record.replication
