"""ConvertTo-Csv and ConvertFrom-Csv."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterable
from typing import Any, Final

from powershell.cmdlets.properties import PropertyReader
from powershell.command import of_powershell
from powershell.conversion import object_text, to_text
from powershell.declared import DotNetObject
from powershell.engine_context import EngineBody, EngineContext
from powershell.errors import PowerShellError
from powershell.instances import NoteProperty, PSCustomObject
from powershell.values import type_name

_QUOTED = "\ue000"
"""Stands for a quoted field."""


class ConvertToCsv(EngineBody):
    def __init__(self, context: EngineContext) -> None:
        super().__init__(context)
        self._reader = PropertyReader(context)
        self._delimiter = "," if "Delimiter" not in context.parameters else to_text(context.get("Delimiter"))
        self._names: list[str] | None = None

    def process(self) -> None:
        value = self.context.get("InputObject")
        if not isinstance(value, (PSCustomObject, DotNetObject, str)):
            self.context.outside_subset(f"ConvertTo-Csv of {type_name(value)}")
        if self._names is None:
            self._names = list(self._reader.objects.properties(value))
            if self.context.runspace.dialect.windows and not self.context.get("NoTypeInformation"):
                self.context.write(f"#TYPE {self._reader.objects.type_names(value)[0]}")
            self._line(map(_quoted, self._names))
        self._line(self._cell(value, name) for name in self._names)

    def _line(self, cells: Iterable[str]) -> None:
        """No line is written where all of it would be empty."""
        line = self._delimiter.join(cells)
        if line:
            self.context.write(line)

    def _cell(self, value: Any, name: str) -> str:
        if _of_block(value, name):
            return _quoted(to_text(self._reader.objects.get(value, name)))
        try:
            return self._shown(self._reader.objects.get(value, name))
        except PowerShellError:
            return ""

    def _shown(self, value: Any) -> str:
        return "" if value is None else _quoted(object_text(value))


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _of_block(value: Any, name: str) -> bool:
    member = value.members.get(name.lower()) if isinstance(value, PSCustomObject) else None
    return isinstance(member, NoteProperty) and member.block_value is member.value


class ConvertFromCsv(EngineBody):
    def __init__(self, context: EngineContext) -> None:
        super().__init__(context)
        self._delimiter = "," if "Delimiter" not in context.parameters else to_text(context.get("Delimiter"))
        given = context.get("Header")
        self._names: list[str] | None = None if given is None else self._checked(given)

    def process(self) -> None:
        for text in self.context.get("InputObject"):
            self._insist_on_plain_fields(text)
            for row in csv.reader(io.StringIO(text, newline=""), delimiter=self._delimiter):
                if row not in ([], [""]):
                    self._row(row)

    def _insist_on_plain_fields(self, text: str) -> None:
        ends = re.escape(self._delimiter) + "\r\n"
        bare = re.sub(r'"(?:[^"]|"")*"', _QUOTED, text)
        blanks = rf"(?:^|[{ends}])[ \t]|[ \t](?:[{ends}]|$)"
        if re.search(rf'"|{blanks}|{_QUOTED}[^{ends}]|[^{ends}]{_QUOTED}', bare):
            self.context.outside_subset("a CSV with blanks around its fields, or with quotes inside of them")

    def _row(self, row: list[str]) -> None:
        if self._names is None:
            self._names = self._checked(row)
            return
        self.context.write(PSCustomObject(itertools.zip_longest(self._names, row[: len(self._names)])))

    def _checked(self, names: list[str]) -> list[str]:
        if names[0].startswith("#TYPE") or not all(names) or len({name.lower() for name in names}) < len(names):
            self.context.outside_subset("a CSV that names its type, or whose names are not complete and different,")
        return names


CMDLETS: Final = (
    of_powershell(
        "ConvertTo-Csv",
        ConvertToCsv,
        "InputObject psobject 0 mandatory pipeline, Delimiter char 1 in:Delimiter, NoTypeInformation|NTI switch",
        default_set="Delimiter",
    ),
    of_powershell(
        "ConvertFrom-Csv",
        ConvertFromCsv,
        "InputObject psobject[] 0 mandatory pipeline empty none, Delimiter char 1, Header string[]",
    ),
)
