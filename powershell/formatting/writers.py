"""Rows of text with real column computation: tables, lists and wide rows as PowerShell's writers lay them out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from powershell import budget
from powershell.formatting.cells import ellipsis, first_line, head, lines_of, tail, width, wrap
from powershell.formatting.packets import LEFT, RIGHT

_HIDDEN: Final = -1
_MINIMUM_TABLE: Final = 5
_LIST_SEPARATOR: Final = " : "
_MINIMUM_LIST_FIELD: Final = 1
_MINIMUM_LIST_LABEL: Final = 1


def _table_width(widths: Sequence[int]) -> int:
    visible = [cells for cells in widths if cells > 0]
    return sum(visible) + len(visible) - 1


def fit_columns(widths: Sequence[int], table_width: int) -> list[int]:
    """Column widths that fit the table: columns without a width share the room, the last ones give way."""
    fitted = list(widths)
    if any(cells <= 0 for cells in fitted):
        shared = [index for index, cells in enumerate(fitted) if cells <= 0]
        for index in shared:
            fitted[index] = 1
        room = table_width - _table_width(fitted)
        if room >= 0:
            _share(fitted, shared, room)
            return fitted
    _trim(fitted, table_width)
    return fitted


def _share(widths: list[int], columns: list[int], room: int) -> None:
    each, extra = divmod(room, len(columns))
    for place, index in enumerate(columns):
        widths[index] += each + (1 if place < extra else 0)


def _trim(widths: list[int], table_width: int) -> None:
    while (excess := _table_width(widths) - table_width) > 0:
        last = max((index for index, cells in enumerate(widths) if cells > 0), default=-1)
        if last < 0:
            return
        left = widths[last] - excess
        widths[last] = left if left >= 1 else _HIDDEN


def _field(value: str, cells: int, alignment: str, *, pad: bool) -> str:
    text = first_line(value)
    used = width(text)
    if used < cells:
        return _padded(text, cells - used, alignment, pad=pad)
    if used > cells:
        text = _truncated(text, cells, alignment)
        if width(text) < cells:
            text = " " + text if alignment == RIGHT else (text + " " if pad else text)
    return text


def _padded(text: str, room: int, alignment: str, *, pad: bool) -> str:
    if pad or alignment != LEFT:
        budget.text(room)
    if alignment == RIGHT:
        return " " * room + text
    return text + " " * room if pad else text


def _truncated(text: str, cells: int, alignment: str) -> str:
    cut = ellipsis()
    kept = cells - len(cut)
    if kept <= 0:
        return tail(text, cells) if alignment == RIGHT else head(text, cells)
    return cut + tail(text, kept) if alignment == RIGHT else head(text, kept) + cut


class TableWriter:
    """Header and rows of one table in the given number of screen columns."""

    def __init__(self, widths: Sequence[int], alignments: Sequence[str], screen_width: int) -> None:
        fitted = fit_columns(widths, screen_width) if screen_width >= _MINIMUM_TABLE else []
        self._columns = [
            (index, cells, alignment)
            for index, (cells, alignment) in enumerate(zip(fitted, alignments, strict=False))
            if cells > 0
        ]
        self._last = len(fitted) - 1

    def header(self, labels: Sequence[str]) -> Iterator[str]:
        if self._columns:
            yield from self._wrapped_row(labels)
            marks = {index: min(width(labels[index]), cells) or cells for index, cells, _ in self._columns}
            yield self._single_row(["-" * marks.get(index, 0) for index in range(len(labels))])

    def row(self, values: Sequence[str], *, wrapped: bool) -> Iterator[str]:
        if self._columns and wrapped:
            yield from self._wrapped_row(values)
        elif self._columns:
            yield self._single_row(values)

    def _single_row(self, values: Sequence[str]) -> str:
        return " ".join(
            _field(values[index], cells, alignment, pad=index != self._last)
            for index, cells, alignment in self._columns
        )

    def _wrapped_row(self, values: Sequence[str]) -> Iterator[str]:
        last = len(self._columns) - 1
        fields: list[list[str]] = []
        for place, (index, cells, alignment) in enumerate(self._columns):
            rows = wrap(values[index], cells)
            pad = place != last
            if pad or alignment != LEFT:
                rows = [_field(row, cells, alignment, pad=pad) if width(row) < cells else row for row in rows]
            fields.append(rows)
        height = max(map(len, fields))
        for line in range(height):
            used = max((place for place, rows in enumerate(fields) if line < len(rows)), default=0)
            line_cells = [
                rows[line] if line < len(rows) else " " * budget.text(self._columns[place][1])
                for place, rows in enumerate(fields[: used + 1])
            ]
            yield " ".join(line_cells) if height == 1 else _without_last_blanks(line_cells)


def _without_last_blanks(cells: list[str]) -> str:
    """A line of a row of several lines: blanks at the end of its last cell (with its separator) are left out."""
    before = "".join(f"{cell} " for cell in cells[:-1])
    last = cells[-1].rstrip()
    return before + last if last or not before else before[:-1]


class ListWriter:
    """`Label : value` lines with labels of equal width; long values go on under themselves."""

    def __init__(self, labels: Sequence[str], screen_width: int) -> None:
        room = screen_width - len(_LIST_SEPARATOR) - _MINIMUM_LIST_FIELD
        self._labels: list[str] = []
        if not labels or room < _MINIMUM_LIST_LABEL:
            return
        label_width = min(max(map(width, labels)), room)
        self._labels = [head(label, label_width) for label in labels]
        self._labels = [label + " " * (label_width - width(label)) + _LIST_SEPARATOR for label in self._labels]
        self._indent = label_width + len(_LIST_SEPARATOR)
        self._room = screen_width - self._indent

    def block(self, values: Sequence[str]) -> Iterator[str]:
        for label, value in zip(self._labels, values, strict=False):
            prefix = label
            for line in lines_of(value):
                for row in wrap(line, self._room):
                    yield prefix + row
                    prefix = " " * self._indent
