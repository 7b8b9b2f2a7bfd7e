from datetime import timedelta

from journal.course import Outcome
from reports.load import load_record
from reports.page.figures import count, took
from tests.reports.journals import several
from tests.reports.samples import write_sample


def test_what_was_sent_changed_and_kept_is_counted(tmp_path):
    write_sample("failed-en", tmp_path)
    figures = count(load_record(tmp_path))
    assert (figures.calls, figures.actions, figures.round_trips, figures.evidence) == (110, 5, 224, 4)
    assert figures.drills == {Outcome.FAILED: 1}
    assert figures.steps == {Outcome.PASSED: 8, Outcome.FAILED: 1, Outcome.NOT_RUN: 3}


def test_lab_time_is_added_up_and_a_drill_that_was_never_begun_took_none(tmp_path):
    several(tmp_path, "passed-en")
    record = load_record(tmp_path)
    first, again, later = map(took, record.drills)
    assert (first, later) == (again, timedelta())
    assert count(record).lab_took == 2 * first
