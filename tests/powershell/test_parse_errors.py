"""The text of the exception that a faulty script ends in."""

import pytest

from powershell.parser import parse
from powershell.syntax import ParseError, UnsupportedSyntax


def failure(script):
    with pytest.raises(ParseError) as caught:
        parse(script)
    return caught.value


def test_a_fault_is_shown_with_its_line_and_a_mark():
    error = failure("Get-VM -Name Garoon)")
    assert str(error) == (
        "At line:1 char:20\n"
        "+ Get-VM -Name Garoon)\n"
        "+                    ~\n"
        "Unexpected token ')' in expression or statement."
    )
    assert (error.error_id, error.incomplete) == ("UnexpectedToken", False)


def test_every_fault_is_shown():
    assert str(failure("5 = 1; 1 2")) == (
        "At line:1 char:10\n"
        "+ 5 = 1; 1 2\n"
        "+          ~\n"
        "Unexpected token '2' in expression or statement.\n"
        "\n"
        "At line:1 char:1\n"
        "+ 5 = 1; 1 2\n"
        "+ ~\n"
        "The assignment expression is not valid. The input to an assignment operator must be an object that is able to "
        "accept assignments, such as a variable or a property."
    )


def test_a_script_is_refused_where_powershell_would_look_for_more_errors():
    with pytest.raises(
        UnsupportedSyntax, match=r"^line 1: a script that cannot be parsed \(Missing '\(' after 'if' in"
    ):
        parse("if $x -eq 1 { 'y' }")


@pytest.mark.parametrize(
    ("script", "error_id", "message"),
    [
        ("Get-VM |", "EmptyPipeElement", "An empty pipe element is not allowed."),
        ("if (1) {", "MissingEndCurlyBrace", "Missing closing '}' in statement block or type definition."),
        ("'abc", "TerminatorExpectedAtEndOfString", "The string is missing the terminator: '."),
        ("$x =", "ExpectedValueExpression", "You must provide a value expression following the '=' operator."),
        ("try { 1 }", "MissingCatchOrFinally", "The Try statement is missing its Catch or Finally block."),
    ],
)
def test_a_script_that_ends_too_early_is_incomplete_and_its_text_has_no_place(script, error_id, message):
    error = failure(script)
    assert (error.error_id, str(error), error.incomplete) == (error_id, message, True)


def test_after_ten_faults_the_rest_is_only_mentioned():
    error = failure("; ".join(["1 2"] * 12))
    assert len(error.faults) == 12
    assert str(error).count("At line:1") == 10
    assert str(error).endswith("\n\nNot all parse errors were reported.  Correct the reported errors and try again.")


def test_faults_of_meaning_are_found_in_scripts_that_are_well_formed():
    ids = [failure(script).error_id for script in ("@{a=1;A=2}", "5 = 1", "1++", "foo (@x)", "function f($a,$a) {}")]
    assert ids == [
        "DuplicateKeyInHashLiteral",
        "InvalidLeftHandSide",
        "OperatorRequiresVariableOrProperty",
        "SplattingNotPermitted",
        "DuplicateFormalParameter",
    ]


@pytest.mark.parametrize("clauses", ["catch [Exception] { } catch [IO.IOException] { }", "catch { } catch [A] { }"])
def test_a_second_catch_clause_with_types_is_refused(clauses):
    with pytest.raises(UnsupportedSyntax, match="a second catch clause with types"):
        parse(f"try {{ }} {clauses}")
