"""Default views: which columns and fields a type shows, as PowerShell's format files declare them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from powershell.formatting.packets import LEFT, RIGHT
from powershell.instances import CommandInfo

Source = str | Callable[[Any, Any], Any]
"""A property name, or what the format file computes by a script block (of the `RuntimeObjects` and the object)."""


@dataclass(frozen=True, slots=True)
class Column:
    """`label` empty means the property's name."""

    source: Source
    label: str = ""
    width: int = 0
    alignment: str = LEFT


@dataclass(frozen=True, slots=True, kw_only=True)
class TableView:
    columns: tuple[Column, ...]

    @classmethod
    def of(cls, *columns: str | Column) -> TableView:
        """A name stands for the property of that name."""
        return cls(columns=tuple(Column(each) if isinstance(each, str) else each for each in columns))


@dataclass(frozen=True, slots=True)
class ListView:
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextView:
    """A custom view of one expression. Out of band it may stand between the rows of another view."""

    text: Callable[[Any, Any], str]
    out_of_band: bool = False


ViewBody = TableView | ListView | TextView


@dataclass(frozen=True, slots=True)
class View:
    type_name: str
    body: ViewBody


@dataclass(slots=True)
class Views:
    """The view database of a runspace: the first view of the most derived type wins."""

    views: list[View] = field(default_factory=list)

    def find(self, type_names: Sequence[str], kinds: tuple[type[ViewBody], ...]) -> View | None:
        for type_name in type_names:
            for view in self.views:
                if view.type_name == type_name and isinstance(view.body, kinds) and not _out_of_band(view):
                    return view
        return None

    def find_out_of_band(self, type_names: Sequence[str]) -> TextView | None:
        for type_name in type_names:
            for view in self.views:
                if view.type_name == type_name and isinstance(view.body, TextView) and view.body.out_of_band:
                    return view.body
        return None


def _out_of_band(view: View) -> bool:
    return isinstance(view.body, TextView) and view.body.out_of_band


def columns(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name) for name in names)


def _sized(**widths: int) -> TableView:
    """Columns by name; a width of 0 is what is left."""
    return TableView(columns=tuple(Column(name, width=cells) for name, cells in widths.items()))


def _command_name(objects: Any, command: Any) -> Any:
    if isinstance(command, CommandInfo) and command.kind == "Alias":
        return f"{command.name} -> {command.definition}"
    return objects.get(command, "Name")


_COMMAND: Final = TableView.of(
    Column("CommandType", width=15), Column(_command_name, "Name", 50), Column("Version", width=10), Column("Source")
)
_AUTOMATION: Final = "System.Management.Automation."
_UTILITY: Final = "Microsoft.PowerShell.Commands."


def _text(objects: Any, value: Any) -> str:
    return str(objects.text(value))


_COUNT: Final = Column("Count", "", 5, RIGHT)

BUILT_IN: Final[tuple[View, ...]] = (
    View("System.Version", _sized(Major=6, Minor=6, Build=6, Revision=8)),
    View("System.Collections.DictionaryEntry", _sized(Name=30, Value=0)),
    View("System.Collections.DictionaryEntry", ListView(columns("Name", "Value"))),
    View("System.ServiceProcess.ServiceController", _sized(Status=8, Name=18, DisplayName=38)),
    View(
        "System.ServiceProcess.ServiceController",
        ListView(
            columns(
                *("Name", "DisplayName", "Status", "DependentServices", "ServicesDependedOn", "CanPauseAndContinue"),
                *("CanShutdown", "CanStop", "ServiceType"),
            )
        ),
    ),
    View(
        "System.TimeSpan",
        ListView(
            columns(
                *("Days", "Hours", "Minutes", "Seconds", "Milliseconds", "Ticks", "TotalDays", "TotalHours"),
                *("TotalMinutes", "TotalSeconds", "TotalMilliseconds"),
            )
        ),
    ),
    View("System.TimeSpan", TableView.of("Days", "Hours", "Minutes", "Seconds", "Milliseconds")),
    View("System.DateTime", TextView(text=lambda objects, value: objects.text(objects.get(value, "DateTime")))),
    View("System.Guid", TableView.of("Guid")),
    View(_UTILITY + "GroupInfo", TableView.of(_COUNT, Column("Name", width=25), "Group")),
    View(_UTILITY + "GroupInfo", ListView(columns("Name", "Count", "Group", "Values"))),
    View(_UTILITY + "GroupInfoNoElement", TableView.of(_COUNT, Column("Name", width=25))),
    View(_UTILITY + "GroupInfoNoElement", ListView(columns("Name", "Count", "Values"))),
    View(_UTILITY + "MatchInfo", TextView(text=_text)),
    *(View(_AUTOMATION + name, _COMMAND) for name in ("AliasInfo", "FunctionInfo", "CmdletInfo")),
    *(
        View(_AUTOMATION + name, TextView(text=_text, out_of_band=True))
        for name in ("ScriptBlock", "WarningRecord", "VerboseRecord", "DebugRecord", "InformationRecord")
    ),
)
