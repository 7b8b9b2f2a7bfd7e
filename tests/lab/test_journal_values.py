"""Whatever a host, a guest or a page says can be written, and Kunren's own reader reads it back."""

import json
import math
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lab.clock import SystemClock
from lab.journal import JournalFile
from lab.model.calls import CallOutcome, redacted_answer
from lab.model.json_values import DEEPER, DEEPEST, writable
from lab.model.zones import TimeZone
from lab.secrets import Masking
from reports.entries import READERS
from reports.journal import read_journal

texts = st.text(st.characters(codec=None, exclude_categories=()) | st.sampled_from("\0\x1b\x7f\u2028\ud800\udfff\n"))
huge = st.integers(min_value=0, max_value=20_000).map(lambda digits: 10**digits)
leaves = (
    st.none()
    | st.booleans()
    | texts
    | st.integers()
    | huge
    | huge.map(lambda value: -value)
    | st.floats(allow_nan=True, allow_infinity=True)
)
keys = texts | st.integers() | st.none() | st.booleans() | st.floats()
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=4) | st.tuples(inner) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=20,
)


answers = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4), max_leaves=20
)  # what a script answers is JSON: its names are texts


def nested(value, levels, kind):
    for _ in range(levels):
        value = [value] if kind == "list" else {"a": value}
    return value


deep = st.builds(nested, leaves, st.integers(min_value=0, max_value=3000), st.sampled_from(["list", "object"]))


def written(*fields, **named):
    """A journal of notes with these values for a field, as Kunren's reader has it."""
    with tempfile.TemporaryDirectory() as folder:
        with JournalFile(Path(folder), clock=SystemClock(), wall=SystemClock(), **named) as journal:
            for value in fields:
                journal.write("note", text="", said=value)
        return [line.fields["said"] for line in read_journal(journal.path).lines]


def as_documented(value, depth=1):
    """What the documentation says becomes of a value, without the writer's code."""
    if isinstance(value, str):
        return "".join(f"\\u{ord(each):04x}" if 0xD800 <= ord(each) < 0xE000 else each for each in value)
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        kept = abs(value) < 2**1023
        return value if kept else str(value) if abs(value) < 2**2000 else hex(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}[str(value)]
    if depth >= DEEPEST:
        return DEEPER
    if isinstance(value, Mapping):
        return [as_documented(inner, depth + 1) for inner in value.values()]
    return [as_documented(inner, depth + 1) for inner in value]


def without_keys(value):
    match value:
        case dict():
            return [without_keys(inner) for inner in value.values()]
        case list():
            return [without_keys(inner) for inner in value]
        case _:
            return value


@given(st.lists(values | deep, min_size=1, max_size=3))
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=200)
def test_any_value_is_read_back_but_for_the_documented_alterations(fields):
    assert [without_keys(value) for value in written(*fields)] == [as_documented(value) for value in fields]


@given(st.dictionaries(keys, st.integers(0, 9), max_size=6))
def test_no_member_of_an_object_is_lost_whatever_its_key(members):
    [read] = written(members)
    assert list(read.values()) == list(members.values())
    for key, name in zip(members, read, strict=True):
        assert not isinstance(key, str) or as_documented(key) in name


@given(values | deep)
def test_what_is_written_is_strict_json(value):
    text = json.dumps(writable(value), allow_nan=False)
    assert json.loads(text, parse_constant=pytest.fail) == writable(value)
    text.encode("ascii")


@pytest.mark.parametrize("moment", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)])
@pytest.mark.parametrize("hours", [-12, 0, 14])
def test_years_one_and_9999_are_written_in_any_zone(moment, hours):
    zone = TimeZone("there", timezone(timedelta(hours=hours)))
    [said] = written(moment, zone=zone)
    assert datetime.fromisoformat(said).year in (1, 9999)


def test_times_are_those_of_the_zone():
    with tempfile.TemporaryDirectory() as folder:
        zone = TimeZone("+09:00", timezone(timedelta(hours=9)))
        with JournalFile(Path(folder), clock=SystemClock(), wall=SystemClock(), zone=zone) as journal:
            journal.write("note", text="")
        [line] = read_journal(journal.path).lines
    assert line.fields["at"].endswith("+09:00")
    assert line.fields["wall"].endswith("+09:00")


@pytest.mark.parametrize("value", [object(), b"bytes", {1, 2}, [object()], {"a": [b"x"]}])
def test_what_cannot_be_encoded_is_an_error_and_leaves_a_readable_journal(tmp_path, value):
    with JournalFile(tmp_path, clock=SystemClock(), wall=SystemClock()) as journal:
        journal.write("note", text="before")
        with pytest.raises(TypeError, match="which is not JSON"):
            journal.write("note", text=value)
        journal.write("note", text="after")
    assert [line.fields["text"] for line in read_journal(journal.path).lines] == ["before", "after"]


class Interrupted:
    """A file in which Ctrl-C comes after so many bytes of the next line."""

    def __init__(self, file, after):
        self._file = file
        self._after = after

    def write(self, line):
        self._file.write(line[: self._after])
        raise KeyboardInterrupt

    def __getattr__(self, name):
        return getattr(self._file, name)


@pytest.mark.parametrize(("after", "kept"), [(0, False), (7, False), (10_000, True)])
def test_an_entry_that_ctrl_c_interrupts_leaves_no_gap_and_no_half_line(tmp_path, after, kept):
    with JournalFile(tmp_path, clock=SystemClock(), wall=SystemClock()) as journal:
        journal.write("note", text="first")
        file = journal._file
        journal._file = Interrupted(file, after)
        with pytest.raises(KeyboardInterrupt):
            journal.write("note", text="interrupted")
        journal._file = file
        journal.write("note", text="last")
    texts = [line.fields["text"] for line in read_journal(journal.path).lines]
    assert texts == ["first", *(["interrupted"] if kept else []), "last"]


ENTRIES = {
    "call": {
        **dict.fromkeys(("error",), texts),
        "host": st.just("MASTER"),
        "script": st.just("Get-Machine"),
        "arguments": st.dictionaries(texts, values, max_size=3),
        "changes": st.booleans(),
        "outcome": st.sampled_from([each.value for each in CallOutcome]),
        "lab_ms": st.floats(0, 1e10),
        "wall_ms": st.floats(0, 1e10),
        "round_trips": st.integers(0, 9),
        "answer": (answers | deep).map(redacted_answer),
        "stray": st.lists(texts, max_size=3),
    },
    "host": {"host": st.just("H"), **dict.fromkeys(("os", "os_version", "powershell_version", "boot_time"), texts)},
    "product": {"name": st.just("Garoon"), "version": texts, "host": st.just("H")},
    "garoon": {"act": st.just("find"), "by": st.just("http"), "outcome": texts},
    "note": {"text": texts},
    "operator": {"asked": st.just("why"), "answered": texts},
    "wait": {
        "condition": texts,
        "seen": texts,
        "cause": texts,
        "limit_s": st.just(9.0),
        "took_s": st.just(1.0),
        "met": st.booleans(),
    },
    "rha.event": {
        "sequence": st.integers(),
        "severity": st.just("information"),
        **dict.fromkeys(("id", "source", "time", "message"), texts),
    },
}


@given(st.data(), st.sampled_from(sorted(ENTRIES)), st.text(min_size=1, max_size=12))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_no_entry_that_was_written_is_refused_whatever_hosts_say_and_passwords_are(data, what, secret):
    fields = {name: data.draw(said) for name, said in ENTRIES[what].items()}
    with tempfile.TemporaryDirectory() as folder:
        clock, masking = SystemClock(), Masking([secret])
        with JournalFile(Path(folder), clock=clock, wall=clock, masking=masking) as journal:
            journal.write(what, **fields)
        [line] = read_journal(journal.path).lines
    assert READERS[what](line).n == 1
