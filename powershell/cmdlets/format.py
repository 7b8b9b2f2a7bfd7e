"""Format-Table and Format-List."""

from __future__ import annotations

from typing import Final

from powershell.command import of_powershell
from powershell.engine_context import EngineBody, EngineContext
from powershell.formatting.objects import RuntimeObjects
from powershell.formatting.packets import Packet
from powershell.formatting.parameters import parse_properties
from powershell.formatting.shaping import FormatRequest, Formatter

_KEYS: Final = ("expression", "label", "name")


class FormatBody(EngineBody):
    """One Format-* command; the subclass names its kind."""

    kind: str

    def __init__(self, context: EngineContext) -> None:
        super().__init__(context)
        get = context.get
        if get("Property") == []:
            context.outside_subset(f"Format-{self.kind.title()} with an empty -Property")
        request = FormatRequest(
            kind=self.kind,
            properties=parse_properties(get("Property") or (), _KEYS),
            auto_size=get("AutoSize"),
            hide_header=get("HideTableHeaders"),
            wrap=get("Wrap"),
        )
        self._formatter = Formatter(RuntimeObjects(context), context.runspace.views, request)

    def process(self) -> None:
        value = self.context.get("InputObject")
        for packet in [value] if isinstance(value, Packet) else self._formatter.feed(value):
            self.context.write(packet)

    def end(self) -> None:
        for packet in self._formatter.end():
            self.context.write(packet)


class FormatTable(FormatBody):
    kind = "table"


class FormatList(FormatBody):
    kind = "list"


CMDLETS: Final = (
    of_powershell(
        "Format-Table",
        FormatTable,
        "Property object[] 0, AutoSize switch, HideTableHeaders switch, Wrap switch, InputObject psobject pipeline",
    ),
    of_powershell("Format-List", FormatList, "Property object[] 0, InputObject psobject pipeline"),
)
