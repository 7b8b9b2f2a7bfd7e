"""cmd.exe in a WinRS shell: its few commands, PowerShell's arguments, and the sentence for everything else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.simulator.hosts.cmd import CommandInterpreter, split_arguments
from lab.simulator.hosts.console import Console
from lab.simulator.timeline import Jumping, SimulatedClock, Timeline


class Recorder:
    """An engine that writes the arguments it was started with, one a line."""

    def run(self, arguments, console):
        console.write("".join(f"{argument}\n" for argument in arguments))
        return 5

    def open_runspace(self):
        raise AssertionError("cmd.exe opens no runspace")


def answer(line, *, user="kunren", direct=False):
    """Exit code, stdout and stderr of one command line."""
    timeline = Timeline(datetime(2012, 9, 25, tzinfo=UTC))
    console = Console(SimulatedClock(timeline, Jumping(timeline)), environment={"Drill": "4-1"})
    interpreter = CommandInterpreter("MASTER", user, Recorder())
    run = interpreter.run_directly if direct else interpreter.run
    console.exchange.start(lambda: run(line, console), "cmd")
    received = console.exchange.receive(timedelta(seconds=1), 1_000_000)
    streams = {"stdout": b"", "stderr": b""}
    for chunk in received.chunks:
        streams[chunk.stream] += chunk.data
    return received.exit_code, streams["stdout"].decode(), streams["stderr"].decode()


@pytest.mark.parametrize(
    ("line", "output"),
    [
        ("hostname", "MASTER\r\n"),
        ("HOSTNAME.EXE", "MASTER\r\n"),
        ("whoami", "master\\kunren\r\n"),
        ("ver", "\r\nMicrosoft Windows [Version 10.0.14393]\r\n"),
        ("echo  two  words ", " two  words\r\n"),
        ("echo", "ECHO is on.\r\n"),
        ("echo.", "\r\n"),
        ("echo %computername% %Drill% %none%", "MASTER 4-1 %none%\r\n"),
        ("echo a&echo b", "a\r\nb\r\n"),
        ('echo "a & b"', '"a & b"\r\n'),
        ("hostname && echo yes || echo no", "MASTER\r\nyes\r\n"),
        ("exit 3 && echo unheard & echo heard", "heard\r\n"),
        ("set dr", "Drill=4-1\r\n"),
        ("cmd /c hostname", "MASTER\r\n"),
        ("rem nothing", ""),
        ("", ""),
    ],
)
def test_what_it_does_itself(line, output):
    assert answer(line) == (0, output, "")


def test_a_domain_user_is_told_as_such():
    assert answer("whoami", user="KUNREN\\svc-rha")[1] == "kunren\\svc-rha\r\n"


def test_the_exit_code_is_the_last_command_s():
    assert answer("hostname & exit /b 7")[0] == 7


@pytest.mark.parametrize("program", ["powershell", "PowerShell.exe", '"powershell"', "C:\\Windows\\powershell.exe"])
def test_powershell_gets_its_arguments(program):
    line = f'{program} -NoProfile -Command "Get-VM | Out-String" a\\\\b \\"q\\"'
    assert answer(line) == (5, '-NoProfile\n-Command\nGet-VM | Out-String\na\\\\b\n"q"\n', "")


def test_without_cmd_operators_are_arguments():
    assert answer("powershell a & b", direct=True)[1] == "a\n&\nb\n"
    assert answer("hostname", direct=True)[0] == 1


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("dir", "'dir' is not recognized as an internal or external command,\r\noperable program or batch file.\r\n"),
        ("echo a > b", "The simulated cmd.exe does not do redirections.\r\n"),
        ("hostname | sort", "The simulated cmd.exe does not do pipes.\r\n"),
        ("set a=b", "The simulated cmd.exe does not do assignments.\r\n"),
        ("set nothing", "Environment variable nothing not defined\r\n"),
        ("x" * 8192, "The command line is too long.\r\n"),
    ],
)
def test_what_it_cannot_do_it_says(line, complaint):
    code, _, errors = answer(line)
    assert (code, errors) == (1, complaint)


@pytest.mark.parametrize(
    ("line", "arguments"),
    [
        ("a b  c", ["a", "b", "c"]),
        ('a "b c" d', ["a", "b c", "d"]),
        ('"" x', ["", "x"]),
        (r"a\b c\\ d", [r"a\b", "c\\\\", "d"]),
        (r'"a\\" b', ["a\\", "b"]),
        (r'"a\"b" c', ['a"b', "c"]),
        ('a"b c"d', ["ab cd"]),
        ('"a""b"', ['a"b']),
        ("", []),
        ("   ", []),
    ],
)
def test_a_command_line_is_split_as_a_windows_program_does(line, arguments):
    assert split_arguments(line) == arguments


@given(st.lists(st.text(st.sampled_from('ab \\"\t'), max_size=8), min_size=1, max_size=5))
def test_arguments_quoted_by_the_rules_come_back(arguments):
    """Quoting as subprocess.list2cmdline does it for CreateProcess."""
    from subprocess import list2cmdline

    assert split_arguments(list2cmdline(arguments)) == arguments
