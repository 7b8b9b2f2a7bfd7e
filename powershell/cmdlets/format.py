"""Format-Table and Format-List."""

from __future__ import annotations

from typing import Final

from powershell.command import of_powershell
from powershell.engine_context import EngineBody, EngineContext
from powershell.errors import ErrorRecord, PowerShellError
from powershell.formatting.objects import RuntimeObjects
from powershell.formatting.packets import Packet
from powershell.formatting.parameters import GROUP_KEYS, LIST_KEYS, TABLE_KEYS, parse_properties
from powershell.formatting.shaping import FormatRequest, Formatter, ViewNotFound

_KEYS: Final = {"table": TABLE_KEYS, "list": LIST_KEYS}


class FormatBody(EngineBody):
    """One Format-* command; the subclass names its kind."""

    kind: str

    def __init__(self, context: EngineContext) -> None:
        super().__init__(context)
        try:
            self._formatter = self._made()
        except PowerShellError as error:
            context.throw(error.record)

    def _made(self) -> Formatter:
        context = self.context
        get = context.get
        given = get("Property")
        if given == []:
            context.outside_subset(f"Format-{self.kind.title()} with an empty -Property")
        properties = given if isinstance(given, list) else [] if given is None else [given]
        group_by = get("GroupBy")
        grouping = parse_properties([group_by], GROUP_KEYS, self._error) if group_by is not None else ()
        return Formatter(
            RuntimeObjects(context),
            context.runspace.views,
            FormatRequest(
                kind=self.kind,
                properties=parse_properties(properties, _KEYS[self.kind], self._error),
                group_by=grouping[0] if grouping else None,
                auto_size=bool(get("AutoSize")),
                hide_header=bool(get("HideTableHeaders")),
                wrap=bool(get("Wrap")),
                view_name=get("View") or "",
            ),
        )

    def _error(self, message: str, error_id: str) -> ErrorRecord:
        return self.context.error(
            message,
            error_id=error_id,
            category="InvalidArgument",
            exception="System.Management.Automation.PSArgumentException",
        )

    def process(self) -> None:
        value = self.context.get("InputObject")
        if isinstance(value, Packet):
            self.context.write(value)
            return
        try:
            for packet in self._formatter.feed(value):
                self.context.write(packet)
        except ViewNotFound:
            self.context.outside_subset(f"Format-{self.kind.title()} -View {self.context.get('View')}")

    def end(self) -> None:
        for packet in self._formatter.end():
            self.context.write(packet)


class FormatTable(FormatBody):
    kind = "table"


class FormatList(FormatBody):
    kind = "list"


_ID: Final = "Microsoft.PowerShell.Commands.Format"


_COMMON: Final = "InputObject psobject pipeline, GroupBy object, View string"

CMDLETS: Final = (
    of_powershell(
        "Format-Table",
        FormatTable,
        f"Property object[] 0, AutoSize switch, HideTableHeaders switch, Wrap switch, {_COMMON}",
    ),
    of_powershell("Format-List", FormatList, f"Property object[] 0, {_COMMON}"),
)
