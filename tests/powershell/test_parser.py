"""The parser against the real one: outlines of trees recorded by golden/record_syntax.ps1."""

import json
import re
import time
from pathlib import Path

import pytest

from powershell.parser import parse
from powershell.syntax import (
    AssignmentStatementAst,
    CommandAst,
    CommandExpressionAst,
    ExpandableStringExpressionAst,
    ParseError,
    PipelineAst,
    StringConstantExpressionAst,
    UnsupportedSyntax,
    VariableExpressionAst,
)
from tests.powershell.outline import outline

RECORDED = [
    json.loads(line)
    for line in (Path(__file__).parent / "golden" / "syntax.jsonl").read_text(encoding="utf-8").splitlines()
]
WELL_FORMED = [record for record in RECORDED if not record["faults"]]
FAULTY = [record for record in RECORDED if record["faults"]]


def utf16(text):
    """The offset in UTF-16 units of every character, as the real parser counts."""
    offsets = [0]
    for character in text:
        offsets.append(offsets[-1] + (2 if character > "\uffff" else 1))
    return [*offsets, offsets[-1] + 1, offsets[-1] + 2]


@pytest.mark.parametrize("record", WELL_FORMED, ids=lambda record: record["script"][:40])
def test_a_well_formed_script_has_the_tree_that_powershell_gives_it(record):
    assert record["script"].isascii() or all(character <= "\uffff" for character in record["script"])
    assert outline(parse(record["script"])) == sorted(_known(line).rstrip() for line in record["nodes"])


def _known(line):
    """Of strings the tree does not keep the kind, nor the text that is expanded."""
    line = re.sub(r"^(StringConstantExpressionAst \S+) \w+", r"\1", line)
    return re.sub(r"(?s)^(ExpandableStringExpressionAst \S+) .*", r"\1", line)


@pytest.mark.parametrize("record", FAULTY, ids=lambda record: record["script"][:40])
def test_a_faulty_script_has_the_faults_that_powershell_finds(record):
    with pytest.raises(ParseError) as caught:
        parse(record["script"])
    offsets = utf16(record["script"])
    found = [
        [
            fault.error_id,
            fault.message,
            offsets[fault.extent.start_offset],
            offsets[fault.extent.end_offset],
            fault.incomplete,
        ]
        for fault in caught.value.faults
    ]
    assert found == record["faults"][: 1 if caught.value.incomplete else None]


def only_statement(script):
    block = parse(script).end_block
    assert block is not None
    (statement,) = block.statements
    return statement


def test_a_string_is_cut_into_its_literal_pieces_and_expressions():
    statement = only_statement('"a`t$x.y$(1)b"')
    expression = statement.pipeline_elements[0].expression
    assert isinstance(expression, ExpandableStringExpressionAst)
    first, variable, dot, nested, last = expression.parts
    assert (first, dot, last) == ("a\t", ".y", "b")
    assert isinstance(variable, VariableExpressionAst)
    assert nested.extent.text == "$(1)"


def test_a_variable_in_a_string_takes_every_letter_that_follows():
    expression = only_statement('"$名前様 x"').pipeline_elements[0].expression
    assert expression.parts[0].variable_path.user_path == "名前様"


def test_quotes_that_word_processors_make_are_quotes():
    expression = only_statement("“it’s $x”").pipeline_elements[0].expression
    assert isinstance(expression, ExpandableStringExpressionAst)
    assert expression.parts[0] == "it’s "


def test_dashes_that_word_processors_make_begin_parameters():
    command = only_statement("Get-VM –Name Garoon").pipeline_elements[0]
    assert isinstance(command, CommandAst)
    assert command.command_elements[1].parameter_name == "Name"


def test_an_assigned_expression_stands_without_its_pipeline():
    assert isinstance(only_statement("$x = 1").right, CommandExpressionAst)
    assert isinstance(only_statement("$x = Get-VM").right, PipelineAst)


def test_a_second_equals_sign_is_the_name_of_a_command():
    statement = only_statement("$x = = 1")
    assert isinstance(statement, AssignmentStatementAst)
    name = statement.right.pipeline_elements[0].command_elements[0]
    assert isinstance(name, StringConstantExpressionAst)
    assert name.value == "="


@pytest.mark.parametrize(
    "script",
    [
        "class A { }",
        "enum E { a }",
        "workflow W { }",
        "configuration C { }",
        "data { 'a' }",
        "cmd --% a | b",
        "using namespace System.Text",
        "foreach -parallel ($x in 1) { }",
        "#requires -Version 4.0",
        "trap { }",
        ":outer while (1) { break outer }",
        "break outer",
        "filter f { $_ }",
        "function f { dynamicparam { } }",
        "function f { clean { } }",
        "[List[int]]::new()",
        "[int[,]] $x",
        "[ValidateSet(1)] $x = 1",
        "$using:x",
        "Get-VM -- -x",
        "Get-VM | x; | y",
        '"`u{D83D}"',
        "(" * 2000,
    ],
)
def test_what_the_engine_does_not_have_is_refused_with_its_line(script):
    with pytest.raises(UnsupportedSyntax, match=r"^line 1: "):
        parse(script)


def test_columns_are_counted_in_utf16_units():
    assert parse("'😀' + $x").extent.source.position(6) == (1, 8)


def test_two_hundred_lines_are_parsed_in_a_moment():
    line = "$r%d = @(Get-VM -Name $n | Where-Object { $_.State -eq 'Running' -and $_.Uptime -gt [timespan]'1:00' })"
    script = "\n".join(line % number for number in range(200))
    parse.cache_clear()
    start = time.process_time()
    parse(script)
    assert time.process_time() - start < 1, "some 50 ms on the machine it was written on"
