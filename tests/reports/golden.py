"""Golden records and reports. `python -m tests.reports.golden` writes them anew: read the difference, then keep it."""

import tempfile
from pathlib import Path

from reports import Written, write_reports
from tests.reports.measured import MEASURED, write_measured
from tests.reports.samples import write_sample

GOLDEN = Path(__file__).parent / "golden"
NAMES = (
    "passed-en",
    "passed-ja",
    "failed-en",
    "interrupted-ja",
    "hostile-ja",
    "measured-en",
    "missed-ja",
    "unproven-en",
    "open-en",
    "open-ja",
    "spiteful-ja",
)
PARTS = ("record.json", "report.html")


def written(name: str, folder: Path) -> Written:
    (write_measured if name in MEASURED else write_sample)(name, folder)
    return write_reports(folder)


def regenerate() -> None:
    for name in NAMES:
        with tempfile.TemporaryDirectory() as scratch:
            written(name, Path(scratch))
            (GOLDEN / name).mkdir(parents=True, exist_ok=True)
            for part in PARTS:
                (GOLDEN / name / part).write_bytes((Path(scratch) / part).read_bytes())


if __name__ == "__main__":
    regenerate()
