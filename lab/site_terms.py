"""What a site file says of how a drill is measured and judged: objectives, probes, and what may differ afterwards."""

from __future__ import annotations

from lab.model.objectives import Objectives
from lab.model.probing import ProbeSchedule
from lab.model.state import may_name
from lab.model.subject import Subject
from lab.toml_table import Table

_USUAL = ProbeSchedule(interval=5, timeout=5, confirmations=3)
_LONGEST = 300
_MOST_CONFIRMATIONS = 10


def objectives(top: Table) -> Objectives:
    table = top.table("objectives", "rto_seconds and rpo_seconds", {})

    def seconds(key: str, what: str) -> float | None:
        return table.positive(key, f"{what}, in seconds") if key in table else None

    found = Objectives(
        rto_s=seconds("rto_seconds", "how long users may be without Garoon"),
        rpo_s=seconds("rpo_seconds", "of how long users' last work may be lost"),
    )
    table.close()
    return found


def probing(top: Table) -> ProbeSchedule:
    table = top.table("measurement", "interval_seconds, timeout_seconds and confirmations", {})
    schedule = ProbeSchedule(
        interval=_seconds(table, "interval_seconds", _USUAL.interval),
        timeout=_seconds(table, "timeout_seconds", _USUAL.timeout),
        confirmations=_confirmations(table),
    )
    table.close()
    return schedule


def may_differ(top: Table, subject: Subject) -> frozenset[str]:
    table = top.table("restoration", "may_differ", {})
    subjects = table.texts("may_differ", "what may differ after a drill", ())
    hosts = (subject.master, subject.replica)
    unknown = next((each for each in subjects if not may_name(each, hosts)), None)
    if unknown is not None:
        host = subject.replica
        table.refuse(
            "may_differ",
            f"has {unknown!r}, which no comparison of states prints",
            f'write it as "{host}/GUEST", "{host} switch/NAME", "{host} service/NAME" or "RHA/SCENARIO"',
        )
    table.close()
    return frozenset(subjects)


def _seconds(table: Table, key: str, usual: float) -> float:
    seconds = table.positive(key, "a number of seconds", usual)
    if seconds > _LONGEST:
        table.refuse(key, f"is {seconds:g}", f"write at most {_LONGEST} seconds")
    return seconds


def _confirmations(table: Table) -> int:
    what = f"how many good answers in a row are a recovery, from 1 to {_MOST_CONFIRMATIONS}"
    value = table.positive("confirmations", what, _USUAL.confirmations)
    if not value.is_integer() or value > _MOST_CONFIRMATIONS:
        table.refuse("confirmations", f"is {value:g}", f"write {what}")
    return int(value)
