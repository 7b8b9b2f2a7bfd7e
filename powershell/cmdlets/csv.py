"""ConvertTo-Csv, ConvertFrom-Csv and ConvertTo-Html."""

from __future__ import annotations

import html
import itertools
import re
from collections.abc import Sequence
from typing import Any, Final

from powershell.cmdlets.properties import PropertyReader
from powershell.command import Cmdlet, parameter
from powershell.conversion import object_text, to_text
from powershell.engine_context import EngineBody, EngineContext
from powershell.errors import PowerShellError
from powershell.values import (
    DotNetObject,
    Hashtable,
    NoteProperty,
    PSCustomObject,
    enumerate_value,
    type_name,
)


class ConvertToCsv(EngineBody):
    def __init__(self, context: EngineContext) -> None:
        super().__init__(context)
        self._reader = PropertyReader(context)
        self._delimiter = "," if "Delimiter" not in context.parameters else to_text(context.get("Delimiter"))
        self._names: list[str] | None = None

    def begin(self) -> None:
        if "QuoteFields" in self.context.parameters and "UseQuotes" in self.context.parameters:
            self.context.throw(
                self.context.error(
                    "You must specify either the -UseQuotes or -QuoteFields parameters, but not both.",
                    error_id="CannotSpecifyQuoteFieldsAndUseQuotes",
                    category="InvalidData",
                    exception="System.InvalidOperationException",
                )
            )

    def process(self) -> None:
        value = self.context.get("InputObject")
        if self._names is None:
            self._names = self._header(value)
            if not self.context.get("NoHeader"):
                self.context.write(self._line([self._quoted(name, name) for name in self._names]))
        cells = [self._cell(value, name) for name in self._names]
        self.context.write(self._line(cells))

    def _header(self, value: Any) -> list[str]:
        if isinstance(value, Hashtable):
            return [to_text(key) for key, _ in value.items()]
        if not isinstance(value, (PSCustomObject, DotNetObject, str)):
            self.context.outside_subset(f"ConvertTo-Csv of {type_name(value)}")
        return list(self._reader.objects.properties(value))

    def _line(self, cells: Sequence[str]) -> str:
        return self._delimiter.join(cells)

    def _cell(self, value: Any, name: str) -> str:
        if isinstance(value, Hashtable):
            return self._shown(name, value.get(name))
        if _of_block(value, name):
            return self._quoted(name, to_text(self._reader.objects.get(value, name)))
        try:
            return self._shown(name, self._reader.objects.get(value, name))
        except PowerShellError:
            return ""

    def _shown(self, name: str, value: Any) -> str:
        if value is None:
            return ""
        items = None if isinstance(value, str) else enumerate_value(value)
        text = type_name(value) if items is not None else object_text(value)
        return self._quoted(name, text)

    def _quoted(self, name: str, text: str) -> str:
        fields = self.context.get("QuoteFields")
        wish = self.context.get("UseQuotes", "Always")
        if fields is not None:
            wish = "Always" if any(name.lower() == field.lower() for field in fields) else "Never"
        needed = any(mark in text for mark in (self._delimiter, '"', "\n", "\r"))
        if wish == "Never" or (wish == "AsNeeded" and not needed):
            return text
        return '"' + text.replace('"', '""') + '"'


def _of_block(value: Any, name: str) -> bool:
    member = value.members.get(name.lower()) if isinstance(value, PSCustomObject) else None
    return isinstance(member, NoteProperty) and member.block_value is member.value


class ConvertFromCsv(EngineBody):
    def __init__(self, context: EngineContext) -> None:
        super().__init__(context)
        self._delimiter = "," if "Delimiter" not in context.parameters else to_text(context.get("Delimiter"))
        self._names: list[str] | None = context.get("Header")

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
            if row[0].startswith("#TYPE"):
                self.context.outside_subset("a CSV that names its type (#TYPE)")
            self._names = self._header(row)
            return
        made = PSCustomObject()
        for index, name in enumerate(self._names):
            if name.lower() in made.members:
                self.context.throw(
                    self.context.error(
                        f'The member "{name}" is already present.',
                        error_id="AlreadyPresentPSMemberInfoInternalCollectionAdd",
                        exception="System.Management.Automation.ExtendedTypeSystemException",
                    )
                )
            made.set(name, row[index] if index < len(row) else None)
        self.context.write(made)

    def _header(self, row: list[str]) -> list[str]:
        if all(row):
            return row
        if "" not in row[:-1] and row[-1] == "":
            self.context.outside_subset("a CSV header that ends with a delimiter")
        self.context.write_warning(
            'One or more headers were not specified. Default names starting with "H" have been used in place of any '
            "missing headers."
        )
        numbers = itertools.count(1)
        return [name or f"H{next(numbers)}" for name in row]


_DELIMITER: Final = parameter("Delimiter", "char", position=1)


class ConvertToHtml(EngineBody):
    """Tables and lists of properties; -As List puts a rule between objects."""

    def __init__(self, context: EngineContext) -> None:
        super().__init__(context)
        self._reader = PropertyReader(context)
        self._properties = self._reader.parse(
            context.get("Property") or ["*"], ("name", "label", "expression", "formatstring", "width", "alignment")
        )
        if any(given.options for given in self._properties):
            context.outside_subset("ConvertTo-Html with a width, alignment or format string")
        self._as_list = self.context.get("As", "Table") == "List"
        self._rows = 0

    def begin(self) -> None:
        get = self.context.get
        if get("Fragment"):
            return
        self.context.write(
            '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN"  '
            '"http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">'
        )
        self.context.write('<html xmlns="http://www.w3.org/1999/xhtml">')
        self.context.write("<head>")
        self.context.write(f"<title>{html.escape(get('Title') or 'HTML TABLE', quote=False)}</title>")
        self.context.write("</head><body>")

    def process(self) -> None:
        value = self.context.get("InputObject")
        if value is None:
            return
        read = [item for given in self._properties for item in self._reader.read(given, value)]
        if self._as_list:
            self._list(read)
            return
        if not self._rows:
            self._write_all(self.context.get("PreContent") or ())
            self.context.write("<table>")
            self.context.write("<colgroup>" + "<col/>" * len(read) + "</colgroup>")
            self.context.write("<tr>" + "".join(f"<th>{self._shown(item.name)}</th>" for item in read) + "</tr>")
        self._rows += 1
        cells = [to_text(item.value) if _of_block(value, item.name) else item.value for item in read]
        self.context.write("<tr>" + "".join(f"<td>{self._shown(cell)}</td>" for cell in cells) + "</tr>")

    def _list(self, read: list[Any]) -> None:
        if not self._rows:
            self._write_all(self.context.get("PreContent") or ())
            self.context.write("<table>")
        else:
            self.context.write("<tr><td><hr></td></tr>")
        self._rows += 1
        for item in read:
            self.context.write(f"<tr><td>{self._shown(item.name)}:</td><td>{self._shown(item.value)}</td></tr>")

    def _shown(self, value: Any) -> str:
        if value is not None and not isinstance(value, str) and enumerate_value(value) is not None:
            return html.escape(type_name(value), quote=True)
        return html.escape(to_text(value), quote=True).replace("&#x27;", "&#39;")

    def _write_all(self, lines: Sequence[str]) -> None:
        for line in lines:
            self.context.write(line)

    def end(self) -> None:
        if not self._rows:
            self.context.outside_subset("ConvertTo-Html without input")
        self.context.write("</table>")
        self._write_all(self.context.get("PostContent") or ())
        if not self.context.get("Fragment"):
            self.context.write("</body></html>")


CMDLETS: Final = (
    Cmdlet(
        name="ConvertTo-Csv",
        error_id="Microsoft.PowerShell.Commands.ConvertToCsvCommand",
        body=ConvertToCsv,
        default_set="Delimiter",
        parameters=(
            parameter("InputObject", "psobject", position=0, mandatory=True, from_pipeline=True),
            parameter("Delimiter", "char", position=1, sets=("Delimiter",)),
            parameter("NoTypeInformation", "switch", aliases=("NTI",)),
            parameter("QuoteFields", "string[]", aliases=("QF",)),
            parameter("UseQuotes", "string", aliases=("UQ",), validate_set=("Never", "Always", "AsNeeded")),
            parameter("NoHeader", "switch"),
        ),
    ),
    Cmdlet(
        name="ConvertFrom-Csv",
        error_id="Microsoft.PowerShell.Commands.ConvertFromCsvCommand",
        body=ConvertFromCsv,
        parameters=(
            parameter(
                "InputObject",
                "psobject[]",
                position=0,
                mandatory=True,
                from_pipeline=True,
                allow_empty_string=True,
                allow_empty_collection=True,
            ),
            _DELIMITER,
            parameter("Header", "string[]"),
        ),
    ),
    Cmdlet(
        name="ConvertTo-Html",
        error_id="Microsoft.PowerShell.Commands.ConvertToHtmlCommand",
        body=ConvertToHtml,
        default_set="Page",
        parameters=(
            parameter("InputObject", "psobject", from_pipeline=True),
            parameter("Property", "object[]", position=0),
            parameter("As", "string", validate_set=("Table", "List")),
            parameter("Title", "string", position=2, sets=("Page",)),
            parameter("Fragment", "switch", sets=("Fragment",)),
            parameter("PreContent", "string[]"),
            parameter("PostContent", "string[]"),
        ),
    ),
)
