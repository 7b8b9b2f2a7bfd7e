"""String.Format: `{0,8:N2}` over the text of single values."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Final

from powershell import budget
from powershell.errors import DotNetError

_ITEM: Final = re.compile(r"\{([0-9]+) *(?:, *(-?[0-9]+) *)?(?::((?:[^{}]|\{\{|\}\})*))?\}")


def format_text(template: str, arguments: Sequence[Any], formatted: Callable[[Any, str], str]) -> str:
    """DotNetError (FormatException) for a bad template, a missing argument or a specifier that does not apply."""
    out: list[str] = []
    position = 0
    while position < len(template):
        character = template[position]
        if character == "{":
            if template[position : position + 2] == "{{":
                out.append("{")
                position += 2
                continue
            position = _item(template, position, arguments, formatted, out)
        elif character == "}":
            if template[position : position + 2] != "}}":
                raise _unbalanced(position + 1)
            out.append("}")
            position += 2
        else:
            end = re.compile(r"[{}]").search(template, position)
            stop = len(template) if end is None else end.start()
            out.append(template[position:stop])
            position = stop
    return budget.joined(out)


def _item(
    template: str, position: int, arguments: Sequence[Any], formatted: Callable[[Any, str], str], out: list[str]
) -> int:
    found = _ITEM.match(template, position)
    if found is None:
        raise _broken(template, position)
    index = int(found.group(1))
    if index >= len(arguments):
        raise DotNetError(
            "System.FormatException",
            "Index (zero based) must be greater than or equal to zero and less than the size of the argument list.",
        )
    text = formatted(arguments[index], found.group(3) or "")
    width = int(found.group(2) or 0)
    budget.text(max(abs(width), len(text)))
    out.append(text.rjust(width) if width >= 0 else text.ljust(-width))
    return found.end()


def _broken(template: str, position: int) -> DotNetError:
    after = template[position + 1 :]
    if after and not "0" <= after[0] <= "9":
        return _fault(position + 1, "Expected an ASCII digit.")
    return _unbalanced(len(template)) if "}" not in after else _fault(position + 1, "Expected an ASCII digit.")


def _unbalanced(offset: int) -> DotNetError:
    return _fault(offset, "Format item ends prematurely.")


def _fault(offset: int, reason: str) -> DotNetError:
    return DotNetError(
        "System.FormatException",
        f"Input string was not in a correct format. Failure to parse near offset {offset}. {reason}",
    )
