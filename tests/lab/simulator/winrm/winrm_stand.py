"""A small engine for the WinRM tests: scripts of a few words, so that each test says what its process does."""

from __future__ import annotations

import base64
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import winrm
from winrm.protocol import Protocol

from lab.simulator.hosts.console import Console
from lab.simulator.winrm.authentication import Account
from lab.simulator.winrm.listener import WinRmListener
from powershell import Clock, ErrorRecord, PipelineCommand, PipelineStreams, TerminatingError

ACCOUNT = Account("kunren", "訓練-Pa55")
ASCII_ACCOUNT = Account("kunren", "drill-Pa55")
NO_ENVIRONMENT = {"proxy": None, "ca_trust_path": None}


def script_of(arguments: Sequence[str]) -> str:
    """The script text of a powershell command line."""
    flags = [argument.lower() for argument in arguments]
    if "-encodedcommand" in flags:
        return base64.b64decode(arguments[flags.index("-encodedcommand") + 1]).decode("utf-16-le")
    return " ".join(arguments[flags.index("-command") + 1 :])


def repeated(text: str, size: int) -> str:
    return (text * (size // len(text) + 1))[:size]


@dataclass
class WordEngine:
    """Statements are separated by `;`: say, complain, sleep, echo, flood, loop, hang, exit."""

    clock: Clock
    ran: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self, arguments: Sequence[str], console: Console) -> int:
        for statement in script_of(arguments).split(";"):
            word, _, rest = statement.strip().partition(" ")
            with self.lock:
                self.ran.append(word)
            match word:
                case "say":
                    console.write(rest + "\n")
                case "complain":
                    console.write_error(rest + "\n")
                case "sleep":
                    self.clock.spend(timedelta(seconds=float(rest)))
                case "echo":
                    while (line := console.read_line()) is not None:
                        console.write(f"<{line}>\n")
                case "flood":
                    console.write(repeated("訓練 drills ", int(rest)))
                case "loop":
                    while True:
                        self.clock.spend(timedelta(milliseconds=100))
                        console.checkpoint()
                case "hang":
                    console.hang()
                case "utf8":
                    console.output_code_page = console.input_code_page = 65001
                case "exit":
                    return int(rest)
        return 0

    def open_runspace(self) -> WordRunspace:
        return WordRunspace(self.clock)


class WordRunspace:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.stopped = False

    def invoke(self, commands: Sequence[PipelineCommand], streams: PipelineStreams) -> None:
        scripts = [str(value) for command in commands for name, value in command.parameters if name == "Command"] or [
            command.text for command in commands if command.is_script
        ]
        for statement in scripts[0].split(";"):
            word, _, rest = statement.strip().partition(" ")
            match word:
                case "say":
                    streams.output(rest)
                case "number":
                    streams.output(int(rest))
                case "warn":
                    streams.warning(rest)
                case "complain":
                    streams.error(ErrorRecord.of(rest, "Complaint", "InvalidData"))
                case "throw":
                    raise TerminatingError(ErrorRecord.of(rest, "Thrown"))
                case "flood":
                    streams.output(repeated("訓練 drills ", int(rest)))
                case "loop":
                    while True:
                        self._clock.spend(timedelta(milliseconds=100))
                        streams.verbose("still here")

    def stop(self) -> None:
        self.stopped = True


def session(listener: WinRmListener, account: Account = ACCOUNT, **more: object) -> winrm.Session:
    settings = {"transport": "ntlm", "message_encryption": "always", **NO_ENVIRONMENT} | more
    return winrm.Session(listener.url, auth=(account.user, account.password), **settings)


def protocol(listener: WinRmListener, account: Account = ACCOUNT, **more: object) -> Protocol:
    settings = {"transport": "ntlm", "message_encryption": "always", **NO_ENVIRONMENT} | more
    return Protocol(listener.url, username=account.user, password=account.password, **settings)


def encoded(script: str) -> str:
    return base64.b64encode(script.encode("utf-16-le")).decode("ascii")
