"""`kunren discover`: finds Arcserve RHA's commands on a site, says what the profile has right, and writes both down."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from drills.identities import CONTROL, one_windows
from journal.files import write_file
from kunren import __version__
from kunren.exits import Exit, Stop
from kunren.terminal import tell
from lab.clock import SystemClock
from lab.errors import SiteError
from lab.model.findings import Offer, Traces
from lab.model.hosts import HostRole
from lab.opening import searching
from lab.site.discovery_writing import Search, discovery_text, site_profile_text
from lab.site.file import Site
from lab.site.text_file import read_text
from lab.site.verdicts import Judged, NamedThing, Usable, Verdict, judge, judge_names, signature, unknown_snap_ins
from words import Quoted, Term, Told, reason, sentence

BUILT_IN = "arcserve_rha"


@dataclass(frozen=True, slots=True)
class Files:
    """Where a search is written: the discovery file, and a profile to correct, which is written only once."""

    discovery: Path
    profile: Path

    @classmethod
    def of(cls, site: Site, out: Path | None) -> Files:
        named = site.file.parent / site.named_discovery if site.named_discovery else None
        beside = site.file.with_name(f"{site.file.stem}-discovery.json")
        return cls(out or named or beside, site.file.with_name(f"{site.file.stem}-rha.toml"))


def discover(site: Site, out: Path | None, *, replace: bool, as_json: bool) -> Exit:
    """Searches the hosts, tells what was found, and writes the files; nothing is written if a host does not answer."""
    files = Files.of(site, out)
    if os.path.lexists(files.discovery):
        _require_replaceable(files.discovery, replace=replace)
    search = _search(site)
    judged = judge(site.profile, search.offers)
    named = judge_names(site.profile, search.traces, (site.subject.master, site.subject.replica))
    confirmed = all(each.verdict is Verdict.CONFIRMED for each in judged) and all(each.there for each in named)
    kept = files.profile.exists()
    _write(files.discovery, discovery_text(search), replace=replace)
    if not kept:
        _write(files.profile, site_profile_text(BUILT_IN, search, judged, site.language), replace=False)
    if as_json:
        tell(_line(search, judged, named, files))
    else:
        tell(*_sheet(site, search, judged), *map(_named, named))
        tell(*_next(site, files, kept=kept, confirmed=confirmed))
    return Exit.PASSED if confirmed else Exit.UNKNOWN


def _search(site: Site) -> Search:
    """The host of the Control Service first: without it there is nothing to say."""
    with searching(site) as hosts:
        traces = tuple(each.traces() for each in hosts.values())
        tables = {site.subject.host(role): role.value for role in HostRole}
        if same := one_windows({tables.get(each.host, CONTROL): each.facts for each in traces}):
            raise Stop(Exit.NOT_READY, *same)
        for each in traces:
            if each.facts.name.casefold() != each.host.casefold():
                raise Stop(Exit.NOT_READY, sentence("discover.stranger", host=each.host, name=each.facts.name))
        offers = hosts[site.control_host].offers()
    return Search(
        host=traces[0].host,
        time=SystemClock(site.time_zone).now(),
        kunren=__version__,
        offers=offers,
        traces=traces,
        usable=Usable.of(site.profile, offers),
    )


def _require_replaceable(file: Path, *, replace: bool) -> None:
    """Only JSON is replaced, as a discovery file is, damaged or not. Raises Stop."""
    if not replace:
        raise Stop(Exit.USAGE, sentence("discover.exists", file=file))
    try:
        text = read_text(file, sentence("site.discovery_file"), utf_16=True)
    except SiteError as error:
        raise Stop(Exit.USAGE, *error.sentences) from error
    if text.strip() and not text.lstrip().startswith("{"):
        raise Stop(Exit.USAGE, sentence("discover.not_own", file=file))


def _write(file: Path, text: str, *, replace: bool) -> None:
    """Whole or not at all; another file is not written over unless that was asked for."""
    try:
        if replace:
            write_file(file, text)
        else:
            with file.open("x", encoding="utf-8") as stream:
                stream.write(text)
    except FileExistsError:
        raise Stop(Exit.USAGE, sentence("discover.exists", file=file)) from None
    except OSError as error:
        raise Stop(Exit.USAGE, sentence("discover.unwritable", file=file, reason=reason(error))) from error


def _sheet(site: Site, search: Search, judged: tuple[Judged, ...]) -> Iterator[Told]:
    for traces in search.traces:
        yield from _shown(traces)
    for offer in search.offers:
        yield from _offered(search.host, offer)
    yield from unknown_snap_ins(site.profile, search.offers)
    if search.usable.bits != 64:
        yield sentence("discover.narrow", host=search.host, bits=search.usable.bits)
    if not site.profile.connection.command:
        for each in search.usable.connecting:
            yield sentence("discover.connection", host=search.host, command=signature(each))
    for judgement in judged:
        verdict = sentence(f"discover.word.{judgement.verdict.value}")
        title = Term("operator.operation", judgement.operation)
        about = {"verdict": verdict, "title": title, "command": judgement.command}
        yield sentence("discover.operation_and" if judgement.why else "discover.operation", **about, why=judgement.told)
    counts = {kind.value: sum(each.verdict is kind for each in judged) for kind in Verdict}
    yield sentence("discover.result", **counts)


def _shown(traces: Traces) -> Iterator[Told]:
    facts = traces.facts
    yield sentence(
        "discover.host", host=traces.host, os=facts.os, version=facts.os_version, ps=facts.powershell_version
    )
    for service in traces.services:
        state = sentence(f"discover.service_{'runs' if service.running else 'stopped'}")
        about = {"name": service.name, "title": service.display_name, "account": service.account, "path": service.path}
        version = service.version or sentence("discover.no_version")
        yield sentence("discover.service_line", host=traces.host, **about, state=state, version=version)
    for provider in traces.providers:
        yield sentence("discover.provider", host=traces.host, name=provider.name, logs=provider.logs)
    ports = tuple(sorted({each.number for each in traces.ports}))
    yield sentence("discover.ports" if ports else "discover.no_ports", host=traces.host, ports=ports)


def _offered(host: str, offer: Offer) -> Iterator[Told]:
    about = {"host": host, "bits": offer.bits, "version": offer.version}
    yield sentence("discover.powershell", **about, n=len(offer.commands))
    for holder in offer.snap_ins:
        yield sentence("discover.snap_in", name=holder.name, version=holder.version, path=holder.path)
    for holder in offer.modules:
        yield sentence("discover.module", name=holder.name, version=holder.version, path=holder.path)
    for failure in offer.failures:
        yield sentence("discover.failure", failure=Quoted(failure))
    if offer.refusal is not None:
        yield sentence("discover.refusal", bits=offer.bits, reason=offer.refusal)


def _next(site: Site, files: Files, *, kept: bool, confirmed: bool) -> Iterator[Told]:
    yield sentence("discover.written", file=files.discovery)
    if confirmed:
        if not site.named_discovery:
            yield sentence("discover.use", file=files.discovery.name, site=site.file)
        return
    yield sentence("discover.kept" if kept else "discover.profile", file=files.profile, site=site.file)


def _named(each: NamedThing) -> Told:
    verdict = sentence(f"discover.word.{'confirmed' if each.there else 'missing'}")
    return sentence(
        "discover.named", verdict=verdict, what=sentence(f"discover.{each.what}"), name=each.name, host=each.host
    )


def _line(search: Search, judged: tuple[Judged, ...], named: tuple[NamedThing, ...], files: Files) -> str:
    """The one line of the command's contract."""
    operations = [
        {
            "operation": each.operation,
            "command": each.command,
            "verdict": each.verdict.value,
            "nearest": [near.name for near in each.nearest],
            "why": str(each.told),
        }
        for each in judged
    ]
    written = {"discovery": str(files.discovery), "profile": str(files.profile)}
    names = [asdict(each) for each in named]
    return json.dumps(
        {"host": search.host, "bits": search.usable.bits, **written, "operations": operations, "names": names}
    )
