"""Words a step says itself, in both languages, and the states its phrases name."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lab.model.faults import Fault
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
from words import Text as Text  # noqa: PLC0414  # the steps' word for it

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
HOST_ROLE_TEXTS = {HostRole.MASTER: Text("master", "マスタ"), HostRole.REPLICA: Text("replica", "レプリカ")}
INITIATION_TEXTS = {
    Initiation.AUTOMATIC: Text("automatically", "自動"),
    Initiation.MANUAL: Text("manually", "手動"),
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

FAULT_TEXTS = {
    Fault.POWER_CUT: Text("the master host has no power", "マスタ ホストの電源断"),
    Fault.GUEST_CRASH: Text("the guest on the master host has crashed", "マスタ ホストの仮想マシンのクラッシュ"),
    Fault.GUEST_DAMAGE: Text(
        "the guest on the master host has crashed and does not boot", "マスタ ホストの仮想マシンの起動不能"
    ),
    Fault.GUEST_HANG: Text("the guest OS on the master host hangs", "マスタ ホストのゲスト OS のハング"),
    Fault.HYPERV_SERVICE_STOPPED: Text(
        "the Hyper-V service on the master host is stopped", "マスタ ホストの Hyper-V サービスの停止"
    ),
    Fault.LINE_CUT: Text("the network link between the two hosts is cut", "両ホスト間の回線の切断"),
}

POWER_STATE_TEXTS = {
    PowerState.RUNNING: Text("running", "実行中"),
    PowerState.OFF: Text("off", "オフ"),
    PowerState.STARTING: Text("starting", "起動中"),
    PowerState.STOPPING: Text("stopping", "停止処理中"),
    PowerState.SAVED: Text("saved", "保存完了"),
    PowerState.PAUSED: Text("paused", "一時停止"),
    PowerState.OTHER: Text("in a state Kunren does not know", "不明な状態"),
}
SCENARIO_STATE_TEXTS = {
    ScenarioState.EDITING: Text("being edited", "編集中"),
    ScenarioState.SYNCHRONIZING: Text("synchronising", "同期中"),
    ScenarioState.RUNNING: Text("running", "実行中"),
    ScenarioState.SWITCHING_OVER: Text("switching over", "スイッチオーバー処理中"),
    ScenarioState.STOPPED: Text("stopped", "停止"),
    ScenarioState.UNKNOWN: Text("in a state Kunren does not know", "不明な状態"),
}

DIRECTION_TEXTS = {
    Direction.FORWARD: Text("forward", "マスタからレプリカ"),
    Direction.BACKWARD: Text("backward", "レプリカからマスタ"),
}
METHOD_TEXTS = {
    SynchronizationMethod.BLOCK: Text("block", "ブロック"),
    SynchronizationMethod.FILE: Text("file", "ファイル"),
    SynchronizationMethod.SKIPPED: Text("skipped", "省略"),
}


def loose(message: str) -> str:
    """Spacing, angle brackets and the final full stop vary between the vendor's own texts."""
    return re.sub(r"[\s<>]", "", message).rstrip("。")


def says(text: str, message: str) -> bool:
    """Whether a product's text has that message, as loosely as its own texts vary."""
    return loose(message) in loose(text)


def joined(*texts: Text) -> Text:
    """Several statements in one."""
    return Text("; ".join(each.en for each in texts), "、".join(each.ja for each in texts))


def entry_text(found: str | None, sought: Marker) -> Text:
    """What was found under an entry's number; Garoon gives the number of a lost entry to the next one."""
    if found is None:
        return Text("no such entry", "その予定は存在しない")
    if found == sought.title:
        return Text(f"«{found}»", f"「{found}」")
    return Text(f"no such entry; its number is now that of «{found}»", f"その予定は存在せず、番号は「{found}」のもの")


def machine_text(machine: VirtualMachine | None, host: str) -> Text:
    if machine is None:
        return Text(f"it is not registered on {host}", f"{host} に登録されていない")
    state = POWER_STATE_TEXTS[machine.state]
    beat = machine.heartbeat.value
    return Text(f"{state.en} on {host}, heartbeat {beat}", f"{host} 上で「{state.ja}」、ハートビート {beat}")


def scenario_text(scenario: ReplicationScenario | None) -> Text:
    if scenario is None:
        return Text("there is no such scenario", "シナリオが存在しない")
    state, direction = SCENARIO_STATE_TEXTS[scenario.state], DIRECTION_TEXTS[scenario.direction]
    return Text(f"the scenario is {state.en} ({direction.en})", f"シナリオの状態は「{state.ja}」（{direction.ja}）")


def findings_text(findings: Iterable[Finding]) -> Text:
    lines = "; ".join(f"{finding.severity.value}: {finding.subject}: {finding.text}" for finding in findings)
    return Text(lines or "no errors and no warnings", lines or "エラーも警告もない")
