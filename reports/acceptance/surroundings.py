"""The environments of two runs, compared: what hosts, guest and products told, and what Kunren was run with."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias
from urllib.parse import urlsplit

from journal.checked import ComputerSeen, GuestSeen, HardwareSeen, HostChecked
from journal.course import Site
from journal.record import DrillRecord
from journal.seen import HostSeen, ProductSeen
from reports.acceptance.result import ComparedSurrounding, Pair, Surrounding

NOTHING = "–"
BETWEEN = ", "
HOSTS, BOTH = ("master", "replica"), "hosts"
GUEST = ("guest",)
Told: TypeAlias = tuple[Surrounding, tuple[str, ...], str]


def of_both(compared: Sequence[ComparedSurrounding]) -> tuple[ComparedSurrounding, ...]:
    """What both hosts told alike is told once."""
    found: dict[tuple[object, ...], ComparedSurrounding] = {}
    for each in compared:
        *name, place = each.of or ("",)
        key = (each.what, *name, *((each.told,) if place in HOSTS else (place,)))
        found[key] = replace(found[key], of=(*name, BOTH)) if key in found else each
    return tuple(found.values())


def compare_surroundings(baseline: DrillRecord, record: DrillRecord) -> tuple[ComparedSurrounding, ...]:
    before, after = dict(_surroundings(baseline)), dict(_surroundings(record))
    for key in before.keys() & after.keys():
        if key[0] in (Surrounding.UPDATES, Surrounding.PROGRAMS):
            before[key], after[key] = _apart(before[key], after[key])
    return tuple(
        ComparedSurrounding(what, of, Pair(before.get((what, of), ""), after.get((what, of), "")))
        for what, of in sorted(before.keys() | after.keys(), key=_place)
    )


def _place(key: tuple[Surrounding, tuple[str, ...]]) -> tuple[int, tuple[str, ...]]:
    return list(Surrounding).index(key[0]), key[1]


def _surroundings(record: DrillRecord) -> Mapping[tuple[Surrounding, tuple[str, ...]], str]:
    found = {(what, of): value for what, of, value in (*_hosts(record), *_checked(record), *_products(record))}
    digests = record.digests
    told = {
        Surrounding.KUNREN: record.tools.kunren,
        Surrounding.SCRIPTS: _digest(digests.scripts) if digests and digests.scripts else "",
        Surrounding.SITE_FILE: digests.site_file if digests else "",
        **({Surrounding.DISCOVERY_FILE: digests.discovery_file} if digests and digests.discovery_file else {}),
    }
    return found | {(what, ()): value for what, value in told.items()}


def _hosts(record: DrillRecord) -> Iterator[Told]:
    """As each host told last."""
    told = {each.host: each for each in record.everything if isinstance(each, HostSeen)}
    for role, name in (("master", record.site.master), ("replica", record.site.replica)):
        host = told.get(name)
        yield Surrounding.WINDOWS, (role,), f"{host.os} {host.os_version}".strip() if host else ""
        yield Surrounding.POWERSHELL, (role,), host.powershell_version if host else ""


def _checked(record: DrillRecord) -> Iterator[Told]:
    """What the preflight check read of each host; labs that are made for a run were not asked."""
    told = {each.host: each for each in record.everything if isinstance(each, HostChecked)}
    for role, name in (("master", record.site.master), ("replica", record.site.replica)):
        if (host := told.get(name)) is None:
            continue
        yield Surrounding.BUILD, (role,), host.build
        yield Surrounding.UPDATES, (role,), BETWEEN.join(sorted(host.updates))
        programs = (f"{name} {version}" for name, version in sorted(host.programs.items()))
        yield Surrounding.PROGRAMS, (role,), BETWEEN.join(programs)
        if host.computer is not None:
            yield Surrounding.COMPUTER, (role,), _computer(host.computer)
        if host.hardware is not None:
            yield Surrounding.HARDWARE, (role,), _hardware(host.hardware)
            yield Surrounding.COMPONENTS, (role,), _components(host.hardware)
        if host.system is not None:
            yield from _guest(host.system)


def _guest(told: GuestSeen) -> Iterator[Told]:
    """One guest, on whichever host it ran."""
    yield Surrounding.GUEST, GUEST, f"{told.os} {told.os_version}".strip()
    yield Surrounding.INTEGRATION, GUEST, told.integration_services


def _computer(given: ComputerSeen) -> str:
    return f"{given.model}, {given.processors} CPU, {given.memory / 2**30:.0f} GiB"


def _components(given: HardwareSeen) -> str:
    """Those that are switched on; a record of an older Kunren does not tell."""
    on = [name for name, enabled in sorted(given.components.items()) if enabled]
    return ", ".join(on) or (NOTHING if given.components else "")


def _hardware(given: HardwareSeen) -> str:
    disks = ", ".join(f"{place} {disk}" for place, disk in sorted(given.disks.items()))
    return f"{given.processors} CPU, {given.memory / 2**30:g} GiB, Gen {given.generation}, {disks}".rstrip(", ")


def _apart(baseline: str, record: str) -> tuple[str, str]:
    """Updates or programs that only one has; one that does not tell of any stays unknown."""
    if not baseline or not record or baseline == record:
        return baseline, record
    one, other = set(baseline.split(BETWEEN)), set(record.split(BETWEEN))
    return BETWEEN.join(sorted(one - other)) or NOTHING, BETWEEN.join(sorted(other - one)) or NOTHING


def _products(record: DrillRecord) -> Iterator[Told]:
    products = [each for each in record.everything if isinstance(each, ProductSeen)]
    for each in products:
        yield Surrounding.PRODUCT, (each.name, _role(each.host, record.site)), each.version
    if not products:
        yield Surrounding.PRODUCTS, (), ""


def _role(place: str, site: Site) -> str:
    address = urlsplit(site.garoon_url).hostname or site.garoon_url
    return {address: "guest", site.guest: "guest", site.master: "master", site.replica: "replica"}.get(place, place)


def _digest(scripts: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps(scripts, sort_keys=True).encode()).hexdigest()
