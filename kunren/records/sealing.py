"""The end of a record: it is sealed with the site's key, or with that of simulated runs."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import guide
import journal
import reports
import words
from journal.files import write_bytes
from journal.record import DrillRecord
from journal.seal import (
    JOURNAL,
    STAMP,
    UNSTAMPED,
    Rendered,
    Seal,
    SealedFile,
    SealedJournal,
    SealedVerdict,
    content_of,
    kinds_in,
    seal,
    sealed_by,
)
from kunren import __version__
from kunren.records.stamping import sealed_content, stamp_into
from lab.clock import SystemClock
from lab.model.signing import simulated_key
from lab.site.file import Site
from reports.judge import Verdict
from words import Language, Told, reason, sentence

VERIFIER = ("verify.py", "VERIFY.md")
"""What a record can be verified with where there is no Kunren."""
SIMULATED = "SIM"
_LONGEST_NAME = 40
_OF_RENDERER = frozenset({".py", ".toml", ".jinja", ".css", ".js", ".json", ".html"})


def renderer() -> str:
    """The version of what writes reports, with a digest: two of one version number need not write the same."""
    digest = hashlib.sha256()
    for package in (reports, words, journal, guide):
        folder = Path(package.__path__[0])
        for path in sorted(each for each in folder.rglob("*") if each.suffix in _OF_RENDERER):
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return f"{__version__}+{digest.hexdigest()[:12]}"


def new_id(site: Site) -> str:
    """Of a record: where and when, and a number that tells two of one second apart; no real one begins with SIM-."""
    name = re.sub(r"[^\w.]+", "-", site.name).strip("-_.")[:_LONGEST_NAME] or "site"
    now = SystemClock().now()
    when = f"{now.astimezone() if site.simulated else site.time_zone.local(now):%Y%m%d-%H%M%S}"
    if site.simulated:
        name = f"{SIMULATED}-{name}"
    elif name.casefold().startswith(SIMULATED.casefold()):
        name = f"site-{name}"
    return f"{name}-{when}-{secrets.token_hex(3)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A record whose report has been written."""

    folder: Path
    record: DrillRecord
    verdict: Verdict
    report: Path
    language: Language

    @property
    def journal(self) -> SealedJournal:
        facts, size = self.record.journal, (self.folder / JOURNAL).stat().st_size
        return SealedJournal(entries=facts.entries, size=size, head=facts.head, sha256=facts.sha256)


def _contents(folder: Path, names: Iterable[str]) -> dict[str, SealedFile]:
    return {name: content_of(folder / name) for name in sorted(names)}


def seal_record(ended: Ended, site: Site) -> Told | None:
    """Seals it; what is to be told, if it could not be, or if nobody has given the site a key."""
    key = simulated_key() if ended.record.simulated else site.key
    if key is None:
        return None if ended.verdict.not_ready else sentence("sealing.no_key", site=site.name)
    try:
        for name in VERIFIER:
            write_bytes(ended.folder / name, resources.files("journal").joinpath("verifier", name).read_bytes())
        covered, rendered = kinds_in(ended.folder)
        found = Seal(
            record=ended.record.id,
            journal=ended.journal,
            files=_contents(ended.folder, covered),
            rendered=Rendered(renderer=renderer(), language=ended.language, files=_contents(ended.folder, rendered)),
            verdict=SealedVerdict(
                outcome=ended.verdict.outcome,
                restoration=ended.verdict.restoration,
                partial=ended.verdict.partial,
                interrupted=ended.verdict.interrupted,
                attested=ended.verdict.attested,
            ),
            simulated=ended.record.simulated,
            environment=ended.record.environment,
            site=ended.record.site.name,
            began=ended.record.began.wall,
            ended=ended.record.last.wall,
            sealed=SystemClock().now(),
            key=sealed_by(key.public),
        )
        seal(ended.folder, found, key)
        if site.stamps is not None and not ended.record.simulated:
            return stamp_into(ended.folder, (STAMP, UNSTAMPED), sealed_content(ended.folder), site.stamps)
    except OSError as error:
        return sentence("sealing.failed", folder=ended.folder, reason=reason(error))
    return None
