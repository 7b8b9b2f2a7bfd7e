"""Sample runs as journals: a clean switchover that passed, that failed, that was stopped, and hostile hosts."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.reports.writing import JournalWriter

URL = "http://cybozu.ca.com/scripts/cbgrn/grn.exe"
SCENARIO = "CybozuGaroonHyper-V"
PRODUCTION = "本番ネットワーク"
SWITCH_BACK = "switch the guest back to the host it was on"
HOSTILE = '"><script>alert(1)</script>]]><!-- <img src=x onerror=alert(2)> \u202e\x1b[31m 😀 {{7*7}} &amp;'

TEXTS = {
    "en": {
        "title": "4-1 Planned switchover",
        "chapter": "Garoon moves to the replica and stays at its address",
        "again": "The scenario is left alone until the switchover is over",
        "marker": "An appointment made on the master",
        "steps": (
            ("Given", "the replication scenario is running"),
            ("And", "the guest runs on the master and not on the replica"),
            ("And", "a user has made an appointment in Garoon"),
            ("When", "the operator performs the switchover"),
            ("Then", "the guest on the master is shut down automatically"),
            ("And", "the guest runs on the replica within 10 minutes"),
            ("And", "the event view says that the switchover is complete"),
            ("When", "the user opens Garoon at the address in use before"),
            ("Then", "the appointment is there"),
            ("And", "a new appointment can be made"),
        ),
        "later": (
            ("When", "the switchover is over"),
            ("Then", "the replication scenario has stopped"),
        ),
        "waits": (
            "the guest is off on the master",
            "the guest is running on the replica and its heartbeat is Ok",
            "the event view shows the completion",
        ),
        "expected": "the appointment “An appointment made on the master”",
        "seen": "Garoon says that there is no such appointment (id 1043)",
    },
    "ja": {
        "title": "4-1 正常時のスイッチオーバー",
        "chapter": "ガルーンがレプリカに移り、同じ URL で使い続けられる",
        "again": "スイッチオーバーが完全に終わるまでシナリオを開始しない",
        "marker": "マスタで登録した予定",
        "steps": (
            ("前提", "レプリケーション シナリオが実行中である"),
            ("かつ", "仮想マシンはマスタで実行中であり、レプリカでは実行されていない"),
            ("かつ", "利用者がガルーンに予定を登録している"),
            ("もし", "運用担当者がスイッチオーバーを実行する"),
            ("ならば", "マスタの仮想マシンが自動的にシャットダウンされる"),
            ("かつ", "10分以内にレプリカで仮想マシンが実行中になる"),
            ("かつ", "イベント ビューにスイッチオーバーの完了が表示される"),
            ("もし", "利用者がこれまでと同じ URL でガルーンを開く"),
            ("ならば", "登録した予定が表示される"),
            ("かつ", "新しい予定を登録できる"),
        ),
        "later": (
            ("もし", "スイッチオーバーが完了する"),
            ("ならば", "レプリケーション シナリオは停止している"),
        ),
        "waits": (
            "マスタの仮想マシンがオフである",
            "レプリカの仮想マシンが実行中で、ハートビートが正常である",
            "イベント ビューに完了メッセージが出ている",
        ),
        "expected": "予定「マスタで登録した予定」",
        "seen": "ガルーンの表示:「この予定は存在しません」(予定 ID 1043)",
    },
}


@dataclass(frozen=True, kw_only=True)
class Sample:
    """`lost` makes the appointment disappear, `stops_in` interrupts at that step, `spite` is text of the hosts."""

    language: str
    lost: bool = False
    stops_in: int | None = None
    spite: str = ""


SAMPLES = {
    "passed-en": Sample(language="en"),
    "passed-ja": Sample(language="ja"),
    "failed-en": Sample(language="en", lost=True),
    "failed-ja": Sample(language="ja", lost=True),
    "interrupted-ja": Sample(language="ja", stops_in=5),
    "hostile-en": Sample(language="en", spite=HOSTILE),
    "hostile-ja": Sample(language="ja", spite=HOSTILE, lost=True),
}


class Interrupted(Exception):
    pass


class SampleRun:
    def __init__(self, folder: Path, sample: Sample):
        self.sample = sample
        self.texts: dict[str, Any] = TEXTS[sample.language]
        self.journal = JournalWriter(folder)
        self.master, self.replica, self.scenario = "Running", "", "running"

    def write(self) -> None:
        with self.journal.on_the_wall():
            self.journal.write("run.began", **self.head())
            self.journal.write("drill.began", drill="4-1-clean-switchover")
        for host in ("MASTER", "REPLICA"):
            self.journal.write(
                "host",
                host=host,
                os=f"Microsoft Windows Server 2016 Standard {self.sample.spite}".strip(),
                os_version="10.0.14393",
                powershell_version="5.1.14393.206",
                boot_time="2012-09-22T18:00:00.0000000+09:00",
            )
        for name, version, host in (
            ("Arcserve RHA engine", "16.0.2", "MASTER"),
            ("Garoon", "3.7.0" + self.sample.spite, "Garoon"),
        ):
            self.journal.write("product", name=name, version=version, host=host)
        self.state("before")
        self.journal.picture(1, moment="before", caption=f"Garoon {self.sample.spite}".strip(), url=URL)
        reason = "finished"
        try:
            self.chapter(0, self.steps())
            self.chapter(1, (self.nothing, self.stopped))
        except Interrupted:
            reason = "interrupted"
        self.state("after")
        self.restore()
        self.journal.write("drill.ended", drill="4-1-clean-switchover", reason=reason)
        self.journal.write("run.ended", reason=reason)

    def head(self) -> dict[str, Any]:
        spite = self.sample.spite
        chapters = [
            {
                "name": self.texts["chapter"] + spite,
                "guide": ["4-1.S1", "4-1.S3", "4-1.S4", "4-1.S5"],
                "steps": [{"keyword": keyword, "text": text} for keyword, text in self.texts["steps"]],
            },
            {
                "name": self.texts["again"],
                "guide": ["4-1.N3"],
                "steps": [{"keyword": keyword, "text": text} for keyword, text in self.texts["later"]],
            },
        ]
        return {
            "schema": 1,
            "kunren": "0.1.0",
            "language": self.sample.language,
            "environment": "simulated",
            "site": {
                "name": "simulated" + spite,
                "master": "MASTER",
                "replica": "REPLICA",
                "garoon_url": URL,
                "guest": "Garoon",
                "scenario": SCENARIO,
            },
            "time_zone": "Asia/Tokyo",
            "operator": {
                "login": "sato" + spite,
                "controller": "drill-01",
                "command_line": ["kunren", "drill", "4-1-clean-switchover"],
                "confirmed": None,
            },
            "digests": {"site_file": "51fe" * 16, "discovery_file": None, "scripts": {"Get-Machine": "60a1" * 16}},
            "seed": 20120925,
            "objectives": {"RTO": "15 min", "RPO": "0"},
            "python": "3.11.2",
            "platform": "Linux-6.1-x86_64",
            "drills": [
                {
                    "drill": "4-1-clean-switchover",
                    "title": self.texts["title"] + spite,
                    "file": f"features/{self.sample.language}/4-1-clean-switchover.feature",
                    "sha256": "5f1c0d9e" * 8,
                    "guide": ["4-1.N0"],
                    "chapters": chapters,
                }
            ],
        }

    def steps(self) -> tuple[Callable[[], None], ...]:
        return (
            self.look,
            self.look,
            self.appoint,
            self.switch_over,
            self.shut_down,
            self.start,
            self.complete,
            self.open,
            self.find,
            self.appoint_again,
        )

    def chapter(self, chapter: int, steps: tuple[Callable[[], None], ...]) -> None:
        place: dict[str, Any] = {"drill": "4-1-clean-switchover", "chapter": chapter}
        self.journal.write("chapter.began", **place)
        failed = False
        for step, act in enumerate(steps):
            if failed:
                self.journal.write("step.ended", **place, step=step, outcome="skipped")
                continue
            self.journal.write("step.began", **place, step=step)
            if chapter == 0 and step == self.sample.stops_in:
                self.journal.spend(31)
                raise Interrupted
            act()
            failed = self.sample.lost and act == self.find
            seen = {"expected": self.texts["waits"][0], "seen": "Off" + self.sample.spite}
            verdict: dict[str, Any] = {"outcome": "passed", "checks": [seen] if act == self.shut_down else []}
            if failed:
                spite = self.sample.spite
                verdict = {
                    "outcome": "failed",
                    "expected": self.texts["expected"] + spite,
                    "seen": self.texts["seen"] + spite,
                    "error": {"kind": "NotAsExpected", "text": self.texts["seen"] + spite},
                }
            self.journal.spend(0.3, 0.001)
            self.journal.write("step.ended", **place, step=step, **verdict)
        self.journal.write("chapter.ended", **place)

    def look(self) -> None:
        for host in ("MASTER", "REPLICA"):
            self.machines(host)
        row = {"Name": SCENARIO, "State": "実行中", "Direction": "forward", "Master": "MASTER", "Replica": "REPLICA"}
        answer = [row if self.scenario == "running" else row | {"State": "停止"}]
        self.journal.call("REPLICA", "Invoke-RhaCommand", answer, arguments={"Command": "Get-Scenario"}, took=0.2)
        self.journal.write(
            "scenario",
            host="REPLICA",
            name=SCENARIO,
            found=True,
            state="running" if self.scenario == "running" else "stopped",
            direction="forward",
            took_s=0.2,
        )

    def machines(self, host: str) -> None:
        state = self.master if host == "MASTER" else self.replica
        self.journal.call(host, "Get-Machine", [{"Name": "Garoon", "State": state, "Heartbeat": "Ok"}] if state else [])
        self.journal.guest(host, state, networks=[PRODUCTION] if state else [], took=0.08)

    def appoint(self) -> None:
        self.journal.garoon("log in", "sato", url=f"{URL}/portal/index")
        self.journal.garoon("write", self.texts["marker"] + self.sample.spite, url=f"{URL}/schedule/view?event=1043")
        self.journal.picture(2, moment="during", caption=self.texts["marker"], url=f"{URL}/schedule/view?event=1043")
        self.journal.spend(20)

    def switch_over(self) -> None:
        self.journal.call(
            "REPLICA",
            "Invoke-RhaCommand",
            {"accepted": True, "note": self.sample.spite},
            arguments={"Command": "Switchover-Scenario", "Parameters": {"Name": SCENARIO}},
            changes=True,
            stray=["WARNING: " + self.sample.spite] if self.sample.spite else [],
            took=1.1,
        )
        self.scenario = "switching over"
        self.event(1879, "スイッチオーバーを開始しました。", code="SR00202")

    def shut_down(self) -> None:
        for state in ("Running", "Stopping", "Stopping", "Off"):
            self.master = state
            self.machines("MASTER")
            self.journal.spend(9)
        self.journal.spend(-9)
        self.state("during")
        self.journal.wait(self.texts["waits"][0], "Off" + self.sample.spite, limit=300, took=27.3, not_yet=18.2)

    def start(self) -> None:
        for state in ("", "", "Starting", "Running", "Running"):
            self.replica = state
            self.machines("REPLICA")
            self.journal.spend(22)
        self.journal.wait(self.texts["waits"][1], "Running, Ok", limit=600, took=110.4, not_yet=88.3)

    def complete(self) -> None:
        self.journal.spend(12)
        self.scenario = "stopped"
        self.event(1880, "スイッチオーバーが完了しました。" + self.sample.spite)
        self.state("during")
        self.journal.wait(self.texts["waits"][2], "スイッチオーバーが完了しました。", limit=600, took=12, not_yet=0)

    def event(self, sequence: int, message: str, code: str = "") -> None:
        self.journal.write(
            "rha.event",
            id=code,
            sequence=sequence,
            severity="significant",
            source=SCENARIO,
            time=self.journal.lab.strftime("%Y/%m/%d %H:%M:%S"),
            message=message,
        )

    def open(self) -> None:
        self.journal.garoon("log in", "sato", url=URL, outcome="cybozu.ca.com:80 refused the connection.")
        self.journal.spend(15)
        self.journal.garoon("log in", "sato", url=f"{URL}/portal/index")
        self.journal.spend(6)

    def find(self) -> None:
        outcome = "Garoon says: no such appointment." if self.sample.lost else "ok"
        address = f"{URL}/schedule/view?event=1043"
        self.journal.garoon("find", self.texts["marker"] + self.sample.spite, url=address, outcome=outcome)
        self.journal.picture(3 if self.sample.lost else 2, moment="after", caption="Garoon", url=address)

    def appoint_again(self) -> None:
        self.journal.garoon("write", self.texts["marker"], url=URL, by="http")
        self.journal.spend(8)

    def nothing(self) -> None:
        self.journal.spend(1)

    def stopped(self) -> None:
        self.look()

    def restore(self) -> None:
        self.journal.write("restore.began")
        self.journal.write("restore.act", act="wait for the scenario to settle", outcome="nothing to do")
        self.journal.spend(95, 0.05)
        if self.sample.lost:
            refusal = f"{SCENARIO} was not switched over: it is not running." + self.sample.spite
            self.journal.write("restore.act", act=SWITCH_BACK, outcome="failed", error=refusal)
        else:
            for host in ("MASTER", "REPLICA"):
                self.machines(host)
            self.master, self.replica, self.scenario = "Running", "", "running"
            self.journal.spend(30, 0.04)
            self.journal.write("restore.waiting", act=SWITCH_BACK, **{"for": self.texts["waits"][1], "left_s": 570.0})
            self.look()
            self.journal.write("restore.act", act=SWITCH_BACK, outcome="done")
            self.journal.garoon("remove", self.texts["marker"], url=URL, by="http")
            self.journal.garoon("find", self.texts["marker"], url=URL, by="http", outcome="no such entry")
        self.journal.spend(18, 0.04)
        self.state("restored")
        differences = ["MASTER/Garoon: Running → Off" + self.sample.spite] if self.sample.lost else []
        self.journal.write("restore.ended", restored=not self.sample.lost, differences=differences)

    def state(self, moment: str) -> None:
        def guest(name: str, state: str) -> dict[str, Any]:
            running = state == "Running"
            adapters = [{"switch": PRODUCTION, "ip": "192.0.2.10" if running else ""}]
            return {"name": name, "state": state, "heartbeat": "Ok" if running else "None", "adapters": adapters}

        machines = {
            "MASTER": [guest("Garoon", self.master), guest("DC1" + self.sample.spite, "Off")],
            "REPLICA": [guest("Garoon", self.replica)] if self.replica else [],
        }
        scenario = {"name": SCENARIO, "state": self.scenario, "direction": "forward", "master": "MASTER"}
        self.journal.write("state", moment=moment, machines=machines, scenarios=[scenario | {"replica": "REPLICA"}])


def write_sample(name: str, folder: Path) -> None:
    SampleRun(folder, SAMPLES[name]).write()
