"""From the text of a script to its syntax tree, as PowerShell parses it."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from powershell.dialect import Dialect
from powershell.formatting.position import position_message
from powershell.parsing.semantic_checks import check
from powershell.parsing.statements import Parser
from powershell.syntax import ParseError, ScriptBlockAst, Source, SyntaxFault, UnsupportedSyntax

_MOST_FAULTS: Final = 10
_TOO_MANY: Final = "Not all parse errors were reported.  Correct the reported errors and try again."


@lru_cache(maxsize=256)
def parse(text: str, dialect: Dialect = Dialect.POWERSHELL_7) -> ScriptBlockAst:
    """The tree of a script in that dialect.

    Raises ParseError where PowerShell finds errors, and UnsupportedSyntax for what it understands and this engine
    does not, and for a script after whose first error it would find others.
    """
    parser = Parser(Source(text), dialect)
    faults = parser.faults
    try:
        tree = parser.script_block(None)
        check(tree, faults)
    except RecursionError:
        raise UnsupportedSyntax("so deep a nesting", parser.lexer.whole_extent()) from None
    if faults.faults:
        raise ParseError(_located_message(faults.faults, dialect), tuple(faults.faults))
    return tree


def _located_message(faults: list[SyntaxFault], dialect: Dialect) -> str:
    texts = [f"{position_message(fault.extent)}\n{fault.message}" for fault in faults[:_MOST_FAULTS]]
    separator = "\n" if dialect.windows else "\n\n"
    return separator.join([*texts, _TOO_MANY] if len(faults) > _MOST_FAULTS else texts)
