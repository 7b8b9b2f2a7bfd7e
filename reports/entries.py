"""What each kind of journal entry is, read field by field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from lab.model.activities import (
    Activity,
    ActOutcome,
    AdapterSeen,
    Call,
    Effect,
    EventSeen,
    Evidence,
    GaroonAct,
    GuestAsked,
    HostSeen,
    LabState,
    LeaseNoted,
    MachineSeen,
    Note,
    OperatorAnswer,
    Phase,
    ProductSeen,
    RestoreAct,
    RestoreWait,
    ScenarioAsked,
    ScenarioSeen,
    ServiceSeen,
    SwitchSeen,
    Undertaken,
    Wait,
)
from reports.evidence import condition_of
from reports.journal import Line

GAROON_OK = "ok"
T = TypeVar("T")


def _call(line: Line) -> Call:
    return Call(
        n=line.number,
        at=line.at,
        host=line.text("host"),
        script=line.text("script"),
        script_sha256=line.optional_text("script_sha256"),
        arguments=line.mapping("arguments"),
        changes=line.flag("changes"),
        effect=line.choice("outcome", Effect),
        error=line.error(),
        lab_took=line.milliseconds("lab_ms"),
        wall_took=line.milliseconds("wall_ms"),
        round_trips=line.whole("round_trips"),
        answer=line.fields.get("answer"),
        stray=line.texts("stray"),
    )


def _host(line: Line) -> HostSeen:
    return HostSeen(
        n=line.number,
        at=line.at,
        host=line.text("host"),
        os=line.text("os"),
        os_version=line.text("os_version"),
        powershell_version=line.text("powershell_version"),
        boot_time=line.text("boot_time"),
    )


def _product(line: Line) -> ProductSeen:
    return ProductSeen(
        n=line.number, at=line.at, name=line.text("name"), version=line.text("version"), host=line.optional_text("host")
    )


def _guest(line: Line) -> GuestAsked:
    return GuestAsked(
        n=line.number,
        at=line.at,
        host=line.text("host"),
        guest=line.text("guest"),
        registered=line.flag("registered"),
        state=line.optional_text("state"),
        heartbeat=line.optional_text("heartbeat"),
        networks=line.texts("networks"),
        took=line.seconds("took_s"),
    )


def _scenario(line: Line) -> ScenarioAsked:
    return ScenarioAsked(
        n=line.number,
        at=line.at,
        host=line.text("host"),
        name=line.text("name"),
        found=line.flag("found"),
        state=line.optional_text("state"),
        direction=line.optional_text("direction"),
        took=line.seconds("took_s"),
    )


def _garoon(line: Line) -> GaroonAct:
    return GaroonAct(
        n=line.number,
        at=line.at,
        act=line.text("act"),
        by=line.text("by"),
        url=line.optional_text("url"),
        detail=line.optional_text("detail"),
        problem="" if line.text("outcome") == GAROON_OK else line.text("outcome"),
    )


def _wait(line: Line) -> Wait:
    took = line.seconds("took_s")
    not_yet = line.seconds("not_yet_s") if "not_yet_s" in line.fields else None
    if not_yet is not None and not_yet > took:
        raise line.unreadable("a look began after the last one had ended")
    return Wait(
        n=line.number,
        at=line.at,
        condition=line.text("condition"),
        limit=line.seconds("limit_s"),
        took=took,
        not_yet=not_yet,
        met=line.flag("met"),
        seen=line.optional_text("seen"),
    )


def _evidence(line: Line) -> Evidence:
    file, sha256, size = line.text("file"), line.text("sha256"), line.whole("bytes")
    return Evidence(
        n=line.number,
        at=line.at,
        id=line.whole("id"),
        kind=line.text("kind"),
        moment=line.optional_choice("moment", Phase),
        host=line.optional_text("host"),
        address=line.optional_text("address"),
        caption=line.text("caption"),
        file=file,
        media_type=line.text("media_type"),
        sha256=sha256,
        size=size,
        condition=condition_of(line.journal.parent, file, sha256, size),
    )


def _state(line: Line) -> LabState:
    return LabState(
        n=line.number,
        at=line.at,
        moment=line.choice("moment", Phase),
        machines=_by_host(line, "machines", _machine),
        scenarios=tuple(
            ScenarioSeen(
                name=scenario.text("name"),
                state=scenario.text("state"),
                direction=scenario.optional_text("direction"),
                master=scenario.optional_text("master"),
                replica=scenario.optional_text("replica"),
                guests=scenario.texts("guests"),
                assured_recovery=scenario.optional_flag("assured_recovery"),
                switchover=scenario.optional_text("switchover"),
                reverse_replication=scenario.optional_text("reverse_replication"),
            )
            for scenario in line.parts("scenarios")
        ),
        switches=_by_host(line, "switches", lambda switch: SwitchSeen(switch.text("name"), switch.text("type"))),
        services=_by_host(line, "services", lambda service: ServiceSeen(service.text("name"), service.flag("running"))),
        entries=line.texts("entries"),
    )


def _by_host(line: Line, name: str, read: Callable[[Line], T]) -> Mapping[str, tuple[T, ...]]:
    """What stands by host; nothing where the entry, of an older Kunren, does not have it."""
    hosts = Line(line.journal, line.mapping(name), line.number)
    return {host: tuple(read(part) for part in hosts.parts(host)) for host in hosts.fields}


def _machine(line: Line) -> MachineSeen:
    return MachineSeen(
        name=line.text("name"),
        state=line.text("state"),
        heartbeat=line.optional_text("heartbeat"),
        adapters=tuple(
            AdapterSeen(
                adapter.optional_text("switch"),
                adapter.texts("ip") if isinstance(adapter.fields.get("ip"), list) else (adapter.optional_text("ip"),),
            )
            for adapter in line.parts("adapters")
        ),
    )


def _event(line: Line) -> EventSeen:
    return EventSeen(
        n=line.number,
        at=line.at,
        code=line.optional_text("id"),
        sequence=line.whole("sequence"),
        severity=line.text("severity"),
        source=line.optional_text("source"),
        time=line.optional_text("time"),
        message=line.text("message"),
        kind=line.optional_text("kind"),
    )


def _operator(line: Line) -> OperatorAnswer:
    return OperatorAnswer(n=line.number, at=line.at, asked=line.text("asked"), answered=line.optional_text("answered"))


def _note(line: Line) -> Note:
    return Note(n=line.number, at=line.at, text=line.text("text"))


def _restore_act(line: Line) -> RestoreAct:
    return RestoreAct(
        n=line.number,
        at=line.at,
        act=line.text("act"),
        outcome=line.choice("outcome", ActOutcome),
        error=line.error(),
        because=line.optional_text("because"),
    )


def _undertaken(line: Line) -> Undertaken:
    return Undertaken(
        n=line.number,
        at=line.at,
        change=line.text("change"),
        subject=line.optional_text("subject"),
        host=line.optional_text("host"),
        phase=line.text("phase"),
    )


def _lease(line: Line) -> LeaseNoted:
    return LeaseNoted(n=line.number, at=line.at, phase=line.text("phase"))


def _restore_wait(line: Line) -> RestoreWait:
    return RestoreWait(
        n=line.number,
        at=line.at,
        act=line.text("act"),
        condition=line.optional_text("for"),
        left=line.seconds("left_s"),
    )


READERS: Mapping[str, Callable[[Line], Activity]] = {
    "call": _call,
    "host": _host,
    "product": _product,
    "guest": _guest,
    "scenario": _scenario,
    "garoon": _garoon,
    "wait": _wait,
    "evidence": _evidence,
    "state": _state,
    "rha.event": _event,
    "operator": _operator,
    "note": _note,
    "undertaking": _undertaken,
    "lease": _lease,
    "restore.act": _restore_act,
    "restore.waiting": _restore_wait,
}
