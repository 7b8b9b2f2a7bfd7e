"""ConvertTo-Csv and ConvertFrom-Csv."""

from __future__ import annotations

import re
from typing import Any, Final

from powershell.cmdlets.properties import PropertyReader
from powershell.command import of_powershell
from powershell.conversion import object_text, to_text
from powershell.declared import DotNetObject
from powershell.engine_context import EngineBody, EngineContext
from powershell.errors import PowerShellError
from powershell.instances import NoteProperty, PSCustomObject
from powershell.values import enumerate_value, type_name


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
            self.context.write(self._delimiter.join(map(_quoted, self._names)))
        self.context.write(self._delimiter.join(self._cell(value, name) for name in self._names))

    def _cell(self, value: Any, name: str) -> str:
        if _of_block(value, name):
            return _quoted(to_text(self._reader.objects.get(value, name)))
        try:
            return self._shown(self._reader.objects.get(value, name))
        except PowerShellError:
            return ""

    def _shown(self, value: Any) -> str:
        if value is None:
            return ""
        items = None if isinstance(value, str) else enumerate_value(value)
        text = type_name(value) if items is not None else object_text(value)
        return _quoted(text)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _of_block(value: Any, name: str) -> bool:
    member = value.members.get(name.lower()) if isinstance(value, PSCustomObject) else None
    return isinstance(member, NoteProperty) and member.block_value is member.value


class ConvertFromCsv(EngineBody):
    def __init__(self, context: EngineContext) -> None:
        super().__init__(context)
        self._delimiter = "," if "Delimiter" not in context.parameters else to_text(context.get("Delimiter"))
        self._names: list[str] | None = (
            None if "Header" not in context.parameters else self._header(context.get("Header"))
        )

    def process(self) -> None:
        for text in self.context.get("InputObject"):
            for row in self._rows(text):
                self._row(row)

    def _rows(self, text: str) -> list[list[str]]:
        """Records of separated text; a quoted field may hold line breaks, delimiters and doubled quotes."""
        rows: list[list[str]] = [[]]
        position = 0
        while position <= len(text):
            field, position = self._field(text, position)
            rows[-1].append(field)
            if text[position : position + 1] != self._delimiter:
                rows.append([])
                position += 1 if text[position : position + 2] != "\r\n" else 2
            else:
                position += 1
        return [row for row in rows if row and row != [""]]

    def _field(self, text: str, start: int) -> tuple[str, int]:
        """A field's text and where it ends; blanks before it do not count, nor those after a quoted one."""
        position = start
        while text[position : position + 1] in {" ", "\t"}:
            position += 1
        if text[position : position + 1] != '"':
            end = self._end(text, position)
            field = text[position:end]
            words = field.rstrip(" \t")
            return (field if re.search(r"[ \t]", words) else field[: len(words) + 1]), end
        field = ""
        position += 1
        while position < len(text):
            if text[position] == '"':
                if text[position + 1 : position + 2] != '"':
                    break
                position += 1
            field += text[position]
            position += 1
        end = self._end(text, position + 1)
        rest = text[position + 1 : end]
        return field + (rest if rest.strip(" \t") else ""), end

    def _end(self, text: str, position: int) -> int:
        while position < len(text) and text[position] not in (self._delimiter, "\n", "\r"):
            position += 1
        return position

    def _row(self, row: list[str]) -> None:
        if self._names is None:
            self._names = self._header(row)
            return
        made = PSCustomObject()
        for index, name in enumerate(self._names):
            made.set(name, row[index] if index < len(row) else None)
        self.context.write(made)

    def _header(self, row: list[str]) -> list[str]:
        if row[0].startswith("#TYPE") or not all(row) or len({name.lower() for name in row}) < len(row):
            self.context.outside_subset("a CSV that names its type, or whose names are not complete and different,")
        return row


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
