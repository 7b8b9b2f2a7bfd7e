"""Folders of records as operators keep them, and their history."""

from datetime import UTC, datetime, timedelta

from reports.history import Now, read_history
from reports.history.index import FILE, Index
from tests.reports.recorded import write_lines
from tests.reports.runs import run_of

FIRST = datetime.fromisoformat("2025-06-01T10:00:00+09:00")
NOW = datetime(2025, 12, 1, tzinfo=UTC)
OLD, NEW = "14393.6709", "14393.7070"


def add(folder, name, day=0, *, template="passed-en", record="", **about):
    """A record of a run that many days after the first."""
    lines = run_of(template, record=record or f"R-{name}", began=FIRST + timedelta(days=day), **about)
    write_lines(folder / name, lines)
    return folder / name


def history_of(folder, *, index=None, thorough=False, **known):
    with Index(index or folder / FILE) as kept:
        return read_history(folder, kept, Now(**{"moment": NOW, "features": {}, **known}), thorough=thorough)


def standings(history):
    return {each.place: each.standing.value for each in history.listed}


def reason(history, place):
    return next(str(each.reason) for each in history.listed if each.place == place)


def patched(folder):
    """Two runs on real hosts, which got another Windows in between."""
    add(folder, "before", 0, template="host-failure-ja", build=OLD, real=True)
    add(folder, "after", 90, template="switchover-en", build=NEW, real=True, updates={"KB5070": "2025-08-12"})
    return folder
