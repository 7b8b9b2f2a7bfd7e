"""Objects into lines, against what a real engine made of the same objects."""

from __future__ import annotations

import decimal
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from powershell.conversion import to_text
from powershell.dotnet.number_text import format_number
from powershell.formatting.cells import head, tail, width, wrap
from powershell.formatting.parameters import PropertyArgument
from powershell.formatting.position import position_message
from powershell.formatting.rendering import Renderer
from powershell.formatting.shaping import FormatRequest, Formatter
from powershell.formatting.views import BUILT_IN, Views
from powershell.formatting.writers import fit_columns
from powershell.instances import PSCustomObject, ScriptBlock
from powershell.syntax import Extent, Source
from powershell.values import Int64, type_name

GOLDEN = json.loads((Path(__file__).parent / "golden" / "formatting.json").read_text(encoding="utf-8"))["cases"]


class Bags:
    """Property bags without a runtime behind them."""

    enumeration_limit = 4
    error_view = "NormalView"

    def type_names(self, value: Any) -> Sequence[str]:
        return [type_name(value)]

    def properties(self, value: Any, *, extended_first: bool = False) -> Sequence[str]:
        return [member.name for member in value.members.values()] if isinstance(value, PSCustomObject) else []

    def own_name(self, value: Any, name: str) -> str | None:
        member = value.members.get(name.lower())
        return None if member is None else member.name

    def default_properties(self, value: Any) -> Sequence[str]:
        return []

    def get(self, value: Any, name: str) -> Any:
        member = value.members.get(name.lower())
        return None if member is None else member.value

    def evaluate(self, block: ScriptBlock, underscore: Any) -> Any:
        raise AssertionError(block.text)

    def text(self, value: Any) -> str:
        return to_text(value)

    def format(self, value: Any, format_string: str) -> str:
        assert isinstance(value, (int, float, decimal.Decimal))
        return format_number(value, format_string)

    def outside(self, construct: str) -> Exception:
        return AssertionError(construct)


def value_of(recorded: Any) -> Any:
    match recorded:
        case list():
            return [value_of(item) for item in recorded]
        case dict():
            return PSCustomObject({name: value_of(value) for name, value in recorded.items()})
        case bool():
            return recorded
        case int():
            return Int64(recorded)
    return recorded


def request_of(case: dict[str, Any]) -> FormatRequest | None:
    properties = tuple(PropertyArgument(expression=name) for name in case["properties"])
    return {
        "": None,
        "table": FormatRequest(kind="table"),
        "tableauto": FormatRequest(kind="table", auto_size=True),
        "tablewrap": FormatRequest(kind="table", wrap=True),
        "tableprops": FormatRequest(kind="table", properties=properties),
        "hide": FormatRequest(kind="table", hide_header=True),
        "list": FormatRequest(kind="list"),
    }[case["kind"]]


@pytest.mark.parametrize("case", GOLDEN, ids=range(len(GOLDEN)))
def test_objects_are_laid_out_as_by_the_real_engine(case):
    bags, views = Bags(), Views(list(BUILT_IN))
    values = [value_of(recorded) for recorded in case["objects"]]
    request = request_of(case)
    if request is not None:
        formatter = Formatter(bags, views, request)
        values = [packet for value in values for packet in formatter.feed(value)] + list(formatter.end())
    lines: list[str] = []
    renderer = Renderer(bags, views, case["width"], lines.append)
    for value in values:
        renderer.feed(value)
    renderer.end()
    assert [*lines, ""] == case["text"]


def test_wide_characters_count_two_cells():
    assert width("サーバー1") == 9
    assert head("サーバー", 5) == "サー"
    assert tail("サーバー", 5) == "バー"


def test_long_words_break_and_long_lines_wrap_after_blanks():
    assert wrap("one two three", 8) == ["one two ", "three"]
    assert wrap("日本語テスト", 5) == ["日本", "語テ", "スト"]


def test_columns_without_room_are_hidden_and_columns_without_width_share_it():
    assert fit_columns([10, 10, 10], 15) == [10, 4, -1]
    assert fit_columns([5, 0, 0], 20) == [5, 7, 6]


def test_a_long_line_is_cut_around_the_fault():
    text = "$e=$null; try { Get-VM nope -ErrorAction Stop } catch { $e=$_ }; $e | fl *; $e | fl -force"
    start = text.index("Get-VM")
    extent = Extent(Source(text), start, start + len("Get-VM nope -ErrorAction Stop"))
    assert position_message(extent).splitlines() == [
        "At line:1 char:17",
        "+ $e=$null; try { Get-VM nope -ErrorAction Stop } catch { $e=$_ }; $e | …",
        "+                 ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~",
    ]
