"""Text from outside cannot control a terminal, hide or reverse what is read."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.model.text import DISGUISES, one_line, visible

HOSTILE = (
    [chr(code) for code in (*range(9), *range(0x0B, 0x20), *range(0x7F, 0xA0))]
    + list("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u2028\u2029\u061c\u200b")
    + ["\ud800", "\udc80", "\udfff", "\U000e0001", "\U000e0041", "\U000e007f"]
)


@pytest.mark.parametrize("character", HOSTILE, ids=ascii)
def test_a_character_that_controls_or_hides_is_named(character):
    assert visible(f"a{character}b") == f"a[U+{ord(character):04X}]b"


def test_what_python_calls_printable_needs_no_name():
    assert not [code for code in range(0x110000) if DISGUISES.match(chr(code)) and chr(code).isprintable()]


@given(st.text(st.characters()))
def test_nothing_that_controls_is_left_and_naming_twice_changes_nothing(text):
    shown = visible(text)
    assert not [each for each in shown if unicodedata.category(each) in {"Cc", "Cs", "Zl", "Zp"} and each not in "\t\n"]
    assert not [each for each in shown if unicodedata.bidirectional(each) in {"LRE", "RLE", "LRO", "RLO", "PDF", "RLI"}]
    assert visible(shown) == shown


@given(st.text(st.characters(categories=["L", "N", "P", "Zs"])))
def test_what_people_write_stays(text):
    assert visible(text) == text == one_line(text)


@given(st.text(st.characters()))
def test_one_line_is_one_line(text):
    assert len(one_line(text).splitlines()) <= 1
    assert "\t" not in one_line(text)


def test_lines_are_joined_and_a_tab_is_named():
    assert one_line("The guest\r\n   is off.\n\nStart it.\n") == "The guest is off. Start it."
    assert one_line("a\tb") == "a[U+0009]b"
    assert visible("a\tb\nc") == "a\tb\nc"
