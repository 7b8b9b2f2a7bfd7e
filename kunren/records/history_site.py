"""What a site file tells the history of the site's records: its intervals, and what a run would rest on now."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from journal.course import Environment
from journal.files import read_file
from lab.site.profile import profile_path
from lab.site.terms import History, SiteInHistory
from lab.site.toml_table import read_table, read_toml
from reports.history import Now
from reports.history.circumstances import Circumstances, of_files


def of_site(now: Now, file: Path) -> Now:
    """The same for one site; no password is looked for. Raises SiteError."""
    tables = read_toml(file)
    site = read_table(SiteInHistory, file.name, tables)
    return replace(
        now,
        site=(site.name, Environment.SIMULATED if "simulation" in tables else Environment.REAL),
        expected=_expected(file, site),
        intervals=_intervals(site.history, now.features),
    )


def _expected(file: Path, site: SiteInHistory) -> Circumstances:
    """As far as it is in files."""
    found, replication = {}, site.replication
    for name, path in (("site", file), ("profile", profile_path(replication.profile, file.parent))):
        with suppress(OSError):  # a profile that is not there is told by `kunren check`
            found[name] = read_file(path.resolve())
    told = dict(of_files(found, None))
    if "site" in found:  # as records without sources have it
        told["site - file"] = {"": hashlib.sha256(found["site"]).hexdigest()}
    if replication.discovery:
        with suppress(OSError):
            content = read_file((file.parent / replication.discovery).resolve())
            told["profile - discovery"] = {"": hashlib.sha256(content).hexdigest()}
    return told


def _intervals(terms: History, drills: Iterable[str]) -> Mapping[str, timedelta]:
    every = dict.fromkeys(sorted(drills), terms.every_days) if terms.every_days else {}
    return {drill: timedelta(days=days) for drill, days in {**every, **terms.drills}.items() if days}
