"""The formatting objects that Format-* cmdlets put into the pipeline and Out-* cmdlets turn into lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from powershell.declared import DotNetClass, DotNetObject

LEFT, RIGHT = "left", "right"


@dataclass(frozen=True, slots=True, kw_only=True)
class TableColumn:
    """`width` 0 leaves the width to the column manager."""

    label: str
    width: int = 0
    alignment: str = LEFT


@dataclass(frozen=True, slots=True, kw_only=True)
class TableShape:
    columns: tuple[TableColumn, ...]
    hide_header: bool = False
    auto_size: bool = False


@dataclass(frozen=True, slots=True)
class ListShape:
    pass


@dataclass(frozen=True, slots=True)
class CustomShape:
    pass


Shape = TableShape | ListShape | CustomShape


@dataclass(frozen=True, slots=True)
class TableRow:
    values: tuple[str, ...]
    wrap: bool = False


@dataclass(frozen=True, slots=True)
class ListBlock:
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class CustomText:
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RawText:
    text: str


Entry = TableRow | ListBlock | CustomText | RawText

_NAMESPACE: Final = "Microsoft.PowerShell.Commands.Internal.Format."
_CLASS_ID: Final = "ClassId2e4f51ef21dd47e99d3c952918aff9cd"


def _class(name: str, *properties: str) -> DotNetClass:
    return DotNetClass(name=_NAMESPACE + name, outside=frozenset({_CLASS_ID, *properties}))


class Packet(DotNetObject):
    """A formatting object; what the real ones hold is not for scripts to read, so all their members are outside."""

    __slots__ = ()
    dotnet: DotNetClass

    def __init__(self) -> None:
        super().__init__(self.dotnet)


class FormatStartData(Packet):
    __slots__ = ("shape",)
    dotnet = _class(
        "FormatStartData", "shapeInfo", "pageHeaderEntry", "pageFooterEntry", "autosizeInfo", "groupingEntry"
    )

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape


class GroupStartData(Packet):
    __slots__ = ()
    dotnet = _class("GroupStartData", "shapeInfo", "groupingEntry")


class FormatEntryData(Packet):
    __slots__ = ("entry", "out_of_band")
    dotnet = _class("FormatEntryData", "formatEntryInfo", "outOfBand", "writeStream", "isHelpObject")

    def __init__(self, entry: Entry, *, out_of_band: bool = False) -> None:
        super().__init__()
        self.entry = entry
        self.out_of_band = out_of_band


class GroupEndData(Packet):
    __slots__ = ()
    dotnet = _class("GroupEndData", "groupingEntry")


class FormatEndData(Packet):
    __slots__ = ()
    dotnet = _class("FormatEndData", "groupingEntry")
