"""Passwords by reference: an environment variable, the keyring of the system, or a command that prints one."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import threading
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

from lab.model.calls import MASK
from lab.model.text import one_line
from words import Quoted, reason, sentence

KEYRING = "keyring:"
COMMAND = "command:"
PATIENCE = 30
"""Seconds that a command may take."""
UNLOCKED_WITHIN = 120
"""Seconds for the keyring, which may ask a person to unlock it."""
_LONGEST_OUTPUT = 1 << 16
_LEFT_BEHIND = 1.0
"""Seconds for the output of a command that has ended and left a process which holds its output open."""
_VARIABLE = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_LONGEST_ERROR = 300
_UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")


@dataclass(frozen=True, slots=True)
class Secret:
    """A password, and the reference it was found by."""

    reference: str
    value: str = field(repr=False)


@dataclass(slots=True, eq=False)
class NoSecret(Exception):
    """The reason why a reference leads to no password, and what to do, by keys of the words in [site]."""

    problem: str
    remedy: str
    data: Mapping[str, Any]


def find(reference: str, environment: Mapping[str, str], others: Collection[str] = ()) -> Secret:
    """Raises NoSecret; what a command prints, or a text that may be the password itself, is never told.

    A command does not inherit the variables of `others`, which are references to passwords as well.
    """
    if reference.startswith(KEYRING):
        value = _of_keyring(reference.removeprefix(KEYRING))
    elif reference.startswith(COMMAND):
        inherited = {name: text for name, text in environment.items() if name not in others}
        withheld = [environment[name] for name in others if environment.get(name)]
        value = _of_command(reference.removeprefix(COMMAND), inherited, withheld)
    else:
        value = _of_environment(reference, environment)
    if not value.strip() or any(unicodedata.category(each) in _UNSEEN for each in value):
        raise NoSecret("unseen", "store_again", {})
    return Secret(reference, value)


def _of_environment(name: str, environment: Mapping[str, str]) -> str:
    if value := environment.get(name):
        return value
    if not _VARIABLE.fullmatch(name):
        raise NoSecret("no_reference", "write", {})
    raise NoSecret("variable", "set_variable", {"name": name})


def _of_keyring(entry: str) -> str:
    service, _, user = entry.rpartition("/")
    if not service or not user:
        raise NoSecret("no_entry", "write_entry", {})
    import keyring  # noqa: PLC0415  # loads what this machine has for it, which few sites use

    about = {"service": service, "user": user}
    answers: list[str | Exception | None] = []

    def ask() -> None:
        try:
            answers.append(keyring.get_password(service, user))
        except Exception as error:  # noqa: BLE001  # each keyring raises what it is made of, or cannot be imported
            answers.append(error)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(UNLOCKED_WITHIN)
    found = answers[0] if answers else TimeoutError()
    if isinstance(found, TimeoutError):
        raise NoSecret("keyring", "open_keyring", {**about, "reason": sentence("reason.no_answer")})
    if isinstance(found, Exception):
        why = one_line(str(found))[:_LONGEST_ERROR] or type(found).__name__
        raise NoSecret("keyring", "open_keyring", {**about, "reason": Quoted(why)})
    if not found:
        raise NoSecret("no_such_entry", "set_entry", about)
    return found


class _Output(threading.Thread):
    """What a process prints, as far as it is of use; the rest is read all the same, so that the process goes on."""

    def __init__(self, stream: IO[bytes]) -> None:
        super().__init__(daemon=True)
        self._stream = stream
        self._read = bytearray()
        self.start()

    def run(self) -> None:
        with self._stream:
            while part := self._stream.read(_LONGEST_OUTPUT):
                self._read += part[: _LONGEST_OUTPUT - len(self._read)]

    def read(self) -> bytes:
        self.join(_LEFT_BEHIND)
        return bytes(self._read)


def _of_command(line: str, environment: Mapping[str, str], withheld: Sequence[str]) -> str:
    words = _words(line)
    program = words[0]
    try:
        process = subprocess.Popen(  # noqa: S603  # the command is the site file's own, and no shell reads it
            line.strip() if sys.platform == "win32" else words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            env=dict(environment),
        )
    except (OSError, ValueError) as error:
        why = reason(error) if isinstance(error, OSError) else Quoted("")
        raise NoSecret("command_unstarted", "write_program", {"program": program, "reason": why}) from None
    assert process.stdout is not None
    assert process.stderr is not None
    printed, complained = _Output(process.stdout), _Output(process.stderr)
    try:
        code = process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        raise NoSecret("command_slow", "run_command", {"program": program, "n": PATIENCE}) from None
    finally:
        process.kill()
        process.wait()
    if code:
        said = " ".join(complained.read().decode(errors="replace").split())
        for each in (*withheld, *printed.read().decode(errors="replace").splitlines()):
            said = said.replace(each, MASK) if each.strip() else said
        told = Quoted(said[:_LONGEST_ERROR]) if said else sentence("site.nothing")
        raise NoSecret("command_failed", "run_command", {"program": program, "code": code, "said": told})
    return _first_line(printed.read(), program)


def _words(line: str) -> list[str]:
    try:
        words = shlex.split(line, posix=sys.platform != "win32")
    except ValueError:
        raise NoSecret("command_quotes", "write_quotes", {}) from None
    if not words or "\0" in line:
        raise NoSecret("no_program", "write_program", {})
    return words


def _first_line(printed: bytes, program: str) -> str:
    """Without its line end; PowerShell may put a byte order mark before it."""
    try:
        text = printed.split(b"\n", 1)[0].decode("utf-8-sig").rstrip("\r")
    except UnicodeDecodeError:
        raise NoSecret("command_not_text", "print_utf_8", {"program": program}) from None
    if not text:
        raise NoSecret("command_silent", "run_command", {"program": program})
    return text
