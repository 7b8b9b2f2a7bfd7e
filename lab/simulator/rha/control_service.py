"""The Control Service: it keeps the replication scenarios, verifies and runs them, and switches guests over."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import ClassVar

from lab.model.notification import Notification
from lab.model.replication import (
    Finding,
    Initiation,
    ReplicationScenario,
    RhaEvent,
    ScenarioPlan,
    ScenarioProperty,
    ScenarioState,
    Severity,
    Synchronization,
    SynchronizationMethod,
)
from lab.simulator.hosts.host import HyperVHost
from lab.simulator.hosts.hyperv import HyperV
from lab.simulator.rha.assured_recovery import IntegrityTest
from lab.simulator.rha.events import EventView, Notifier
from lab.simulator.rha.installation import Installation, RhaRefusal
from lab.simulator.rha.maintenance import HostMaintenance, NotPrepared, Preparation
from lab.simulator.rha.replication import DiskPair, Replication
from lab.simulator.rha.scenarios import ScenarioRecord, default_properties
from lab.simulator.rha.switchover import Failover, Switchover
from lab.simulator.rha.verification import verify, verify_as_listed
from lab.simulator.rha.watching import Watch
from lab.simulator.transitions import HyperVRefusal
from lab.simulator.world import World
from lab.site.profile import RhaProfile

BUSY = {
    ScenarioState.SYNCHRONIZING: "シナリオは同期中です。",
    ScenarioState.RUNNING: "シナリオは既に実行中です。",
    ScenarioState.SWITCHING_OVER: "スイッチオーバー処理が終了するまでシナリオは操作できません。",
}
"""Why a scenario in these states is not run or removed."""


@dataclass(frozen=True, slots=True)
class ScenarioStatistics:
    """The statistics pane: the last synchronisation, the blocks replicated since, and those that wait in the spool."""

    synchronization: Synchronization
    replicated: int
    in_spool: int


class ControlService(Installation):
    """One per lab, on the replica host (guide 2) if not set otherwise. Actions start something and return."""

    method_after_switchover: ClassVar = SynchronizationMethod.SKIPPED
    """How reverse replication by the option of a switchover begins (guide 4-1)."""

    def __init__(self, world: World, profile: RhaProfile) -> None:
        super().__init__(world, profile)
        self._hyperv = HyperV(world)
        self._events = EventView(profile, lambda: world.now_on(self._home.name), world.settings.event_texts)
        self._records: dict[str, ScenarioRecord] = {}
        self._maintenance = world.parts.of(HostMaintenance)(
            world,
            self._records,
            report=self._report,
            on_ready=self._ready_for_reboot,
            on_resumed=self._runs,
            on_resynchronising=self._resynchronise,
        )
        world.watch_writes(self._guest_wrote)
        world.subscribe(self._world_changed)

    # Questions ------------------------------------------------------------------------------------------------------

    def scenarios(self) -> tuple[ReplicationScenario, ...]:
        with self._world.lock:
            self._answering()
            return tuple(self._listed(record) for record in self._records.values())

    def scenario(self, name: str) -> ReplicationScenario | None:
        with self._world.lock:
            self._answering()
            record = self._records.get(name.casefold())
            return self._listed(record) if record is not None else None

    def verify(self, name: str) -> tuple[Finding, ...]:
        with self._world.lock:
            return verify_as_listed(self._record(name), self.profile)

    def properties(self, name: str) -> tuple[ScenarioProperty, ...]:
        with self._world.lock:
            return self._record(name).properties

    def events(self, after: int = 0) -> tuple[RhaEvent, ...]:
        with self._world.lock:
            self._answering()
            return self._events.after(after)

    def statistics(self, name: str) -> ScenarioStatistics | None:
        """The figures of the last run; None before the first."""
        with self._world.lock:
            replication = self._record(name).replication
            if replication is None:
                return None
            figures = _as_stamped(replication.figures, self._home.clock_skew)
            return ScenarioStatistics(figures, replication.replicated, replication.in_spool)

    # Actions --------------------------------------------------------------------------------------------------------

    def create(self, plan: ScenarioPlan, server_type: str) -> None:
        """The wizard up to [終了]: the scenario is there and does not run. Without guests named, all are in it."""
        with self._world.acting():
            self._answering()
            if not plan.name.strip():
                raise RhaRefusal("シナリオ名が指定されていません。")
            if plan.name.casefold() in self._records:
                raise RhaRefusal(f"シナリオ「{plan.name}」は既に存在します。")
            if server_type.casefold() != self.profile.server_type.casefold():
                raise RhaRefusal(f"サーバ タイプ「{server_type}」はサポートされていません。")
            master, replica = self._physical_host(plan.master), self._physical_host(plan.replica)
            if master is replica:
                raise RhaRefusal("マスタとレプリカに同じホストが指定されています。")
            guests = plan.guests or tuple(master.registrations)
            for guest in guests:
                if guest not in master.registrations:
                    raise RhaRefusal(f"マスタ {master.name} に仮想マシン「{guest}」が見つかりません。")
            self._add(replace(plan, guests=guests), master, replica)

    def _add(self, plan: ScenarioPlan, master: HyperVHost, replica: HyperVHost) -> ScenarioRecord:
        record = self._world.parts.of(ScenarioRecord)(
            plan=plan,
            server_type=self.profile.server_type,
            master=master,
            replica=replica,
            properties=default_properties(),
        )
        self._records[plan.name.casefold()] = record
        return record

    def remove(self, name: str) -> None:
        with self._world.acting():
            record = self._record(name)
            self._refuse_busy(record)
            self._forget(record)

    def _forget(self, record: ScenarioRecord) -> None:
        del self._records[record.name.casefold()]

    def set_initiation(self, name: str, *, switchover: Initiation, reverse_replication: Initiation) -> None:
        """The product lets it be done between switchover and switchback too: only the guide forbids that (4-1)."""
        with self._world.acting():
            record = self._record(name)
            self._refuse_busy(record)
            record.plan = replace(record.plan, switchover=switchover, reverse_replication=reverse_replication)

    def notify(self, name: str, notification: Notification) -> None:
        """Sets the notification of errors."""
        with self._world.acting():
            self._record(name).notification = notification

    def run(self, name: str, method: SynchronizationMethod) -> None:
        """Verifies, takes the guests off the standby's Hyper-V Manager (guide 5-1, step 3) and synchronises."""
        with self._world.acting():
            record = self._record(name)
            self._refuse_busy(record)
            self._refuse_unready(record)
            self._start(record, method)

    def stop(self, name: str) -> None:
        with self._world.acting():
            record = self._record(name)
            self._refuse_testing(record)
            if record.state not in {ScenarioState.SYNCHRONIZING, ScenarioState.RUNNING}:
                raise RhaRefusal(BUSY.get(record.state, "シナリオは実行されていません。"))
            if record.replication is not None:
                record.replication.stop()
            record.process = None  # for a host in maintenance: the vendor's way out when it is not rebooted after all
            self._stopped(record)

    def switch_over(self, name: str, *, run_reverse: bool) -> None:
        """Switches over to the standby host, or back from there. `run_reverse`: replicate back at once.

        Once the watch has found a fault, it does not wait for a guest to shut down, and nothing replicates back.
        """
        with self._world.acting():
            record = self._record(name)
            replication = self._running(record)
            if record.watch is not None and record.watch.alarmed:
                self._fail_over(record)
            else:
                self._move(record, replication, run_reverse=run_reverse)

    def _move(self, record: ScenarioRecord, replication: Replication, *, run_reverse: bool) -> None:
        self._leave(record, Switchover, replication, run_reverse=run_reverse)

    def _fail_over(self, record: ScenarioRecord) -> None:
        """A replica that is being tested ends its test first, for its guest has the place of the one to start."""
        if isinstance(record.process, IntegrityTest):
            record.process.stop(then=lambda: self._fail_over(record))
            return
        self._leave(record, Failover, self._running(record), run_reverse=False)

    def _leave(
        self, record: ScenarioRecord, kind: type[Switchover], replication: Replication, *, run_reverse: bool
    ) -> None:
        self._set_out(record)
        switchover = self._world.parts.of(kind)(
            self._world,
            record,
            replication,
            on_turned=lambda: self._turned(record, run_reverse=run_reverse),
            on_ended=lambda reason: self._switched_over(record, reason),
        )
        record.process = switchover
        try:
            switchover.begin()
        except HyperVRefusal as refusal:
            self._switched_over(record, str(refusal))

    def _set_out(self, record: ScenarioRecord) -> None:
        record.state = ScenarioState.SWITCHING_OVER
        record.stop_watching()
        self._report("switchover_started", record.name)

    def suspend(self, name: str, host: str) -> None:
        """Changes wait in the spool while the standby host is suspended; the scenario stays in its state."""
        with self._world.acting():
            replication = self._running(self._record(name), on=host)
            if replication.suspended:
                raise RhaRefusal(f"{host} へのレプリケーションは既に中断されています。")
            replication.suspend()

    def resume(self, name: str, host: str) -> None:
        with self._world.acting():
            replication = self._running(self._record(name), on=host)
            if not replication.suspended:
                raise RhaRefusal(f"{host} へのレプリケーションは中断されていません。")
            replication.resume()

    def prepare_reboot(self, host: str) -> tuple[str, ...]:
        """Host maintenance (guide 6-2) for every running scenario of the host; readiness is an event that follows.

        Returns the lines that confirm it.
        """
        with self._world.acting():
            self._answering()
            prepared = self._physical_host(host)
            for record in self._records.values():
                if prepared in (record.master, record.replica):
                    self._refuse_testing(record)
            try:
                self._maintenance.prepare(prepared)
            except NotPrepared as reason:
                raise RhaRefusal(str(reason)) from reason
            return (f"Host {host} Preparing for reboot",)

    def start_integrity_test(self, name: str, *, manual: bool) -> None:
        """Assured Recovery's test of the replica: a manual one lasts until it is stopped (guide 6-1)."""
        with self._world.acting():
            record = self._record(name)
            if not record.plan.assured_recovery:
                raise RhaRefusal(
                    f"シナリオ「{record.name}」はアシュアード リカバリを使用した整合性テスト(AR)を選択せずに"
                    "作成されているため、レプリカ整合性テストを実行できません。"
                )
            replication = self._running(record)
            if replication.suspended:
                raise RhaRefusal(f"{record.standby.name} へのレプリケーションは中断されています。")
            test = self._world.parts.of(IntegrityTest)(
                self._world,
                record,
                replication,
                manual=manual,
                on_ready=lambda: self._report("assured_recovery_ready", record.standby.name, host=record.standby.name),
                on_ended=lambda reason: self._tested(record, reason),
            )
            test.begin()
            record.process = test
            self._report("integrity_test_started", record.name)

    def stop_integrity_test(self, name: str) -> None:
        with self._world.acting():
            record = self._record(name)
            if not isinstance(record.process, IntegrityTest):
                raise RhaRefusal(f"シナリオ「{record.name}」のレプリカ整合性テストは実行されていません。")
            record.process.stop()

    # How a run goes on ----------------------------------------------------------------------------------------------

    def _start(self, record: ScenarioRecord, method: SynchronizationMethod) -> None:
        self._clear_standby(record)
        record.state = ScenarioState.SYNCHRONIZING
        self._report("scenario_started", record.name)
        self._replicate(record, method)

    def _clear_standby(self, record: ScenarioRecord) -> None:
        self._remove_from_standby(record)

    def _replicate(self, record: ScenarioRecord, method: SynchronizationMethod) -> None:
        disks = {
            guest: DiskPair(record.active.disk_folder(guest), record.standby.disk_folder(guest))
            for guest in record.plan.guests
        }
        record.replication = self._world.parts.of(Replication)(
            self._world,
            disks,
            method,
            direction=record.direction,
            linked=lambda: self._engine_answers(record.master) and self._engine_answers(record.replica),
            on_replicating=lambda: self._replicating(record, method),
        )
        record.replication.begin()

    def _replicating(self, record: ScenarioRecord, method: SynchronizationMethod) -> None:
        if method is not SynchronizationMethod.SKIPPED:
            self._report("synchronization_completed", record.name)
        if not isinstance(record.process, Switchover):
            self._runs(record)

    def _runs(self, record: ScenarioRecord) -> None:
        record.state = ScenarioState.RUNNING
        self._watch_soon(record)

    def _watch_soon(self, record: ScenarioRecord) -> None:
        record.alive_check = self._world.later(self._world.settings.is_alive_delay, lambda: self._watches(record))

    def _watches(self, record: ScenarioRecord) -> None:
        record.stop_watching()
        record.is_alive = True
        self._report("is_alive_started", record.standby.name, host=record.active.name)
        record.watch = self._world.parts.of(Watch)(
            self._world, record, report=self._report, switch_over=lambda: self._fail_over(record)
        )
        record.watch.begin()

    def _report(self, event: str, source: str, *, host: str = "", detail: str = "") -> None:
        """A new line of the event view; the scenario it is about tells of it as its notification says."""
        line = self._events.report(event, source, host=host, detail=detail)
        record = self._records.get(source.casefold())
        if record is not None and record.notification is not None:
            notifier = self._world.parts.of(Notifier)
            notifier(self._world, self.profile, self._home, failed=self._notification_failed).tell(
                record.notification, line
            )

    def _notification_failed(self, reason: str) -> None:
        with self._world.acting():
            self._events.report("notification_failed", self._home.name, detail=reason)

    def _stopped(self, record: ScenarioRecord) -> None:
        record.state = ScenarioState.STOPPED
        record.stop_watching()
        self._report("scenario_stopped", record.name)

    def _resynchronise(self, record: ScenarioRecord) -> None:
        if record.replication is not None:
            record.replication.stop()
        record.state = ScenarioState.SYNCHRONIZING
        self._report("resynchronization_started", record.name)
        self._replicate(record, SynchronizationMethod.BLOCK)

    def _turned(self, record: ScenarioRecord, *, run_reverse: bool) -> None:
        if not run_reverse:
            return
        try:
            self._remove_from_standby(record)
        except HyperVRefusal as refusal:
            self._report("scenario_stopped", record.name, detail=str(refusal))
        else:
            self._report("scenario_started", record.name)
            self._replicate(record, self.method_after_switchover)

    def _switched_over(self, record: ScenarioRecord, reason: str) -> None:
        record.process = None
        if reason:
            self._report("switchover_failed", record.name, detail=reason)
        else:
            self._report_completion(record)
        if record.replication is not None and record.replication.replicating:
            self._runs(record)
        elif record.replication is not None and record.replication.synchronizing:
            record.state = ScenarioState.SYNCHRONIZING
        else:
            self._stopped(record)

    def _report_completion(self, record: ScenarioRecord) -> None:
        self._report("switchover_completed", record.name)

    def _tested(self, record: ScenarioRecord, reason: str) -> None:
        record.process = None
        if reason:
            self._report("integrity_test_failed", record.name, detail=reason)
        self._report_resumption(record)

    def _report_resumption(self, record: ScenarioRecord) -> None:
        self._report("replication_resumed", record.standby.name, host=record.standby.name)

    def _ready_for_reboot(self, record: ScenarioRecord) -> None:
        self._report("ready_for_reboot", record.name)

    def _remove_from_standby(self, record: ScenarioRecord) -> None:
        for guest in record.plan.guests:
            if guest in record.standby.registrations:
                self._hyperv.unregister(guest, record.standby.name)

    def _guest_wrote(self, guest: str, host: str) -> None:
        for record in self._records.values():
            if record.active.name == host and record.replication is not None:
                record.replication.capture(guest)

    def _world_changed(self) -> None:
        with self._world.acting():
            for record in self._records.values():
                if record.process is not None:
                    record.process.advance()
            self._maintenance.advance()

    def _listed(self, record: ScenarioRecord) -> ReplicationScenario:
        return record.view()

    # Refusals -------------------------------------------------------------------------------------------------------

    def _record(self, name: str) -> ScenarioRecord:
        self._answering()
        record = self._records.get(name.casefold())
        if record is None:
            raise RhaRefusal(f"シナリオ「{name}」が見つかりません。")
        return record

    def _refuse_busy(self, record: ScenarioRecord) -> None:
        if record.state in BUSY:
            raise RhaRefusal(BUSY[record.state])

    def _refuse_testing(self, record: ScenarioRecord) -> None:
        if isinstance(record.process, IntegrityTest):
            raise RhaRefusal("レプリカ整合性テストが終了するまでシナリオは操作できません。")

    def _refuse_unready(self, record: ScenarioRecord) -> None:
        errors = [each for each in verify(record, self.profile, to_run=True) if each.severity is Severity.ERROR]
        if errors:
            reasons = " ".join(f"{each.subject}: {each.text}" for each in errors)
            raise RhaRefusal(f"シナリオを実行できません。{reasons}")

    def _running(self, record: ScenarioRecord, *, on: str = "") -> Replication:
        """The scenario's replication, refused unless it is running untested; `on` has to name the standby host."""
        self._refuse_testing(record)
        if record.state is not ScenarioState.RUNNING or record.replication is None:
            raise RhaRefusal(f"シナリオ「{record.name}」は実行中ではありません。")
        if isinstance(record.process, Preparation):
            raise RhaRefusal(f"シナリオ「{record.name}」はホスト メンテナンス中です。")
        if on and self._world.host_called(on) is not record.standby:
            raise RhaRefusal(f"{on} はシナリオ「{record.name}」のレプリカ ホストではありません。")
        return record.replication


def _as_stamped(figures: Synchronization, skew: timedelta) -> Synchronization:
    """The figures with times of the Control Service's host."""
    started, ended = (None if each is None else each + skew for each in (figures.started, figures.ended))
    return replace(figures, started=started, ended=ended)
