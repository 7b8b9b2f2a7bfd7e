"""Golden comparisons of two runs each, as `kunren compare` prints them. They are written as the golden reports are."""

import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

from rich.console import Console

from kunren.records.compare import show
from reports.acceptance.as_json import to_json
from reports.acceptance.differences import rule
from reports.acceptance.result import Acceptance, Pair
from reports.acceptance.sheet import Held
from reports.load import load_record
from tests.readable import json_lines
from tests.reports.compared import held, later, otherwise, written
from tests.reports.measured import varied
from words import words_of

GOLDEN = Path(__file__).parent / "golden"
FOLDERS = Pair(str(Path("records/before")), str(Path("records/after")))


def sample(folder: Path, *changed: Any) -> Acceptance:
    return held(written(folder / "record", *changed), written(folder / "baseline", change=list))


def measured(folder: Path) -> Acceptance:
    """Of two failures of the master host, the second of which loses more, and more than it may."""
    for name, sample_name, changes in (("baseline", "measured-en", {}), ("record", "missed-ja", {"rto": 600.0})):
        (folder / name).mkdir(parents=True)
        varied(sample_name, folder / name, **changes)
    return held(load_record(folder / "record"), load_record(folder / "baseline"))


PAIRS = {
    "slower": lambda folder: sample(folder, "slower-en"),
    "otherwise": lambda folder: sample(folder, "passed-en", lambda lines: otherwise(later(lines))),
    "measured": measured,
}


def shown(acceptance: Acceptance, language: str, *, terminal: bool = False) -> str:
    out = StringIO()
    held = Held(acceptance=acceptance, ruling=rule(acceptance), folders=FOLDERS)
    show(held, words_of(language), Console(file=out, width=160, force_terminal=terminal))
    return out.getvalue()


def forms(name: str, folder: Path) -> Iterator[tuple[str, str]]:
    """Each golden file by its name. The journals differ by machine in nothing, and so do these."""
    found = PAIRS[name](folder)
    yield "comparison.json", json_lines(json.loads(to_json(found))) + "\n"
    yield from ((f"{language}.txt", shown(found, language)) for language in ("en", "ja"))


COMPARISONS = dict.fromkeys(PAIRS, forms)
