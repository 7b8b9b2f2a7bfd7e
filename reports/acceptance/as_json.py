"""A comparison as one object of JSON, for programs; its shape is reports/schema/comparison.schema.json."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from journal.record import DrillRecord
from lab.model.bounds import Length
from reports import judge
from reports.acceptance.differences import Difference, Expected, Ruling, rule
from reports.acceptance.result import Acceptance, ComparedSurrounding
from reports.acceptance.spread import Spread
from reports.owning import environment_of
from reports.page.figures import Figures
from reports.record import Otherwise, fields_of, plain

SCHEMA = 1


def to_json(acceptance: Acceptance, ruling: Ruling | None = None, spread: Sequence[Spread] = ()) -> str:
    """One line; ASCII, so that nothing in it can be taken for a command by a terminal."""
    return json.dumps(_acceptance(acceptance, ruling or rule(acceptance), spread), ensure_ascii=True)


def _acceptance(acceptance: Acceptance, ruling: Ruling, spread: Sequence[Spread]) -> dict[str, Any]:
    runs, counted = acceptance.runs, acceptance.figures
    return {
        "schema": SCHEMA,
        "environment": environment_of(runs.record).value,
        "verdict": ruling.verdict.value,
        "tolerance": plain(acceptance.tolerance),
        "baseline": _run(runs.baseline, counted.baseline),
        "record": _run(runs.record, counted.record),
        "surroundings": plain(acceptance.surroundings, OTHERWISE),
        "remarks": [remark.value for remark in acceptance.remarks],
        "drills": plain(acceptance.drills, OTHERWISE),
        "missing": list(acceptance.missing),
        "added": list(acceptance.added),
        "differences": [
            _difference(each.difference) | {"consequences": [_difference(one) for one in each.consequences]}
            for each in ruling.causes
        ],
        "accepted": [_difference(found) | _expected(by) for found, by in ruling.accepted],
        "spread": [_spread(each) for each in spread],
        "unused": [_expected(each) for each in ruling.unused],
        "expired": [_expected(each) for each in ruling.expired],
    }


def _difference(found: Difference) -> dict[str, Any]:
    return {"drill": found.drill, "step": found.step, "what": found.what, "verdict": found.verdict.value}


def _spread(found: Spread) -> dict[str, Any]:
    lengths = {name: plain(getattr(found, name), OTHERWISE) for name in ("runs", "range", "record")}
    about = {"drill": found.drill, "part": found.part.value, "of": found.of or None}
    return {**about, **lengths, "standing": found.standing.value}


def _expected(by: Expected) -> dict[str, Any]:
    named = {"drill": by.drill, "step": by.step, "texts": list(by.texts)}
    return {"expected": by.difference, "who": by.who, "why": by.why, "until": by.until.isoformat(), "of": named}


def _surrounding(compared: ComparedSurrounding, _: Otherwise) -> dict[str, Any]:
    return {
        "what": compared.what.value,
        "of": list(compared.of),
        "baseline": compared.told.baseline or None,
        "record": compared.told.record or None,
        "differs": compared.differs,
    }


def _run(run: DrillRecord, counted: Figures) -> dict[str, Any]:
    return {
        "journal": run.journal.sha256,
        "began": run.began.wall.isoformat(timespec="milliseconds"),
        "language": run.language,
        "kunren": run.tools.kunren,
        "outcome": judge.verdict(run).outcome.value,
        "lab_seconds": counted.lab_took.total_seconds(),
        **fields_of(counted, "calls", "actions", "round_trips"),
    }


def _length(length: Length, _: Otherwise) -> dict[str, float | None]:
    upper = None if length.upper is None else round(length.upper, 3)
    return {"lower": round(length.lower, 3), "upper": upper}


OTHERWISE: Otherwise = {ComparedSurrounding: _surrounding, Length: _length}
