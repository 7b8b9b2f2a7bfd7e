"""Tokens and numbers by themselves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from powershell.parser import parse
from powershell.parsing.lexer import Lexer
from powershell.parsing.numbers import NUMBER, number_of
from powershell.parsing.scanner import FaultList
from powershell.parsing.tokens import END_OF_INPUT, Mode
from powershell.syntax import ParseError, Source, UnsupportedSyntax
from powershell.values import Int64


def kinds(text, mode):
    lexer = Lexer(text, None, FaultList(Source(text)))
    lexer.mode = mode
    found = []
    while (token := lexer.next_token()).kind != END_OF_INPUT:
        found.append((token.kind, token.text))
    return found


def test_the_mode_decides_what_a_dash_begins():
    assert kinds("-eq 5", Mode.EXPRESSION) == [("-eq", "-eq"), ("Number", "5")]
    assert kinds("-eq 5", Mode.COMMAND) == [("Parameter", "-eq"), ("Number", "5")]


def test_a_number_with_more_behind_it_is_a_bareword_in_a_command():
    assert kinds("7zip 7 1..3", Mode.COMMAND) == [("Generic", "7zip"), ("Number", "7"), ("Generic", "1..3")]
    assert kinds("1..3", Mode.EXPRESSION) == [("Number", "1"), ("..", ".."), ("Number", "3")]


def test_case_variants_of_operators_are_kept_apart():
    assert [kind for kind, _ in kinds("-eq -IEQ -CeQ –eq", Mode.EXPRESSION)] == ["-eq", "-ieq", "-ceq", "-eq"]


def test_blanks_comments_and_continued_lines_are_no_tokens():
    assert kinds("a <# b\n #> `\n c # d", Mode.COMMAND) == [("Identifier", "a"), ("Identifier", "c")]


def test_the_ideographic_space_separates():
    assert [text for _, text in kinds("Get-VM　東京　大阪", Mode.COMMAND)] == ["Get-VM", "東京", "大阪"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("42", 42),
        ("2147483648", Int64(2147483648)),
        ("-2147483648", -2147483648),
        ("0xFFFFFFFF", -1),
        ("0x80000000", -2147483648),
        ("0x1FFFFFFFF", Int64(0x1FFFFFFFF)),
        ("1kb", 1024),
        ("4GB", Int64(4294967296)),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("1l", Int64(1)),
        ("1x", None),
    ],
)
def test_a_literal_has_the_value_and_the_type_that_powershell_gives_it(text, value):
    match = NUMBER.fullmatch(text)
    found = match and number_of(match)
    assert (type(found), found, str(found)) == (type(value), value, str(value))


@pytest.mark.parametrize(
    "text", ["1u", "0b101", "1n", "300uy", "1.50d", "2.5l", "9223372036854775808", "9223372036854775808l"]
)
def test_other_literals_are_refused_as_values_and_as_arguments(text):
    with pytest.raises(UnsupportedSyntax, match=f"the number {text}"):
        parse(text)
    with pytest.raises(UnsupportedSyntax, match=f"the number {text}"):
        parse(f"Get-VM {text}")


FRAGMENTS = """
    if else foreach in while do try catch finally switch function param return -eq -and -join $x $_ " ' @" "@ @' '@ $(
    @( @{ ${ :: .. ++ -- += ?? ?. ?[ && || 2>&1 > *> [int] [int]:: -a: # <# #> ` 1kb 0x 1.5 .5 begin process end using
    trap throw break exit filter { } ( ) [ ] ; , | & . : = + - * / % ! ? < > ^ ~ 日 “ ” ‘ ’ – \0 𠮷 --%
"""
SCRIPTS = st.lists(
    st.sampled_from(FRAGMENTS.split()) | st.sampled_from(" \n\r\t\u3000") | st.text(max_size=3), max_size=30
).map("".join)


def outcome(script):
    try:
        return parse(script)
    except (ParseError, UnsupportedSyntax) as refusal:
        return refusal


@given(SCRIPTS)
def test_any_text_is_parsed_or_refused(script):
    result = outcome(script)
    if isinstance(result, ParseError):
        assert result.faults[0].message
    elif isinstance(result, UnsupportedSyntax):
        assert str(result).startswith("line ")
    else:
        assert result.extent.text == script
