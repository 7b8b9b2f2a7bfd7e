"""Drills of the real command, in processes divided from a prepared one, each with the truth about its simulated lab.

Nothing that takes long to load is loaded twice, so that thousands of drills can be tried.
"""

import dataclasses
import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import reports
from journal.reader import RecordUnreadable
from lab.simulator.garoon.database import FILE_NAME
from lab.simulator.hosts import inventory
from lab.simulator.rha.maintenance import Preparation
from lab.simulator.serving import SimulatedLab
from tests.kunren.commands import run
from tests.kunren.visitor import seldom_probed, without_browser
from words import words_of

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


def _not_rendered():
    """A report takes longer than the restoration."""
    reports.render = lambda *_: ""


def end_of(case, *, report=False):
    """Outcome, output and true state of a drill that `case` prepares; `journal` is its readable part."""
    with TemporaryDirectory(prefix="kunren-divided-") as scratch:
        folder = Path(scratch)
        before = [without_browser, seldom_probed, partial(_watched, folder), partial(case.prepare, folder)]
        before += [] if report else [_not_rendered]
        done = run("drill", case.drill, "--out", folder / "record", before=before, timeout=LONGEST_S)
        return _outcome(case, done, folder)


def ends(cases, at_once, *, report=False):
    """How each case ended, in their order."""
    with ThreadPoolExecutor(at_once) as pool:
        yield from pool.map(partial(end_of, report=report), cases)


def _outcome(case, done, folder):
    kept, left = folder / "truth", folder / "left"
    before, after = json.loads(kept.read_text()) if kept.exists() else (None, None)
    try:
        reports.load_record(folder / "record")
        unreadable = ""
    except RecordUnreadable as error:
        unreadable = str(error)
    journal = folder / "record" / "journal.jsonl"
    return {
        "case": dataclasses.asdict(case),
        "code": done.returncode,
        "told": done.stdout.splitlines(),
        "said": done.stderr.splitlines(),
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
