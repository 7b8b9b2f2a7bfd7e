"""From the text of a script to its syntax tree, as PowerShell 7 parses it."""

from __future__ import annotations

from functools import lru_cache

from lab.simulator.powershell.parsing.requirements import script_requirements
from lab.simulator.powershell.parsing.semantic_checks import check
from lab.simulator.powershell.parsing.statements import Parser
from lab.simulator.powershell.syntax import ParseError, ScriptBlockAst, Source, UnsupportedSyntax


@lru_cache(maxsize=256)
def parse(text: str) -> ScriptBlockAst:
    """The tree of a script.

    Raises ParseError where PowerShell finds errors, and UnsupportedSyntax for what it understands and this engine
    does not.
    """
    parser = Parser(Source(text))
    faults = parser.faults
    try:
        tree = parser.script_block(None, is_filter=False)
        check(tree, faults)
    except RecursionError:
        raise UnsupportedSyntax("so deep a nesting", parser.lexer.whole_extent()) from None
    if faults.faults:
        raise ParseError(tuple(faults.faults))
    return script_requirements(tree, parser.lexer.requires)
