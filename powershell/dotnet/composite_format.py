"""String.Format: `{0,8:N2}` over the text of single values."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Final

from powershell import budget
from powershell.errors import OutsideSubset

_PIECE: Final = re.compile(r"\{\{|\}\}|\{([0-9]+) *(?:, *(-?[0-9]+) *)?(?::([^{}]*))?\}|[^{}]+|[{}]")


def format_text(template: str, arguments: Sequence[Any], formatted: Callable[[Any, str], str]) -> str:
    """The template with its items filled in; `formatted` gives an argument by its specifier."""
    out: list[str] = []
    for piece in _PIECE.finditer(template):
        text = piece.group()
        if text in {"{", "}"} or (piece[1] and int(piece[1]) >= len(arguments)):
            raise OutsideSubset(f"the format '{template}' of {len(arguments)} value(s)")
        if piece[1]:
            out.append(_padded(formatted(arguments[int(piece[1])], piece[3] or ""), int(piece[2] or 0)))
        else:
            out.append(text[0] if text in {"{{", "}}"} else text)
    return budget.joined(out)


def _padded(text: str, width: int) -> str:
    budget.text(max(abs(width), len(text)))
    return text.rjust(width) if width >= 0 else text.ljust(-width)
