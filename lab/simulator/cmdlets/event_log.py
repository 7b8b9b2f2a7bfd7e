"""Get-WinEvent over the event logs of the simulated management OSs, by -LogName or by -FilterHashtable."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from lab.simulator.cmdlets.lab_host import LabHost, outside
from lab.simulator.hosts.host import LoggedEvent
from powershell import (
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
)

QUESTION_MS: Final = 200
LOGS: Final = ("Application", "Security", "Setup", "System")
LEVEL_NAMES: Final = {2: "Error", 3: "Warning", 4: "Information"}
EVENT_LOG_RECORD: Final = DotNetClass(
    name="System.Diagnostics.Eventing.Reader.EventLogRecord",
    properties=tuple(
        Property.stored(name, f"System.{kind}", read_only=True)
        for name, kind in (
            *(("Id", "Int32"), ("Level", "Byte"), ("LevelDisplayName", "String"), ("LogName", "String")),
            *(("MachineName", "String"), ("Message", "String"), ("ProviderName", "String")),
            *(("RecordId", "Int64"), ("TimeCreated", "DateTime")),
        )
    ),
    outside=outside(
        "ActivityId Bookmark ContainerLog Keywords KeywordsDisplayNames MatchedQueryIds Opcode OpcodeDisplayName "
        "ProcessId Properties ProviderId Qualifiers RelatedActivityId Task TaskDisplayName ThreadId UserId Version"
    ),
    text=lambda _: "System.Diagnostics.Eventing.Reader.EventLogRecord",
)
EVENT_LOG_LINK: Final = DotNetClass(
    name="System.Diagnostics.Eventing.Reader.EventLogLink",
    properties=tuple(
        Property.stored(name, f"System.{kind}", read_only=True)
        for name, kind in (("LogName", "String"), ("DisplayName", "String"), ("IsImported", "Boolean"))
    ),
)
PROVIDER_METADATA: Final = DotNetClass(
    name="System.Diagnostics.Eventing.Reader.ProviderMetadata",
    properties=(
        Property.stored("Name", "System.String", read_only=True),
        Property.stored("LogLinks", f"{EVENT_LOG_LINK.name}[]", read_only=True),
    ),
    outside=outside(
        "DisplayName Events HelpLink Id Keywords Levels MessageFilePath Opcodes ParameterFilePath ProviderName "
        "ResourceFilePath Tasks"
    ),
    text=lambda provider: str(provider.fields["Name"]),
)
TYPES: Final = (EVENT_LOG_RECORD, EVENT_LOG_LINK, PROVIDER_METADATA)


def event_log_cmdlets(host: LabHost) -> tuple[Cmdlet, ...]:
    return (
        host.cmdlet(
            "Get-WinEvent",
            get_win_event,
            "LogName string[] 0 in:GetLogSet, FilterHashtable hashtable 0 mandatory in:HashQuerySet, MaxEvents long, "
            "ListProvider string[] mandatory in:ListProviderSet",
            default_set="GetLogSet",
        ),
    )


def get_win_event(host: LabHost, context: CommandContext) -> Iterator[DotNetObject]:
    """Newest first, as the real one; an answer without events is an error."""
    host.spend(QUESTION_MS)
    if (names := context.get("ListProvider")) is not None:
        yield from _providers(host, context, names)
        return
    table = context.get("FilterHashtable")
    if table is None:
        wanted: dict[str, Any] = {"logname": context.get("LogName") or ["*"]}
    else:
        wanted = {str(key).casefold(): value for key, value in table.items()}
    for key in wanted:
        if key not in {"logname", "providername", "starttime"}:
            context.outside_subset(f"Get-WinEvent -FilterHashtable @{{ {key} = … }}")
    events = host.world.hosts[host.name].event_log
    # Known are the product's, with which it has registered, and those that have written anything.
    providers = {host.control_service.profile.event_log.provider, *(event.provider for event in events)}
    _refuse_unknown("Log", LOGS, context, wanted.get("logname", "*"))
    _refuse_unknown("Provider", providers, context, wanted.get("providername", "*"))
    found = [(number, event) for number, event in enumerate(events, start=1) if _chosen(event, wanted)]
    if not found:
        context.write_error(
            context.error(
                "No events were found that match the specified selection criteria.",
                error_id="NoMatchingEventsFound",
                category="ObjectNotFound",
            )
        )
    most = context.get("MaxEvents")
    for number, event in reversed(found if most is None else found[-int(most) :]):
        yield _record(number, event, host.name)


def _providers(host: LabHost, context: CommandContext, names: Iterable[str]) -> Iterator[DotNetObject]:
    product = host.control_service.profile.event_log
    for name in names:
        if not Wildcard(name).matches(product.provider):
            said = f'There is not an event provider on the localhost computer that matches "{name}".'
            context.write_error(
                context.error(said, error_id="NoMatchingProvidersFound", category="ObjectNotFound", target=name)
            )
            continue
        link = DotNetObject(EVENT_LOG_LINK, {"LogName": product.log, "DisplayName": product.log, "IsImported": True})
        yield DotNetObject(
            PROVIDER_METADATA, {"Name": product.provider, "LogLinks": TypedArray(EVENT_LOG_LINK.name, (link,))}
        )


def _refuse_unknown(kind: str, known: Iterable[str], context: CommandContext, names: Any) -> None:
    for name in _texts(names):
        if not any(Wildcard(name).matches(each) for each in known):
            said = f'There is not an event {kind.lower()} on the localhost computer that matches "{name}".'
            error_id = f"NoMatching{kind}sFound"
            context.throw(context.error(said, error_id=error_id, category="ObjectNotFound", target=name))


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
