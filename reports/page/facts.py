"""The environment of a run and its tools, as one list."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version

from journal.record import DrillRecord
from journal.seen import HostSeen, ProductSeen
from reports.page.figures import count
from reports.page.moments import moment, ran_by
from words import Words


def facts(record: DrillRecord, words: Words) -> Mapping[str, str]:
    site, tools = record.site, record.tools
    told = {
        "site": site.name,
        "kind": words("report.simulated" if record.simulated else "report.real"),
        "master": _host(record, site.master, words),
        "replica": _host(record, site.replica, words),
        "guest": site.guest,
        "scenario": site.scenario,
        "garoon": site.garoon_url,
        "began": moment(record.began.wall, record, words),
        "last": moment(record.last.wall, record, words),
        "time_zone": record.time_zone,
        "lab_clock": _lab_clock(record, words),
        "language": words.known("language", record.language),
        "kunren": tools.kunren,
        "renderer": version("kunren"),
        "python": tools.python,
        "platform": tools.platform,
        "controls": _controls(record, words),
        "objectives": _objectives(record, words),
        "seed": words("report.none") if tools.seed is None else str(tools.seed),
        **_operator(record, words),
        **_digests(record),
    }
    return {
        **{words(f"environment.{name}"): value for name, value in told.items() if value},
        **{
            words("environment.product", name=each.name, host=each.host or "–"): each.version
            for each in record.everything
            if isinstance(each, ProductSeen)
        },
        **_counted(record, words),
    }


def host_told(seen: HostSeen, words: Words) -> str:
    return words(
        "environment.host_told",
        host=seen.host,
        os=seen.os,
        version=seen.os_version,
        powershell=seen.powershell_version,
        booted=seen.boot_time,
    )


def _counted(record: DrillRecord, words: Words) -> Mapping[str, str]:
    figures = count(record)
    calls = words("figure.calls_detail", actions=figures.actions, trips=figures.round_trips)
    return {
        words("figure.lab"): words.length(figures.lab_took),
        words("figure.wall"): words.length(figures.wall_took),
        words("figure.calls"): f"{figures.calls} ({calls})",
    }


def _operator(record: DrillRecord, words: Words) -> Mapping[str, str]:
    if record.operator is None:
        return {}
    return {
        "operator": ran_by(record, words),
        "command_line": " ".join(record.operator.command_line),
        "confirmed": record.operator.confirmed or words("report.none"),
    }


def _digests(record: DrillRecord) -> Mapping[str, str]:
    found = record.digests
    if found is None:
        return {}
    told = {"site_file": found.site_file, "discovery_file": found.discovery_file}
    return {name: f"SHA-256 {digest}" for name, digest in told.items() if digest}


def _host(record: DrillRecord, name: str, words: Words) -> str:
    """With what it said of itself last, where it was asked."""
    told = [each for each in record.everything if isinstance(each, HostSeen) and each.host == name]
    return host_told(told[-1], words) if told else name


def _objectives(record: DrillRecord, words: Words) -> str:
    """As the journal has them; those of an older Kunren have no digest and names of their own."""
    fixed = dict(record.objectives)
    digest = fixed.pop("sha256", None)
    if digest is None:
        return ", ".join(f"{name}: {value}" for name, value in fixed.items()) or words("report.none")
    lengths = {"RTO": fixed.get("rto_s"), "RPO": fixed.get("rpo_s")}
    told = [f"{name} {words.given(value)}" for name, value in lengths.items() if isinstance(value, int | float)]
    return f"{', '.join(told) or words('report.none')}, SHA-256 {digest}"


def _controls(record: DrillRecord, words: Words) -> str:
    """The last controls: drills on simulators with a mutation."""
    last = record.controls
    if last is None:
        return words("report.none")
    date = f"{words.moment(last.date)} ({words.offset(last.date)})"
    return words("environment.controls_made", date=date, caught=last.caught, n=last.mutations, sha256=last.sha256)


def _lab_clock(record: DrillRecord, words: Words) -> str:
    """From when to when the lab's clock ran; drills of one run may each have had a lab, and a clock, of their own."""
    return "; ".join(
        f"{words.moment(drill.began.lab)} – {words.moment(drill.last.lab)} ({words.offset(drill.last.lab)})"
        for drill in record.drills
        if drill.began and drill.last
    )
