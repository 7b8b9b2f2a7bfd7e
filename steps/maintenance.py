"""Steps of guide 6-2: a host is prepared for its reboot, nothing happens by itself, and replication goes on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from drills.course import Course, Maintenance
from drills.nouns.attempts import Attempts
from drills.nouns.earlier import EarlierChapters
from drills.nouns.event_view import EventView
from drills.observation import Observation, handed_on
from drills.vocabulary import given_, then_, when_
from drills.wording import HOST_ROLES, Text, loose, machine_text, scenario_text
from lab.errors import AnswerUnreadable, NotStarted, Refused
from lab.model.hosts import HostRole, rebooted
from lab.model.limits import LongWait, at_least
from lab.model.machines import PowerState
from lab.model.replication import Direction, ScenarioState
from lab.model.subject import Subject
from lab.model.undertakings import Change
from lab.ports import Clock, HostMaintenance, HyperV, Replication, Statistics, Windows
from steps.rebooting import figures_text, host_name, refuse_to_strand_guests, started_text

READY = "再起動の準備ができました。"
COMPLETED = "ホストメンテナンスプロセスが完了しました。レプリケーションは再同期なしに再開されました。"


class Preparation:
    """Begins host maintenance, and keeps what was so before for those who judge afterwards."""

    def __init__(
        self,
        *,
        course: Course,
        host_maintenance: HostMaintenance,
        hyperv: Mapping[HostRole, HyperV],
        windows: Mapping[HostRole, Windows],
        statistics: Statistics,
        event_view: EventView,
        subject: Subject,
        clock: Clock,
    ) -> None:
        self._course = course
        self._host_maintenance = host_maintenance
        self._hyperv = hyperv
        self._windows = windows
        self._statistics = statistics
        self._event_view = event_view
        self._subject = subject
        self._clock = clock

    def begin(self, role: HostRole) -> None:
        host = self._subject.host(role)
        refuse_to_strand_guests(self._hyperv[role], self._subject)
        scenarios = tuple(scenario.name for scenario in self._host_maintenance.covered(host))
        figures = {name: self._statistics.synchronization(name) for name in scenarios}
        before = self._windows[role].facts()
        self._event_view.refresh()
        self._course.commanded_after = self._event_view.last
        self._course.maintenance = Maintenance(
            role=role,
            scenarios=scenarios,
            figures=figures,
            before=before,
            began_s=self._clock.monotonic(),
        )
        try:
            self._course.maintenance.confirmation = self._host_maintenance.prepare_reboot(host)
        except (NotStarted, Refused):
            self._course.maintenance = None  # whatever else goes wrong, it may have begun
            raise


# Preparing ------------------------------------------------------------------------------------------------------------


@when_(
    en="the operator attempts to start host maintenance for the {role} host",
    ja="{role} ホストのホスト メンテナンスを開始しようとする",
    words={"role": HOST_ROLES},
)
def try_to_begin(role: HostRole, preparation: Preparation, attempts: Attempts) -> None:
    attempts.attempt(lambda: preparation.begin(role))


@then_(en="no scenario is being prepared for a reboot", ja="再起動の準備に入ったシナリオはない")
def nothing_prepared(
    course: Course, event_view: EventView, master: HyperV, subject: Subject, observation: Observation
) -> None:
    begun = [event.message for event in event_view.refresh() if event.sequence > course.commanded_after]
    machine = master.machine(subject.guest)
    observation.expect(
        not any(loose("再起動の準備") in loose(message) for message in begun)
        and machine is not None
        and machine.running,
        expected=Text("no preparation, and the guest running", "準備が行われず、仮想マシンが実行中であること"),
        seen=Text(
            f"{'; '.join(begun) or 'no event'}; {machine_text(machine, subject.master).en}",
            f"{'、'.join(begun) or 'イベントなし'}、{machine_text(machine, subject.master).ja}",
        ),
    )


@then_(
    en="Garoon's scenario is listed for preparation on the {role} host",
    ja="{role} ホストのメンテナンス対象のシナリオにガルーンのシナリオが含まれている",
    words={"role": HOST_ROLES},
)
def listed(role: HostRole, host_maintenance: HostMaintenance, subject: Subject, observation: Observation) -> None:
    names = [scenario.name for scenario in host_maintenance.covered(host_name(role, subject))]
    observation.expect(
        subject.scenario in names,
        expected=Text(f"{subject.scenario} in the list", f"一覧に {subject.scenario} があること"),
        seen=Text(", ".join(names) or "none", "、".join(names) or "なし"),
    )


@when_(
    en="host maintenance is started for the {role} host and confirmed",
    ja="{role} ホストのホスト メンテナンスを開始し、確認のダイアログで［はい］を選ぶ",
    words={"role": HOST_ROLES},
    changes=(Change.PREPARE_REBOOT,),
)
def prepare(role: HostRole, preparation: Preparation) -> None:
    preparation.begin(role)


@then_(
    en="the RHA PowerShell command has confirmed the preparation",
    ja="RHA PowerShell のコマンドが準備の開始を表示している",
)
def confirmed(course: Course, observation: Observation) -> None:
    confirmation = under_maintenance(course).confirmation
    assert confirmation is not None, "the command has been answered"
    printed = " / ".join(confirmation.printed)
    words = (confirmation.host.casefold(), "preparing for reboot")
    observation.expect(
        all(each in printed.casefold() for each in words),
        expected=Text(
            f"{confirmation.command}: Host {confirmation.host} Preparing for reboot",
            f"{confirmation.command}: Host {confirmation.host} Preparing for reboot",
        ),
        seen=Text(printed or "nothing printed", printed or "表示なし"),
    )


@given_(
    en="host maintenance of the {role} host has been started",
    ja="{role} ホストのホスト メンテナンスが開始されている",
    words={"role": HOST_ROLES},
)
def maintenance_begun(
    role: HostRole, course: Course, earlier: EarlierChapters, preparation: Preparation, observation: Observation
) -> None:
    """Starts it where the drill was begun midway."""
    if earlier.acts and course.maintenance is None:
        earlier.replicate()
        earlier.enter()
        preparation.begin(role)
    observation.expect(
        course.maintenance is not None and course.maintenance.role is role,
        expected=Text(
            "host maintenance started earlier in this drill", "この訓練でホスト メンテナンスを開始済みであること"
        ),
        seen=Text("it was not started", "開始されていない"),
    )


@then_(
    en='the event "{message}" appears for every prepared scenario within {minutes:Minutes} minutes',
    ja="{minutes:Minutes} 分以内に、準備対象のすべてのシナリオにイベント「{message}」が表示される",
)
def event_for_each(message: str, minutes: int, course: Course, event_view: EventView, observation: Observation) -> None:
    maintenance = under_maintenance(course)
    wanted = loose(message)
    observation.until(
        lambda: [event for event in event_view.refresh() if event.sequence > course.commanded_after],
        lambda events: (
            set(maintenance.scenarios) <= {event.source for event in events if wanted in loose(event.message)}
        ),
        expected=Text(
            f"the event «{message}» for {', '.join(maintenance.scenarios)}",
            f"{'、'.join(maintenance.scenarios)} のイベント「{message}」",
        ),
        seen=lambda events: Text(
            "; ".join(event.message for event in events) or "no new event",
            "、".join(event.message for event in events) or "新しいイベントなし",
        ),
        within=at_least(minutes, LongWait.REBOOT),
    )
    maintenance.ready = maintenance.ready or wanted == loose(READY)
    maintenance.completed = maintenance.completed or wanted == loose(COMPLETED)


@given_(
    en="the {role} host is ready to reboot",
    ja="{role} ホストの再起動の準備ができている",
    words={"role": HOST_ROLES},
)
def ready(
    role: HostRole,
    course: Course,
    earlier: EarlierChapters,
    preparation: Preparation,
    event_view: EventView,
    observation: Observation,
) -> None:
    maintenance_begun(role, course, earlier, preparation, observation)
    if earlier.acts and not under_maintenance(course).ready:
        event_for_each(READY, 15, course, event_view, observation)
    observation.expect(
        under_maintenance(course).ready,
        expected=Text(f"the event «{READY}»", f"イベント「{READY}」"),
        seen=Text("it has not been seen", "表示されていない"),
    )


# While nobody acts ----------------------------------------------------------------------------------------------------


@when_(en="{minutes:Minutes} minutes pass without operator action", ja="何も操作せずに {minutes:Minutes} 分間待つ")
def nobody_acts(minutes: int, clock: Clock) -> None:
    clock.sleep(timedelta(minutes=minutes))


@then_(en="the {role} host has not been rebooted", ja="{role} ホストは再起動されていない", words={"role": HOST_ROLES})
def not_rebooted(role: HostRole, course: Course, windows: Mapping[HostRole, Windows], observation: Observation) -> None:
    before, facts = under_maintenance(course).before, windows[role].facts()
    if rebooted(before, facts) is None:
        raise AnswerUnreadable(f"{facts.name} did not tell by which process its boot began, at the preparation or now.")
    observation.expect(
        rebooted(before, facts) is False,
        expected=Text("no reboot since the preparation", "準備の開始以降、再起動されていないこと"),
        seen=started_text(facts),
    )


@then_(en="no switchover has been performed", ja="スイッチオーバーは実行されていない")
def no_switchover(replica: HyperV, replication: Replication, subject: Subject, observation: Observation) -> None:
    scenario, machine = replication.scenario(subject.scenario), replica.machine(subject.guest)
    observation.expect(
        scenario is not None
        and (scenario.state, scenario.direction) == (ScenarioState.RUNNING, Direction.FORWARD)
        and (machine is None or machine.state is PowerState.OFF),
        expected=Text(
            f"{subject.guest} not running on {subject.replica}",
            f"{subject.replica} で {subject.guest} が動いていないこと",
        ),
        seen=Text(
            f"{scenario_text(scenario).en}; {machine_text(machine, subject.replica).en}",
            f"{scenario_text(scenario).ja}、{machine_text(machine, subject.replica).ja}",
        ),
    )


@then_(
    en="the virtual machine on the master host has kept running since the preparation",
    ja="準備の開始以降、マスタ ホストの仮想マシンは実行され続けている",
)
def kept_running(course: Course, master: HyperV, clock: Clock, subject: Subject, observation: Observation) -> None:
    machine = master.machine(subject.guest)
    since = clock.monotonic() - under_maintenance(course).began_s
    observation.expect(
        machine is not None and machine.healthy and machine.uptime_seconds >= since,
        expected=Text(
            f"{subject.guest} running for {since:.0f} s at least", f"{subject.guest} が {since:.0f} 秒以上実行中"
        ),
        seen=Text(
            f"{machine_text(machine, subject.master).en}, for {machine.uptime_seconds if machine else 0:.0f} s",
            f"{machine_text(machine, subject.master).ja}、{machine.uptime_seconds if machine else 0:.0f} 秒間",
        ),
    )


# What replication does ------------------------------------------------------------------------------------------------


@then_(
    en="changes accumulate in the spool within {minutes:Minutes} minutes",
    ja="{minutes:Minutes} 分以内に変更がスプールに蓄積される",
)
def spooled(minutes: int, statistics: Statistics, subject: Subject, observation: Observation) -> None:
    await_spool(minutes, statistics, subject, observation, empty=False)


@then_(en="the spool is empty", ja="スプールに未送信の変更は残っていない")
def nothing_spooled(statistics: Statistics, subject: Subject, observation: Observation) -> None:
    await_spool(0, statistics, subject, observation, empty=True)


@then_(
    en="the spool is empty within {minutes:Minutes} minutes",
    ja="{minutes:Minutes} 分以内にスプールの変更がすべて送信される",
)
def spool_empties(minutes: int, statistics: Statistics, subject: Subject, observation: Observation) -> None:
    await_spool(minutes, statistics, subject, observation, empty=True)


def await_spool(
    minutes: int, statistics: Statistics, subject: Subject, observation: Observation, *, empty: bool
) -> None:
    observation.until(
        lambda: statistics.traffic(subject.scenario),
        lambda traffic: traffic is not None and (traffic.in_spool == 0) is empty,
        expected=Text("an empty spool", "スプールが空であること")
        if empty
        else Text("changes in the spool", "スプールに変更があること"),
        seen=lambda traffic: Text(
            f"{traffic.in_spool} blocks in the spool" if traffic else "no statistics",
            f"スプールに {traffic.in_spool} ブロック" if traffic else "統計情報なし",
        ),
        within=timedelta(minutes=minutes),
    )


@then_(
    en="no blocks have been compared since the preparation",
    ja="準備の開始以降、ブロックの比較（再同期）は行われていない",
)
def not_resynchronised(course: Course, statistics: Statistics, observation: Observation) -> None:
    for name, before in under_maintenance(course).figures.items():
        now = statistics.synchronization(name)
        observation.expect(now == before, expected=figures_text(name, before), seen=figures_text(name, now))


def under_maintenance(course: Course) -> Maintenance:
    return handed_on(course.maintenance, "no host maintenance was started in this drill")
