"""Where in a script an error happened, as PowerShell shows it: the line, marked by tildes, cut to 69 characters."""

from __future__ import annotations

from typing import Final

from powershell.dialect import spoken
from powershell.errors import ErrorRecord
from powershell.syntax import Extent

_LONGEST: Final = 69
_CONTEXT_BEFORE: Final = 12
_CONTEXT_AFTER: Final = 8


def position_message(extent: Extent) -> str:
    return f"At line:{extent.start_line} char:{extent.start_column}\n+ {marked_line(extent)}"


def placed_message(record: ErrorRecord) -> str:
    """A parse error's message, with the place in the text before it."""
    message = record.exception.message
    if message.startswith("At line:") or record.extent is None:
        return message
    return f"{position_message(record.extent)}\n{message}"


def marked_line(extent: Extent) -> str:
    """The source line and under it the mark, without the `+ ` of the first of the two lines."""
    line = extent.line.rstrip()
    start = extent.start_column - 1
    one_line = extent.start_line == extent.end_line and extent.end_column <= len(line) + 1
    length = extent.end_column - extent.start_column if one_line else len(line) - start
    if "\t" in line:
        before = line[:start].replace("\t", "    ")
        inside = line[start : start + length].replace("\t", "    ")
        line = before + inside + line[start + length :].replace("\t", "    ")
        start, length = len(before), len(inside)
    if len(line) <= _LONGEST:
        return f"{line}\n+ {' ' * start}{'~' * max(length, 1)}"
    return _cut_line(line, start, length)


def _cut_line(line: str, start: int, length: int) -> str:
    rest = len(line) - length - start
    before, after = min(start, _CONTEXT_BEFORE), min(rest, _CONTEXT_AFTER)
    cut_after = False
    used = before + length + after
    if used >= _LONGEST:
        length = min(length, _LONGEST - before)
        after = _LONGEST - before - length
        cut_after = True
    else:
        before += min(start - before, _LONGEST - used)
        after += min(_LONGEST - before - length - after, rest - after)
        cut_after = rest > after
    cut = "..." if spoken().windows else "…"
    lead = f"{cut} " if start > before else ""
    shown = line[start - before : start + length + after]
    mark = " " * (before + len(lead)) + "~" * max(length, 1)
    return f"{lead}{shown}{f' {cut}' if cut_after else ''}\n+ {mark}"
