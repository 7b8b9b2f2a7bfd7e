"""What is judged of the event view of Arcserve RHA: the last integrity test, and what it says of the licence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from drills.preflight.findings import Severity, note, unknown, warning
from drills.preflight.records import READY
from drills.preflight.settings import Judged
from lab.model.replication import RhaEvent
from words import Quoted

LICENCE = re.compile(r"licen[cs]e|ライセンス", re.IGNORECASE)
OLD_TEST = timedelta(days=90)


def events(found: Sequence[RhaEvent] | None, now: datetime, tested: datetime | None, *, testable: bool) -> Judged:
    """`found` is None where no confirmed command lists them; `tested` is by records; times are as events have them.

    A scenario is `testable` unless it is known that it was created without Assured Recovery.
    """
    said = next((each.message for each in reversed(found or ()) if LICENCE.search(each.message)), "")
    if said:
        yield warning("licence", message=Quoted(said))
    else:
        yield unknown("licence", Severity.WARNING)
    if testable:
        yield from _last_test(found, now, tested)


def _last_test(found: Sequence[RhaEvent] | None, now: datetime, tested: datetime | None) -> Judged:
    tests = [each.stamped for each in found or () if each.kind == READY and each.stamped is not None]
    tests += () if tested is None else (tested,)
    if not tests:
        yield unknown("last_test", Severity.WARNING)
    elif now - max(tests) > OLD_TEST:
        yield note("test_old", day=max(tests).date().isoformat(), ago=(now - max(tests)).days)
