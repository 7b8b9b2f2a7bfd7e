"""`kunren report`: writes the report of a record again."""

from __future__ import annotations

from pathlib import Path

import reports
from kunren.exits import Exit, Stop
from reports import RecordUnreadable
from steps.vocabulary import Language


def rewrite(record: Path, language: Language | None) -> Path:
    try:
        return reports.write_reports(record, language).html
    except RecordUnreadable as error:
        raise Stop(Exit.USAGE, str(error)) from error
    except OSError as error:
        raise Stop(Exit.USAGE, f"The report cannot be written to {record}: {error.strerror}.") from error
