"""Objects into formatting objects: what Format-Table, -List and the default formatter emit for a stream."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Protocol

from powershell.errors import ErrorRecord
from powershell.formatting.cells import lines_of
from powershell.formatting.errors import error_text
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
from powershell.formatting.values import Objects, field_text, is_right_aligned, is_scalar, items_of
from powershell.formatting.views import Column, ListView, TableView, TextView, View, ViewBody, Views
from powershell.instances import BoundParameters, PSCustomObject

_TABLE_PROPERTIES: Final = 4
_TABLE_COLUMNS: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatRequest:
    """What a Format-* command asks for; `kind` is "table", "list" or empty for the default view."""

    kind: str = ""
    properties: tuple[PropertyArgument, ...] = ()
    auto_size: bool = False
    hide_header: bool = False
    wrap: bool = False


class _Layout(Protocol):
    """One chosen view at work: its shape and the entry of each object."""

    @property
    def shape(self) -> Shape: ...

    def entry(self, value: Any) -> Entry: ...


Evaluate = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Field:
    """A column or list item of a chosen view."""

    label: str
    evaluate: Evaluate
    format_string: str = ""
    width: int = 0
    alignment: str = LEFT


class _TableLayout:
    def __init__(self, objects: Objects, fields: list[_Field], request: FormatRequest) -> None:
        self._objects = objects
        self._fields = fields
        self._wrap = request.wrap
        self.shape: Shape = TableShape(
            columns=tuple(TableColumn(label=f.label, width=f.width, alignment=f.alignment) for f in fields),
            hide_header=request.hide_header,
            auto_size=request.auto_size,
        )

    def entry(self, value: Any) -> Entry:
        texts = (
            field_text(self._objects, f.evaluate(value), format_string=f.format_string, in_table=True)
            for f in self._fields
        )
        return TableRow(tuple(texts), self._wrap)


class _ListLayout:
    """`choose` gives the fields of each object anew: a list of objects of several types shows each one's own."""

    def __init__(self, objects: Objects, choose: Callable[[Any], list[_Field]]) -> None:
        self._objects = objects
        self._choose = choose
        self.shape: Shape = ListShape()

    def entry(self, value: Any) -> Entry:
        return ListBlock(
            tuple(
                (f.label, field_text(self._objects, f.evaluate(value), format_string=f.format_string))
                for f in self._choose(value)
            )
        )


class _TextLayout:
    def __init__(self, objects: Objects, view: TextView) -> None:
        self._objects = objects
        self._view = view
        self.shape: Shape = CustomShape()

    def entry(self, value: Any) -> Entry:
        return text_entry(self._view.text(self._objects, value))


def text_entry(text: str) -> CustomText:
    return CustomText(tuple(lines_of(text)))


def _pairs(table: BoundParameters) -> list[Any]:
    """A generic dictionary shows its pairs by their own properties, not in the view of a Hashtable's entries."""
    return [PSCustomObject({"Key": key, "Value": value}) for key, value in table.items()]


class Formatter:
    """One run of a Format-* command (or of the default formatter) over a stream of objects."""

    def __init__(self, objects: Objects, views: Views, request: FormatRequest) -> None:
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
        aside = self._out_of_band(value, fall_back=False)
        if aside is not None:
            yield aside
            return
        if self._layout is None:
            self._layout = self._choose_layout(value)
            yield FormatStartData(self._layout.shape)
            yield GroupStartData()
        elif not self._applies(value):
            aside = self._out_of_band(value, fall_back=True)
            if aside is not None:
                yield aside
            return
        yield FormatEntryData(self._layout.entry(value))

    def _applies(self, value: Any) -> bool:
        return self._view is None or self._view.type_name in self._objects.type_names(value)

    # -- out of band -------------------------------------------------------------------------------------------

    def _out_of_band(self, value: Any, *, fall_back: bool) -> FormatEntryData | None:
        entry = self._out_of_band_entry(value, fall_back=fall_back)
        return None if entry is None else FormatEntryData(entry, out_of_band=True)

    def _out_of_band_entry(self, value: Any, *, fall_back: bool) -> Entry | None:
        objects = self._objects
        if isinstance(value, ErrorRecord):
            return text_entry(error_text(objects, value))
        view = self._views.find_out_of_band(objects.type_names(value))
        if view is not None:
            return text_entry(view.text(objects, value))
        if is_scalar(value) or (isinstance(value, PSCustomObject) and not objects.properties(value)):
            return RawText(objects.text(value))
        return ListBlock(self._list_values(value)) if fall_back else None

    def _list_values(self, value: Any) -> tuple[tuple[str, str], ...]:
        return tuple(
            (f.label, field_text(self._objects, f.evaluate(value))) for f in self._fields_of(self._default_names(value))
        )

    # -- choosing a view ---------------------------------------------------------------------------------------

    def _choose_layout(self, value: Any) -> _Layout:
        request = self._request
        if request.properties:
            return self._layout_of_properties(request.kind, value)
        kinds: dict[str, tuple[type[ViewBody], ...]] = {
            "": (TableView, ListView, TextView),
            "table": (TableView,),
            "list": (ListView,),
        }
        self._view = self._views.find(self._objects.type_names(value), kinds[request.kind])
        if self._view is not None:
            return self._layout_of_view(self._view.body)
        kind = request.kind or ("table" if len(self._default_names(value)) <= _TABLE_PROPERTIES else "list")
        return self._layout_of_properties(kind, value)

    def _layout_of_view(self, body: ViewBody) -> _Layout:
        match body:
            case TableView():
                fields = [self._field_of(column) for column in body.columns]
                return _TableLayout(self._objects, fields, self._request)
            case ListView():
                items = [self._field_of(column) for column in body.columns]
                return _ListLayout(self._objects, lambda _: items)
            case TextView():
                return _TextLayout(self._objects, body)

    def _field_of(self, column: Column) -> _Field:
        source = column.source
        if isinstance(source, str):
            return _Field(column.label or source, self._reader(source), width=column.width, alignment=column.alignment)

        def evaluate(value: Any) -> Any:
            return source(self._objects, value)

        return _Field(column.label, evaluate, width=column.width, alignment=column.alignment)

    def _layout_of_properties(self, kind: str, value: Any) -> _Layout:
        if kind == "table":
            return _TableLayout(self._objects, self._table_fields(value), self._request)
        return _ListLayout(self._objects, self._list_fields)

    def _table_fields(self, value: Any) -> list[_Field]:
        if self._request.properties:
            fields = self._resolved(value)
        else:
            fields = self._fields_of(self._default_names(value)[:_TABLE_COLUMNS])
        return [
            f if f.alignment else _Field(f.label, f.evaluate, f.format_string, f.width, self._alignment(f, value))
            for f in fields
        ]

    def _alignment(self, field: _Field, value: Any) -> str:
        return RIGHT if is_right_aligned(field.evaluate(value)) else LEFT

    def _list_fields(self, value: Any) -> list[_Field]:
        if self._request.properties:
            return self._resolved(value, existing_only=True)
        return self._fields_of(self._default_names(value))

    def _resolved(self, value: Any, *, existing_only: bool = False) -> list[_Field]:
        return [
            _Field(
                argument.title,
                self._argument_reader(argument),
                argument.options.get("formatstring", ""),
                alignment="",
            )
            for given in self._request.properties
            for argument in given.resolve(self._objects, value)
            if not existing_only or argument.exists(self._objects, value)
        ]

    def _fields_of(self, names: list[str]) -> list[_Field]:
        return [_Field(name, self._reader(name), alignment="") for name in names]

    def _default_names(self, value: Any) -> list[str]:
        names = list(self._objects.default_properties(value) or self._objects.properties(value))
        if not names:
            raise self._objects.outside(f"showing {self._objects.type_names(value)[0]}")
        return names

    def _reader(self, name: str) -> Evaluate:
        return self._argument_reader(PropertyArgument(expression=name))

    def _argument_reader(self, argument: PropertyArgument) -> Evaluate:
        def read(value: Any) -> Any:
            return argument.evaluate(self._objects, value)

        return read
