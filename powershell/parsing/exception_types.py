"""Whether a catch clause catches what a later one is for, as PowerShell's parser asks."""

from __future__ import annotations

from typing import Final

from powershell.errors import EXCEPTION_BASES, exception_lineage
from powershell.syntax import TypeConstraintAst, UnsupportedSyntax

_NAMES: Final = {name.lower(): name for name in (*EXCEPTION_BASES, "System.Exception")}


def _known(constraint: TypeConstraintAst) -> str | None:
    written = constraint.type_name.name.lower()
    return _NAMES.get(written) or _NAMES.get(f"system.{written}")


def already_caught(first: TypeConstraintAst, second: TypeConstraintAst) -> str | None:
    """The full name of the second type if the first is the same or a base of it.

    Refuses a second type of which the engine knows no base.
    """
    caught = _known(second)
    if caught is None:
        raise UnsupportedSyntax(f"a later catch clause for [{second.type_name.name}]", second.extent)
    base = _known(first)
    return caught if base is not None and base in exception_lineage(caught) else None
