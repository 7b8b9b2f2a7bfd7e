"""Select-String on pipeline input."""

from __future__ import annotations

import re
from typing import Any, Final

from powershell.command import of_powershell
from powershell.conversion import to_text
from powershell.declared import DotNetClass, DotNetObject, Property
from powershell.dotnet.regex_text import Capture, Regex
from powershell.engine_context import EngineBody, EngineContext
from powershell.values import TypedArray, UInt64

_MATCH: Final = "System.Text.RegularExpressions.Match"
MATCH_INFO: Final = DotNetClass(
    name="Microsoft.PowerShell.Commands.MatchInfo",
    properties=(
        Property.stored("IgnoreCase", "System.Boolean"),
        Property.stored("LineNumber", "System.UInt64"),
        Property.stored("Line", "System.String"),
        Property.stored("Filename", "System.String", read_only=True),
        Property.stored("Path", "System.String"),
        Property.stored("Pattern", "System.String"),
        Property.stored("Matches", _MATCH + "[]"),
    ),
    outside=frozenset({"Context", "RelativePath"}),
    text=lambda info: str(info.fields["Line"]),
)


class SelectString(EngineBody):
    def __init__(self, context: EngineContext) -> None:
        super().__init__(context)
        if "Path" in context.parameters:
            context.outside_subset("Select-String in files")
        self._ignore_case = not context.get("CaseSensitive")
        self._patterns: list[str] = context.get("Pattern")
        simple = context.get("SimpleMatch")
        self._regexes = [
            Regex(re.escape(pattern) if simple else pattern, ignore_case=self._ignore_case)
            for pattern in self._patterns
        ]
        self._number = 0

    def process(self) -> None:
        if "InputObject" not in self.context.parameters:
            return
        self._number += 1
        line = to_text(self.context.get("InputObject"))
        for regex, pattern in zip(self._regexes, self._patterns, strict=True):
            found = regex.compiled.matches(line, 1)
            if found:
                matches = [] if self.context.get("SimpleMatch") else [Capture(regex, found[0])]
                self.context.write(self._info(line, matches, pattern))
                return

    def _info(self, line: str, matches: list[Any], pattern: str) -> DotNetObject:
        return DotNetObject(
            MATCH_INFO,
            {
                "IgnoreCase": self._ignore_case,
                "LineNumber": UInt64(self._number),
                "Line": line,
                "Filename": "InputStream",
                "Path": "InputStream",
                "Pattern": pattern,
                "Matches": TypedArray(_MATCH, matches),
            },
        )


CMDLETS: Final = (
    of_powershell(
        "Select-String",
        SelectString,
        "InputObject psobject mandatory pipeline in:Object null, Pattern string[] 0 mandatory, "
        "Path string[] 1 mandatory in:File, SimpleMatch switch, CaseSensitive switch",
        default_set="File",
    ),
)
