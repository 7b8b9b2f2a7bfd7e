"""JSON text as PowerShell 7 writes and reads it."""

from __future__ import annotations

import pytest

from powershell.instances import Hashtable, OrderedDictionary, PSCustomObject
from powershell.jsontext import JsonOptions, JsonWriter, UnsupportedJson, read_json
from powershell.values import DateTime, Int64, TimeSpan, Version, type_name
from tests.powershell.test_formatting import Bags


def written(value, **options):
    return JsonWriter(Bags(), JsonOptions(compress=True, **options)).write(value)


def test_numbers_keep_their_kind():
    assert written([1, 1.0, 1e20, 0.1, Int64(2**40), True, None]) == "[1,1.0,1E+20,0.1,1099511627776,true,null]"


def test_control_and_line_separators_are_escaped_and_nothing_else():
    assert written("a\"\\\n\0\u2028</&'日本😀") == '"a\\"\\\\\\n\\u0000\\u2028</&\'日本😀"'


def test_dates_carry_their_kind():
    ticks = 639_309_061_230_000_000
    assert [written(DateTime(ticks, kind)) for kind in range(3)] == [
        '"2026-11-22T01:02:03"',
        '"2026-11-22T01:02:03Z"',
        '"2026-11-22T01:02:03+00:00"',
    ]


def test_what_lies_deeper_than_depth_becomes_text():
    nested = Hashtable([("a", Hashtable([("b", PSCustomObject({"c": 1}))]))])
    writer = JsonWriter(Bags(), JsonOptions(depth=1, compress=True))
    assert writer.write(nested) == '{"a":{"b":"@{c=1}"}}'
    assert writer.truncated


def test_indented_text_is_laid_out_by_two_blanks():
    value = OrderedDictionary([("list", [1]), ("empty", []), ("none", Hashtable())])
    text = JsonWriter(Bags(), JsonOptions()).write(value)
    assert text == '{\n  "list": [\n    1\n  ],\n  "empty": [],\n  "none": {}\n}'


def test_read_numbers_are_int64_or_double():
    values = read_json("[1, 1.0, 1e3]")
    assert [type_name(value) for value in values] == [
        "System.Int64",
        "System.Double",
        "System.Double",
    ]


def test_a_day_alone_stays_a_string():
    assert read_json('"2026-11-22"') == "2026-11-22"


@pytest.mark.parametrize(
    "text", ["{'a':1}", '{"a":1,}', "[1,2", '{"a":NaN}', "// c\n1", "abc", '{"a":1,"A":2}', '"2026-11-22T01:02:03"']
)
def test_what_the_real_reader_words_in_its_own_way_is_refused(text):
    with pytest.raises(UnsupportedJson):
        read_json(text)


class Parts(Bags):
    def get(self, value, name):
        return f"{type(value).__name__}.{name}"


@pytest.mark.parametrize("value", [TimeSpan(5), Version((1, 2))])
def test_time_spans_and_versions_are_written_with_their_properties(value):
    text = JsonWriter(Parts(), JsonOptions(compress=True)).write(value)
    assert text.startswith('{"Ticks":"TimeSpan.Ticks"' if isinstance(value, TimeSpan) else '{"Major":"Version.Major"')
