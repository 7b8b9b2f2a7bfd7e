"""Passwords by reference: an environment variable, the keyring of the system, or a command that prints one."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from lab.model.text import one_line
from words import Quoted, sentence

KEYRING = "keyring:"
COMMAND = "command:"
PATIENCE = 30
"""Seconds that a command may take."""
_VARIABLE = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_LONGEST_ERROR = 300


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
        value = _of_command(reference.removeprefix(COMMAND), inherited)
    else:
        value = _of_environment(reference, environment)
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
    from keyring.errors import KeyringError  # noqa: PLC0415

    about = {"service": service, "user": user}
    try:
        value = keyring.get_password(service, user)
    except (KeyringError, OSError, RuntimeError) as error:
        reason = one_line(str(error))[:_LONGEST_ERROR] or type(error).__name__
        raise NoSecret("keyring", "open_keyring", {**about, "reason": Quoted(reason)}) from None
    if not value:
        raise NoSecret("no_such_entry", "set_entry", about)
    return value


def _of_command(line: str, environment: Mapping[str, str]) -> str:
    words = _words(line)
    program = words[0]
    try:
        with subprocess.Popen(  # noqa: S603  # the command is the site file's own, and no shell reads it
            line.strip() if sys.platform == "win32" else words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=dict(environment),
        ) as process:
            try:
                printed, complained = process.communicate(timeout=PATIENCE)
            finally:
                process.kill()
    except subprocess.TimeoutExpired:
        raise NoSecret("command_slow", "run_command", {"program": program, "n": PATIENCE}) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        raise NoSecret(
            "command_unstarted", "write_program", {"program": program, "reason": Quoted(reason or "")}
        ) from None
    if process.returncode:
        said = " ".join(complained.decode(errors="replace").split())[:_LONGEST_ERROR]
        about = {
            "program": program,
            "code": process.returncode,
            "said": Quoted(said) if said else sentence("site.nothing"),
        }
        raise NoSecret("command_failed", "run_command", about)
    return _first_line(printed, program)


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
