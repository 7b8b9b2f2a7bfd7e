"""Steps that attempt prohibited operations, which are refused before anything is sent to a host."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from drills.nouns.attempts import Attempts
from drills.nouns.guest import Guest
from drills.nouns.scenario import Scenario
from drills.nouns.wizard import Wizard
from drills.observation import Observation
from drills.vocabulary import then_, when_
from drills.wording import findings_text
from lab.model.hours import BusinessHours
from lab.model.replication import ScenarioState
from lab.model.subject import Subject
from lab.model.undertakings import Change, Need
from lab.ports import Clock
from words import Listed, sentence

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
def try_guest_as_master(kind: str, wizard: Wizard, master_guest: Guest, attempts: Attempts) -> None:
    plan = replace(wizard.complete(), master=_guest_known_as(kind, master_guest))
    attempts.attempt(lambda: wizard.create(plan))


@when_(en="the operator attempts to run the scenario", ja="シナリオを実行しようとする", changes=(Change.RUN_SCENARIO,))
def try_run(scenario: Scenario, attempts: Attempts) -> None:
    attempts.attempt(scenario.run)


@when_(
    en="the operator attempts to perform the switchover",
    ja="スイッチオーバーを実行しようとする",
    needs=(Need.SIMULATOR,),
    changes=(Change.SWITCH_OVER,),
)
def try_switch_over(scenario: Scenario, attempts: Attempts) -> None:
    attempts.attempt(scenario.send_switchover)


@when_(
    en="the operator attempts to change the properties of the scenario",
    ja="シナリオのプロパティを変更しようとする",
    needs=(Need.SIMULATOR,),
    changes=(Change.SET_PROPERTIES,),
)
def try_change(scenario: Scenario, attempts: Attempts) -> None:
    """Asks for the properties it has: should nothing stop it, nothing is spoilt."""
    has = scenario.listed()
    attempts.attempt(lambda: scenario.set_initiation(has.switchover, has.reverse_replication))


@then_(
    en='Kunren refuses the action under guide point "{point:Point}", and no action has been sent to a host',
    ja="Kunren がガイドの「{point:Point}」を理由に拒否し、操作はホストに送信されていない",
)
def refused_by_interlock(point: str, attempts: Attempts, observation: Observation) -> None:
    attempt = attempts.judged()
    observation.expect(
        attempt.refused_under(point),
        expected=sentence("steps.attempt.refused_under", point=point),
        seen=attempt.text,
    )


@then_(
    en="the product refuses the run, and the scenario has not started",
    ja="製品が実行を拒否し、シナリオは開始されていない",
)
def refused_by_product(attempts: Attempts, scenario: Scenario, observation: Observation) -> None:
    attempt, found = attempts.judged(), scenario.now()
    observation.expect(
        attempt.refused_by_product and found is not None and found.state is ScenarioState.STOPPED,
        expected=sentence("steps.attempt.refused_by_product"),
        seen=Listed((attempt.text, scenario.told(found))),
    )


@then_(
    en="the verification of the scenario reports only the warning that the virtual machine is off",
    ja="シナリオの検証では、仮想マシンが停止しているという警告だけが表示される",
    asks=("verify_scenario",),
)
def only_warned(wizard: Wizard, subject: Subject, observation: Observation) -> None:
    findings = wizard.verify()
    observation.expect(
        bool(findings) and all(each.severity.value == "warning" and each.subject == subject.guest for each in findings),
        expected=sentence("steps.wizard.only_warnings", guest=subject.guest),
        seen=findings_text(findings),
    )


@when_(en="the business hours of the site begin", ja="業務時間になる", needs=(Need.BUSINESS_HOURS, Need.SIMULATOR))
def business_hours_begin(clock: Clock, business_hours: BusinessHours) -> None:
    now = clock.now()
    if not business_hours.include(now):
        clock.sleep(business_hours.next_begin(now) - now)


@when_(en="the business hours of the site end", ja="業務時間が終わる", needs=(Need.BUSINESS_HOURS, Need.SIMULATOR))
def business_hours_end(clock: Clock, business_hours: BusinessHours) -> None:
    now = clock.now()
    if business_hours.include(now):
        clock.sleep(business_hours.next_end(now) - now)


@when_(en="the scenario is stopped", ja="シナリオを停止する", changes=(Change.STOP_SCENARIO,))
def stop(scenario: Scenario) -> None:
    scenario.stop()
    scenario.await_state(ScenarioState.STOPPED, timedelta(minutes=10))


def _guest_known_as(kind: str, master_guest: Guest) -> str:
    match kind:
        case "name":
            return master_guest.name
        case "computer name":
            return master_guest.computer_name()
        case _:
            machine = master_guest.now()
            addresses = [address for adapter in machine.adapters for address in adapter.ip_addresses] if machine else []
            return addresses[0] if addresses else ""
