"""Formatting objects and plain objects into lines of text: the lower half of Out-String and Out-Default."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from powershell.formatting.cells import width, wrap
from powershell.formatting.objects import RuntimeObjects
from powershell.formatting.packets import (
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
    TableRow,
    TableShape,
)
from powershell.formatting.shaping import FormatRequest, Formatter
from powershell.formatting.views import Views
from powershell.formatting.writers import ListWriter, TableWriter

WriteLine = Callable[[str], None]


class Renderer:
    """Takes a stream of objects, formatted or not, and writes their lines; call `end` once after the last."""

    def __init__(
        self, objects: RuntimeObjects, views: Views, screen_width: int, write_line: WriteLine, *, list_width: int = 0
    ) -> None:
        self._objects = objects
        self._views = views
        self._width = screen_width
        self._list_width = list_width or screen_width
        self._write = write_line
        self._formatter: Formatter | None = None
        self._document: _Document | None = None
        self._measuring = False

    def feed(self, value: Any) -> None:
        if isinstance(value, Packet):
            self._close_formatter(for_packet=value)
            self._packet(value)
            return
        if self._formatter is None:
            self._formatter = Formatter(self._objects, self._views, FormatRequest())
        self._packets(self._formatter.feed(value))

    def end(self) -> None:
        self._close_formatter()
        if self._document is not None:
            self._document.flush(whole=False)

    def _close_formatter(self, for_packet: Packet | None = None) -> None:
        inside = isinstance(for_packet, FormatEntryData) and for_packet.out_of_band
        if self._formatter is not None and not inside:
            self._packets(self._formatter.end())
            self._formatter = None

    def _packets(self, packets: Iterable[Packet]) -> None:
        for packet in packets:
            self._packet(packet)

    def _packet(self, packet: Packet) -> None:
        if isinstance(packet, FormatStartData):
            self._measuring = self._measuring or _is_measured(packet.shape)
            width = self._list_width if isinstance(packet.shape, ListShape) else self._width
            self._document = _Document(packet.shape, width, self._write, measured=self._measuring)
        elif self._document is not None:
            self._document.packet(packet)
            if isinstance(packet, FormatEndData):
                self._document = None
        elif isinstance(packet, FormatEntryData):
            for line in _lines_of(packet.entry, self._width, aside=True):
                self._write(line)


def _is_measured(shape: Shape) -> bool:
    """Whether widths come from the rows. In one output every document after such a one is measured as well."""
    if isinstance(shape, TableShape):
        return shape.auto_size or (bool(shape.columns) and not shape.columns[0].width)
    return False


class _Document:
    """The lines of one FormatStart … FormatEnd sequence. Tables wait for their group to know its widths."""

    def __init__(self, shape: Shape, screen_width: int, write_line: WriteLine, *, measured: bool) -> None:
        self._measured = measured
        self._shape = shape
        self._width = screen_width
        self._write = write_line
        self._waiting: list[FormatEntryData] | None = None
        write_line("")

    def packet(self, packet: Packet) -> None:
        match packet:
            case GroupStartData():
                self._waiting = []
            case FormatEntryData():
                if self._waiting is None:
                    self._single(packet, aside=True)
                else:
                    self._waiting.append(packet)
            case GroupEndData():
                self.flush()
            case FormatEndData():
                if not isinstance(self._shape, ListShape):
                    self._write("")

    def flush(self, *, whole: bool = True) -> None:
        """Writes the group gathered so far. One that was cut off (by Select-Object) has no widths of its own."""
        if self._waiting is None:
            return
        entries, self._waiting = self._waiting, None
        if isinstance(self._shape, TableShape):
            self._table(self._shape, entries, whole=whole)
        else:
            for entry in entries:
                self._single(entry, aside=entry.out_of_band)

    def _table(self, shape: TableShape, entries: list[FormatEntryData], *, whole: bool) -> None:
        if not shape.columns:
            return
        labels = [column.label for column in shape.columns]
        widths = [column.width for column in shape.columns]
        if whole and self._measured:
            rows = [packet.entry.values for packet in entries if isinstance(packet.entry, TableRow)]
            widths = [max(map(width, texts)) for texts in zip(labels, *rows, strict=True)]
        writer = TableWriter(widths, [column.alignment for column in shape.columns], self._width)
        if not shape.hide_header:
            self._lines(writer.header(labels))
        for packet in entries:
            if isinstance(packet.entry, TableRow):
                self._lines(writer.row(packet.entry.values, wrapped=packet.entry.wrap))
            else:
                self._single(packet, aside=True)

    def _single(self, packet: FormatEntryData, *, aside: bool) -> None:
        self._lines(_lines_of(packet.entry, self._width, aside=aside))

    def _lines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self._write(line)


def _lines_of(entry: Entry, screen_width: int, *, aside: bool) -> Iterator[str]:
    """`aside` is what stands among the rows of another view: its lines are not wrapped."""
    match entry:
        case RawText(text):
            yield text
        case CustomText(lines):
            for line in lines:
                yield from [line] if aside else wrap(line, screen_width)
        case ListBlock(fields):
            if aside:
                yield ""
            yield from ListWriter([label for label, _ in fields], screen_width).block([text for _, text in fields])
            yield ""
