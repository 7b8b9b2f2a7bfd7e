"""Steps in which an operator reboots a host, with or without host maintenance (guide 6-2), and what comes after."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from drills.course import Course, Reboot
from drills.observation import Observation
from drills.vocabulary import then_, when_
from drills.wording import HOST_ROLES, Text, machine_text
from lab.errors import AnswerUnreadable, ConnectionLost, NotStarted, OperationRefused, Refused
from lab.model.hosts import HostFacts, HostRole
from lab.model.hosts import rebooted as rebooted_since
from lab.model.limits import LongWait, at_least
from lab.model.machines import PowerState
from lab.model.replication import Synchronization
from lab.model.subject import Subject
from lab.model.undertakings import Change
from lab.ports import Clock, HostMaintenance, HostPower, HyperV, Statistics, Windows
from lab.waiting import WhileBooting


@when_(
    en="the operator reboots the management OS of the {role} host",
    ja="運用担当者が{role} ホストの管理 OS を再起動する",
    words={"role": HOST_ROLES},
    changes=(Change.RESTART_HOST,),
)
@when_(
    en="the operator reboots the management OS of the {role} host without host maintenance",
    ja="ホスト メンテナンスを行わずに、運用担当者が{role} ホストの管理 OS を再起動する",
    words={"role": HOST_ROLES},
    changes=(Change.RESTART_HOST,),
)
def reboot(
    role: HostRole,
    course: Course,
    host_maintenance: HostMaintenance,
    statistics: Statistics,
    windows: Mapping[HostRole, Windows],
    hyperv: Mapping[HostRole, HyperV],
    power: Mapping[HostRole, HostPower],
    subject: Subject,
) -> None:
    which = role
    refuse_to_strand_guests(hyperv[which], subject)
    scenarios = tuple(scenario.name for scenario in host_maintenance.covered(host_name(role, subject)))
    course.reboot = Reboot(
        role=which,
        scenarios=scenarios,
        figures={name: statistics.synchronization(name) for name in scenarios},
        before=windows[which].facts(),
    )
    try:
        power[which].restart()
    except ConnectionLost:
        return  # the host was quicker than its answer; its boot time tells
    except (NotStarted, Refused):
        course.reboot = None
        raise


@then_(
    en="the {role} host has been rebooted and responds again within {minutes:Minutes} minutes",
    ja="{minutes:Minutes} 分以内に{role} ホストが再起動され、再び応答する",
    words={"role": HOST_ROLES},
)
def rebooted(
    role: HostRole,
    minutes: int,
    course: Course,
    windows: Mapping[HostRole, Windows],
    clock: Clock,
    observation: Observation,
) -> None:
    reboot = course.reboot
    assert reboot is not None, "the When that reboots the host comes first"
    host = windows[role]
    observation.until(
        WhileBooting(lambda: _with_boot(host.facts(), reboot.before), host.allow_login_again, clock),
        lambda facts: rebooted_since(reboot.before, facts) is True,
        expected=Text("a host that has started since the command", "再起動の指示以降に起動したホスト"),
        seen=started_text,
        within=at_least(minutes, LongWait.REBOOT),
        every=timedelta(seconds=15),
    )
    reboot.over = True


@when_(
    en="the operator starts the virtual machine on the master host unless it has started automatically",
    ja="マスタ ホストで仮想マシンが自動的に起動していなければ、運用担当者が起動する",
    changes=(Change.START_GUEST,),
)
def start_unless_running(master: HyperV, subject: Subject, observation: Observation) -> None:
    """No source says whether RHA starts the guests it has shut down; Hyper-V by default does not start them."""
    machine = master.machine(subject.guest)
    if machine is not None and machine.state is PowerState.OFF:
        observation.note(
            Text(
                f"{subject.guest} was still off on {subject.master} after the reboot; the drill starts it.",
                f"再起動後も {subject.master} の {subject.guest} はオフのままだったため、訓練で起動する。",
            )
        )
        master.start(subject.guest)


@then_(
    en="the virtual machine runs on the master host within {minutes:Minutes} minutes",
    ja="{minutes:Minutes} 分以内にマスタ ホストで仮想マシンが実行中になる",
)
def runs_again(minutes: int, master: HyperV, subject: Subject, observation: Observation) -> None:
    observation.until(
        lambda: master.machine(subject.guest),
        lambda machine: machine is not None and machine.healthy,
        expected=Text(f"{subject.guest} running on {subject.master}", f"{subject.guest} が {subject.master} で実行中"),
        seen=lambda machine: machine_text(machine, subject.master),
        within=at_least(minutes, LongWait.REBOOT),
    )


@then_(
    en="every scenario of the {role} host is resynchronised within {minutes:Minutes} minutes",
    ja="{minutes:Minutes} 分以内に{role} ホストのすべてのシナリオが再同期される",
    words={"role": HOST_ROLES},
)
def resynchronised(
    role: HostRole, minutes: int, course: Course, statistics: Statistics, observation: Observation
) -> None:
    reboot = course.reboot
    assert reboot is not None, "the When that reboots the host comes first"
    assert reboot.role is role, "the host that was rebooted"
    for name, before in reboot.figures.items():
        observation.until(
            lambda name=name: statistics.synchronization(name),  # type: ignore[misc]
            lambda now, before=before: anew(before, now),  # type: ignore[misc]
            expected=Text(f"{name} synchronised again, block by block", f"{name} がブロック単位で再同期されること"),
            seen=lambda now, name=name: figures_text(name, now),  # type: ignore[misc]
            within=at_least(minutes, LongWait.SYNCHRONIZATION),
            every=timedelta(seconds=15),
        )


def anew(before: Synchronization | None, now: Synchronization | None) -> bool:
    """A later synchronisation than `before`, that has compared blocks and is over."""
    return (
        now is not None
        and (before is None or now.started != before.started)
        and now.blocks_compared > 0
        and now.ended is not None
    )


def figures_text(name: str, figures: Synchronization | None) -> Text:
    if figures is None:
        return Text(f"{name}: no synchronisation", f"{name}: 同期なし")
    began = f"{figures.started:%Y-%m-%d %H:%M:%S}" if figures.started else "—"
    ended = f"{figures.ended:%Y-%m-%d %H:%M:%S}" if figures.ended else "—"
    return Text(
        f"{name}: {figures.blocks_compared} blocks compared from {began} to {ended}",
        f"{name}: {began} から {ended} までに {figures.blocks_compared} ブロックを比較",
    )


def refuse_to_strand_guests(hyperv: HyperV, subject: Subject) -> None:
    """The interlock of a drill that takes a host down: every guest on it but the drill's own has to be off or saved."""
    others = [each for each in hyperv.machines() if not each.at_rest and each.name != subject.guest]
    if others:
        told = ", ".join(f"{each.name} ({each.problem or each.state.value})" for each in others)
        text = f"{told} is not off on {hyperv.host}, so a drill does not take that host down; move it first."
        raise OperationRefused(text, host=hyperv.host, operation="reboot")


def host_name(role: HostRole, subject: Subject) -> str:
    return subject.host(role)


def _with_boot(facts: HostFacts, before: HostFacts) -> HostFacts:
    """A host that does not say which boot it is has not been looked at: it may have been rebooted, or not."""
    if rebooted_since(before, facts) is None:
        raise AnswerUnreadable(f"{facts.name} did not tell by which process its boot began, before the reboot or now.")
    return facts


def started_text(facts: HostFacts) -> Text:
    return Text(
        f"started at {facts.boot_time} (boot {facts.boot or 'not told'})",
        f"起動時刻 {facts.boot_time}（起動の識別 {facts.boot or '不明'}）",
    )
