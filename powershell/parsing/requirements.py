"""``#requires``: what a script demands of the engine that runs it."""

from __future__ import annotations

import re
from typing import Final

from powershell.syntax import Extent, ScriptRequirements, UnsupportedSyntax

_DEMAND: Final = re.compile(
    r"[ \t]+-(?:(RunAsAdministrator)|(Version)[ \t]+([0-9]+(?:\.[0-9]+)?)|(Modules)[ \t]+(\w[\w.,\- ]*?))"
    r"(?=[ \t]+-|[ \t]*$)",
    re.IGNORECASE,
)


def script_requirements(comments: list[Extent]) -> ScriptRequirements | None:
    """What the comments ask for; a form beyond the plain ones is refused."""
    if not comments:
        return None
    demands: list[tuple[str, tuple[str, ...]]] = []
    for comment in comments:
        text = comment.text[len("#requires") :].rstrip()
        position = 0
        while position < len(text):
            match = _DEMAND.match(text, position)
            if match is None:
                raise UnsupportedSyntax("a #requires of this form", comment)
            name = match[1] or match[2] or match[4]
            demands.append((name.lower(), tuple((match[3] or match[5] or "").replace(",", " ").split())))
            position = match.end()
    return ScriptRequirements(extent=comments[0], demands=tuple(demands))
