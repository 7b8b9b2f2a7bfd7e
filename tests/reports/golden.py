"""Golden records and reports. `python -m tests.reports.golden` writes them anew: read the difference, then keep it.

Two are kept to the byte, with a digest for each style sheet and the script. Of the others what is kept is the text
that a reader sees and the record without what hosts were asked; the points of the guide that a drill does not touch
stand in those two.
"""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from reports import Written, write_reports
from tests.kunren.golden import COMPARISONS
from tests.kunren.golden import GOLDEN as COMPARED
from tests.readable import json_lines, visible_text
from tests.reports.measured import MEASURED, write_measured
from tests.reports.samples import write_sample
from tests.schemas import validator

Files = Iterator[tuple[str, str]]
GOLDEN = Path(__file__).parent / "golden"
SCHEMA = json.loads(resources.files("reports").joinpath("schema", "record.schema.json").read_text(encoding="utf-8"))
VALIDATOR = validator(SCHEMA)
OWN = ("style.css", "measured.css", "report.js")
WHOLE = ("passed-en", "spiteful-ja")
READ = (
    "passed-ja",
    "failed-en",
    "interrupted-ja",
    "measured-en",
    "missed-ja",
    "unproven-en",
    "open-en",
    "open-ja",
)


def written(name: str, folder: Path) -> Written:
    (write_measured if name in MEASURED else write_sample)(name, folder)
    return write_reports(folder)


def whole(name: str, folder: Path) -> Files:
    record, page = _texts(name, folder)
    for own in OWN:
        text = resources.files("reports").joinpath("templates", own).read_text(encoding="utf-8").rstrip("\n")
        assert text in page
        page = page.replace(text, f"/* {own}: SHA-256 {hashlib.sha256(text.encode()).hexdigest()} */")
    yield "report.html", page
    yield "record.json", json_lines(record) + "\n"


def read(name: str, folder: Path) -> Files:
    record, page = _texts(name, folder)
    yield "report.txt", visible_text(page, without=("tr.quiet",))
    yield "verdict.json", json_lines(_judged(record)) + "\n"


REPORTS: Mapping[str, Callable[[str, Path], Files]] = dict.fromkeys(WHOLE, whole) | dict.fromkeys(READ, read)


def regenerate() -> None:
    for kept, kinds in ((GOLDEN, REPORTS), (COMPARED, COMPARISONS)):
        shutil.rmtree(kept)
        for name, kind in kinds.items():
            (kept / name).mkdir(parents=True)
            with tempfile.TemporaryDirectory() as scratch:
                for file, text in kind(name, Path(scratch)):
                    (kept / name / file).write_bytes(text.encode())


def _texts(name: str, folder: Path) -> tuple[Any, str]:
    """The record as it is read, once its text is known to be that of no other record; and the page."""
    made = written(name, folder)
    text = made.record.read_bytes().decode()
    record = json.loads(text)
    assert text == json.dumps(record, ensure_ascii=False, indent=1) + "\n"
    return record, made.html.read_bytes().decode()


def _judged(value: Any) -> Any:
    match value:
        case dict():
            return {name: _judged(each) for name, each in value.items() if name not in {"activities", "coverage"}}
        case list():
            return [_judged(each) for each in value]
        case _:
            return value


if __name__ == "__main__":
    regenerate()
