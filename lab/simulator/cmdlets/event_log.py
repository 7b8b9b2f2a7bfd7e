"""Get-WinEvent over the event logs of the simulated management OSs, by -LogName or by -FilterHashtable."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from lab.simulator.cmdlets.lab_host import LabHost
from lab.simulator.hosts.host import LoggedEvent
from powershell import (
    Body,
    Byte,
    Cmdlet,
    CommandContext,
    DateTime,
    DotNetClass,
    DotNetObject,
    Int64,
    Property,
    TypedArray,
    Wildcard,
    parameters,
)

QUESTION_MS: Final = 200
LOGS: Final = ("Application", "Security", "Setup", "System")
LEVEL_NAMES: Final = {2: "Error", 3: "Warning", 4: "Information"}
EVENT_LOG_RECORD: Final = DotNetClass(
    name="System.Diagnostics.Eventing.Reader.EventLogRecord",
    properties=(
        Property.stored("Id", "System.Int32", read_only=True),
        Property.stored("Level", "System.Byte", read_only=True),
        Property.stored("LevelDisplayName", "System.String", read_only=True),
        Property.stored("LogName", "System.String", read_only=True),
        Property.stored("MachineName", "System.String", read_only=True),
        Property.stored("Message", "System.String", read_only=True),
        Property.stored("ProviderName", "System.String", read_only=True),
        Property.stored("RecordId", "System.Int64", read_only=True),
        Property.stored("TimeCreated", "System.DateTime", read_only=True),
    ),
    outside=frozenset(
        {
            *("ActivityId", "Bookmark", "ContainerLog", "Keywords", "KeywordsDisplayNames", "MatchedQueryIds"),
            *("Opcode", "OpcodeDisplayName", "ProcessId", "Properties", "ProviderId", "Qualifiers"),
            *("RelatedActivityId", "Task", "TaskDisplayName", "ThreadId", "UserId", "Version"),
        }
    ),
    text=lambda _: "System.Diagnostics.Eventing.Reader.EventLogRecord",
)
TYPES: Final = (EVENT_LOG_RECORD,)


def event_log_cmdlets(host: LabHost) -> tuple[Cmdlet, ...]:
    return (
        Cmdlet(
            name="Get-WinEvent",
            error_id="Microsoft.PowerShell.Commands.GetWinEventCommand",
            body=Body.of(lambda context: get_win_event(host, context)),
            default_set="GetLogSet",
            parameters=parameters(
                "LogName string[] 0 in:GetLogSet, FilterHashtable hashtable 0 mandatory in:HashQuerySet, MaxEvents long"
            ),
        ),
    )


def get_win_event(host: LabHost, context: CommandContext) -> Iterator[DotNetObject]:
    """Newest first, as the real one; an answer without events is an error."""
    host.spend(QUESTION_MS)
    table = context.get("FilterHashtable")
    if table is None:
        wanted: dict[str, Any] = {"logname": context.get("LogName") or ["*"]}
    else:
        wanted = {str(key).casefold(): value for key, value in table.items()}
    for key in wanted:
        if key not in {"logname", "providername", "starttime"}:
            context.outside_subset(f"Get-WinEvent -FilterHashtable @{{ {key} = … }}")
    _refuse_unknown_logs(context, _texts(wanted.get("logname", "*")))
    _refuse_unknown_providers(host, context, _texts(wanted.get("providername", "*")))
    found = [
        (number, event)
        for number, event in enumerate(host.world.hosts[host.name].event_log, start=1)
        if _chosen(event, wanted)
    ]
    if not found:
        context.write_error(
            context.error(
                "No events were found that match the specified selection criteria.",
                error_id="NoMatchingEventsFound",
                category="ObjectNotFound",
                exception="System.Exception",
            )
        )
    most = context.get("MaxEvents")
    for number, event in reversed(found if most is None else found[-int(most) :]):
        yield _record(number, event, host.name)


def _refuse_unknown_logs(context: CommandContext, names: list[str]) -> None:
    for name in names:
        if not any(Wildcard(name).matches(log) for log in LOGS):
            context.throw(
                context.error(
                    f'There is not an event log on the localhost computer that matches "{name}".',
                    error_id="NoMatchingLogsFound",
                    category="ObjectNotFound",
                    target=name,
                    exception="System.Exception",
                )
            )


def _refuse_unknown_providers(host: LabHost, context: CommandContext, names: list[str]) -> None:
    """Known are the product's, with which it has registered, and those that have written anything."""
    known = {host.control_service.profile.event_log.provider}
    known |= {event.provider for event in host.world.hosts[host.name].event_log}
    for name in names:
        if not any(Wildcard(name).matches(provider) for provider in known):
            context.throw(
                context.error(
                    f'There is not an event provider on the localhost computer that matches "{name}".',
                    error_id="NoMatchingProvidersFound",
                    category="ObjectNotFound",
                    target=name,
                    exception="System.Exception",
                )
            )


def _chosen(event: LoggedEvent, wanted: Mapping[str, Any]) -> bool:
    return (
        any(Wildcard(name).matches(event.log) for name in _texts(wanted.get("logname", "*")))
        and any(Wildcard(name).matches(event.provider) for name in _texts(wanted.get("providername", "*")))
        and ("starttime" not in wanted or DateTime.of(event.time).ticks >= wanted["starttime"].ticks)
    )


def _texts(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list | tuple | TypedArray) else [str(value)]


def _record(number: int, event: LoggedEvent, machine: str) -> DotNetObject:
    """The event's id is 0: no source tells the product's."""
    return DotNetObject(
        EVENT_LOG_RECORD,
        {
            "Id": 0,
            "Level": Byte(event.level),
            "LevelDisplayName": LEVEL_NAMES[event.level],
            "LogName": event.log,
            "MachineName": machine,
            "Message": event.message,
            "ProviderName": event.provider,
            "RecordId": Int64(number),
            "TimeCreated": DateTime.of(event.time),
        },
    )
