"""ConvertTo-Json and ConvertFrom-Json."""

from __future__ import annotations

from typing import Any, Final

from powershell.command import of_powershell
from powershell.engine_context import EngineBody, EngineContext
from powershell.formatting.objects import RuntimeObjects
from powershell.jsontext import JsonOptions, JsonWriter, UnsupportedJson, read_json
from powershell.values import DateTime, Guid, enumerate_value


class ConvertToJson(EngineBody):
    def __init__(self, context: EngineContext) -> None:
        super().__init__(context)
        self._input: list[Any] = []

    def process(self) -> None:
        self._input.append(self.context.get("InputObject"))

    def end(self) -> None:
        if not self._input:
            return
        value = self._input if len(self._input) > 1 else self._input[0]
        if any(isinstance(item, Guid) for item in (value, *(enumerate_value(value) or ()))):
            self.context.outside_subset("ConvertTo-Json of a System.Guid by itself or in a list")
        depth = self.context.get("Depth", 2)
        framework = self.context.runspace.dialect.windows
        if framework and depth == 0:
            self.context.outside_subset("ConvertTo-Json -Depth 0 of Windows PowerShell")
        if framework and (value is None or (isinstance(value, DateTime) and not value.has_display_hint)):
            self.context.outside_subset("ConvertTo-Json of $null or a date by itself in Windows PowerShell")
        options = JsonOptions(depth=depth, compress=bool(self.context.get("Compress")), framework=framework)
        writer = JsonWriter(RuntimeObjects(self.context), options)
        text = writer.write(value)
        if writer.truncated and not framework:
            self.context.write_warning(
                f"Resulting JSON is truncated as serialization has exceeded the set depth of {depth}."
            )
        self.context.write(text)


class ConvertFromJson(EngineBody):
    def __init__(self, context: EngineContext) -> None:
        super().__init__(context)
        self._texts: list[str] = []

    def process(self) -> None:
        self._texts.append(self.context.get("InputObject"))

    def end(self) -> None:
        if not self._texts:
            return
        if len(self._texts) > 1:
            self.context.outside_subset("ConvertFrom-Json of several texts")
        whole = self.context.runspace.dialect.windows
        try:
            value = read_json(self._texts[0], framework=whole)
        except UnsupportedJson as error:
            self.context.outside_subset(str(error))
        self.context.write(value, enumerate_items=not whole and isinstance(value, list))


CMDLETS: Final = (
    of_powershell(
        "ConvertTo-Json",
        ConvertToJson,
        "InputObject object 0 mandatory pipeline null empty none, Depth int range:0..100, Compress switch",
    ),
    of_powershell("ConvertFrom-Json", ConvertFromJson, "InputObject string 0 mandatory pipeline empty"),
)
