"""Objects into formatting objects: what Format-Table, -List and the default formatter emit for a stream."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from powershell.errors import ErrorRecord, OutsideSubset
from powershell.formatting.cells import lines_of
from powershell.formatting.errors import error_text
from powershell.formatting.objects import RuntimeObjects
from powershell.formatting.packets import (
    LEFT,
    RIGHT,
    CustomShape,
    CustomText,
    Entry,
    FormatEndData,
    FormatEntryData,
    FormatStartData,
    GroupEndData,
    GroupStartData,
    ListBlock,
    ListShape,
    Packet,
    RawText,
    Shape,
    TableColumn,
    TableRow,
    TableShape,
)
from powershell.formatting.parameters import PropertyArgument
from powershell.formatting.values import field_text, is_right_aligned, is_scalar, items_of
from powershell.formatting.views import Column, ListView, TableView, TextView, View, ViewBody, Views
from powershell.instances import BoundParameters, PSCustomObject

_TABLE_PROPERTIES: Final = 4
_TABLE_COLUMNS: Final = 10
_KINDS: Final[Mapping[str, tuple[type[ViewBody], ...]]] = {
    "": (TableView, ListView, TextView),
    "table": (TableView,),
    "list": (ListView,),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatRequest:
    """What a Format-* command asks for; `kind` is "table", "list" or empty for the default view."""

    kind: str = ""
    properties: tuple[PropertyArgument, ...] = ()
    auto_size: bool = False
    hide_header: bool = False
    wrap: bool = False


@dataclass(frozen=True, slots=True)
class _Layout:
    """One chosen view at work: its shape and the entry of each object."""

    shape: Shape
    entry: Callable[[Any], Entry]


Evaluate = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Field:
    """A column or list item of a chosen view; `alignment` empty goes by the first object's value."""

    label: str
    evaluate: Evaluate
    width: int = 0
    alignment: str = ""


def text_entry(text: str) -> CustomText:
    return CustomText(tuple(lines_of(text)))


def _pairs(table: BoundParameters) -> list[Any]:
    """A generic dictionary shows its pairs by their own properties, not in the view of a Hashtable's entries."""
    return [PSCustomObject({"Key": key, "Value": value}) for key, value in table.items()]


class Formatter:
    """One run of a Format-* command (or of the default formatter) over a stream of objects."""

    def __init__(self, objects: RuntimeObjects, views: Views, request: FormatRequest) -> None:
        self._objects = objects
        self._views = views
        self._request = request
        self._layout: _Layout | None = None
        self._view: View | None = None

    def feed(self, value: Any) -> Iterator[Packet]:
        if value is None:
            return
        items = _pairs(value) if isinstance(value, BoundParameters) else items_of(value)
        for item in [value] if items is None else items:
            if item is not None:
                yield from self._object(item)

    def end(self) -> Iterator[Packet]:
        if self._layout is not None:
            yield GroupEndData()
            yield FormatEndData()

    def _object(self, value: Any) -> Iterator[Packet]:
        entry = self._aside(value)
        if entry is not None:
            yield FormatEntryData(entry, out_of_band=True)
            return
        if self._layout is None:
            self._layout = self._choose_layout(value)
            yield FormatStartData(self._layout.shape)
            yield GroupStartData()
        elif self._view is not None and self._view.type_name not in self._objects.type_names(value):
            fields = self._fields_of(self._default_names(value))
            yield FormatEntryData(self._list_block(fields, value), out_of_band=True)
            return
        yield FormatEntryData(self._layout.entry(value))

    def _aside(self, value: Any) -> Entry | None:
        """What is shown by its text in any view."""
        objects = self._objects
        if isinstance(value, ErrorRecord):
            return text_entry(error_text(objects, value))
        view = self._views.find_out_of_band(objects.type_names(value))
        if view is not None:
            return text_entry(view.text(objects, value))
        if is_scalar(value) or (isinstance(value, PSCustomObject) and not objects.properties(value)):
            return RawText(objects.text(value))
        return None

    # -- choosing a view ---------------------------------------------------------------------------------------

    def _choose_layout(self, value: Any) -> _Layout:
        request = self._request
        if request.properties:
            return self._table(self._resolved(value), value) if request.kind == "table" else self._list(self._existing)
        self._view = self._views.find(self._objects.type_names(value), _KINDS[request.kind])
        match None if self._view is None else self._view.body:
            case TableView(columns=columns):
                return self._table([self._field_of(column) for column in columns], value)
            case ListView(columns=columns):
                items = [self._field_of(column) for column in columns]
                return self._list(lambda _: items)
            case TextView(text=text):
                return _Layout(CustomShape(), lambda item: text_entry(text(self._objects, item)))
        names = self._default_names(value)
        if (request.kind or ("table" if len(names) <= _TABLE_PROPERTIES else "list")) == "table":
            return self._table(self._fields_of(names[:_TABLE_COLUMNS]), value)
        return self._list(lambda item: self._fields_of(self._default_names(item)))

    def _table(self, fields: list[_Field], first: Any) -> _Layout:
        columns = tuple(
            TableColumn(label=field.label, width=field.width, alignment=field.alignment or _alignment(field, first))
            for field in fields
        )

        def row(value: Any) -> TableRow:
            texts = tuple(field_text(self._objects, field.evaluate(value), in_table=True) for field in fields)
            return TableRow(texts, self._request.wrap)

        request = self._request
        return _Layout(TableShape(columns=columns, hide_header=request.hide_header, auto_size=request.auto_size), row)

    def _list(self, choose: Callable[[Any], list[_Field]]) -> _Layout:
        """Fields are chosen anew for each object: a list of objects of several types shows each one's own."""
        return _Layout(ListShape(), lambda value: self._list_block(choose(value), value))

    def _list_block(self, fields: list[_Field], value: Any) -> ListBlock:
        return ListBlock(tuple((field.label, field_text(self._objects, field.evaluate(value))) for field in fields))

    def _field_of(self, column: Column) -> _Field:
        source = column.source
        if isinstance(source, str):
            return _Field(column.label or source, self._reader(source), width=column.width, alignment=column.alignment)
        return _Field(column.label, partial(source, self._objects), width=column.width, alignment=column.alignment)

    def _resolved(self, value: Any) -> list[_Field]:
        arguments = [one for given in self._request.properties for one in given.resolve(self._objects, value)]
        return [self._argument_field(argument) for argument in arguments]

    def _existing(self, value: Any) -> list[_Field]:
        arguments = [one for given in self._request.properties for one in given.resolve(self._objects, value)]
        return [self._argument_field(argument) for argument in arguments if argument.exists(self._objects, value)]

    def _argument_field(self, argument: PropertyArgument) -> _Field:
        return _Field(argument.title, partial(argument.evaluate, self._objects))

    def _fields_of(self, names: list[str]) -> list[_Field]:
        return [_Field(name, self._reader(name)) for name in names]

    def _default_names(self, value: Any) -> list[str]:
        names = list(self._objects.properties(value))
        if not names:
            raise OutsideSubset(f"showing {self._objects.type_names(value)[0]}")
        return names

    def _reader(self, name: str) -> Evaluate:
        return partial(PropertyArgument(expression=name).evaluate, self._objects)


def _alignment(field: _Field, value: Any) -> str:
    return RIGHT if is_right_aligned(field.evaluate(value)) else LEFT
