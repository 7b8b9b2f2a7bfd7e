"""Default views: which columns and fields a type shows, as PowerShell's format files declare them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from powershell.formatting.packets import LEFT, RIGHT
from powershell.formatting.values import Objects
from powershell.values import CommandInfo

Source = str | Callable[[Objects, Any], Any]
"""A property name, or what the format file computes by a script block."""


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
    auto_size: bool = False
    group_by: str = ""

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

    text: Callable[[Objects, Any], str]
    out_of_band: bool = False


ViewBody = TableView | ListView | TextView


@dataclass(frozen=True, slots=True)
class View:
    type_name: str
    body: ViewBody
    name: str = ""


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


def _command_name(objects: Objects, command: Any) -> Any:
    if isinstance(command, CommandInfo) and command.kind == "Alias":
        return f"{command.name} -> {command.definition}"
    return objects.get(command, "Name")


_COMMAND: Final = TableView(
    columns=(
        Column("CommandType", "CommandType", 15),
        Column(_command_name, "Name", 50),
        Column("Version", "Version", 10),
        Column("Source", "Source"),
    )
)
_COMMANDS: Final = "System.Management.Automation."
_MEASURES: Final = "Microsoft.PowerShell.Commands."


def _text(objects: Objects, value: Any) -> str:
    return objects.text(value)


def _property_text(name: str) -> Callable[[Objects, Any], str]:
    def text(objects: Objects, value: Any) -> str:
        return objects.text(objects.get(value, name))

    return text


BUILT_IN: Final[tuple[View, ...]] = (
    View(
        "System.Globalization.CultureInfo",
        TableView(columns=(Column("LCID", "", 16), Column("Name", "", 16), Column("DisplayName"))),
    ),
    View(
        "System.Version",
        TableView(
            columns=(Column("Major", "", 6), Column("Minor", "", 6), Column("Build", "", 6), Column("Revision", "", 8))
        ),
    ),
    View(
        "System.Management.Automation.SemanticVersion",
        TableView(
            columns=(
                Column("Major", "", 6),
                Column("Minor", "", 6),
                Column("Patch", "", 6),
                Column("PreReleaseLabel", "", 15),
                Column("BuildLabel", "", 11),
            )
        ),
    ),
    View("System.Collections.DictionaryEntry", TableView(columns=(Column("Name", "", 30), Column("Value")))),
    View("System.Collections.DictionaryEntry", ListView(columns("Name", "Value"))),
    View(
        "System.ServiceProcess.ServiceController",
        TableView(columns=(Column("Status", "", 8), Column("Name", "", 18), Column("DisplayName", "", 38))),
    ),
    View(
        "System.ServiceProcess.ServiceController",
        ListView(
            columns(
                "Name",
                "DisplayName",
                "Status",
                "DependentServices",
                "ServicesDependedOn",
                "CanPauseAndContinue",
                "CanShutdown",
                "CanStop",
                "ServiceType",
            )
        ),
    ),
    View(
        "System.TimeSpan",
        ListView(
            columns(
                "Days",
                "Hours",
                "Minutes",
                "Seconds",
                "Milliseconds",
                "Ticks",
                "TotalDays",
                "TotalHours",
                "TotalMinutes",
                "TotalSeconds",
                "TotalMilliseconds",
            )
        ),
    ),
    View("System.TimeSpan", TableView(columns=columns("Days", "Hours", "Minutes", "Seconds", "Milliseconds"))),
    View("System.DateTime", TextView(text=_property_text("DateTime"))),
    View("System.Guid", TableView(columns=columns("Guid"))),
    View(
        "System.RuntimeType",
        TableView(
            columns=(
                Column("IsPublic", "", 8),
                Column("IsSerializable", "IsSerial", 8),
                Column("Name", "", 40),
                Column("BaseType"),
            )
        ),
    ),
    View(
        _MEASURES + "GroupInfo",
        TableView(columns=(Column("Count", "", 5, RIGHT), Column("Name", "", 25), Column("Group"))),
    ),
    View(_MEASURES + "GroupInfo", ListView(columns("Name", "Count", "Group", "Values"))),
    View(_MEASURES + "GroupInfoNoElement", TableView(columns=(Column("Count", "", 5, RIGHT), Column("Name", "", 25)))),
    View(_MEASURES + "GroupInfoNoElement", ListView(columns("Name", "Count", "Values"))),
    View(_MEASURES + "MatchInfo", TextView(text=_text)),
    View(_COMMANDS + "AliasInfo", _COMMAND),
    View(_COMMANDS + "FunctionInfo", _COMMAND),
    View(_COMMANDS + "CmdletInfo", _COMMAND),
    View(_COMMANDS + "ScriptBlock", TextView(text=_text, out_of_band=True)),
    *(
        View(_COMMANDS + name, TextView(text=_text, out_of_band=True))
        for name in ("WarningRecord", "VerboseRecord", "DebugRecord")
    ),
    View(_COMMANDS + "InformationRecord", TextView(text=_text, out_of_band=True)),
)
