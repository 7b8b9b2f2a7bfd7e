"""What is judged of the settings of hosts: quotas, updates, antivirus exclusions and DNS; and what they do not tell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import TypeAlias

from drills.preflight.findings import Finding, NotChecked, Severity, note, unknown, warning
from lab.model.hosts import Defender, HostSettings

QUOTAS: Mapping[str, int] = {
    "MaxMemoryPerShellMB": 1024,
    "MaxShellsPerUser": 10,
    "MaxConcurrentOperationsPerUser": 1500,
}
"""What Windows Server 2012 and later come with; of shells a drill has up to four at a time on one host."""
OLD_UPDATE = timedelta(days=60)
"""Two of Microsoft's monthly rounds of updates."""
LONG_TTL = timedelta(minutes=5)
SPOOL = "tmp"
"""The spool's folder below the engine's, where it has not been moved (Arcserve's knowledge base)."""

Judged: TypeAlias = Iterator[Finding | NotChecked]


def settings(host: str, found: HostSettings, engine_folder: str) -> Judged:
    """Of one host; `engine_folder` is empty where the engine's file is not known."""
    yield from _quotas(host, found)
    yield from _updates(host, found)
    if engine_folder:
        yield from _antivirus(host, found, rf"{engine_folder}\{SPOOL}")


def of_both(found: Mapping[str, HostSettings], name: str) -> Judged:
    """What hosts are compared in, and the name of Garoon, which is empty for an address."""
    builds = {host: each.build for host, each in found.items()}
    if len({build.partition(".")[0] for build in builds.values()}) == 1 and len(set(builds.values())) > 1:
        yield note("builds", builds=_by_host(builds))
    if name and found:
        yield from _dns(found, name)


def _quotas(host: str, found: HostSettings) -> Judged:
    if found.quotas is None:
        yield unknown("quotas", Severity.WARNING, host=host, reason=found.untold.get("quotas", "-"))
        return
    low = tuple(
        f"{name} {given} (< {least})"
        for name, least in QUOTAS.items()
        if 0 < (given := found.quotas.get(name, least)) < least  # WinRM takes 0 for no limit
    )
    if low:
        yield warning("quotas", host=host, quotas=low)


def _updates(host: str, found: HostSettings) -> Judged:
    days = [update.day for update in found.updates or () if update.day is not None]
    if not days:
        yield unknown("updates", Severity.NOTE, host=host, reason=found.untold.get("updates", "-"))
    elif (age := found.today - max(days)) > OLD_UPDATE:
        yield note("updates_old", host=host, day=max(days).isoformat(), ago=age.days)


def _antivirus(host: str, found: HostSettings, spool: str) -> Judged:
    """Arcserve wants at least the spool left out; journals in it are damaged otherwise (event ER00029)."""
    if found.defender is None and found.defender_known:
        reason = found.untold.get("defender", "-")
        yield unknown("antivirus_untold", Severity.WARNING, host=host, folder=spool, reason=reason)
    elif found.defender is None or not found.defender.real_time:
        yield unknown("antivirus", Severity.WARNING, host=host, folder=spool)
    elif not leaves_out(found.defender, spool):
        yield warning("antivirus", host=host, folder=spool)


def leaves_out(defender: Defender, folder: str) -> bool:
    """Whether the folder or one above it is left out; a variable stands for any folders, a star for part of a name."""
    return any(_fits(each.rstrip("\\").lower(), folder.lower()) for each in defender.excluded)


def _fits(excluded: str, folder: str) -> bool:
    """Followed part by part, as a host may have any number of stars, over which an expression would take for ever."""
    ends = {0}
    """Of what has been followed so far."""
    for part in re.split(r"(%[^%]+%|\*)", excluded):
        if part == "*":
            ends = {end for start in ends for end in range(start, _end_of_name(folder, start) + 1)}
        elif part.startswith("%") and len(part) > 1:
            ends = set(range(min(ends) + 1, len(folder) + 1)) if ends else ends
        else:
            ends = {start + len(part) for start in ends if folder.startswith(part, start)}
    return any(end == len(folder) or folder[end] == "\\" for end in ends)


def _end_of_name(folder: str, start: int) -> int:
    end = folder.find("\\", start)
    return len(folder) if end < 0 else end


def _dns(found: Mapping[str, HostSettings], name: str) -> Judged:
    told = {host: each.addresses for host, each in found.items() if each.addresses}
    if not told:
        reasons = (each.untold.get("addresses", "-") for each in found.values())
        yield unknown("dns_ttl", Severity.NOTE, name=name, reason=next(reasons, "-"))
        return
    if len({frozenset(each) for each in told.values()}) > 1:
        yield warning(
            "dns_differs", name=name, addresses=_by_host({host: " ".join(each) for host, each in told.items()})
        )
    longest = max(kept for each in told.values() for kept in each.values())
    if longest > LONG_TTL:
        yield note("dns_ttl", name=name, minutes=f"{longest / timedelta(minutes=1):.0f}")


def _by_host(values: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(f"{host} {value}" for host, value in values.items())


def sorted_out(judged: Iterable[Finding | NotChecked]) -> tuple[list[Finding], list[NotChecked]]:
    findings: list[Finding] = []
    not_checked: list[NotChecked] = []
    for each in judged:
        if isinstance(each, Finding):
            findings.append(each)
        else:
            not_checked.append(each)
    return findings, not_checked
