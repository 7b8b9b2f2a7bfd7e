"""The kinds of entries: each is written somewhere, read, described, and has a place in record.json."""

import ast
from pathlib import Path
from typing import get_args

import pytest

from journal.entries import COURSE, KINDS, MEASURED, SEEN, Activity, Measured, entry_of
from journal.entry import Entry, Error
from journal.form import members
from journal.seen import Phase, StateSeen
from lab.model.hosts import Service
from lab.model.machines import Heartbeat, NetworkAdapter, PowerState, SwitchType, VirtualMachine, VirtualSwitch
from lab.model.replication import Direction, Initiation, ReplicationScenario, ScenarioState
from lab.model.state import LabState
from lab.model.undertakings import Change
from words import Quoted, words_of

REPOSITORY = Path(__file__).parents[2]
CLASSES = {kind.__name__: kind for kind in KINDS.values()}
MOMENTS = {"at": "2012-09-25T22:00:00.000+09:00", "wall": "2026-01-15T03:04:05.678+00:00"}

SCENARIO = ReplicationScenario(
    name="S",
    server_type="Hyper-V",
    product="HA AR",
    assured_recovery=True,
    master="MASTER",
    replica="REPLICA",
    state=ScenarioState.RUNNING,
    direction=Direction.FORWARD,
    guests=("Garoon",),
    is_alive=True,
    switchover=Initiation.AUTOMATIC,
    reverse_replication=Initiation.MANUAL,
)
GAROON = VirtualMachine(
    name="Garoon",
    host="MASTER",
    state=PowerState.RUNNING,
    heartbeat=Heartbeat.OK,
    uptime_seconds=5,
    adapters=(NetworkAdapter("Network Adapter", "LAN", "00155D0A0A10", ("192.0.2.10",)),),
)
LAB = LabState(
    machines={"MASTER": (GAROON,), "REPLICA": ()},
    scenarios=(SCENARIO,),
    switches={"REPLICA": (VirtualSwitch("LAN", SwitchType.EXTERNAL),)},
    services={"MASTER": (Service("vmms", "Hyper-V Virtual Machine Management", running=True),)},
    entries=("訓練 #1",),
)
LEAST = {
    "evidence": {
        "id": 1,
        "kind": "screenshot",
        "caption": "",
        "file": "evidence/1.png",
        "media_type": "image/png",
        "sha256": "",
        "bytes": 3,
    },
    "wait": {"condition": "", "limit_s": 9, "took_s": 1, "met": True},
    "restore.began": {},
    "restore.act": {"act": "", "outcome": "failed"},
    "restore.ended": {},
    "state": {"moment": "before"},
    "canaries.read": {},
    "step.ended": {"drill": "d", "chapter": 0, "step": 0, "outcome": "passed"},
    "call": {
        "host": "MASTER",
        "script": "Get-Machine",
        "changes": False,
        "outcome": "answered",
        "lab_ms": 1,
        "wall_ms": 1,
        "round_trips": 1,
    },
}
"""What a journal of schema 1 has had from the beginning."""


def sources():
    for package in ("board", "drills", "steps", "lab", "kunren", "journal"):
        for path in (REPOSITORY / package).rglob("*.py"):
            if "simulator" not in path.parts:
                yield ast.parse(path.read_text(encoding="utf-8"))


def made():
    """The kinds of entries that the product's sources make, by their classes' names."""
    for tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                callee = node.func.value if isinstance(node.func, ast.Attribute) else node.func
                if isinstance(callee, ast.Name) and callee.id in CLASSES:
                    yield callee.id


def test_every_kind_is_written_somewhere():
    assert set(made()) == set(CLASSES)


def test_a_journal_is_never_written_by_loose_words():
    """An entry of the journal is a dataclass wherever it is made."""
    loose = [
        node
        for tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "write"
        and "journal" in ast.unparse(node.func.value).lower()
        and (node.keywords or len(node.args) != 1 or isinstance(node.args[0], ast.Constant))
    ]
    assert [ast.unparse(node) for node in loose] == []


def test_every_kind_of_entry_is_among_the_kinds():
    def told(kind):
        if "what" in vars(kind):
            yield kind.what
        for inner in kind.__subclasses__():
            yield from told(inner)

    assert {what for what in told(Entry) if what} == KINDS.keys()
    assert len(KINDS) == len(COURSE) + len(SEEN) + len(MEASURED)


def test_every_kind_has_a_place_in_the_record():
    shown, measured = set(get_args(Activity)), set(get_args(Measured))
    assert measured == set(MEASURED)
    assert set(SEEN) < shown
    assert {kind.what for kind in set(KINDS.values()) - shown - measured} == {
        f"{place}.{end}" for place in ("run", "drill", "chapter", "step", "restore") for end in ("began", "ended")
    }


OF_PLAN = sorted(
    f"plan.{name}"
    for name in (
        *("site", "drills", "title", "reason", "change", "retests", "place", "scope", "excluded", "scenario", "risk"),
        *("assumptions", "rto_origin", "rpo_origin", "procedure", "procedure_revision", "procedure_changes", "storage"),
        *("backups_confirmed_by", "stop_criteria", "escalation", "classification", "distribution"),
        *("objectives.text", "objectives.criterion", "objectives.origin"),
        *("participants.name", "participants.role", "participants.affiliation"),
        *("approvals.name", "approvals.role", "approvals.evidence"),
    )
)


def test_what_is_from_outside_is_declared_at_the_field():
    """Wherever a host, a page, a mailbox or the operator may have said it."""

    def outside(kind):
        for member in members(kind):
            if member.outside:
                yield member.name
            if member.codec.part:
                yield from (f"{member.name}.{inner}" for inner in outside(member.codec.part))

    assert {what: sorted(outside(kind)) for what, kind in KINDS.items() if [*outside(kind)]} == {
        "run.began": ["operator.command_line", *OF_PLAN],
        "drill.ended": ["text"],
        "step.ended": ["checks.seen", "error.text", "seen"],
        "restore.act": ["because", "error", "error.text"],
        "restore.ended": ["by", "differences", "permitted", "stays"],
        "call": ["answer", "arguments", "error", "error.text", "stray"],
        "host": ["boot_time", "os", "os_version", "powershell_version"],
        "host.checked": [
            *("addresses", "build", "computer.model", "disks", "excluded", "free"),
            *("hardware.checkpoint", "hardware.components", "hardware.disks", "programs"),
            *("system.integration_services", "system.os", "system.os_version", "updates"),
        ],
        "product": ["version"],
        "guest": ["networks"],
        "garoon": ["outcome"],
        "wait": ["cause", "seen"],
        "evidence": ["address", "caption"],
        "state": [
            *("machines.adapters.ip", "machines.adapters.switch", "machines.name"),
            *(f"scenarios.{name}" for name in ("guests", "master", "name", "replica")),
            *("services.name", "switches.name"),
        ],
        "rha.event": ["by", "id", "message", "source", "time"],
        "operator": ["answered"],
        "person.asked": ["of", "subject", "values"],
        "person.answered": ["by", "remark", "rows"],
        "person.relied": ["by"],
        "person.late": ["by", "remark", "rows"],
        "person.joined": ["by"],
        "person.noted": ["by", "said"],
        "person.stopped": ["because", "by"],
        "person.attested": ["by", "said"],
        "pause.began": ["by"],
        "pause.ended": ["by"],
        "note": ["text"],
        "probe": ["seen"],
        "probing.ended": ["problem"],
        "canaries.read": ["problem"],
        "canaries.removed": ["problem"],
        "clock.offset": ["said"],
    }


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("change", Change)
def test_every_change_that_a_drill_undertakes_has_words(change, language):
    assert f"change.{change.value}" in words_of(language).texts


def test_the_state_of_a_lab_is_written_as_it_is_compared():
    entry = StateSeen.of(Phase.RESTORED, LAB).to_json()
    assert entry["machines"]["MASTER"] == [
        {"name": "Garoon", "state": "Running", "heartbeat": "Ok", "adapters": [{"switch": "LAN", "ip": ["192.0.2.10"]}]}
    ]
    assert entry["switches"] == {"REPLICA": [{"name": "LAN", "type": "External"}]}
    assert entry["services"] == {"MASTER": [{"name": "vmms", "running": True}]}
    assert entry["entries"] == ["訓練 #1"]
    [scenario] = entry["scenarios"]
    assert {key: scenario[key] for key in ("guests", "assured_recovery", "switchover", "reverse_replication")} == {
        "guests": ["Garoon"],
        "assured_recovery": True,
        "switchover": "automatic",
        "reverse_replication": "manual",
    }


@pytest.mark.parametrize(
    ("what", "fields", "read"),
    [
        ("evidence", {"moment": None}, {"moment": None, "address": "", "host": ""}),
        ("wait", {}, {"not_yet": None, "seen": None}),
        ("restore.began", {}, {"mode": None, "acts": ()}),
        ("restore.act", {"error": "no"}, {"error": Error("", Quoted("no")), "because": None}),
        ("restore.ended", {}, {"restored": None, "differences": (), "permitted": (), "stays": ()}),
        ("state", {}, {"switches": {}, "services": {}, "entries": ()}),
        ("canaries.read", {}, {"asked": None, "present": {}}),
        ("step.ended", {"error": ""}, {"error": None, "checks": ()}),
        ("call", {"error": None}, {"error": None, "script_sha256": "", "stray": ()}),
    ],
)
def test_what_a_journal_of_before_does_not_have_is_empty(what, fields, read):
    found = entry_of({"n": 1, **MOMENTS, "what": what, **LEAST[what], **fields})
    assert {name: getattr(found, name) for name in read} == read
