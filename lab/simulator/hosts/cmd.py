"""cmd.exe in a WinRS shell: a few commands of its own, PowerShell, and the sentence for everything else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from lab.simulator.hosts.console import Console
from lab.simulator.hosts.host import WINDOWS_2016, WindowsRelease
from powershell import PowerShellEngine

MAX_LINE: Final = 8191
"""Characters cmd.exe takes in one command line (support.microsoft.com, article 830473)."""
MAX_PROCESS_LINE: Final = 32_767
"""Characters CreateProcess takes."""
_OPERATORS: Final = re.compile(r'(?:[^&|"]|"[^"]*"?)+|&&|\|\||[&|]')
_VARIABLE: Final = re.compile(r"%([^%\s]+)%")
_NOT_RECOGNIZED: Final = (
    "'{}' is not recognized as an internal or external command,\r\noperable program or batch file.\r\n"
)
_NOT_DONE: Final = "The simulated cmd.exe does not do {}.\r\n"
_POWERSHELL: Final = re.compile(r"(?:.*\\)?powershell(?:\.exe)?", re.IGNORECASE)
OF_32_BITS: Final = "\\syswow64\\"
_CMD: Final = re.compile(r"(?:.*\\)?cmd(?:\.exe)?", re.IGNORECASE)


class CommandInterpreter:
    """The cmd.exe of one host and user."""

    def __init__(
        self,
        host_name: str,
        user: str,
        engine: PowerShellEngine,
        windows: WindowsRelease = WINDOWS_2016,
        narrow: Callable[[], PowerShellEngine] | None = None,
    ) -> None:
        """`narrow` gives the PowerShell of 32 bits."""
        self._narrow = narrow
        domain, _, name = user.rpartition("\\")
        self._host_name = host_name
        self._domain, self._user = domain or host_name, name
        self._engine = engine
        self._commands: Mapping[str, Callable[[str, Console], int]] = {
            "hostname": lambda _, console: _say(console, self._host_name),
            "whoami": lambda _, console: _say(console, f"{self._domain}\\{self._user}".lower()),
            "ver": lambda _, console: _say(console, "", windows.banner),
            "echo": _echo,
            "set": self._set,
            "ipconfig": lambda _, console: _say(console, *_IPCONFIG),
            "exit": _exit,
            "rem": lambda _, __: 0,
        }

    def run(self, line: str, console: Console) -> int:
        """`cmd.exe /C line`; returns the exit code."""
        if len(line) > MAX_LINE:
            console.write_error("The command line is too long.\r\n")
            return 1
        code = 0
        for joint, command in _commands(line):
            if joint == "|":
                console.write_error(_NOT_DONE.format("pipes"))
                return 1
            if (joint == "&&" and code) or (joint == "||" and not code):
                continue
            code = self._run_one(self._expand(command, console).strip(), console)
        return code

    def run_directly(self, line: str, console: Console) -> int:
        """Runs a line that names a program, without cmd.exe (WINRS_SKIP_CMD_SHELL)."""
        arguments = split_arguments(line)
        if len(line) > MAX_PROCESS_LINE or not arguments:
            console.write_error("The filename or extension is too long.\r\n")
            return 1
        return self._program(arguments, console)

    def _run_one(self, command: str, console: Console) -> int:
        if re.search(r"[<>]", re.sub(r'"[^"]*"?', "", command)):
            console.write_error(_NOT_DONE.format("redirections"))
            return 1
        if not command:
            return 0
        found = re.match(r'"[^"]*"|[^\s/,;=.("]+', command)
        word = command.split(maxsplit=1)[0] if found is None else found[0]
        own = self._commands.get(word.strip('"').lower().removesuffix(".exe"))
        if own is not None:
            return own(command[len(word) :], console)
        return self._program(split_arguments(command), console)

    def _program(self, arguments: Sequence[str], console: Console) -> int:
        if _POWERSHELL.fullmatch(arguments[0]):
            if OF_32_BITS not in arguments[0].casefold():
                return self._engine.run(arguments[1:], console)
            if self._narrow is not None:
                return self._narrow().run(arguments[1:], console)
        if _CMD.fullmatch(arguments[0]) and len(arguments) > 2 and arguments[1].lower() == "/c":
            return self.run(" ".join(arguments[2:]), console)
        console.write_error(_NOT_RECOGNIZED.format(arguments[0]))
        return 1

    def _variables(self, console: Console) -> dict[str, str]:
        own = {
            "COMPUTERNAME": self._host_name,
            "ComSpec": "C:\\Windows\\system32\\cmd.exe",
            "OS": "Windows_NT",
            "SystemRoot": "C:\\Windows",
            "USERDOMAIN": self._domain,
            "USERNAME": self._user,
        }
        given = {name.upper() for name in console.environment}
        return {name: text for name, text in own.items() if name.upper() not in given} | dict(console.environment)

    def _expand(self, command: str, console: Console) -> str:
        """%NAME% where there is such a variable; an unknown one stays as it is, as under /C."""
        known = {name.upper(): text for name, text in self._variables(console).items()}
        return _VARIABLE.sub(lambda found: known.get(found[1].upper(), found[0]), command)

    def _set(self, rest: str, console: Console) -> int:
        prefix = rest.strip().strip('"')
        if "=" in prefix or prefix.startswith("/"):
            console.write_error(_NOT_DONE.format("assignments"))
            return 1
        variables = self._variables(console)
        chosen = sorted((name for name in variables if name.upper().startswith(prefix.upper())), key=str.upper)
        if not chosen:
            console.write_error(f"Environment variable {prefix} not defined\r\n")
            return 1
        return _say(console, *(f"{name}={variables[name]}" for name in chosen))


_IPCONFIG: Final = (
    "",
    "Windows IP Configuration",
    "",
    "",
    "Ethernet adapter Loopback:",
    "",
    "   Connection-specific DNS Suffix  . : ",
    "   IPv4 Address. . . . . . . . . . . : 127.0.0.1",
    "   Subnet Mask . . . . . . . . . . . : 255.0.0.0",
    "   Default Gateway . . . . . . . . . : ",
)


_PLAIN: Final = re.compile(r'[^ \t"\\]+')


def split_arguments(line: str) -> list[str]:
    r"""A command line as a Windows program gets its arguments.

    Before a quote, 2n backslashes are n and the quote delimits, 2n+1 are n and a literal quote (Microsoft C runtime,
    "Parsing C command-line arguments").
    """
    arguments: list[str] = []
    current: list[str] = []
    quoted = started = False
    position = 0
    while position < len(line):
        if plain := _PLAIN.match(line, position):
            current.append(plain[0])
            started, position = True, plain.end()
            continue
        character = line[position]
        if character in " \t" and not quoted:
            if started:
                arguments.append("".join(current))
            current, started = [], False
            position += 1
            continue
        started = True
        slashes = len(line) - position - len(line[position:].lstrip("\\")) if character == "\\" else 0
        position += slashes
        if line[position : position + 1] != '"':
            current.append("\\" * slashes or character)
            position += 0 if slashes else 1
            continue
        current.append("\\" * (slashes // 2))
        if slashes % 2:
            current.append('"')
        elif quoted and line[position + 1 : position + 2] == '"':
            current.append('"')
            position += 1
        else:
            quoted = not quoted
        position += 1
    return [*arguments, "".join(current)] if started else arguments


def _commands(line: str) -> Iterator[tuple[str, str]]:
    """The commands of a line with the operator before each."""
    joint = ""
    for part in _OPERATORS.findall(line):
        if part in {"&", "&&", "|", "||"}:
            joint = part
        else:
            yield joint, part
            joint = ""


def _say(console: Console, *lines: str) -> int:
    console.write("".join(f"{line}\r\n" for line in lines))
    return 0


def _echo(rest: str, console: Console) -> int:
    if not rest.strip():
        return _say(console, "ECHO is on.")
    return _say(console, rest[1:])


def _exit(rest: str, _: Console) -> int:
    code = rest.strip().lower().removeprefix("/b").strip()
    return int(code) if re.fullmatch(r"-?[0-9]{1,9}", code) else 0
