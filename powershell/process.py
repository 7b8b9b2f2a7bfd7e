"""A powershell.exe process: its command line, its text output, its error stream and its exit code."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast

from powershell.clixml import StreamDocument
from powershell.conversion import to_text
from powershell.engine import Console, PipelineCommand, TerminatingError
from powershell.engine_context import EngineContext
from powershell.errors import ErrorRecord, ExitScript, PipelineStopped
from powershell.evaluation.cmdlet_processor import CmdletProcessor
from powershell.evaluation.runspace import EmbeddedRunspace
from powershell.formatting.errors import error_text
from powershell.formatting.objects import RuntimeObjects
from powershell.streams import InformationRecord

_USAGE: Final = 64
_FAILED: Final = 1
_SWITCHES: Final = frozenset({"nologo", "noprofile", "noninteractive", "noexit", "sta", "mta", "login"})
_WITH_VALUE: Final = frozenset(
    {"executionpolicy", "inputformat", "outputformat", "version", "windowstyle", "configurationname"}
)
_SHORT: Final = {
    "c": "command",
    "e": "encodedcommand",
    "ec": "encodedcommand",
    "enc": "encodedcommand",
    "ep": "executionpolicy",
    "ex": "executionpolicy",
    "nop": "noprofile",
    "noni": "noninteractive",
    "o": "outputformat",
    "of": "outputformat",
    "i": "inputformat",
    "if": "inputformat",
    "w": "windowstyle",
    "f": "file",
}


@dataclass(slots=True)
class CommandLine:
    """What the arguments of powershell.exe ask for; `fault` names the one that is no argument of it."""

    script: str | None = None
    encoded: bool = False
    output_format: str = ""
    fault: str = ""


def _option(word: str) -> str | None:
    name = word.lstrip("-/").lower()
    names = (*_SWITCHES, *_WITH_VALUE, "command", "encodedcommand", "file")
    if name in _SHORT or name in names:
        return _SHORT.get(name, name)
    found = [known for known in names if known.startswith(name)]
    return found[0] if len(found) == 1 else None


def parse_command_line(arguments: Sequence[str]) -> CommandLine:
    line = CommandLine()
    rest = list(arguments)
    while rest:
        word = rest.pop(0)
        option = _option(word) if word[:1] in {"-", "/"} and len(word) > 1 else "command"
        if option == "command":
            words = rest if word[:1] in {"-", "/"} else [word, *rest]
            line.script = " ".join(words)
            return line
        if option is None or option == "file":
            line.fault = word
            return line
        if option in _SWITCHES:
            continue
        value = rest.pop(0) if rest else ""
        if option == "encodedcommand":
            line.encoded = True
            line.script = _decoded(value)
            if line.script is None:
                line.fault = value
                return line
        elif option == "outputformat":
            line.output_format = value.lower()
    return line


def _decoded(text: str) -> str | None:
    try:
        return base64.b64decode(text, validate=True).decode("utf-16-le")
    except (binascii.Error, UnicodeDecodeError):
        return None


@dataclass(slots=True)
class ProcessStreams:
    """The streams of a process: output is formatted elsewhere, everything else becomes text or CLIXML."""

    console: Console
    runspace: EmbeddedRunspace
    document: StreamDocument | None
    objects: RuntimeObjects
    failed: bool = field(default=False)

    def output(self, value: Any) -> None:
        """Nothing comes this way: Out-Default stands at the end of the pipeline."""

    def error(self, record: ErrorRecord) -> None:
        text = error_text(self.objects, record)
        if self.document is not None:
            self.document.error(text)
        else:
            self.console.write_error(text.replace("\n", "\r\n") + "\r\n")

    def warning(self, text: str) -> None:
        self._message("warning", "WARNING", text)

    def verbose(self, text: str) -> None:
        self._message("verbose", "VERBOSE", text)

    def debug(self, text: str) -> None:
        self._message("debug", "DEBUG", text)

    def _message(self, stream: str, title: str, text: str) -> None:
        if self.document is not None:
            self.document.message(stream, text)
        else:
            self.console.write(f"{title}: {text}\r\n")

    def information(self, record: InformationRecord) -> None:
        if "PSHOST" in record.tags:
            self.runspace.write_host(to_text(record.data), new_line=not getattr(record.data, "no_newline", False))
        elif record.displayed:
            self._message("information", "INFO", to_text(record.data))

    def progress(self, activity: str, status: str, percent: int) -> None:
        """A process without a window shows no progress."""


def run_process(runspace: EmbeddedRunspace, arguments: Sequence[str], console: Console) -> int:
    """Runs one process to its end and gives its exit code."""
    line = parse_command_line(arguments)
    if line.fault or line.script is None:
        console.write_error(
            f"The argument '{line.fault or '-'}' is not recognized as the name of a script file. Check the spelling of "
            "the name, or if a path was included, verify that the path is correct and try again.\r\n"
        )
        return _USAGE
    printer = runspace.interpreter.pipelines.named("Out-Default", [])
    assert isinstance(printer, CmdletProcessor)
    objects = RuntimeObjects(cast(EngineContext, printer))  # its session is this runspace
    document = StreamDocument(objects, "\r\n") if line.encoded and line.output_format != "text" else None
    streams = ProcessStreams(console, runspace, document, objects)
    code = _run(runspace, line.script, streams)
    if document is not None and document.text():
        console.write_error(document.text())
    return code


def _run(runspace: EmbeddedRunspace, script: str, streams: ProcessStreams) -> int:
    try:
        runspace.invoke(
            [PipelineCommand(script, is_script=True), PipelineCommand("Out-Default", is_script=False)], streams
        )
    except TerminatingError as error:
        streams.error(error.record)
        return _FAILED
    except ExitScript as left:
        return left.code
    except PipelineStopped:
        return _FAILED
    return 0 if runspace.interpreter.succeeded else _FAILED
