"""When a run was, and who ran it, as the report says it."""

from __future__ import annotations

from datetime import datetime

from journal.record import DrillRecord
from words import Words


def moment(at: datetime, record: DrillRecord, words: Words) -> str:
    """In the site's time zone, with its offset from UTC."""
    there = record.local(at)
    return f"{words.moment(there)} ({words.offset(there)})"


def span(record: DrillRecord, words: Words) -> str:
    """From the first to the last entry on the controller's clock."""
    began, last = record.local(record.began.wall), record.local(record.last.wall)
    end = words.clock(last) if began.date() == last.date() else words.moment(last)
    return words("particular.span", begin=words.moment(began), end=end, offset=words.offset(began))


def ran_by(record: DrillRecord, words: Words) -> str:
    operator = record.operator
    return words("environment.operator_told", login=operator.login, controller=operator.controller) if operator else ""
