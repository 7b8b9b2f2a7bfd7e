"""The embedded engine against a real one: no recorded script may differ, and four in five must agree."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.powershell.conformance import Comparison, Verdict, compare
from tests.powershell.recordings import load

LEAST_AGREEMENT = 0.8
FAULT = "the engine failed"


@pytest.fixture(scope="module")
def comparisons() -> list[Comparison]:
    return [compare(case) for case in load()]


def test_no_recorded_script_differs_silently(comparisons):
    different = {c.case.name: c.differences for c in comparisons if c.verdict is Verdict.DIFFERENT}
    assert different == {}


def test_four_in_five_recorded_scripts_agree(comparisons, record_property):
    counts = Counter(comparison.verdict for comparison in comparisons)
    for verdict in Verdict:
        record_property(verdict.value, counts[verdict])
    assert counts[Verdict.AGREED] >= LEAST_AGREEMENT * len(comparisons)


def test_no_recorded_script_ends_in_a_fault_of_the_engine(comparisons):
    faults = {
        c.case.name: c.answer.ended_by.message
        for c in comparisons
        if c.answer.ended_by and FAULT in c.answer.ended_by.message
    }
    assert faults == {}
