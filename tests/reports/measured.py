"""Journals of a drill that was probed, as no run can be made to leave them: what is true in them is written here."""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any

from journal.entries import entry_of
from lab.model.json_values import instant
from lab.model.objectives import Objectives
from tests.reports.recorded import files_of, write_files
from tests.reports.samples import HOSTILE

LAB_START = datetime(2012, 9, 25, 22, 0, tzinfo=timezone(timedelta(hours=9)))
WALL_START = datetime(2026, 1, 15, 3, 4, 5, 678000, tzinfo=UTC)
URL = "http://cybozu.ca.com/scripts/cbgrn/grn.exe"
SCENARIO = "CybozuGaroonHyper-V"
FEATURE_SHA256 = "5f1c0d9e" * 8
DRILL = "4-2-host-failure"
TIMEOUT = 3.0
BEGAN, FAULT, DETECTED, COUNTDOWN, STARTED, COMPLETED = 10.0, 96.4, 126.0, 131.0, 431.0, 470.0
MENDED, RESTORE, RESTORED, ENDED = 620.0, 760.0, 934.0, 940.0
BACK = 902.0
"""When entries are taken again, after the restoration alone."""
TRACKS = (
    ("host", "MASTER"),
    ("host", "REPLICA"),
    ("heartbeat", ""),
    ("TCP", ""),
    ("HTTP", ""),
    ("login page", ""),
    ("login", ""),
    ("read", ""),
    ("write", ""),
)
TEXTS = {
    "en": {
        "title": "4-2 Switchover when the master host fails",
        "chapters": (
            "The master host stops responding",
            "The countdown reaches 0 and the switchover runs",
            "Continue working in Garoon",
        ),
        "steps": (
            ("Given", "the replica host monitors the master host"),
            ("When", "the master host loses power"),
            ("Then", "the countdown to the switchover begins within 3 minutes"),
            ("Then", "the switchover starts automatically 300 seconds after the countdown began"),
            ("And", "the virtual machine is registered and running on the replica host"),
            ("When", "a user opens Garoon at its original URL"),
            ("When", "the master host regains power"),
        ),
        "fault": "the master host loses power",
    },
    "ja": {
        "title": "4-2 マスタ ホスト障害時のスイッチオーバー",
        "chapters": (
            "マスタ ホストが応答しなくなる",
            "カウントダウンが 0 になりスイッチオーバーが実行される",
            "ガルーンで業務を続ける",
        ),
        "steps": (
            ("前提", "レプリカ ホストがマスタ ホストを監視している"),
            ("もし", "マスタ ホストに電源断が発生する"),
            ("ならば", "3 分以内にスイッチオーバーまでのカウントダウンが始まる"),
            ("ならば", "カウントダウンの開始から 300 秒後にスイッチオーバーが自動的に始まる"),
            ("かつ", "レプリカ ホストに仮想マシンが登録され、状態が「実行中」である"),
            ("もし", "利用者がガルーンを通常の URL で開く"),
            ("もし", "マスタ ホストの電源が復旧する"),
        ),
        "fault": "マスタ ホストの電源断",
    },
}
SPANS = ((12.0, 90.0), (96.5, 97.0), (97.1, 134.0), (134.2, 440.0), (440.1, 490.0), (490.2, 575.0), (620.1, 705.0))
STEPS_OF_CHAPTERS = (3, 2, 2)


@dataclass(frozen=True, kw_only=True)
class MeasuredSample:
    """`lost` acknowledged canaries were never seen again; `stops` is when the prober fell over, if it did.

    `called` is when the product called for a person, and when that person gave the command; `held` is a pause of the
    drill. `open`: every step passes,
    and entries are not taken again before the restoration.
    """

    language: str
    interval: float = 5.0
    rto: float | None = 600.0
    rpo: float | None = 30.0
    lost: int = 2
    ghosts: int = 0
    doubled: int = 0
    stops: float | None = None
    unread: str = ""
    fault: bool = True
    called: tuple[float, float] | None = None
    held: tuple[float, float] | None = None
    open: bool = False
    permitted: tuple[str, ...] = ()
    differences: tuple[str, ...] = ()
    spite: str = ""


MEASURED = {
    "measured-en": MeasuredSample(language="en", ghosts=1),
    "measured-ja": MeasuredSample(
        language="ja", lost=0, permitted=("REPLICA/Garoon: — → Off (本番ネットワーク)",), rpo=None
    ),
    "missed-ja": MeasuredSample(language="ja", rto=300.0, rpo=0.0, lost=6, ghosts=2, doubled=1),
    "unproven-en": MeasuredSample(language="en", stops=300.0, unread="Garoon did not answer.", lost=0),
    "unhurt-en": MeasuredSample(language="en", fault=False, lost=0),
    "open-en": MeasuredSample(language="en", open=True),
    "open-ja": MeasuredSample(language="ja", open=True, rto=300.0),
    "spiteful-ja": MeasuredSample(
        language="ja", spite=HOSTILE, ghosts=1, doubled=1, differences=("Garoon/Kunren 0042: — → 残存" + HOSTILE,)
    ),
}


class MeasuredRun:
    """Notes everything with its lab time, and is written in that order; `lines` are as their classes write them."""

    def __init__(self, sample: MeasuredSample):
        self.sample = sample
        self.texts: dict[str, Any] = TEXTS[sample.language]
        self.noted: list[tuple[float, str, dict[str, Any]]] = []
        self.canaries: list[tuple[str, float, str]] = []
        self.course()
        self.measurements()

    def lines(self) -> Iterator[dict[str, Any]]:
        before = WALL_START.astimezone(LAB_START.tzinfo)  # a lab that is not open has no clock
        yield _line(1, before, WALL_START, "run.began", self.head())
        yield _line(2, before, WALL_START, "drill.began", {"drill": DRILL})
        for number, (at, what, fields) in enumerate(sorted(self.noted, key=lambda entry: entry[0]), 3):
            wall = WALL_START + timedelta(milliseconds=2 * at)
            yield _line(number, LAB_START + timedelta(seconds=at), wall, what, fields)

    def note(self, at: float, what: str, **fields: Any) -> None:
        self.noted.append((at, what, fields))

    def head(self) -> dict[str, Any]:
        objectives = Objectives(rto_s=self.sample.rto, rpo_s=self.sample.rpo)
        steps = iter(self.texts["steps"])
        chapters = [
            {
                "name": name,
                "guide": ["4-2.B1"],
                "steps": [{"keyword": keyword, "text": text} for keyword, text in (next(steps) for _ in range(count))],
            }
            for name, count in zip(self.texts["chapters"], STEPS_OF_CHAPTERS, strict=True)
        ]
        return {
            "schema": 1,
            "kunren": "0.1.0",
            "language": self.sample.language,
            "environment": "simulated",
            "site": {
                "name": "simulated",
                "master": "MASTER",
                "replica": "REPLICA",
                "garoon_url": URL,
                "guest": "Garoon",
                "scenario": SCENARIO,
            },
            "seed": 20120925,
            "objectives": {
                "rto_s": self.sample.rto,
                "rpo_s": self.sample.rpo,
                "sha256": objectives.sha256([FEATURE_SHA256]),
            },
            "controls": None,
            "python": "3.11.2",
            "platform": "Linux-6.1-x86_64",
            "drills": [
                {
                    "drill": DRILL,
                    "title": self.texts["title"],
                    "file": f"{DRILL}.feature",
                    "sha256": FEATURE_SHA256,
                    "guide": [],
                    "chapters": chapters,
                }
            ],
        }

    def course(self) -> None:
        spans = iter(SPANS)
        for chapter, count in enumerate(STEPS_OF_CHAPTERS):
            for step in range(count):
                began, ended = next(spans)
                place: dict[str, Any] = {"drill": DRILL, "chapter": chapter}
                if step == 0:
                    self.note(began, "chapter.began", **place)
                self.note(began, "step.began", **place, step=step)
                self.note(ended, "step.ended", **place, step=step, outcome="passed")
                if step == count - 1:
                    self.note(ended, "chapter.ended", **place)
        self.look_round()
        self.state(2.0, "before")
        self.state(706.0, "after")
        self.note(RESTORE, "restore.began")
        self.note(RESTORED - 8, "restore.act", act="switch the guest back to the host it was on", outcome="done")
        self.state(RESTORED, "restored")
        self.note(
            RESTORED + 0.1,
            "restore.ended",
            restored=not self.sample.differences,
            differences=list(self.sample.differences),
            permitted=list(self.sample.permitted),
        )
        self.note(ENDED + 3, "drill.ended", drill=DRILL, reason="finished")
        self.note(ENDED + 4, "run.ended", reason="finished")

    def look_round(self) -> None:
        """Both hosts are asked for the guest now and then; the one without power does not answer."""
        self.call(11.0, "REPLICA", "Invoke-RhaCommand", [], Command="Get-ScenarioEvent")
        self.note(
            11.0,
            "scenario",
            host="REPLICA",
            name=SCENARIO,
            found=True,
            state="running",
            direction="forward",
            took_s=0.2,
        )
        for at in (11.5, 95.0, 135.0, 436.0, 444.0, 451.0, 466.0, 576.0, 702.0):
            for host in ("MASTER", "REPLICA"):
                gone = self.sample.fault and FAULT < at < 700.0
                if host == "MASTER" and gone:
                    continue
                here = host == ("REPLICA" if self.sample.fault and at > 440.0 else "MASTER")
                self.call(at, host, "Get-Machine", [{"Name": "Garoon", "State": "Running"}] if here else [])
                self.guest(at, host, here=here)

    def guest(self, at: float, host: str, *, here: bool) -> None:
        state = {"state": "Running", "heartbeat": "Ok"} if here else {"state": None, "heartbeat": None}
        self.note(at, "guest", host=host, guest="Garoon", registered=here, **state, networks=[], took_s=0.2)

    def call(self, at: float, host: str, script: str, answer: Any, **arguments: str) -> None:
        self.note(
            at,
            "call",
            host=host,
            script=script,
            script_sha256="c0ffee00" * 8,
            arguments=arguments,
            changes=False,
            outcome="answered",
            lab_ms=200,
            wall_ms=4,
            round_trips=2,
            answer=answer,
            stray=[],
        )

    def state(self, at: float, moment: str) -> None:
        moved = self.sample.fault and moment == "after"
        guest = {"name": "Garoon", "state": "Running", "heartbeat": "Ok", "adapters": []}
        self.note(
            at,
            "state",
            moment=moment,
            machines={
                "MASTER": [guest | {"state": "Off" if moved else "Running", "heartbeat": "None" if moved else "Ok"}],
                "REPLICA": [guest] if moved else [],
            },
            scenarios=[
                {
                    "name": SCENARIO,
                    "state": "running",
                    "direction": "backward" if moved else "forward",
                    "master": "MASTER",
                    "replica": "REPLICA",
                    "guests": ["Garoon"],
                    "assured_recovery": True,
                    "switchover": "automatic",
                    "reverse_replication": "manual",
                }
            ],
            **(self.surroundings() if moment in {"before", "restored"} else {}),
            entries=["Kunren 0042" + self.sample.spite] if self.sample.differences and moment == "restored" else [],
        )

    def surroundings(self) -> dict[str, Any]:
        """What hosts are asked for only before the drill and when the lab has been put back."""
        hosts = ("MASTER", "REPLICA")
        return {
            "switches": {host: [{"name": "本番ネットワーク", "type": "External"}] for host in hosts},
            "services": {host: [{"name": "vmms", "running": True}] for host in hosts},
        }

    def measurements(self) -> None:
        sample = self.sample
        for at, moment in ((4.0, "before"), (ENDED + 1, "after")):
            for host, offset in (("MASTER", 12.4), ("REPLICA", -31.0)):
                self.note(at, "clock.offset", host=host, moment=moment, offset_ms=offset + at / 100, within_ms=8.5)
        self.note(
            BEGAN,
            "probing.began",
            origin=(LAB_START + timedelta(seconds=BEGAN)).isoformat(timespec="milliseconds"),
            interval_s=sample.interval,
            timeout_s=TIMEOUT,
            confirmations=3,
            tracks=[{"layer": layer, "of": of, "interval_s": sample.interval} for layer, of in TRACKS],
        )
        stop = sample.stops or ENDED
        for index, (layer, of) in enumerate(TRACKS):
            self.probe(layer, of, sample.interval * index / len(TRACKS), stop)
        self.note(
            stop, "probing.ended", problem=f"The prober ended: MemoryError. {sample.spite}" if sample.stops else ""
        )
        if sample.fault:
            self.fault()
        self.read_back()

    def fault(self) -> None:
        self.note(FAULT, "mark", mark="fault", text=self.texts["fault"] + self.sample.spite)
        self.note(MENDED, "mark", mark="fault ended", text=self.texts["fault"])
        self.event(DETECTED, 1, "master_fault_detected", "error", "MASTER から応答がありません。")
        self.event(COUNTDOWN, 2, "switchover_countdown", "warning", "スイッチオーバーまでのカウントダウン: 300 秒")
        self.event(STARTED, 3, "switchover_started", "significant", "スイッチオーバーを開始しました。")
        self.event(COMPLETED, 4, "switchover_completed", "significant", "スイッチオーバーが完了しました。")
        if self.sample.called:
            self.call_for_a_person(*self.sample.called)
        if self.sample.held:
            self.pause(*self.sample.held)
        self.note(RESTORE + 40, "mark", mark="command", text="switch over")

    def call_for_a_person(self, called: float, commanded: float) -> None:
        self.event(
            called, 5, "master_not_responding", "error", "マスタ ホストは応答していません。スイッチオーバーが必要です"
        )
        self.note(commanded, "mark", mark="command", text="switch over")

    def pause(self, began: float, ended: float) -> None:
        point = "after the fault"
        self.note(began, "pause.began", point=point, limit_s=1800.0)
        self.note(ended, "pause.ended", point=point, ending="continued", took_s=ended - began, by="Sato")

    def event(self, at: float, sequence: int, kind: str, severity: str, message: str) -> None:
        self.note(
            at + 2,
            "rha.event",
            id="",
            sequence=sequence,
            severity=severity,
            source=SCENARIO,
            time=(LAB_START + timedelta(seconds=at)).strftime("%Y/%m/%d %H:%M:%S"),
            message=message,
            kind=kind,
        )

    def probe(self, layer: str, of: str, phase: float, stop: float) -> None:
        downs = [] if not self.sample.fault else list(_downs(layer, of))
        if self.sample.open and layer == "write":
            downs = [(FAULT, BACK, "503")]
        number, due = 1, phase
        while due < ENDED - BEGAN - TIMEOUT:
            sent = BEGAN + due + 0.002
            manner = next((how for begin, end, how in downs if begin <= sent < end), "")
            took, result, seen = {
                "": (0.04 + 0.01 * (number % 7), "ok", "200"),
                "refused": (0.006, "failed", "the connection was refused"),
                "hangs": (TIMEOUT, "failed", f"no answer within {TIMEOUT:g} s{self.sample.spite}"),
                "503": (0.05, "failed", "503 Service Unavailable"),
            }[manner]
            entry: dict[str, Any] = {
                "layer": layer,
                "of": of,
                "number": number,
                "due_s": round(due, 3),
                "sent_s": round(sent - BEGAN, 3),
                "ended_s": round(sent - BEGAN + took, 3),
                "result": result,
                "seen": seen,
            }
            if layer == "write":
                told = {"": "acknowledged", "refused": "refused", "hangs": "unknown", "503": "refused"}[manner]
                title = f"Kunren {number:04}"
                self.canaries.append((title, sent, told))
                entry["canary"] = {"title": title, "acknowledgement": told}
            if sent + took < stop:
                self.note(sent + took, "probe", **entry)
            else:
                if layer == "write":
                    self.canaries.pop()
                self.note(
                    max(stop - 0.001, 0),
                    "probe",
                    **entry
                    | {"sent_s": None, "ended_s": None, "result": "unknown", "seen": "never sent", "canary": None},
                )
            number, due = number + 1, due + self.sample.interval

    def read_back(self) -> None:
        sample = self.sample
        served = not sample.open and (sample.stops is None or sample.stops > RESTORE)
        if sample.unread:
            self.note(ENDED + 0.2, "canaries.read", present={}, problem=sample.unread)
            self.note(ENDED + 0.4, "canaries.removed", removed=0, left=len(self.canaries), problem=sample.unread)
            return
        told = [(title, sent) for title, sent, told in self.canaries if told == "acknowledged"]
        before = [title for title, sent in told if sent < FAULT]
        lost = set(before[len(before) - sample.lost :])
        unsure = [title for title, _, told in self.canaries if told == "unknown"]
        present = {title: 1 for title, _ in told if title not in lost} | dict.fromkeys(unsure[: sample.ghosts], 1)
        present |= dict.fromkeys(before[: sample.doubled], 2)
        if served:
            written = {title for title, sent, _ in self.canaries if sent < RESTORE - 1}
            found = {title: times for title, times in present.items() if title in written}
            self.note(RESTORE - 0.1, "canaries.read", asked=_iso(RESTORE - 0.6), present=found, problem="")
        self.note(ENDED + 0.2, "canaries.read", asked=_iso(ENDED), present=present, problem="")
        self.note(ENDED + 0.4, "canaries.removed", removed=sum(present.values()), left=0, problem="")


def _line(number: int, lab: datetime, wall: datetime, what: str, fields: dict[str, Any]) -> dict[str, Any]:
    line = {"n": number, "at": instant(lab), "wall": instant(wall), "what": what}
    return line | entry_of(line | fields).to_json()


def _iso(at: float) -> str:
    return (LAB_START + timedelta(seconds=at)).isoformat(timespec="milliseconds")


def _downs(layer: str, of: str) -> Iterator[tuple[float, float, str]]:
    """When a layer was down in truth, and how it showed."""
    match layer, of:
        case "host", "MASTER":
            yield FAULT, 700.0, "hangs"
        case "heartbeat", _:
            yield FAULT, 455.0, "refused"
            yield 820.0, 871.0, "refused"
        case "host", _:
            return
        case _:
            up = {"TCP": 505.0, "HTTP": 521.0, "login page": 526.0, "login": 533.0, "read": 533.0, "write": 551.0}
            yield FAULT, up["TCP"], "hangs"
            yield up["TCP"], up[layer], "503"
            if layer in {"login", "read"}:
                yield up[layer] + 5, up[layer] + 10, "503"
            yield 821.0, 902.0, "refused"


def write_measured(name: str, folder: Path) -> None:
    write_files(folder, _files(name))


def varied(name: str, folder: Path, **changes: Any) -> None:
    """A sample with something else about it."""
    write_files(folder, files_of(list(MeasuredRun(dataclasses.replace(MEASURED[name], **changes)).lines())))


@cache
def _files(name: str) -> dict[str, bytes]:
    return files_of(list(MeasuredRun(MEASURED[name]).lines()))
