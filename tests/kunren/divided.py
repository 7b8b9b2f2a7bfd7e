"""Drills of the real command in processes divided from a prepared one, each with the truth about its simulated lab.

Nothing that takes long to load is loaded twice, so that thousands of drills can be tried. A module that runs `serve`
takes cases from its standard input, one line of JSON each, and answers each with a line; `Prepared` talks with it.
"""

import dataclasses
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import traceback
from contextlib import closing, contextmanager, suppress
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import reports
from journal.reader import RecordUnreadable
from kunren.cli import main as kunren
from lab.simulator.garoon.database import FILE_NAME
from lab.simulator.hosts import inventory
from lab.simulator.rha.maintenance import Preparation
from lab.simulator.serving import SimulatedLab
from lab.site.file import SIMULATED
from steps.modules import vocabulary
from tests.kunren.visitor import without_browser
from words import words_of

REPOSITORY = Path(__file__).parents[2]
LONGEST_S = 90
"""Wall seconds that a whole drill may take on a busy machine; one takes a few."""
SAYS_SAME = frozenset(words_of("en")(f"lab_state.{state}") for state in ("restored", "untouched"))
DIFFERS = words_of("en")("lab_state.differs")
SAYS = SAYS_SAME | {DIFFERS, words_of("en")("lab_state.unknown")}


def truth(lab):
    """What is the case in the simulated world, whatever any driver was told of it."""
    with lab.world.lock:
        return {
            "hosts": {host.name: _host(host) for host in lab.world.hosts.values()},
            "scenarios": [
                [each.name, each.view().state.value, each.view().direction.value, isinstance(each.process, Preparation)]
                for each in lab._control_service._records.values()
            ],
            "entries": _entries(lab.world),
        }


def _host(host):
    return {
        "powered": host.powered,
        "services": sorted(each.name for each in host.services.values() if each.running),
        "switches": sorted(host.switches),
        "guests": {
            name: [each.state.value, each.heartbeat.value, [adapter.switch for adapter in each.adapters]]
            for name, each in sorted(host.registrations.items())
        },
    }


def _entries(world):
    """Of the Garoon that users reach, read from its disk."""
    instance = world.at_address(inventory.GAROON.address)
    if instance is None:
        return None
    with closing(sqlite3.connect(instance.disk.folder / FILE_NAME)) as database:
        return sorted(title for (title,) in database.execute("SELECT detail FROM events"))


def _site(folder):
    """The simulated site with a probe of each layer every minute: six times as few requests."""
    file = folder / "site.toml"
    file.write_text(SIMULATED.read_text().replace("interval_seconds = 10", "interval_seconds = 60"))
    return file


def _watched(folder):
    """The truth of the lab at its beginning and its end is left in a file."""
    begin, close = SimulatedLab.__init__, SimulatedLab.close

    def begun(lab, *arguments, **options):
        begin(lab, *arguments, **options)
        lab.truth = truth(lab)

    def closed(lab):
        (folder / "truth").write_text(json.dumps([lab.truth, truth(lab)]))
        close(lab)

    SimulatedLab.__init__, SimulatedLab.close = begun, closed


def _perform(case, folder, site):
    """As `kunren drill` performs it; ends the process."""
    signal.alarm(LONGEST_S)
    for stream, name in ((1, "stdout"), (2, "stderr")):
        os.dup2(os.open(folder / name, os.O_CREAT | os.O_WRONLY), stream)
    code = 99
    try:
        _watched(folder)
        case.prepare(folder)
        kunren.main(["drill", case.drill, "--site", str(site), "--out", str(folder / "record")])
    except SystemExit as ended:
        code = ended.code
    except BaseException:  # noqa: BLE001  # a divided process must not go on as its parent
        traceback.print_exc()
    finally:
        with suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _outcome(case, status, folder):
    """Outcome, output and true state of a run; `journal` is its readable part."""
    kept, left = folder / "truth", folder / "left"
    before, after = json.loads(kept.read_text()) if kept.exists() else (None, None)
    told, said = ((folder / name).read_text(errors="replace").splitlines() for name in ("stdout", "stderr"))
    try:
        reports.load_record(folder / "record")
        unreadable = ""
    except RecordUnreadable as error:
        unreadable = str(error)
    journal = folder / "record" / "journal.jsonl"
    return {
        "case": dataclasses.asdict(case),
        "code": os.waitstatus_to_exitcode(status),
        "told": told,
        "said": said,
        "before": before,
        "after": after,
        "unreadable": unreadable,
        "left": json.loads(left.read_text()) if left.exists() else None,
        "journal": [json.loads(line) for line in journal.read_bytes().splitlines()] if journal.exists() else [],
    }


def untruth(found, *, may_look_different=False):
    """Why the end of a run was not as promised; empty where it was.

    A host that does not tell what is so may be taken for one that is not as it was: `may_look_different`.
    """
    last = _last_word(found)
    same = found["before"] == found["after"]
    if found["unreadable"]:
        return f"the record: {found['unreadable']}"
    if "Traceback" in "".join(found["told"] + found["said"]):
        return "a traceback"
    if last not in SAYS:
        return f"the last lines are {last!r}"
    if (last in SAYS_SAME) is (found["code"] == 5):
        return f"exit code {found['code']} and {last!r}"
    if last in SAYS_SAME and not same:
        return f"{last!r} is not true"
    if last == DIFFERS and same and not may_look_different:
        return f"{last!r} is not true"
    return ""


def _last_word(found):
    """The sentence about the lab that a last line ends with; without one, the last lines themselves."""
    lines = [*found["told"][-1:], *found["said"][-1:]]
    return next((word for word in SAYS for line in lines if line.endswith(word)), " / ".join(lines))


def serve(kind, *, report=False):
    """Performs the cases of a `kind` that are read from standard input, as many at once as the arguments say.

    Without `report` its page is left out, which takes longer than the restoration.
    """
    at_once = int(sys.argv[1])
    without_browser()
    if not report:
        reports.render = lambda *_: ""
    vocabulary()
    under_way = {}
    with TemporaryDirectory(prefix="kunren-divided-") as scratch:
        site = _site(Path(scratch))
        for number, line in enumerate(sys.stdin):
            case, folder = kind(**json.loads(line)), Path(scratch) / str(number)
            folder.mkdir()
            child = os.fork()
            if child == 0:
                _perform(case, folder, site)
            under_way[child] = (case, folder)
            if len(under_way) == at_once:
                _answer(under_way)
        while under_way:
            _answer(under_way)


def _answer(under_way):
    child, status = os.wait()
    case, folder = under_way.pop(child)
    sys.stdout.write(f"{json.dumps(_outcome(case, status, folder))}\n")
    sys.stdout.flush()
    shutil.rmtree(folder)


class Prepared:
    """The process that performs cases of one kind, `at_once` many at a time."""

    def __init__(self, process, at_once):
        self._process = process
        self._at_once = at_once

    def end_of(self, case):
        """How one case ended, for a process that performs one at a time."""
        assert self._at_once == 1
        self._give(case)
        return self._answer()

    def ends(self, cases):
        """How each case ended, in the order in which they end; the process takes no more after them."""
        cases, under_way = iter(cases), 0
        while True:
            for case in islice(cases, self._at_once - under_way):
                self._give(case)
                under_way += 1
            if under_way < self._at_once:
                self._process.stdin.close()
            if not under_way:
                return
            yield self._answer()
            under_way -= 1

    def _give(self, case):
        self._process.stdin.write(f"{json.dumps(dataclasses.asdict(case))}\n")
        self._process.stdin.flush()

    def _answer(self):
        return json.loads(self._process.stdout.readline())


@contextmanager
def prepared(module, at_once=1):
    with subprocess.Popen(
        [sys.executable, "-m", module, str(at_once)],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield Prepared(process, at_once)
        finally:
            process.stdin.close()
            for _ in process.stdout:  # what is under way ends, and its folders with it
                pass
