import time

import pytest

from journal.seen import Phase
from lab.model.probing import Acknowledgement, Layer, Mark, Result, Track
from reports import RecordUnreadable, write_reports
from reports.load import load_record
from tests.reports.journals import lines_of, rewrite
from tests.reports.measured import BEGAN, FAULT, MENDED, TRACKS, varied, write_measured


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    folder = tmp_path_factory.mktemp("measured")
    write_measured("measured-en", folder)
    return folder


def test_what_was_measured_is_found_in_its_drill(measured):
    (drill,) = load_record(measured).drills
    measurement = drill.measurement
    assert [(mark.mark, (mark.at.lab - drill.began.lab).total_seconds()) for mark in measurement.marks[:2]] == [
        (Mark.FAULT, FAULT - 2),
        (Mark.FAULT_ENDED, MENDED - 2),
    ]
    probing = measurement.probing
    assert probing.schedule.confirmations == 3
    assert (probing.origin - drill.began.lab).total_seconds() == BEGAN - 2
    assert [(track.layer.value, track.of) for track in probing.probes] == list(TRACKS)
    writes = probing.probes[Track(Layer.WRITE)]
    assert [probe.number for probe in writes] == list(range(1, len(writes) + 1))
    assert writes[0].canary.acknowledgement is Acknowledgement.ACKNOWLEDGED
    assert {probe.result for probe in writes} == {Result.OK, Result.FAILED}
    assert [read.present[writes[0].canary.title] for read in measurement.readings] == [1, 1]
    assert measurement.removed.left == 0
    assert [(each.host, each.moment) for each in measurement.clocks] == [
        ("MASTER", Phase.BEFORE),
        ("REPLICA", Phase.BEFORE),
        ("MASTER", Phase.AFTER),
        ("REPLICA", Phase.AFTER),
    ]
    assert measurement.clocks[1].offset.total_seconds() < 0


def test_a_track_may_have_an_interval_of_its_own(measured, tmp_path):
    tracks = [{"layer": layer, "of": of} for layer, of in TRACKS]
    tracks[0]["interval_s"] = 15.0
    changed(tmp_path, measured, "probing.began", {"tracks": tracks})
    every = load_record(tmp_path).drills[0].measurement.probing.every
    assert list(every.values()) == [15.0, *[5.0] * (len(TRACKS) - 1)]


def test_probes_are_in_no_list_of_steps(measured):
    drill = load_record(measured).drills[0]
    assert len(drill.everything) < 40


def changed(folder, measured, what, change):
    """The journal with the first entry of a kind changed; a field that is given as None is taken out."""
    lines = lines_of(measured)
    number = next(n for n, line in enumerate(lines) if line["what"] == what)
    lines[number] = {name: value for name, value in (lines[number] | change).items() if value is not ...}
    rewrite(folder, lines)
    return number + 1


@pytest.mark.parametrize(
    ("what", "change", "sentence"),
    [
        ("probing.began", {"interval_s": 0}, "this schedule allows no probes"),
        ("probing.began", {"confirmations": 0}, "this schedule allows no probes"),
        ("probing.began", {"tracks": [{"layer": "soul"}]}, "'layer' is 'soul', not one of"),
        ("probing.began", {"origin": "noon"}, "is not an ISO 8601 time"),
        ("probe", {"of": "elsewhere"}, "no such series was to be probed"),
        ("probe", {"layer": 7}, "'layer' is 7, not one of"),
        ("probe", {"number": "one"}, "'number' is missing or not a whole number"),
        ("probe", {"result": "fine"}, "'result' is 'fine', not one of"),
        ("probe", {"sent_s": None}, "a probe that was never sent has a result"),
        ("probe", {"ended_s": 0}, "a probe ended before it was sent"),
        ("probe", {"due_s": -1}, "'due_s' is not a length of time"),
        ("probe", {"canary": {"title": "x"}}, "'acknowledgement' is None, not one of"),
        ("mark", {"mark": "birthday"}, "'mark' is 'birthday', not one of"),
        ("canaries.read", {"present": {"Kunren 0001": "once"}}, "not a whole number"),
        ("canaries.removed", {"left": ...}, "'left' is missing"),
        ("clock.offset", {"offset_ms": "late"}, "'offset_ms' is not a length of time"),
        ("clock.offset", {"within_ms": -1}, "'within_ms' is not a length of time"),
    ],
)
def test_a_measurement_that_is_not_as_promised_is_refused_with_its_line(what, change, sentence, measured, tmp_path):
    line = changed(tmp_path, measured, what, change)
    with pytest.raises(RecordUnreadable, match=sentence) as refusal:
        load_record(tmp_path)
    assert f"Line {line} " in str(refusal.value)


@pytest.mark.parametrize("what", ["probing.began", "probe", "probing.ended"])
def test_nothing_is_measured_twice(what, measured, tmp_path):
    lines = lines_of(measured)
    number = next(n for n, line in enumerate(lines) if line["what"] == what)
    rewrite(tmp_path, [*lines[: number + 1], *lines[number:]])
    with pytest.raises(RecordUnreadable, match=f"Line {number + 2} "):
        load_record(tmp_path)


@pytest.mark.parametrize("what", ["probe", "mark", "clock.offset"])
def test_what_was_measured_belongs_to_a_drill(what, measured, tmp_path):
    lines = lines_of(measured)
    stray = next(line for line in lines if line["what"] == what)
    rewrite(tmp_path, [lines[0], stray, *lines[1:]])
    with pytest.raises(RecordUnreadable, match=r"Line 2 .* it belongs to no drill"):
        load_record(tmp_path)


def test_probes_before_probing_are_refused(measured, tmp_path):
    lines = [line for line in lines_of(measured) if line["what"] != "probing.began"]
    rewrite(tmp_path, lines)
    with pytest.raises(RecordUnreadable, match="no such series was to be probed"):
        load_record(tmp_path)


def test_a_journal_of_twenty_thousand_probes_is_read_and_reported_in_a_few_seconds(tmp_path):
    varied("measured-ja", tmp_path, interval=0.415)
    began = time.process_time()
    written = write_reports(tmp_path)
    assert time.process_time() - began < 3
    assert sum(map(len, load_record(tmp_path).drills[0].measurement.probing.probes.values())) > 20_000
    assert written.record.stat().st_size < 60_000
