"""None"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import jsonschema
import pytest

from journal.course import Outcome
from journal.entry import Instant
from reports import write_reports
from reports.load import load_record
from reports.record import plain
from tests.reports.golden import SCHEMA, VALIDATOR, written
from tests.reports.journals import rewritten
from tests.reports.measured import MEASURED, write_measured
from tests.reports.pages import page_of, part
from tests.reports.samples import SAMPLES, write_sample


def test_the_schema_allows_nothing_it_does_not_describe(tmp_path):
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    record = json.loads(written("passed-en", tmp_path).record.read_text(encoding="utf-8"))
    record["drills"][0]["chapters"][0]["steps"][0]["remark"] = "unforeseen"
    with pytest.raises(jsonschema.ValidationError):
        VALIDATOR.validate(record)


@pytest.mark.parametrize("name", SAMPLES)
def test_the_same_journal_gives_the_same_record(name, tmp_path):
    write_sample(name, tmp_path)
    first = write_reports(tmp_path).record.read_bytes()
    assert write_reports(tmp_path).record.read_bytes() == first


@pytest.mark.parametrize("name", MEASURED)
def test_records_of_measured_drills_are_as_the_schema_has_them(name, tmp_path):
    write_measured(name, tmp_path)
    record = json.loads(write_reports(tmp_path).record.read_text(encoding="utf-8"))
    VALIDATOR.validate(record)


MOMENT = datetime(2026, 1, 15, 3, 4, 5, 678_900, tzinfo=UTC)


@dataclass(frozen=True)
class Thing:
    took: timedelta
    outcome: Outcome
    inner: tuple[object, ...]


def test_values_are_told_as_json_has_them_at_any_depth():
    assert plain({"thing": Thing(timedelta(seconds=1.5), Outcome.PASSED, (MOMENT, 0.1 + 0.2, None, "text"))}) == {
        "thing": {"took": 1.5, "outcome": "passed", "inner": ["2026-01-15T03:04:05.678+00:00", 0.3, None, "text"]}
    }


def test_an_instant_is_both_of_its_clocks():
    both = {"lab": "2026-01-15T03:04:05.678+00:00", "wall": "2026-01-15T03:04:05.678+00:00"}
    assert plain([Instant(MOMENT, MOMENT)]) == [both]


def test_objects_of_a_type_may_be_told_otherwise_wherever_they_stand():
    thing = Thing(timedelta(), Outcome.FAILED, ())
    assert plain({"a": [thing]}, {Thing: lambda each, _: each.outcome.name}) == {"a": ["FAILED"]}


def test_a_drill_of_the_night_bears_the_date_of_the_site(tmp_path):
    write_sample("passed-en", tmp_path)
    rewritten(
        tmp_path,
        lambda entry: (
            {**entry, "wall": entry["wall"].replace("2026-01-15T03", "2026-01-14T17")}
            | ({"time_zone": "+09:00"} if entry["what"] == "run.began" else {})
        ),
    )
    assert "2026-01-15 02:04:05 (UTC+09:00)" in part(page_of(tmp_path)[0], '<p class="kicker">', "</p>")


def test_a_journal_of_before_has_nobody_named_and_is_told_in_its_labs_zone(tmp_path):
    write_sample("passed-en", tmp_path)
    new = ("time_zone", "operator", "digests")
    rewritten(tmp_path, lambda entry: {name: value for name, value in entry.items() if name not in new})
    record = load_record(tmp_path)
    assert (record.operator, record.digests, record.time_zone) == (None, None, "")
    kicker = part(page_of(tmp_path)[0], '<p class="kicker">', "</p>")
    assert "2026-01-15 12:04:05 (UTC+09:00)" in kicker
    assert "drill-01" not in kicker
