"""Words a step says itself, in both languages, and the states its phrases name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lab.model.garoon import Marker
from lab.model.hosts import HostRole
from lab.model.machines import PowerState, VirtualMachine
from lab.model.replication import (
    Direction,
    Finding,
    Initiation,
    ReplicationScenario,
    ScenarioState,
    SynchronizationMethod,
)
from lab.model.undertakings import Doubt
from words import Listed, Term, Told, sentence

POWER_STATES = {
    "running": PowerState.RUNNING,
    "実行中": PowerState.RUNNING,
    "off": PowerState.OFF,
    "オフ": PowerState.OFF,
    "saved": PowerState.SAVED,
    "保存完了": PowerState.SAVED,
}
SCENARIO_STATES = {
    "running": ScenarioState.RUNNING,
    "実行中": ScenarioState.RUNNING,
    "stopped": ScenarioState.STOPPED,
    "停止": ScenarioState.STOPPED,
}
HOST_ROLES = {
    "master": HostRole.MASTER,
    "マスタ": HostRole.MASTER,
    "replica": HostRole.REPLICA,
    "レプリカ": HostRole.REPLICA,
}
INITIATIONS = {
    "automatically": Initiation.AUTOMATIC,
    "自動": Initiation.AUTOMATIC,
    "manually": Initiation.MANUAL,
    "手動": Initiation.MANUAL,
}
SYNCHRONIZATION_METHODS = {
    "block": SynchronizationMethod.BLOCK,
    "ブロック": SynchronizationMethod.BLOCK,
    "file": SynchronizationMethod.FILE,
    "ファイル": SynchronizationMethod.FILE,
}

NONE = sentence("steps.none")


def loose(message: str) -> str:
    """Spacing, angle brackets and the final full stop vary between the vendor's own texts."""
    return re.sub(r"[\s<>]", "", message).rstrip("。")


def says(text: str, message: str) -> bool:
    """Whether a product's text has that message, as loosely as its own texts vary."""
    return loose(message) in loose(text)


def may_be_done(doubt: Doubt) -> Told:
    """What people were asked for, and may do yet although nobody waits for it any more."""
    return sentence(
        "differences.may_be_done",
        change=Term("change", doubt.undertaking.change.value),
        subject=doubt.undertaking.subject,
        host=doubt.host,
        people=doubt.of or sentence("differences.nobody_asked"),
        asked=doubt.asked,
    )


def several(terms: Sequence[object], none: Told = NONE) -> Told:
    """Several statements in one, or the one that stands for none."""
    return Listed(tuple(terms)) if terms else none


def host_role(role: HostRole) -> Told:
    return sentence(f"host_role.{role.value}")


def initiation(how: Initiation) -> Told:
    return sentence(f"initiation.{how.value}")


def by_method(of: SynchronizationMethod) -> Told:
    return sentence(f"method.{of.value}")


def way(direction: Direction) -> Told:
    return sentence(f"direction.{direction.value}")


def power_state(state: PowerState) -> Told:
    return sentence(f"power_state.{state.value}")


def scenario_state(state: ScenarioState) -> Told:
    return sentence(f"scenario_state.{state.value}")


def entry_text(found: str | None, sought: Marker) -> Told:
    """What was found under an entry's number; Garoon gives the number of a lost entry to the next one."""
    if found is None:
        return sentence("steps.garoon.entry_missing")
    if found == sought.title:
        return sentence("steps.garoon.entry_found", title=found)
    return sentence("steps.garoon.entry_replaced", title=found)


def machine_text(machine: VirtualMachine | None, host: str) -> Told:
    if machine is None:
        return sentence("steps.guest.not_registered", host=host)
    about = {"state": power_state(machine.state), "heartbeat": sentence(f"heartbeat.{machine.heartbeat.value}")}
    return sentence("steps.guest.state", host=host, **about)


def scenario_text(scenario: ReplicationScenario | None) -> Told:
    if scenario is None:
        return sentence("steps.scenario.none")
    return sentence("steps.scenario.state", state=scenario_state(scenario.state), direction=way(scenario.direction))


def findings_text(findings: Sequence[Finding]) -> Told:
    return several([_finding(each) for each in findings], sentence("steps.wizard.no_findings"))


def _finding(finding: Finding) -> Told:
    severity = sentence(f"severity.{finding.severity.value}")
    return sentence("steps.wizard.finding", severity=severity, subject=finding.subject, text=finding.text)
