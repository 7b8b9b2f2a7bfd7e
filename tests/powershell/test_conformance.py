"""The embedded engine against a real one: each recorded script is answered alike, or refused where it is pinned so.

`pytest -k dates-012` runs one case; `python -m tests.powershell.conformance --pin` pins what has changed on purpose.
"""

from __future__ import annotations

import pytest

from tests.powershell.conformance import compare
from tests.powershell.recordings import FOLDER, Status, load, pinned

CASES = load()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_case(case):
    now = compare(case)
    assert now.differences == ()
    assert now.status is case.status, now.refusal


def test_each_case_has_an_id_of_its_own_which_begins_with_the_topic_of_its_file():
    ids = [case.id for case in CASES]
    assert len(set(ids)) == len(ids)
    assert {each.rpartition("-")[0] for each in ids} == {path.stem for path in FOLDER.glob("*.json")}


def test_nine_in_ten_cases_are_answered():
    assert sum(case.status is Status.AGREES for case in CASES) > 0.9 * len(CASES)


def test_a_pin_changes_the_status_of_its_case_and_nothing_else():
    lines = (FOLDER / "dates.json").read_text(encoding="utf-8").splitlines()
    changed = [pinned(line, {"dates-008": Status.REFUSED}) for line in lines]
    assert [old for old, new in zip(lines, changed, strict=True) if old != new] == [lines[3]]
    assert changed[3] == lines[3].replace('"status": "agrees"', '"status": "refused"', 1)
