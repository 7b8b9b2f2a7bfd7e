"""The real PowerShell engine, where this machine has one, with the resident running in it."""

import base64
import os
import shutil
import subprocess
from pathlib import Path

from lab.drivers.winrm.conversation import Conversation, pieces
from lab.scripts import load_script


def engine():
    """The path of pwsh, or None."""
    cached = sorted(Path.home().glob(".cache/kunren/pwsh-*/pwsh"))
    return str(cached[-1]) if cached else shutil.which("pwsh")


class Resident:
    """Resident.ps1 over pipes, in a conversation."""

    def __init__(self, trace=None):
        """`trace` is a file for what each parameter of each command is bound to."""
        text = load_script("Resident").text
        if trace is not None:
            text = f"Trace-Command -Name ParameterBinding -FilePath '{trace}' -Expression {{ {text} }}"
        encoded = base64.b64encode(text.encode("utf-16-le")).decode()
        flags = ["-NoProfile", "-NonInteractive", "-InputFormat", "None", "-OutputFormat", "Text"]
        self.process = subprocess.Popen(
            [engine(), *flags, "-EncodedCommand", encoded],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "NO_COLOR": "1", "TZ": "UTC", "LC_ALL": "en_US.UTF-8"},
        )
        self.conversation = Conversation("token")

    def ask(self, script, *, secrets=None, **arguments):
        """The answer, or None when the process has ended."""
        for piece in pieces(self.conversation.ask(script, arguments, secrets or {})):
            self.process.stdin.write(piece)
        self.process.stdin.flush()
        while output := os.read(self.process.stdout.fileno(), 65536):
            answer = self.conversation.hear(output)
            if answer is not None:
                return answer
        self.conversation.fall_silent()
        return None

    def run(self, name, **arguments):
        """The output of a script of lab/scripts; `secrets` are arguments of their own."""
        answer = self.ask(load_script(name).text, **arguments)
        assert answer.error is None, answer.error
        return list(answer.output)

    def fail(self, name, **arguments):
        """The error a script of lab/scripts ends with."""
        return self.ask(load_script(name).text, **arguments).error

    @property
    def exit_code(self):
        return self.process.returncode

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()
