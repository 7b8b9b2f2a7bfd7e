"""Steps about what must not be done: somebody tries it, and it is declined before a host hears of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from drills.course import Attempt, Course
from drills.observation import Observation
from drills.recording import NotedCalls
from drills.scenario_plan import complete_plan
from drills.vocabulary import then_, when_
from drills.wording import Text, findings_text, scenario_text
from lab.errors import InterlockRefused, OperationRefused, OperationUnavailable
from lab.model.hours import BusinessHours
from lab.model.machines import PowerState, StopMode
from lab.model.replication import ScenarioState, SynchronizationMethod
from lab.model.subject import Subject
from lab.model.undertakings import Change, Need
from lab.ports import Clock, Guests, HyperV, Replication, ScenarioProperties, ScenarioWizard
from steps.replication import await_state
from steps.reverse import await_power

KNOWN_BY = {
    "name": "name",
    "名前": "name",
    "computer name": "computer name",
    "コンピュータ名": "computer name",
    "address": "address",
    "IP アドレス".lower(): "address",
}


@when_(
    en='the operator attempts to create a scenario with the "{kind}" of the virtual machine as its master host',
    ja="仮想マシンの「{kind}」をマスタ ホストに指定してシナリオを作成しようとする",
    words={"kind": KNOWN_BY},
    needs=(Need.SIMULATOR,),
    changes=(Change.CREATE_SCENARIO,),
)
def try_guest_as_master(
    kind: str,
    course: Course,
    wizard: ScenarioWizard,
    master: HyperV,
    master_guests: Guests,
    subject: Subject,
    calls: NotedCalls,
) -> None:
    plan = complete_plan(master.machine(subject.guest), subject)
    host = _guest_known_as(kind, master, master_guests, subject)
    course.attempt = attempted(calls, lambda: wizard.create(replace(plan, master=host)))


@when_(en="the operator attempts to run the scenario", ja="シナリオを実行しようとする", changes=(Change.RUN_SCENARIO,))
def try_run(course: Course, replication: Replication, subject: Subject, calls: NotedCalls) -> None:
    course.attempt = attempted(calls, lambda: replication.run(subject.scenario, SynchronizationMethod.BLOCK))


@when_(
    en="the operator attempts to perform the switchover",
    ja="スイッチオーバーを実行しようとする",
    needs=(Need.SIMULATOR,),
    changes=(Change.SWITCH_OVER,),
)
def try_switch_over(course: Course, replication: Replication, subject: Subject, calls: NotedCalls) -> None:
    course.attempt = attempted(calls, lambda: replication.switch_over(subject.scenario, run_reverse=False))


@when_(
    en="the operator attempts to change the properties of the scenario",
    ja="シナリオのプロパティを変更しようとする",
    needs=(Need.SIMULATOR,),
    changes=(Change.SET_PROPERTIES,),
)
def try_change(
    course: Course,
    replication: Replication,
    properties: ScenarioProperties,
    subject: Subject,
    calls: NotedCalls,
    observation: Observation,
) -> None:
    """Asks for the properties it has: should nothing stop it, nothing is spoilt."""
    scenario = replication.scenario(subject.scenario)
    observation.expect(
        scenario is not None,
        expected=Text("a scenario to change", "変更対象のシナリオ"),
        seen=scenario_text(scenario),
    )
    assert scenario is not None
    initiation = {"switchover": scenario.switchover, "reverse_replication": scenario.reverse_replication}
    course.attempt = attempted(calls, lambda: properties.set_initiation(subject.scenario, **initiation))


@then_(
    en='Kunren refuses the action under guide point "{point:Point}", and no action has been sent to a host',
    ja="Kunren がガイドの「{point:Point}」を理由に拒否し、操作はホストに送信されていない",
)
def refused_by_interlock(point: str, course: Course, observation: Observation) -> None:
    attempt = _attempt(course)
    refusal = attempt.refusal
    observation.note(_attempt_text(attempt))
    observation.expect(
        isinstance(refusal, InterlockRefused) and refusal.point == point and attempt.actions_sent == 0,
        expected=Text(f"a refusal by {point}, no action sent", f"{point} による拒否、送信された操作なし"),
        seen=_attempt_text(attempt),
    )


@then_(
    en="the product refuses the run, and the scenario has not started",
    ja="製品が実行を拒否し、シナリオは開始されていない",
)
def refused_by_product(course: Course, replication: Replication, subject: Subject, observation: Observation) -> None:
    attempt = _attempt(course)
    observation.note(_attempt_text(attempt))
    scenario = replication.scenario(subject.scenario)
    observation.expect(
        attempt.refusal is not None
        and not isinstance(attempt.refusal, InterlockRefused)
        and scenario is not None
        and scenario.state is ScenarioState.STOPPED,
        expected=Text("a refusal by the product, a stopped scenario", "製品による拒否、停止中のシナリオ"),
        seen=Text(
            f"{_attempt_text(attempt).en}; {scenario_text(scenario).en}",
            f"{_attempt_text(attempt).ja}、{scenario_text(scenario).ja}",
        ),
    )


@when_(
    en="the virtual machine on the master host is shut down",
    ja="マスタ ホストの仮想マシンをシャットダウンする",
    changes=(Change.STOP_GUEST,),
)
def shut_down_on_master(master: HyperV, subject: Subject, observation: Observation) -> None:
    master.stop(subject.guest, StopMode.SHUT_DOWN)
    await_power(master, subject.guest, PowerState.OFF, observation)


@when_(
    en="the virtual machine on the master host is started",
    ja="マスタ ホストの仮想マシンを起動する",
    changes=(Change.START_GUEST,),
)
def start_on_master(master: HyperV, subject: Subject, observation: Observation) -> None:
    master.start(subject.guest)
    await_power(master, subject.guest, PowerState.RUNNING, observation)


@then_(
    en="the verification of the scenario reports only the warning that the virtual machine is off",
    ja="シナリオの検証では、仮想マシンが停止しているという警告だけが表示される",
)
def only_warned(wizard: ScenarioWizard, subject: Subject, observation: Observation) -> None:
    findings = wizard.verify(subject.scenario)
    observation.expect(
        bool(findings) and all(each.severity.value == "warning" and each.subject == subject.guest for each in findings),
        expected=Text(f"only warnings about {subject.guest}", f"{subject.guest} についての警告のみ"),
        seen=findings_text(findings),
    )


@when_(en="the business hours of the site begin", ja="業務時間になる", needs=(Need.BUSINESS_HOURS, Need.SIMULATOR))
def business_hours_begin(clock: Clock, business_hours: BusinessHours | None) -> None:
    now = clock.now()
    hours = _known(business_hours)
    if not hours.include(now):
        clock.sleep(hours.next_begin(now) - now)


@when_(en="the business hours of the site end", ja="業務時間が終わる", needs=(Need.BUSINESS_HOURS, Need.SIMULATOR))
def business_hours_end(clock: Clock, business_hours: BusinessHours | None) -> None:
    now = clock.now()
    hours = _known(business_hours)
    if hours.include(now):
        clock.sleep(hours.next_end(now) - now)


@when_(en="the scenario is stopped", ja="シナリオを停止する", changes=(Change.STOP_SCENARIO,))
def stop(replication: Replication, subject: Subject, observation: Observation) -> None:
    replication.stop(subject.scenario)
    await_state(ScenarioState.STOPPED, replication, subject, observation, timedelta(minutes=10))


def attempted(calls: NotedCalls, act: Callable[[], None]) -> Attempt:
    """Tries it; a refusal is what is hoped for, any other error is not."""
    before = calls.actions
    try:
        act()
    except OperationRefused as refusal:
        return Attempt(refusal, calls.actions - before)
    return Attempt(None, calls.actions - before)


def _attempt(course: Course) -> Attempt:
    assert course.attempt is not None, "the When that tries comes first"
    return course.attempt


def _attempt_text(attempt: Attempt) -> Text:
    sent = attempt.actions_sent
    if attempt.refusal is None:
        return Text(f"it was not refused, {sent} actions sent", f"拒否されず、送信された操作 {sent} 件")
    return Text(f"{attempt.refusal}, {sent} actions sent", f"{attempt.refusal}、送信された操作 {sent} 件")


def _guest_known_as(kind: str, master: HyperV, master_guests: Guests, subject: Subject) -> str:
    match kind:
        case "name":
            return subject.guest
        case "computer name":
            return master_guests.computer_name(subject.guest) or ""
        case _:
            machine = master.machine(subject.guest)
            addresses = [address for adapter in machine.adapters for address in adapter.ip_addresses] if machine else []
            return addresses[0] if addresses else ""


def _known(business_hours: BusinessHours | None) -> BusinessHours:
    if business_hours is None:
        raise OperationUnavailable("The site file names no business hours; add a table [business_hours].")
    return business_hours
