"""Select-String on pipeline input, and ConvertFrom-StringData."""

from __future__ import annotations

import re
from typing import Any, Final

from powershell.command import of_powershell
from powershell.conversion import to_text
from powershell.dotnet.regex_text import Capture, Regex
from powershell.engine_context import EngineBody, EngineContext
from powershell.errors import DotNetError
from powershell.values import DotNetClass, DotNetObject, Hashtable, Property, TypedArray, UInt64

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
        options = 1 if self._ignore_case else 0
        try:
            self._regexes = [Regex(re.escape(pattern) if simple else pattern, options) for pattern in self._patterns]
        except DotNetError as error:
            context.outside_subset(f"Select-String with a broken pattern ({error})")
        self._number = 0
        self._done = False
        self._found = False

    def process(self) -> None:
        if "InputObject" not in self.context.parameters or self._done:
            return
        self._number += 1
        line = to_text(self.context.get("InputObject"))
        matches, pattern = self._match(line)
        if bool(matches) == bool(self.context.get("NotMatch")):
            return
        self._found = True
        if self.context.get("Quiet"):
            self._done = True
            self.context.write(True)
        else:
            self.context.write(self._info(line, matches, pattern))

    def _match(self, line: str) -> tuple[list[Any], str]:
        for regex, pattern in zip(self._regexes, self._patterns, strict=True):
            found = [Capture(regex, match) for match in regex.compiled.matches(line)]
            if found:
                kept = found if self.context.get("AllMatches") else found[:1]
                return ([] if self.context.get("SimpleMatch") else kept) or [None], pattern
        return [], self._patterns[0]

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
                "Matches": TypedArray(_MATCH, [match for match in matches if match is not None]),
            },
        )


class ConvertFromStringData(EngineBody):
    """Lines of name=value as a hash table."""

    def process(self) -> None:
        table = Hashtable()
        for line in self.context.get("StringData").split("\n"):
            stripped = line.strip()
            if stripped and not stripped.startswith("#"):
                self._add(table, stripped)
        self.context.write(table)

    def _add(self, table: Hashtable, line: str) -> None:
        name, found, value = (part.strip() for part in line.partition("="))
        if not name or not found:
            self.context.outside_subset(f"the data line {line}")
        if table.contains(name):
            self.context.outside_subset(f"data with two lines for {name}")
        table.set(name, self._unescaped(value))

    def _unescaped(self, value: str) -> str:
        if re.search(r"\\(?![\\tnr])", value.replace("\\\\", "")):
            self.context.outside_subset("this escape in ConvertFrom-StringData")
        letters = {"t": "\t", "n": "\n", "r": "\r"}
        return re.sub(r"\\(.)", lambda found: letters.get(found.group(1), found.group(1)), value)


CMDLETS: Final = (
    of_powershell(
        "ConvertFrom-StringData",
        ConvertFromStringData,
        "StringData string 0 mandatory pipeline empty",
        default_set="Default",
    ),
    of_powershell(
        "Select-String",
        SelectString,
        "InputObject psobject mandatory pipeline in:Object null, Pattern string[] 0 mandatory, "
        "Path string[] 1 mandatory in:File, SimpleMatch switch, CaseSensitive switch, Quiet switch, List switch, "
        "AllMatches switch, NotMatch switch",
        default_set="File",
    ),
)
