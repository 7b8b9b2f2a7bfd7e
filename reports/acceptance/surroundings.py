"""What two runs were made with and on: versions and digests of what a patch or a change may have touched."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from journal.course import Site
from journal.record import DrillRecord
from journal.seen import HostSeen, ProductSeen
from reports.acceptance.result import ComparedSurrounding, Pair, Surrounding


def compare_surroundings(baseline: DrillRecord, record: DrillRecord) -> tuple[ComparedSurrounding, ...]:
    before, after = _surroundings(baseline), _surroundings(record)
    return tuple(
        ComparedSurrounding(what, of, Pair(before.get((what, of), ""), after.get((what, of), "")))
        for what, of in sorted(before.keys() | after.keys(), key=_place)
    )


def _place(key: tuple[Surrounding, tuple[str, ...]]) -> tuple[int, tuple[str, ...]]:
    return list(Surrounding).index(key[0]), key[1]


def _surroundings(record: DrillRecord) -> Mapping[tuple[Surrounding, tuple[str, ...]], str]:
    found = {(what, of): value for what, of, value in (*_hosts(record), *_products(record))}
    digests = record.digests
    told = {
        Surrounding.KUNREN: record.tools.kunren,
        Surrounding.SCRIPTS: _digest(digests.scripts) if digests and digests.scripts else "",
        Surrounding.SITE_FILE: digests.site_file if digests else "",
        **({Surrounding.DISCOVERY_FILE: digests.discovery_file} if digests and digests.discovery_file else {}),
    }
    return found | {(what, ()): value for what, value in told.items()}


def _hosts(record: DrillRecord) -> Iterator[tuple[Surrounding, tuple[str, ...], str]]:
    """As each host told last."""
    told = {each.host: each for each in record.everything if isinstance(each, HostSeen)}
    for role, name in (("master", record.site.master), ("replica", record.site.replica)):
        host = told.get(name)
        yield Surrounding.WINDOWS, (role,), f"{host.os} {host.os_version}".strip() if host else ""
        yield Surrounding.POWERSHELL, (role,), host.powershell_version if host else ""


def _products(record: DrillRecord) -> Iterator[tuple[Surrounding, tuple[str, ...], str]]:
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
