import json
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal.course import Outcome
from journal.seen import Call
from reports import RecordUnreadable, judge, write_reports
from reports.load import load_record
from tests.reports.golden import VALIDATOR
from tests.reports.journals import lines_of, rewrite
from tests.reports.samples import write_sample


@pytest.fixture(scope="module")
def passed(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("passed")
    write_sample("passed-ja", folder)
    return folder


@pytest.fixture(scope="module")
def scratch(passed, tmp_path_factory) -> Path:
    """With the evidence of the run that passed, and whatever journal a test puts there."""
    folder = tmp_path_factory.mktemp("scratch")
    shutil.copytree(passed / "evidence", folder / "evidence")
    return folder


def test_everything_is_found_where_it_happened(passed):
    record = load_record(passed)
    (drill,) = record.drills
    assert judge.verdict(record).outcome is Outcome.PASSED
    assert [step.number for step in drill.steps] == list(range(1, 13))
    (action,) = [each for each in drill.steps[3].activities if isinstance(each, Call) and each.changes]
    assert action.arguments["Command"] == "Switchover-Scenario"
    assert drill.restoration
    assert drill.restoration.restored


def test_a_drill_is_timed_on_its_own_lab_and_not_on_the_clock_before(passed):
    (drill,) = load_record(passed).drills
    assert drill.began.lab.isoformat() == "2012-09-25T22:00:00.150000+09:00"
    assert (drill.last.lab - drill.began.lab).total_seconds() < 600


@given(st.data())
def test_a_journal_cut_at_any_byte_is_read_and_has_not_passed(passed, scratch, data):
    content = (passed / "journal.jsonl").read_bytes()
    cut = data.draw(st.integers(0, len(content) - 1))
    (scratch / "journal.jsonl").write_bytes(content[:cut])
    if b"\n" not in content[:cut]:
        with pytest.raises(RecordUnreadable, match="nothing to report"):
            load_record(scratch)
        return
    record = load_record(scratch)
    verdict = judge.verdict(record)
    assert verdict.outcome is not Outcome.PASSED
    assert verdict.interrupted
    assert len(record.drills[0].steps) == 12


def test_a_report_is_written_wherever_a_journal_ends(passed, scratch):
    lines = (passed / "journal.jsonl").read_bytes().splitlines(keepends=True)
    for end in range(1, len(lines), 37):
        (scratch / "journal.jsonl").write_bytes(b"".join(lines[:end]) + lines[end][:7])
        made = write_reports(scratch, first=True)
        assert made.verdict.outcome is not Outcome.PASSED
        VALIDATOR.validate(json.loads(made.record.read_text(encoding="utf-8")))


def test_only_the_missing_last_newline_keeps_a_run_from_having_passed(passed, scratch):
    content = (passed / "journal.jsonl").read_bytes()
    (scratch / "journal.jsonl").write_bytes(content[:-1])
    assert judge.verdict(load_record(scratch)).outcome is Outcome.UNKNOWN
    (scratch / "journal.jsonl").write_bytes(content)
    (scratch / "record.json").unlink(missing_ok=True)
    assert judge.verdict(load_record(scratch)).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "has no entries"),
        (b"\x89PNG\r\n\x1a\n\0\0", "is not JSON"),
        (b"\xff\xfe\n", "is not JSON"),
        (b"[1, 2]\n", "is not an object"),
        (b'{"n": 1, "what": "note"}\n', "does not begin with the start of a run"),
        (b'{"n": 1, "what": "run.began", "schema": 2}\n', "reads schema 1"),
        (b'{"n": 2, "what": "run.began", "schema": 1}\n', "lines are missing or have been moved"),
        (b'{"n": 1, "what": "run.began", "schema": NaN}\n', "is not JSON"),
        (b'{"n": 1, "a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}\n", "is not JSON"),
    ],
)
def test_what_is_no_journal_is_refused_in_one_sentence(content, sentence, tmp_path):
    (tmp_path / "journal.jsonl").write_bytes(content)
    with pytest.raises(RecordUnreadable, match=sentence) as refusal:
        load_record(tmp_path)
    assert "\n" not in str(refusal.value)


def test_a_folder_without_a_journal_is_refused_in_one_sentence(tmp_path):
    with pytest.raises(RecordUnreadable, match="cannot be read: No such file"):
        load_record(tmp_path)


@pytest.mark.parametrize(
    ("what", "change", "sentence"),
    [
        ("step.began", {"step": 99}, "the plan has no step"),
        ("step.ended", {"outcome": "fine"}, "not one of passed, failed"),
        ("call", {"lab_ms": -1}, "not a length of time"),
        ("call", {"changes": 1}, "neither true nor false"),
        ("wait", {"not_yet_s": 9999}, "after the last one had ended"),
        ("wait", {"at": "yesterday"}, "not an ISO 8601 time"),
        ("wait", {"wall": "2026-01-01T00:00:00"}, "no offset"),
        ("evidence", {"bytes": "many"}, "not a whole number"),
        ("state", {"machines": {"MASTER": "Garoon"}}, "not a list of the right kind"),
        ("restore.began", {"what": "restore.ended"}, "without its beginning"),
        ("run.began", {"language": "de"}, "not one of en, ja"),
    ],
)
def test_an_entry_that_is_not_as_promised_is_named_by_its_line(passed, tmp_path, what, change, sentence):
    lines = lines_of(passed)
    number = next(n for n, line in enumerate(lines) if line["what"] == what)
    lines[number] |= change
    rewrite(tmp_path, lines)
    with pytest.raises(RecordUnreadable, match=sentence) as refusal:
        load_record(tmp_path)
    assert f"Line {number + 1} " in str(refusal.value)


@pytest.mark.parametrize("doubled", ["drill.began", "step.began", "step.ended", "run.ended"])
def test_nothing_begins_or_ends_twice(passed, tmp_path, doubled):
    lines = lines_of(passed)
    number = next(n for n, line in enumerate(lines) if line["what"] == doubled)
    rewrite(tmp_path, [*lines[: number + 1], *lines[number:]])
    with pytest.raises(RecordUnreadable):
        load_record(tmp_path)


def test_a_line_taken_out_is_noticed(passed, tmp_path):
    lines = (passed / "journal.jsonl").read_bytes().splitlines(keepends=True)
    (tmp_path / "journal.jsonl").write_bytes(b"".join(lines[:30] + lines[31:]))
    with pytest.raises(RecordUnreadable, match=r"Line 31 .* lines are missing"):
        load_record(tmp_path)


def test_an_unknown_kind_of_entry_is_named_in_the_report(passed, tmp_path):
    lines = lines_of(passed)
    rewrite(tmp_path, [*lines[:5], lines[5] | {"what": "tremor"}, *lines[5:]])
    made = write_reports(tmp_path, "en")
    assert load_record(tmp_path).journal.unread == ("tremor",)
    assert "cannot read; they are omitted here: tremor" in made.html.read_text(encoding="utf-8")


def test_half_a_surrogate_pair_does_not_keep_a_report_from_being_written(passed, tmp_path):
    lines = lines_of(passed)
    lines[0]["site"]["name"] = "\ud83d half"
    rewrite(tmp_path, lines)
    assert "\ufffd half" in write_reports(tmp_path).html.read_text(encoding="utf-8")
