"""Journals of samples, read and changed."""

import json
from collections.abc import Callable
from pathlib import Path

from journal.course import Site
from journal.record import Drill
from lab.model.objectives import Objectives
from reports.findings import Findings, findings_of
from reports.load import JOURNAL, load_record
from tests.reports.recorded import chained
from tests.reports.samples import write_sample


def lines_of(folder: Path) -> list[dict]:
    return [json.loads(line) for line in (folder / JOURNAL).read_text(encoding="utf-8").splitlines()]


def rewrite(folder: Path, lines: list[dict]) -> None:
    """Numbered anew, with objectives that are fixed for the plan as it is now."""
    head = lines[0]
    if head.get("objectives"):
        fixed = Objectives(rto_s=head["objectives"]["rto_s"], rpo_s=head["objectives"]["rpo_s"])
        head["objectives"]["sha256"] = fixed.sha256([drill["sha256"] for drill in head["drills"]])
    (folder / JOURNAL).write_bytes(b"".join(chained(line | {"n": n} for n, line in enumerate(lines, 1))))


def chained_anew(folder: Path) -> None:
    """As one who knows the format would hide a change."""
    (folder / JOURNAL).write_bytes(b"".join(chained(lines_of(folder))))


def rewritten(folder: Path, change: Callable[[dict], dict | None]) -> None:
    """Each entry as `change` leaves it; an entry of None is left out."""
    changed = map(change, lines_of(folder))
    rewrite(folder, [entry for entry in changed if entry is not None])


def several(folder: Path, sample: str) -> None:
    """Three drills of one run: the sample's, the same again, and one that was never begun."""
    write_sample(sample, folder)
    first, *rest = lines_of(folder)
    (drill,) = first["drills"]
    others = [drill | {"drill": "again", "title": "Again"}, drill | {"drill": "later", "title": "Never begun"}]
    first["drills"] = [drill, *others]
    again = [line | {"drill": "again"} if "drill" in line else line for line in rest[:-1]]
    rewrite(folder, [first, *rest[:-1], *again, rest[-1]])


def probed(folder: Path) -> tuple[Drill, Findings, Site]:
    """The only drill of a run, what was measured in it, and the site."""
    record = load_record(folder)
    (drill,) = record.drills
    found = findings_of(drill)
    assert found
    return drill, found, record.site
