"""powershell.exe as a process: command line, streams, exit codes, and Kunren's resident inside it."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

import lab.scripts
from powershell.host import PowerShell
from powershell.process import parse_command_line
from tests.powershell.engine_under_test import StoppedClock

RESIDENT = (Path(lab.scripts.__file__).parent / "Resident.ps1").read_text(encoding="utf-8")


class Terminal:
    """What a process sees of its console: lines in, text out."""

    def __init__(self, lines=()):
        self.environment = {}
        self.lines = list(lines)
        self.out = ""
        self.errors = ""
        self.input_code_page = self.output_code_page = 437

    def read_line(self):
        return self.lines.pop(0) if self.lines else None

    def write(self, text):
        self.out += text

    def write_error(self, text):
        self.errors += text

    def checkpoint(self):
        pass


def encoded(script):
    return base64.b64encode(script.encode("utf-16-le")).decode("ascii")


def run(*arguments, lines=()):
    terminal = Terminal(lines)
    code = PowerShell((), StoppedClock(), "HV1").run(arguments, terminal)
    return code, terminal


def requests(*scripts):
    for number, (script, arguments) in enumerate(scripts):
        request = json.dumps({"id": str(number), "script": script, "arguments": arguments})
        yield base64.b64encode(request.encode("utf-8")).decode("ascii")


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


def test_the_resident_answers_each_request_with_one_line():
    lines = requests(
        ("1 + 1", {}),
        ('param($Name) "名前 $Name"', {"Name": "日本"}),
        ("throw 'broken'", {}),
        ("$leak = 1", {}),
        ("$leak", {}),
    )
    code, terminal = run("-EncodedCommand", encoded(RESIDENT), lines=lines)
    answers = [json.loads(line.removeprefix("\x1e")) for line in terminal.out.split("\r\n") if line]
    assert code == 0
    assert [answer["id"] for answer in answers] == ["0", "1", "2", "3", "4"]
    assert answers[0]["output"] == [2]
    assert answers[1]["output"] == ["名前 日本"]
    assert answers[2]["error"]["message"] == "broken"
    assert answers[4]["output"] in ([], [None])
