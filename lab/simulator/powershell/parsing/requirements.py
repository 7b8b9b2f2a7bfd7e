"""``#requires``: what a script demands of the engine that runs it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from lab.simulator.powershell.syntax import Extent, ScriptBlockAst, ScriptRequirements, UnsupportedSyntax

_DEMAND: Final = re.compile(
    r"\s*-(?:(RunAsAdministrator)|(Version|PSEdition|Modules)[ \t]+([\w.,\-\t ]+?))(?=\s+-|\s*$)", re.I
)


def script_requirements(tree: ScriptBlockAst, comments: list[Extent]) -> ScriptBlockAst:
    """The tree with what its ``#requires`` comments say; a form beyond the plain ones is refused."""
    demands: list[tuple[str, tuple[str, ...]]] = []
    for comment in comments:
        text = comment.text[len("#requires") :]
        position = 0
        while text[position:].strip():
            match = _DEMAND.match(text, position)
            if match is None:
                raise UnsupportedSyntax("a #requires of this form", comment)
            values = (match[3] or "").replace(",", " ").split()
            demands.append(((match[1] or match[2]).lower(), tuple(values)))
            position = match.end()
    if not comments:
        return tree
    return replace(tree, script_requirements=ScriptRequirements(extent=comments[0], demands=tuple(demands)))
