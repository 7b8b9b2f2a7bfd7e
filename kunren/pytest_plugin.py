"""`pytest features/`: a feature of Kunren's is a file of tests, and each of its chapters a test.

A drill runs as `kunren drill` in a process of its own, so journal, restoration and verdict are the same, and the
project's packages may have any name, also `steps`, `lab` or `reports`: nothing of Kunren's but its exit codes is
imported here.
"""

from __future__ import annotations

import itertools
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from _pytest.outcomes import Failed  # of pytest.fail, which mypy knows by this name alone

from kunren.exits import Exit

HOME = Path(__file__).parents[1]
VERDICTS = (Exit.PASSED, Exit.FAILED, Exit.UNKNOWN, Exit.NOT_RESTORED)
"""How a drill ends that has been performed."""
SKIPPED = {"skipped": "it needs a chapter that was not chosen", "not run": "the drill ended before it"}
"""Outcomes of chapters that are neither green nor red, and why."""


class NotPassed(Failed):
    """What a chapter or a drill came to, in Kunren's words and without the way that Python went to it."""

    def __init__(self, text: str) -> None:
        super().__init__(text, pytrace=False)


class ChapterFailed(NotPassed):
    """A step of the chapter failed."""


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("kunren", "failover drills")
    group.addoption("--kunren-site", metavar="FILE", help="site file (default: the simulated lab)")
    group.addoption(
        "--kunren-out", metavar="FOLDER", default="records", help="folder of the records (default: records)"
    )
    group.addoption("--kunren-confirm", metavar="SITE", help="confirm a run on a real site by repeating its name")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[LISTING] = Listing()
    config.stash[RUNS] = []


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> DrillFile | None:
    """A feature without a step that Kunren knows is another tool's, unless it is named on the command line."""
    if file_path.suffix != ".feature":
        return None
    listed = parent.config.stash[LISTING].of(file_path)
    named = any(Path(argument.partition("::")[0]).resolve() == file_path for argument in parent.config.args)
    if not listed["known"] and not named:
        return None
    file: DrillFile = DrillFile.from_parent(parent, path=file_path)
    file.listed, file.named = listed, named
    return file


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> None:
    """A chapter is reported with its own duration; what precedes the first one is in that one's set-up."""
    if isinstance(item, ChapterItem) and item.file.run is not None:
        seconds = item.file.run.seconds(item.number) if call.when == "call" else 0.0
        if call.when == "setup" and item is item.file.chosen[0]:
            seconds = call.duration - sum(item.file.run.seconds(each.number) for each in item.file.chosen)
        if call.when != "teardown":
            call.duration = max(seconds, 0.0)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    for run in config.stash[RUNS]:
        terminalreporter.section(run.title)
        for line in run.told:
            terminalreporter.line(line)


class Listing:
    """What `kunren drill --list --json` says of the features of a folder, asked once."""

    def __init__(self) -> None:
        self._known: dict[Path, Mapping[str, Any]] = {}

    def of(self, path: Path) -> Mapping[str, Any]:
        if path not in self._known:
            files = sorted(path.parent.glob("*.feature"))
            asked = [*_kunren("drill", "--list", "--json"), *map(str, files)]
            done = subprocess.run(  # noqa: S603
                asked, env=_environment(), capture_output=True, encoding="utf-8", check=False
            )
            if done.returncode != Exit.PASSED:
                raise pytest.UsageError(done.stderr.strip())
            self._known.update(zip(files, json.loads(done.stdout), strict=True))
        return self._known[path]


class DrillFile(pytest.File):
    """One drill; it runs when its first chapter is due, with the chapters that were chosen."""

    listed: Mapping[str, Any]
    named: bool
    """On the command line."""
    run: DrillRun | None = None

    def collect(self) -> Iterator[ChapterItem]:
        if self.listed["wrong"]:
            raise self.CollectError("\n".join(self.listed["wrong"]))
        for number, chapter in enumerate(self.listed["chapters"]):
            item: ChapterItem = ChapterItem.from_parent(self, name=chapter["name"])
            item.number, item.line = number, chapter["line"]
            item.stay_together()
            yield item

    @property
    def chosen(self) -> Sequence[ChapterItem]:
        return [item for item in self.session.items if isinstance(item, ChapterItem) and item.parent is self]

    def performed(self) -> DrillRun:
        if self.run is None:
            if self.config.getoption("kunren_confirm") and not self.named:
                raise NotPassed(f"Drills on a real site are named one by one: run `pytest {self.path} …`.")
            runs = self.config.stash[RUNS]
            for earlier in runs:
                earlier.require_restored()
            self.run = DrillRun(self)
            runs.append(self.run)
            self.run.perform()
        return self.run


class ChapterItem(pytest.Item):
    """One chapter of a drill: a failure where it failed, an error where it is unknown or the drill was not started."""

    number: int
    line: int

    @property
    def file(self) -> DrillFile:
        assert isinstance(self.parent, DrillFile)
        return self.parent

    def stay_together(self) -> None:
        """Under xdist the drills of one site run one after another, on one worker."""
        if self.config.pluginmanager.hasplugin("xdist"):
            site = self.config.getoption("kunren_site")
            self.add_marker(pytest.mark.xdist_group(f"kunren {site or self.file.path}"))

    def setup(self) -> None:
        if hasattr(self.config, "workerinput") and not self.config.getoption("loadgroup", default=False):
            raise NotPassed("The chapters of a drill stay together: run pytest with --dist loadgroup, or without -n.")
        run = self.file.performed()
        self.user_properties += run.properties
        run.require_performed()
        outcome = run.outcome(self.number)
        if outcome in SKIPPED:
            pytest.skip(f"{outcome}: {SKIPPED[outcome]}")
        if outcome not in {"passed", "failed"}:
            raise NotPassed(run.why(self.number) or outcome)

    def runtest(self) -> None:
        run = self.file.performed()
        if run.outcome(self.number) == "failed":
            raise ChapterFailed(run.why(self.number))

    def teardown(self) -> None:
        if self.file.run is not None and self is self.file.chosen[-1]:
            self.file.run.require_verdict()

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        return str(excinfo.value) if isinstance(excinfo.value, NotPassed) else super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, self.line - 1, self.name


class DrillRun:
    """One `kunren drill`, and its record."""

    def __init__(self, file: DrillFile) -> None:
        self._listed, self._path, self._config = file.listed, file.path, file.config
        self._numbers = [item.number for item in file.chosen]
        self._folder = _claimed(self._config.rootpath / self._config.getoption("kunren_out"), self._listed["drill"])
        self._record: Mapping[str, Any] = {}
        self.code: int = Exit.PASSED
        self.told: tuple[str, ...] = ()

    def perform(self) -> None:
        """Waits for its end in any case: a drill that Ctrl-C stops restores the lab first."""
        site, confirm = self._config.getoption("kunren_site"), self._config.getoption("kunren_confirm")
        command = [
            *_kunren("drill", str(self._path), "--lang", self._listed["language"], "--out", str(self._folder)),
            *(["--site", site] if site else []),
            *(["--confirm", confirm] if confirm else []),
            *[f"--chapter={number + 1}" for number in self._part()],
        ]
        self.code, said, stopped = _until_its_end(command)
        self.told = tuple(_last_words(said))
        sys.stdout.write(said)
        record = self._folder / "record.json"
        if record.is_file():
            whole = json.loads(record.read_text(encoding="utf-8"))
            self._record = {**whole["drills"][0], "verdict": whole["verdict"]}
        if stopped:
            raise KeyboardInterrupt

    def _part(self) -> Sequence[int]:
        """The chapters to run, where it is not all of them."""
        return self._numbers if len(self._numbers) < len(self._listed["chapters"]) else ()

    @property
    def title(self) -> str:
        return f"kunren drill {self._listed['drill']}"

    @property
    def properties(self) -> list[tuple[str, object]]:
        return [("kunren.record", str(self._folder)), ("kunren.told", " ".join(self.told))]

    @property
    def performed(self) -> bool:
        return self.code in VERDICTS and bool(self._record)

    def require_performed(self) -> None:
        if not self.performed:
            raise NotPassed("\n".join(self.told))

    def require_restored(self) -> None:
        if self.code == Exit.NOT_RESTORED:
            raise NotPassed(f"Not started: after {self._listed['drill']} the lab was not restored, or it is not known.")

    def require_verdict(self) -> None:
        """What no chapter shows: restoration, objectives, evidence. A part of a drill has no verdict."""
        part = self.code == Exit.UNKNOWN and self._record.get("verdict", {}).get("partial", False)
        shown = not self.performed or any(self.outcome(number) not in {"passed", *SKIPPED} for number in self._numbers)
        if self.code == Exit.NOT_RESTORED or (self.code != Exit.PASSED and not part and not shown):
            raise NotPassed("\n".join(self.told))

    def outcome(self, number: int) -> str:
        return str(self._chapter(number)["outcome"])

    def why(self, number: int) -> str:
        """The steps that did not pass, with expected and seen states."""
        lines = []
        for step in self._chapter(number)["steps"]:
            if step["outcome"] not in {"passed", *SKIPPED}:
                lines.append(f"{self._told(step['keyword'])} {self._told(step['text'])}: {step['outcome']}")
                lines += [f"  {name}: {self._told(step[name])}" for name in ("expected", "seen") if step[name]]
                lines += [f"  {self._told(step['error']['text'])}"] if step["error"] else []
        return "\n".join(lines)

    def _told(self, text: Any) -> str:
        """A text of the record, in the language of the feature where it has two."""
        return str(text[self._listed["language"]] if isinstance(text, Mapping) else text)

    def seconds(self, number: int) -> float:
        """On the controller's clock, as the journal has it."""
        steps = [step for step in self._chapter(number)["steps"] if step["began"] and step["ended"]]
        if not steps:
            return 0.0
        began, ended = (datetime.fromisoformat(at["wall"]) for at in (steps[0]["began"], steps[-1]["ended"]))
        return (ended - began).total_seconds()

    def _chapter(self, number: int) -> Mapping[str, Any]:
        none = {"outcome": "not run", "steps": []}
        return self._record["chapters"][number] if self._record else none


def _kunren(*arguments: str) -> list[str]:
    return [sys.executable, "-P", "-m", "kunren", *arguments]


def _environment() -> Mapping[str, str]:
    """Kunren's own packages come first, whatever the project or PYTHONPATH has under the same names."""
    return {**os.environ, "PYTHONPATH": str(HOME), "PYTHONIOENCODING": "utf-8"}


def _until_its_end(command: Sequence[str]) -> tuple[int, str, bool]:
    """Exit code, what it said, and whether it was to stop meanwhile: each Ctrl-C is handed on once."""
    stopped = False
    with subprocess.Popen(  # noqa: S603
        command,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        process_group=0 if os.name == "posix" else None,
    ) as process:
        assert process.stdout is not None
        said: list[str] = []
        reading = threading.Thread(target=said.extend, args=(process.stdout,), daemon=True)
        reading.start()  # a read that Ctrl-C interrupts would lose what it had
        while True:
            try:
                reading.join()
                process.wait()
            except KeyboardInterrupt:
                stopped = True
                if os.name == "posix":
                    process.send_signal(signal.SIGINT)
            else:
                return process.returncode, "".join(said), stopped


def _last_words(said: str) -> Sequence[str]:
    """What is told after the drill's own lines, which are indented: verdict, report, and how the lab is."""
    lines = [line for line in said.splitlines() if line]
    return list(itertools.takewhile(lambda line: not line.startswith(" "), reversed(lines)))[::-1]


def _claimed(parent: Path, drill: str) -> Path:
    """A new folder for the record, also where another process looks for one at the same time."""
    number = 1
    while True:
        folder = parent / f"{drill}-{number}"
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            number += 1
        except OSError as error:
            raise NotPassed(f"The record folder {folder} cannot be written: {error.strerror}.") from error
        else:
            return folder


LISTING: pytest.StashKey[Listing] = pytest.StashKey()
RUNS: pytest.StashKey[list[DrillRun]] = pytest.StashKey()
