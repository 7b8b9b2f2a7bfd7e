"""Whatever a host answers, a run ends with a documented code and leaves a record that can be read."""

import re
from functools import partial

import pytest

from lab.drivers.winrm import conversation
from reports.load import load_record
from tests.kunren.conftest import drill_without_browser
from tests.representatives import standing_for_all

OS = rb'("Os": ?")'
ANSWERS = {
    "half a surrogate pair": (OS, rb"\1\\ud800"),
    "controls and NUL": (OS, rb"\1\\u0000\\u001b[2J\\u202e\\u007f"),
    "infinity": (rb'("Os": ?)', rb'"Extra": 1e400, \1'),
    "an integer of 3000 digits": (rb'("Os": ?)', b'"Extra": 1' + 3000 * b"0" + rb", \1"),
    "an integer of 10000 digits": (rb'("Os": ?)', b'"Extra": 1' + 10_000 * b"0" + rb", \1"),
    "nested 300 deep": (rb'("Os": ?)', b'"Extra": ' + 300 * b"[" + 300 * b"]" + rb", \1"),
    "nested 900 deep": (rb'("Os": ?)', b'"Extra": ' + 900 * b'{"a":' + b"1" + 900 * b"}" + rb", \1"),
    "a clock in the year 1601": (rb'("Clock": ?")[^"]*', rb"\g<1>1601-01-01T00:00:00+00:00"),
    "a clock in the year 1": (rb'("Clock": ?")[^"]*', rb"\g<1>0001-01-01T00:00:00+14:00"),
    "a clock in the year 9999": (rb'("Clock": ?")[^"]*', rb"\g<1>9999-12-31T23:59:59.9999999-12:00"),
}


def spoil(pattern, instead):
    parse = conversation._parse
    conversation._parse = lambda candidate, identity: parse(re.sub(pattern, instead, candidate), identity)


@pytest.mark.browser
@pytest.mark.parametrize(
    "answer",
    standing_for_all(ANSWERS, "controls and NUL", "an integer of 10000 digits", "a clock in the year 1601"),
)
def test_a_hostile_answer_ends_in_a_documented_way_and_leaves_a_record(tmp_path, answer):
    done = drill_without_browser(tmp_path / "record", "2-readiness", before=[partial(spoil, *ANSWERS[answer])])
    assert done.code in {0, 3, 4}, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    record = load_record(tmp_path / "record")
    assert record.journal.complete
    assert (tmp_path / "record" / "report.html").exists()
    if "1601" in answer:
        assert done.code == 0, done.stdout + done.stderr
        assert "too far from the controller clock for its times to be compared" in (
            tmp_path / "record" / "journal.jsonl"
        ).read_text(encoding="utf-8")
