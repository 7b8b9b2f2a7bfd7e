"""Metrics are in Prometheus' text format and tell of the last runs of several records, and of no pass that was not."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journal.annotations import Action, Annotations
from journal.course import Environment
from reports.exports import metrics
from reports.load import load_record
from reports.page.annotated import NONE
from tests.reports.samples import write_sample
from words import words_of

LINE = re.compile(
    r'[a-zA-Z_:][a-zA-Z0-9_:]*\{([a-zA-Z_]\w*="([^"\\\n]|\\["\\n])*"(,(?!\})|(?=\})))*\} (\d+(\.\d+)?|\+Inf)'
)
"""A sample as both formats have it."""
WORDS = words_of("en")
OPEN = Annotations((Action(by="a", id="A1", text="t", owner="o", due="2026-12-31"),), "")


def loaded(name, folder, **changes):
    write_sample(name, folder)
    record = load_record(folder)
    for attribute, value in changes.items():
        object.__setattr__(record, attribute, value)
    record.__dict__["simulated"] = record.environment is Environment.SIMULATED
    return record


def values(text, name):
    return {labels[1][1]: value for (each, labels), value in metrics.read(text).items() if each == name}


def of(record, seconds):
    """The same run, so many seconds later."""
    for drill in record.drills:
        drill_last = replace(drill.last, wall=drill.last.wall + timedelta(seconds=seconds))
        object.__setattr__(drill, "last", drill_last)
    object.__setattr__(record, "last", replace(record.last, wall=record.last.wall + timedelta(seconds=seconds)))
    return record


@pytest.mark.parametrize("name", ["host-failure-ja", "hostile-en", "interrupted-ja"])
def test_every_family_stands_together_and_is_a_gauge(name, tmp_path):
    text = metrics.text(loaded(name, tmp_path), OPEN, WORDS)
    assert text.startswith(metrics.head(WORDS))
    assert text.endswith("# EOF\n")
    samples = [line for line in text.splitlines() if not line.startswith("#")]
    assert samples
    assert all(LINE.fullmatch(line) for line in samples)
    assert [line.split()[2:] for line in text.splitlines() if line.startswith("# TYPE")] == [
        [each, "gauge"] for each in metrics.GAUGES
    ]
    names = [line.partition("{")[0] for line in samples]
    assert names == sorted(names, key=metrics.GAUGES.index)


def test_a_pass_on_real_hosts_stays_known_after_a_failure_and_a_simulated_one_is_none(tmp_path):
    simulated = metrics.text(loaded("passed-en", tmp_path / "1"), NONE, WORDS)
    assert values(simulated, "kunren_last_run_passed") == {"simulated": 1}
    assert not values(simulated, metrics.LAST_REAL_PASS)
    passed = metrics.text(loaded("passed-en", tmp_path / "2", environment=Environment.REAL), OPEN, WORDS, simulated)
    failed = of(loaded("failed-en", tmp_path / "3", environment=Environment.REAL), 100)
    text = metrics.text(failed, NONE, WORDS, passed)
    assert values(text, metrics.LAST_REAL_PASS) == values(passed, metrics.LAST_REAL_PASS)
    assert values(text, "kunren_last_run_restored") == {"simulated": 1, "real": 0}
    again = metrics.text(loaded("passed-en", tmp_path / "4", environment=Environment.REAL), OPEN, WORDS, text)
    assert values(again, "kunren_last_run_passed") == {"simulated": 1, "real": 0}, (
        "an older run does not replace a later one"
    )


def test_a_restoration_or_result_that_is_not_known_is_no_pass(tmp_path):
    text = metrics.text(loaded("interrupted-ja", tmp_path), OPEN, WORDS)
    assert set(values(text, "kunren_last_run_passed").values()) == {0}
    assert set(values(text, "kunren_last_run_unknown").values()) == {1}
    assert list(values(text, metrics.OPEN_ACTIONS).values()) == [1]


@settings(max_examples=50, deadline=None)
@given(st.text())
def test_any_label_is_read_as_it_was_written(text):
    labels = metrics._labels({"site": text}, drill="d")
    (line,) = [each for each in metrics._lines({(metrics.LAST_RUN, labels): 1.5}, WORDS) if not each.startswith("#")]
    assert LINE.fullmatch(line.removesuffix("\n"))
    assert metrics.read(line) == {(metrics.LAST_RUN, labels): 1.5}


def test_lines_of_others_are_not_taken(tmp_path):
    with pytest.raises(metrics.NotMetrics):
        metrics.read(metrics.head(WORDS) + "node_load1 0.5\n")
