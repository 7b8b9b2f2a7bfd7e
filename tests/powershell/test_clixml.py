"""CLIXML as a real engine serializes it."""

from __future__ import annotations

import pytest

from powershell.clixml import CliXml, StreamDocument
from powershell.errors import OutsideSubset
from powershell.instances import ArrayList, Hashtable
from powershell.values import DateTime
from tests.powershell.test_formatting import Bags


class Typed(Bags):
    def type_names(self, value):
        return ["System.Collections.ArrayList", "System.Object"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "<Nil />"),
        (1, "<I32>1</I32>"),
        (True, "<B>true</B>"),
        ("a\n_x0041_b<", "<S>a_x000A__x005F_x0041_b&lt;</S>"),
        (DateTime(639_028_224_000_000_000 + 864_000_000_000), "<DT>2026-01-02T00:00:00</DT>"),
    ],
)
def test_a_primitive_has_an_element_of_its_own(value, expected):
    assert CliXml(Typed()).write(value) == expected


def test_a_list_holds_its_items_and_other_objects_are_refused():
    assert CliXml(Typed()).write(ArrayList(["a"])).endswith("<LST><S>a</S></LST></Obj>")
    with pytest.raises(OutsideSubset, match="Hashtable in CLIXML"):
        CliXml(Typed()).write(Hashtable([("a", 1)]))


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
