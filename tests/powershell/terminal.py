"""A powershell.exe whose console is a list of lines and two texts."""

from __future__ import annotations

import base64

from powershell import PowerShell
from tests.powershell.engine_under_test import StoppedClock


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
