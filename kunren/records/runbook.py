"""`kunren runbook`: what is known of a site and its records, the file for paper or a wiki, and the one beside it."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from importlib import resources
from pathlib import Path
from typing import Literal

from drills.reading import PlannedDrill
from guide.procedures import Direction, procedure_for
from journal.course import Environment
from journal.files import open_file, read_file, write_bytes, write_file
from kunren.exits import Exit, Stop
from kunren.records.history import SiteHistory, now, site_history
from kunren.records.history_site import of_site
from kunren.running.drills import choose
from kunren.terminal import say
from lab.clock import SystemClock
from lab.errors import SiteError
from lab.site.profile import RhaProfile, load_profile, profile_path
from lab.site.runbook_terms import SiteInRunbook, read_site
from reports.history.circumstances import terms_digest
from reports.runbook import revision
from reports.runbook.blocks import Command, Place
from reports.runbook.book import Book, Edition, Source
from reports.runbook.making import CONTACTS, DECISIONS, Known, make
from reports.runbook.markdown import GENERATOR, markdown
from reports.runbook.page import html
from reports.runbook.paths import NoClickPath
from words import Words, reason, sentence

Form = Literal["html", "pdf", "md"]
BEGINNING = 4096
"""Bytes of a file in which it says who has written it."""
END_OF_PDF = b"% " + GENERATOR.encode() + b"\n"
PROFILE = "arcserve_rha"
COMMANDED: Sequence[tuple[str, Direction]] = (
    ("create_scenario", "forward"),
    ("run_scenario", "forward"),
    ("run_scenario", "backward"),
    ("stop_scenario", "forward"),
    ("switch_over", "forward"),
    ("switch_over", "backward"),
    ("set_notification", "forward"),
    ("prepare_reboot", "forward"),
    ("start_integrity_test", "forward"),
    ("stop_integrity_test", "forward"),
)
"""What people can also do by a command of RHA's PowerShell."""
BESIDE = ".json"
GUIDE = ("points", "procedures", "operations", "remedies", "terms")
OWN = ("paths", "symptoms")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Drills by name or path, all that people can perform without any; and where the rest is known from."""

    drills: Sequence[str] = ()
    site: Path | None = None
    records: Path | None = None
    since: Path | None = None


def look(wanted: Wanted, words: Words) -> tuple[Book, revision.Revision]:
    """The runbook, and what the file beside it says of it. Raises Stop and SiteError."""
    drills = choose(wanted.drills or DECISIONS, words.language, None)
    known = _known(wanted, drills, words)
    today = SystemClock().now().astimezone().date()
    try:
        book = make(drills, known, words)
    except NoClickPath as error:
        raise Stop(Exit.USAGE, error.why) from error
    own = revision.revision_of(book, known.edition.revision, today, words)
    if wanted.since is None:
        return book, own
    return replace(book, changes=revision.changes(_before(wanted.since, words), own, words)), own


def _known(wanted: Wanted, drills: Iterable[PlannedDrill], words: Words) -> Known:
    sources = [Source(each.file.name, each.sha256) for each in drills]
    sources += [_packaged("guide", each) for each in GUIDE] + [_packaged("reports.runbook", each) for each in OWN]
    if wanted.site is None:
        if wanted.records is not None:
            raise Stop(Exit.USAGE, sentence("runbook.records_need_site"))
        names = {
            name: words(f"runbook.placeholder.{name}")
            for name in ("master", "replica", "guest", "scenario", "garoon_url")
        }
        place = Place(names=names, control=names["replica"], commands=_commands(load_profile(PROFILE)))
        return Known(place=place, sources=(*sources, _profile(PROFILE, Path())))
    site, simulated = read_site(wanted.site)
    history = SiteHistory({}, {})
    if wanted.records is not None:
        history = site_history(wanted.records, of_site(now(), wanted.site))
        for each in history.amiss:
            say(sentence("runbook.record_left_out", record=each.place, why=each.reason))
    beside = wanted.site.parent
    profile = load_profile(site.replication.profile, beside)
    sources += [*_of_site(wanted.site, history), _profile(site.replication.profile, beside)]
    return Known(
        place=Place(names=_names(site), control=site.control, times=history.times, commands=_commands(profile)),
        site=site.name,
        environment=Environment.SIMULATED if simulated else Environment.REAL,
        edition=_edition(site),
        proofs=history.proofs,
        sources=tuple(sources),
        left_out=len(history.amiss),
        objectives={"rto": site.objectives.rto_seconds, "rpo": site.objectives.rpo_seconds},
    )


def _names(site: SiteInRunbook) -> dict[str, str]:
    return {
        "master": site.hosts.master.name,
        "replica": site.hosts.replica.name,
        "guest": site.guest.name,
        "scenario": site.replication.scenario,
        "garoon_url": site.garoon.url,
    }


def _edition(site: SiteInRunbook) -> Edition:
    terms = site.runbook
    return Edition(
        id=terms.id,
        revision=terms.revision,
        owner=terms.owner,
        approved_by=terms.approved_by,
        approved_on=terms.approved_on,
        review_on=terms.review_on,
        calls={name: getattr(terms, name) for name in CONTACTS},
    )


def _commands(profile: RhaProfile) -> dict[str, Command]:
    found = {}
    for name, direction in COMMANDED:
        procedure, operation = procedure_for(name, direction), profile.operations[name]
        found[(procedure.points or (procedure.id,))[-1]] = Command(operation.command, operation.verified)
    return found


def _profile(name: str, beside: Path) -> Source:
    path = profile_path(name, beside)
    return Source(path.name, terms_digest(read_file(path)))


def _packaged(package: str, name: str) -> Source:
    content = resources.files(package).joinpath(f"{name}.toml").read_bytes()
    return Source(f"{name}.toml", hashlib.sha256(content).hexdigest())


def _of_site(file: Path, history: SiteHistory) -> Iterator[Source]:
    yield Source(file.name, terms_digest(read_file(file)))
    told = {
        "times": sorted((list(step), asdict(usual)) for step, usual in history.times.items()),
        "proofs": sorted(
            (point, each.state.value, each.last.run.listed.place if each.last else "")
            for point, each in history.proofs.items()
        ),
    }
    if history.times or history.proofs:
        yield Source("records", hashlib.sha256(json.dumps(told).encode()).hexdigest())


def _before(since: Path, words: Words) -> revision.Revision:
    """Of a runbook, or of the file beside it."""
    file = since if since.suffix == BESIDE else since.with_name(since.name + BESIDE)
    try:
        found = revision.read(read_file(file).decode())
    except OSError as error:
        raise Stop(Exit.USAGE, sentence("runbook.no_since", file=file, reason=reason(error))) from error
    except ValueError as error:
        raise Stop(Exit.USAGE, sentence("runbook.since_unreadable", file=file)) from error
    if found.language != words.language:
        raise Stop(Exit.USAGE, sentence("runbook.since_in_another_language", file=file))
    return found


# -- as a file ---------------------------------------------------------------------------------------------------------


def write(told: tuple[Book, revision.Revision], words: Words, form: Form, out: Path) -> None:
    """Writes the runbook and the file beside it, in place of those that Kunren has written. Raises Stop."""
    book, own = told
    beside = out.with_name(out.name + BESIDE)
    try:
        for path in (out, beside):
            if os.path.lexists(path) and not _own(path):
                raise Stop(Exit.USAGE, sentence("history.not_own", file=path))
        out.parent.mkdir(parents=True, exist_ok=True)
        match form:
            case "pdf":
                write_bytes(out, _printed(book, words) + END_OF_PDF)
            case "md":
                write_file(out, markdown(book, words))
            case _:
                write_file(out, html(book, words))
        write_bytes(beside, revision.written(own).encode())
    except OSError as error:
        raise Stop(Exit.USAGE, sentence("history.unwritable", file=out, reason=reason(error))) from error


def _own(path: Path) -> bool:
    with open_file(path) as file:
        content = file.read()
    begins = content[:BEGINNING]
    return GENERATOR.encode() in begins or content.endswith(END_OF_PDF) or b'"kunren_runbook"' in begins


def _printed(book: Book, words: Words) -> bytes:
    from lab.drivers.garoon.printing import pdf_of  # noqa: PLC0415 (Playwright takes long to load)

    with tempfile.TemporaryDirectory(prefix="kunren-") as scratch:
        page = Path(scratch) / "runbook.html"
        write_file(page, html(book, words))
        try:
            return pdf_of(page)
        except SiteError as error:
            raise Stop(Exit.NOT_READY, *error.sentences) from error
