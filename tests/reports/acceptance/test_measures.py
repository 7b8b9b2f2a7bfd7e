"""What users had of two drills: outages, where their time went, and losses, as intervals held against each other."""

import pytest

from reports.acceptance import Verdict
from reports.acceptance.lines import rows
from reports.acceptance.result import Measure, Remark
from reports.load import load_record
from tests.reports import measured
from tests.reports.compared import held
from tests.reports.journals import lines_of, rewrite
from tests.reports.measured import COUNTDOWN, varied
from words import words_of


def record(folder, name="measured-en", **changes):
    folder.mkdir(parents=True, exist_ok=True)
    varied(name, folder, **changes)
    return load_record(folder)


@pytest.fixture(scope="module")
def baseline(tmp_path_factory):
    return record(tmp_path_factory.mktemp("baseline"))


def measures(found, measure):
    (drill,) = found.drills
    return [each for each in drill.measures if each.measure is measure]


def verdict_of(found, measure):
    (only,) = measures(found, measure)
    return only.verdict


def weighing(found):
    """The measures that are not the same, and count."""
    (drill,) = found.drills
    return {each.measure: each.verdict for each in drill.measures if each.verdict not in (None, Verdict.SAME)}


def test_other_phases_and_intervals_of_probes_are_no_difference(baseline, tmp_path):
    found = held(record(tmp_path, interval=4.0), baseline)
    assert (found.verdict, weighing(found)) == (Verdict.SAME, {})
    assert len(measures(found, Measure.STRETCH)) == 5


def served_later(monkeypatch, seconds):
    """In truth, entries can be written that much later."""
    downs = measured._downs

    def later(layer, of):
        for begin, end, how in downs(layer, of):
            last = layer == "write" and end == 551.0
            yield begin, end + (seconds if last else 0), how

    monkeypatch.setattr(measured, "_downs", later)


def test_an_outage_that_is_longer_beyond_all_doubt_is_slower_and_the_split_says_where(baseline, tmp_path, monkeypatch):
    served_later(monkeypatch, 120.0)
    found = held(record(tmp_path), baseline)
    assert found.verdict is Verdict.SLOWER
    assert verdict_of(found, Measure.OUTAGE) is Verdict.SLOWER
    (slower,) = [each for each in measures(found, Measure.STRETCH) if each.verdict is not Verdict.SAME]
    assert (slower.ends, slower.verdict) == (("technically up", "users served"), Verdict.SLOWER)
    assert all(step.verdict is Verdict.SAME for part in found.drills[0].chapters for step in part.steps)
    turned = held(baseline, record(tmp_path / "again"))
    assert (turned.verdict, verdict_of(turned, Measure.OUTAGE)) == (Verdict.FASTER, Verdict.FASTER)


def test_an_outage_that_is_longer_by_no_more_than_tolerance_and_probes_leave_open_is_the_same(
    baseline, tmp_path, monkeypatch
):
    served_later(monkeypatch, 30.0)
    assert verdict_of(held(record(tmp_path), baseline), Measure.OUTAGE) is Verdict.SAME


def test_to_leave_users_without_garoon_until_the_restoration_is_another_behaviour_and_never_slower(baseline, tmp_path):
    found = held(record(tmp_path, open=True), baseline)
    (longest,) = measures(found, Measure.OUTAGE)
    assert (found.verdict, longest.verdict, longest.seconds.record.upper) == (
        Verdict.DIFFERENT,
        Verdict.DIFFERENT,
        None,
    )
    assert (longest.open.baseline, longest.open.record) == (False, True)
    assert "at least 11 min, still open when the restoration started" in [
        row.record for row in rows(found, words_of("en"))
    ]
    assert all("users served" not in measure.ends for measure in measures(found, Measure.STRETCH))


def test_two_outages_that_were_both_open_cannot_be_compared(tmp_path):
    found = held(record(tmp_path / "one", open=True), record(tmp_path / "other", open=True, rto=900.0))
    assert verdict_of(found, Measure.OUTAGE) is Verdict.UNKNOWN


def test_to_lose_entries_where_none_was_lost_is_another_behaviour(tmp_path):
    without = record(tmp_path / "without", lost=0)
    found = held(record(tmp_path / "with", lost=1), without)
    assert (found.verdict, verdict_of(found, Measure.LOST)) == (Verdict.DIFFERENT, Verdict.DIFFERENT)
    turned = held(without, record(tmp_path / "again", lost=1))
    assert (turned.verdict, verdict_of(turned, Measure.LOST)) == (Verdict.SAME, Verdict.SAME)


def test_to_lose_one_entry_more_is_within_what_probes_leave_open_and_to_lose_a_minute_is_not(baseline, tmp_path):
    assert weighing(held(record(tmp_path / "one", lost=3), baseline)) == {}
    found = held(record(tmp_path / "minute", lost=13, rpo=None), baseline)
    assert weighing(found) == {Measure.LOSS: Verdict.DIFFERENT}


def test_entries_that_are_there_twice_are_another_behaviour_when_none_was_before(baseline, tmp_path):
    found = held(record(tmp_path, doubled=1), baseline)
    assert weighing(found) == {Measure.DUPLICATED: Verdict.DIFFERENT}


def test_what_could_not_be_read_back_is_unknown(baseline, tmp_path):
    found = held(record(tmp_path, unread="Garoon did not answer.", rpo=None), baseline)
    assert (found.verdict, weighing(found)) == (Verdict.UNKNOWN, {Measure.LOST: Verdict.UNKNOWN})
    (lost,) = measures(found, Measure.LOST)
    assert (lost.told.baseline, lost.told.record) == ("2", "")


def test_probing_that_ended_early_leaves_the_whole_unknown_either_way(baseline, tmp_path):
    early = record(tmp_path, stops=300.0)
    for found in (held(early, baseline), held(baseline, early)):
        assert found.verdict is Verdict.UNKNOWN
        assert verdict_of(found, Measure.PROBING) is Verdict.UNKNOWN
        assert verdict_of(found, Measure.OUTAGE) is Verdict.UNKNOWN


def test_a_drill_that_was_not_probed_is_unknown_beside_one_that_was(baseline, tmp_path):
    record(tmp_path)
    measured = ("prob", "mark", "canaries", "clock")
    rewrite(tmp_path, [line for line in lines_of(tmp_path) if not line["what"].startswith(measured)])
    found = held(load_record(tmp_path), baseline)
    assert (found.verdict, weighing(found)) == (Verdict.UNKNOWN, {Measure.PROBING: Verdict.UNKNOWN})


def test_time_that_people_took_is_told_and_says_nothing_about_the_lab(baseline, tmp_path):
    called = record(tmp_path, called=(COUNTDOWN + 5, COUNTDOWN + 205))
    found = held(called, baseline)
    (human,) = measures(found, Measure.HUMAN)
    assert (human.verdict, human.seconds.record.lower) == (None, pytest.approx(200, abs=3))
    assert {each.verdict for each in measures(found, Measure.STRETCH)} == {None}


def test_an_objective_met_before_and_missed_now_is_another_behaviour_and_another_objective_is_remarked(
    tmp_path, monkeypatch
):
    tight = record(tmp_path / "before", rto=470.0)
    served_later(monkeypatch, 30.0)
    found = held(record(tmp_path / "after", rto=470.0), tight)
    assert verdict_of(found, Measure.OUTAGE) is Verdict.SAME
    assert verdict_of(found, Measure.RTO) is Verdict.DIFFERENT
    other = held(record(tmp_path / "other", rto=400.0), tight)
    assert verdict_of(other, Measure.RTO) is None
    assert Remark.OBJECTIVES in other.remarks
