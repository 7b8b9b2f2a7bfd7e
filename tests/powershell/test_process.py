"""powershell.exe as a process: command line, streams, exit codes."""

from __future__ import annotations

import pytest

from powershell.process import parse_command_line
from tests.powershell.terminal import encoded, run


@pytest.mark.parametrize(
    ("script", "code"),
    [("'fine'", 0), ("exit 5", 5), ("throw 'x'", 1), ("Write-Error x", 1), ("Write-Error x; 'fine'", 0), ("1 +", 1)],
)
def test_the_exit_code_is_that_of_exit_or_of_the_last_statement(script, code):
    assert run("-NoProfile", "-Command", script)[0] == code


def test_output_goes_to_stdout_and_errors_as_text_to_stderr():
    _, terminal = run("-NoProfile", "-Command", "'one'; Write-Warning 'two'; 1/0")
    assert terminal.out == "one\r\nWARNING: two\r\n"
    assert terminal.errors.startswith("Attempted to divide by zero.\r\nAt line:1 char:29\r\n")


def test_errors_of_an_encoded_command_are_one_clixml_document():
    _, terminal = run("-NoProfile", "-EncodedCommand", encoded("1/0"))
    assert terminal.errors.startswith("#< CLIXML\r\n<Objs ")
    assert '<S S="Error">Attempted to divide by zero._x000D__x000A_</S>' in terminal.errors


def test_errors_of_an_encoded_command_are_text_when_text_is_asked_for():
    _, terminal = run("-OutputFormat", "Text", "-EncodedCommand", encoded("1/0"))
    assert terminal.errors.startswith("Attempted to divide by zero.\r\n")


def test_words_without_an_option_are_a_command():
    assert parse_command_line(("-nop", "-ep", "Bypass", "Get-VM", "-Name", "x")).script == "Get-VM -Name x"


def test_an_unknown_option_ends_in_the_usage_code():
    code, terminal = run("-Nonsense")
    assert code == 64
    assert "'-Nonsense' is not recognized" in terminal.errors


def test_the_console_encoding_reaches_the_console():
    _, terminal = run("-Command", "[Console]::OutputEncoding = New-Object System.Text.UTF8Encoding $false")
    assert terminal.output_code_page == 65001
