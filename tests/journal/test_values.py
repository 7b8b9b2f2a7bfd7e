"""Whatever a host, a guest or a page says can be written, and Kunren's own reader reads it back."""

import json
import math
import tempfile
from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime, timedelta, timezone
from enum import Enum, StrEnum
from pathlib import Path
from types import UnionType
from typing import Annotated, Literal, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from journal.course import RestoreBegan
from journal.entries import KINDS, entry_of
from journal.entry import SCHEMA
from journal.form import ASIDE
from journal.masking import Masking
from journal.measured import CanariesRead
from journal.reader import read_journal
from journal.seen import Note
from journal.writer import JournalFile
from lab.clock import SystemClock
from lab.model import scripts
from lab.model.calls import redacted_answer
from lab.model.json_values import DEEPER, DEEPEST, indented, writable
from lab.model.zones import TimeZone
from tests.journal.sample_entries import call
from words import Quoted, Text, Told

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


def written(*said):
    """A journal of calls with these values for an argument, as Kunren's reader has them."""
    with tempfile.TemporaryDirectory() as folder:
        with JournalFile(Path(folder), clock=SystemClock(), wall=SystemClock()) as journal:
            for value in said:
                journal.write(call(arguments={"said": value}))
        return [line.entry().arguments["said"] for line in read_journal(journal.path).lines]


def as_documented(value, depth=2):
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
@settings(suppress_health_check=[HealthCheck.too_slow])
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
    said = CanariesRead(asked=moment, present={}, problem=None).to_json(zone)["asked"]
    assert datetime.fromisoformat(said).year in (1, 9999)


def test_times_are_those_of_the_zone():
    with tempfile.TemporaryDirectory() as folder:
        zone = TimeZone("+09:00", timezone(timedelta(hours=9)))
        with JournalFile(Path(folder), clock=SystemClock(), wall=SystemClock(), zone=zone) as journal:
            journal.write(Note(text=Quoted("")))
        [line] = read_journal(journal.path).lines
    assert line.fields["at"].endswith("+09:00")
    assert line.fields["wall"].endswith("+09:00")


@pytest.mark.parametrize("value", [object(), b"bytes", {1, 2}, [object()], {"a": [b"x"]}])
def test_what_cannot_be_encoded_is_an_error_and_leaves_a_readable_journal(tmp_path, value):
    with JournalFile(tmp_path, clock=SystemClock(), wall=SystemClock()) as journal:
        journal.write(Note(text=Quoted("before")))
        with pytest.raises(TypeError, match="which is not JSON"):
            journal.write(Note(text=Quoted(value)))
        journal.write(Note(text=Quoted("after")))
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
        journal.write(Note(text=Quoted("first")))
        file = journal._file
        journal._file = Interrupted(file, after)
        with pytest.raises(KeyboardInterrupt):
            journal.write(Note(text=Quoted("interrupted")))
        journal._file = file
        journal.write(Note(text=Quoted("last")))
    found = read_journal(journal.path)
    assert (found.broken, found.unchained) == (None, False)
    texts = [line.fields["text"] for line in found.lines]
    assert texts == ["first", *(["interrupted"] if kept else []), "last"]


MOMENTS = {"at": "2012-09-25T13:00:00.000+00:00", "wall": "2012-09-25T13:00:00.000+00:00"}
BY_TYPE = {
    str: texts,
    Told: texts.map(Quoted) | st.builds(Text, texts, texts),
    int: st.integers(),
    float: st.floats(0, 1e10),
    bool: st.booleans(),
    datetime: st.datetimes(timezones=st.just(UTC)),
    timedelta: st.timedeltas(timedelta(), timedelta(days=1000)),
}
OTHERWISE = {  # where not every value of the type can stand
    "Call.answer": (answers | deep).map(redacted_answer),
    "Error.text": st.text(min_size=1, max_size=9).map(Quoted),
    "RunBegan.objectives": st.fixed_dictionaries({"rto_s": st.floats(0, 1e9)}),
    "RunBegan.schema": st.just(SCHEMA),
    "RunBegan.drills": st.just(()),
    "Wait.not_yet": st.none() | st.just(timedelta()),
    "ProbingBegan.interval_s": st.floats(1, 1e9),
    "ProbingBegan.confirmations": st.integers(1, 9),
    "Probed.sent_s": st.floats(0, 9),
    "Probed.ended_s": st.floats(9, 1e9),
}


def of_type(hint):
    """Any value of a field of an entry, by its type."""
    kind = get_args(hint)[0] if get_origin(hint) is Annotated else hint
    origin, inner = get_origin(kind), get_args(kind)
    if kind in BY_TYPE:
        return BY_TYPE[kind]
    if origin in {Union, UnionType}:
        return answers if len(inner) > 2 else st.none() | of_type(inner[0])
    if origin is Literal:
        return st.sampled_from(inner)
    if origin is tuple:
        return st.lists(of_type(inner[0]), max_size=3).map(tuple)
    if origin is not None:
        return st.dictionaries(texts, of_type(inner[1]), max_size=3)
    return st.sampled_from(list(kind)) if issubclass(kind, Enum) else filled(kind)


def filled(kind):
    hints = get_type_hints(kind, localns=vars(scripts), include_extras=True)
    names = [each.name for each in fields(kind) if ASIDE not in getattr(hints[each.name], "__metadata__", ())]
    return st.builds(kind, **{name: OTHERWISE.get(f"{kind.__name__}.{name}", of_type(hints[name])) for name in names})


@pytest.mark.parametrize("what", KINDS)
@given(data=st.data(), secret=st.text(min_size=1, max_size=12))
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=settings.default.max_examples // 2)
def test_no_entry_that_was_written_is_refused_whatever_hosts_say_and_passwords_are(what, data, secret):
    entry = data.draw(filled(KINDS[what]))
    plain = entry.to_json()
    assert entry_of({"n": 1, **MOMENTS, "what": what, **plain}).to_json() == plain
    with tempfile.TemporaryDirectory() as folder:
        clock, masking = SystemClock(), Masking([secret])
        with JournalFile(Path(folder), clock=clock, wall=clock, masking=masking) as journal:
            journal.write(entry)
        [line] = read_journal(journal.path).lines
    assert line.entry().n == 1


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(plain)
def test_what_is_indented_is_what_json_dumps_makes(value):
    assert indented(value) == json.dumps(value, ensure_ascii=False, indent=1)


class Word(StrEnum):
    ACT = "act"


def test_a_word_of_an_enumeration_is_written_and_told_as_a_plain_text(tmp_path):
    heard = []
    with JournalFile(tmp_path, clock=SystemClock(), wall=SystemClock()) as journal:
        journal.listen(heard.append, RestoreBegan)
        journal.write(RestoreBegan(mode="auto", acts=(Word.ACT,)))
    assert [type(act) for entry in heard for act in entry.acts] == [str]
