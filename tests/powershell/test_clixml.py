"""CLIXML as a real engine serializes it."""

from __future__ import annotations

import pytest

from powershell.clixml import CliXml, StreamDocument
from powershell.values import (
    Char,
    DateTime,
    EnumType,
    Guid,
    Hashtable,
    Int64,
    PSCustomObject,
    TimeSpan,
    Version,
    byte_array,
)
from tests.powershell.test_formatting import Bags

DAY = EnumType("System.DayOfWeek", (("Sunday", 0), ("Monday", 1)))


class Typed(Bags):
    def type_names(self, value):
        if isinstance(value, PSCustomObject):
            return ["System.Management.Automation.PSCustomObject", "System.Object"]
        if isinstance(value, list):
            return ["System.Object[]", "System.Array", "System.Object"]
        return ["System.Collections.Hashtable", "System.Object"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "<Nil />"),
        (1, "<I32>1</I32>"),
        (Int64(5), "<I64>5</I64>"),
        (1.5, "<Db>1.5</Db>"),
        (True, "<B>true</B>"),
        ("a\n_x0041_b<", "<S>a_x000A__x005F_x0041_b&lt;</S>"),
        (Char("c"), "<C>99</C>"),
        (DateTime(639_028_224_000_000_000 + 864_000_000_000), "<DT>2026-01-02T00:00:00</DT>"),
        (TimeSpan(937_845_000_000), "<TS>P1DT2H3M4.5S</TS>"),
        (TimeSpan(0), "<TS>PT0S</TS>"),
        (Guid("0" * 32), "<G>00000000-0000-0000-0000-000000000000</G>"),
        (Version((1, 2)), "<Version>1.2</Version>"),
        (byte_array(b"\x01\x02"), "<BA>AQI=</BA>"),
    ],
)
def test_a_primitive_has_an_element_of_its_own(value, expected):
    assert CliXml(Typed()).write(value) == expected


def test_a_property_bag_names_its_types_once():
    bag = PSCustomObject({"A": 1, "B": "x", "C": None, "D": PSCustomObject({"E": 1})})
    assert CliXml(Typed()).write(bag, depth=2) == (
        '<Obj RefId="0"><TN RefId="0"><T>System.Management.Automation.PSCustomObject</T><T>System.Object</T></TN><MS>'
        '<I32 N="A">1</I32><S N="B">x</S><Nil N="C" /><Obj N="D" RefId="1"><TNRef RefId="0" /><MS><I32 N="E">1</I32>'
        "</MS></Obj></MS></Obj>"
    )


def test_lists_and_dictionaries_hold_their_items():
    assert CliXml(Typed()).write([1, 2]).endswith("<LST><I32>1</I32><I32>2</I32></LST></Obj>")
    assert (
        CliXml(Typed())
        .write(Hashtable([("a", 1)]))
        .endswith('<DCT><En><S N="Key">a</S><I32 N="Value">1</I32></En></DCT></Obj>')
    )


def test_errors_go_to_stderr_line_by_line():
    document = StreamDocument(Typed())
    document.error("Write-Error: two\nlines")
    document.message("warning", "w\tx")
    assert document.text() == (
        '#< CLIXML\n<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">'
        '<S S="Error">Write-Error: two_x000A_</S><S S="Error">lines_x000A_</S><S S="warning">w_x0009_x</S></Objs>'
    )


def test_a_quiet_process_writes_no_document():
    assert StreamDocument(Typed()).text() == ""
