"""A folder of records against its index: what changed is read again, and what is no longer as it was is said to be so.

A quick look takes a record for unchanged where size, times and the journal's last line are; docs/history.md says what
that proves.
"""

from __future__ import annotations

import gc
import hashlib
import json
import multiprocessing
import os
import signal
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from journal.annotations import FILE as ANNOTATIONS
from journal.course import Environment
from journal.files import open_file
from journal.seal import JOURNAL, KEY, SEAL, SIGNATURE
from reports.history.index import Index, Kept, Known
from reports.history.summary import Reading, Standing, read
from reports.owning import RECORD
from words import Told, sentence

WATCHED = (JOURNAL, SEAL, SIGNATURE, KEY, RECORD, ANNOTATIONS)
MARKS = (JOURNAL, SEAL)
"""A folder with one of these is a record, or what is left of one."""
TAIL = 1 << 16
SLACK = timedelta(hours=1)
"""By how much the clock of the controller may have been ahead of this machine's."""
FEW = 24
"""Records that are read faster than further processes start."""
CHUNK = 8
BATCH = 100
"""Readings that are written at once, so that a stop loses few of them and another process waits little."""
ENVIRONMENTS = tuple(Environment)
MOST_YEARS = 9999

Progress = Callable[[int, int], None]
"""Of the records to read: how many are done, and all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A record in the history, by its place in the folder; `reason` is there where it does not count."""

    place: str
    standing: Standing
    reason: Told | None
    reading: Reading
    known: Known

    @property
    def counts(self) -> bool:
        return self.standing is Standing.COUNTED

    def may_be_gone(self, now: datetime) -> bool:
        """Whether its retention has ended."""
        until = retained_until(self.known.began, self.known.retention_years)
        return self.standing is Standing.VANISHED and until is not None and until < now

    @property
    def began(self) -> datetime:
        assert self.reading.began is not None, "a record that counts has begun"
        return self.reading.began


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """All records that there are, and were; `read` of them were read anew."""

    path: Path
    now: datetime
    listed: tuple[Listed, ...]
    read: int


def places(folder: Path) -> Iterator[str]:
    """Records by their paths in the folder; none is looked for inside another, or beyond a link. Raises OSError."""
    waiting = [""]
    while waiting:
        below = waiting.pop()
        with os.scandir(folder / below) as found:
            inside = sorted((each.name, each.is_symlink()) for each in found if each.is_dir())
        for name, linked in inside:
            place = f"{below}/{name}" if below else name
            if any(os.path.lexists(folder / place / mark) for mark in MARKS):
                yield place
            elif not linked:
                waiting.append(place)


def look_at(folder: Path) -> str:
    """Size and times of the files that tell of a record, and the digest of its journal's last line."""
    below = os.fspath(folder)
    return json.dumps([*(_stamp(os.path.join(below, name)) for name in WATCHED), _tail(folder / JOURNAL)])  # noqa: PTH118 (thousands of them)


def _stamp(path: str) -> list[int] | None:
    try:
        found = os.lstat(path)
    except OSError:
        return None
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns]


def _tail(journal: Path) -> str:
    try:
        with open_file(journal) as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - TAIL))
            end = file.read(TAIL)
    except OSError:
        return ""
    return hashlib.sha256(end.rstrip(b"\n").rpartition(b"\n")[2]).hexdigest()


def refreshed(folder: Path, index: Index, now: datetime, *, thorough: bool = False, progress: Progress) -> Folder:
    """Brings the index up to date, and returns what there is. `thorough` reads every record again. Raises OSError."""
    there = sorted(places(folder))
    looks = {place: look_at(folder / place) for place in there}
    kept = {} if thorough else index.kept()
    new = [place for place in there if place not in kept or kept[place].look != looks[place]]
    readings = zip(new, _read_all(folder, new, progress), strict=True)
    while batch := tuple(islice(readings, BATCH)):
        for place, (told, steps) in batch:
            index.keep(place, looks[place], told, steps)
            kept[place] = Kept(looks[place], Reading.from_json(json.loads(told)))
        index.commit()
    for place in kept.keys() - looks.keys():
        index.forget(place)
    listed = _against_known(folder, {place: kept[place].reading for place in there}, index, now)
    index.commit()
    return Folder(path=folder, now=now, listed=tuple(_judged(listed, now)), read=len(new))


# -- reading -----------------------------------------------------------------------------------------------------------


def _read_all(folder: Path, new: Sequence[str], progress: Progress) -> Iterator[tuple[str, str]]:
    processes = min(_processors(), len(new) // FEW + 1)
    folders = [folder / place for place in new]
    if processes < 2:
        yield from _counted(map(_read, folders), len(new), progress)
        return
    spawn = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(processes, mp_context=spawn, initializer=_begin)
    try:
        yield from _counted(pool.map(_read, folders, chunksize=CHUNK), len(new), progress)
    finally:
        pool.shutdown(cancel_futures=True)  # after a stop nothing more is read


def _counted(readings: Iterable[tuple[str, str]], n: int, progress: Progress) -> Iterator[tuple[str, str]]:
    for number, each in enumerate(readings, 1):
        yield each
        progress(number, n)


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _begin() -> None:
    """Ctrl-C is for the process that began this one; what is read has no cycles, and looking for some takes long."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()


def _read(folder: Path) -> tuple[str, str]:
    reading, steps = read(folder)
    return json.dumps(reading.to_json()), json.dumps([each.to_json() for each in steps])


# -- against what was known --------------------------------------------------------------------------------------------


def _against_known(folder: Path, readings: Mapping[str, Reading], index: Index, now: datetime) -> list[Listed]:
    known = index.known()
    gone = {each.sha256: each for each in known.values() if each.place not in readings and each.sha256}
    listed = []
    for place, reading in readings.items():
        before = known.pop(place, None)
        if before is None and reading.sha256 in gone:
            before = gone.pop(reading.sha256)
            known.pop(before.place, None)
        current = _current(place, reading, before, now)
        reason = None if before is None else _altered(folder / place, before, reading)
        if reason is None and current != before:
            index.know(current, instead_of=before.place if before else "")
        standing = reading.standing if reason is None else Standing.ALTERED
        kept = current if reason is None or before is None else before
        told = reading if reading.site else _as_known(reading, kept)
        listed.append(Listed(place=place, standing=standing, reason=reason or told.reason, reading=told, known=kept))
    return [*listed, *(_vanished(each, now) for each in known.values())]


def _as_known(reading: Reading, known: Known) -> Reading:
    """Of which site it was, where the journal does not tell any more."""
    environment = next((each for each in ENVIRONMENTS if each.value == known.environment), None)
    return replace(reading, site=known.site, environment=environment, began=_moment(known.began))


def _moment(began: str) -> datetime | None:
    return datetime.fromisoformat(began) if began else None


def _current(place: str, reading: Reading, before: Known | None, now: datetime) -> Known:
    return Known(
        place=place,
        sha256=reading.sha256,
        size=reading.size,
        seal=reading.seal,
        record=reading.record,
        site=reading.site,
        environment=reading.environment.value if reading.environment else "",
        began=reading.began.isoformat() if reading.began else "",
        retention_years=reading.retention_years,
        first=before.first if before else now.isoformat(timespec="seconds"),
    )


def _altered(folder: Path, before: Known, reading: Reading) -> Told | None:
    """Why a record is not the one that the index had; one that has gone on since, or was sealed since, is."""
    about = {"first": before.first[:10], "was": before.sha256[:16], "now": reading.sha256[:16]}
    if before.sha256 != reading.sha256 and not _gone_on(folder, before, reading):
        return sentence("history.altered.since" if reading.sha256 else "history.altered.gone", **about)
    if before.seal and before.seal != reading.seal:
        return sentence("history.altered.resealed" if reading.seal else "history.altered.unsealed", **about)
    return None


def _gone_on(folder: Path, before: Known, reading: Reading) -> bool:
    """Whether the journal begins with all that it was before, as that of a run under way does."""
    if before.seal or reading.size <= before.size:
        return False
    try:
        with open_file(folder / JOURNAL) as file:
            return hashlib.sha256(file.read(before.size)).hexdigest() == before.sha256
    except OSError:
        return False


def _vanished(known: Known, now: datetime) -> Listed:
    ended = retained_until(known.began, known.retention_years)
    key = "vanished_unread" if not known.began else "vanished"
    if ended is not None and ended < now:
        key = "vanished_after"
    reason = sentence(
        f"history.{key}",
        began=known.began[:10],
        first=known.first[:10],
        ended=ended.date().isoformat() if ended else "",
    )
    gone = Reading(
        standing=Standing.VANISHED,
        sha256=known.sha256,
        record=known.record,
        retention_years=known.retention_years,
        told={},
    )
    reading = _as_known(gone, known)
    return Listed(place=known.place, standing=Standing.VANISHED, reason=reason, reading=reading, known=known)


def retained_until(began: str, years: int) -> datetime | None:
    """None where no plan says for how long."""
    if not began or not years:
        return None
    moment = datetime.fromisoformat(began)
    if moment.year + years > MOST_YEARS:
        return None
    leap = (moment.month, moment.day) == (2, 29)
    return moment.replace(year=moment.year + years, day=28 if leap else moment.day)


def _judged(listed: Sequence[Listed], now: datetime) -> Iterator[Listed]:
    """With what only shows among the others, or against the clock."""
    first: dict[str, str] = {}
    contents: defaultdict[str, set[str]] = defaultdict(set)
    for each in sorted(listed, key=lambda each: (each.known.first, each.place)):
        if each.counts:
            first.setdefault(each.reading.sha256, each.place)
            contents[each.reading.record].add(each.reading.sha256)
    for each in listed:
        record = each.reading.record
        if not each.counts:
            yield each
        elif record and len(contents[record]) > 1:
            yield replace(each, standing=Standing.ALTERED, reason=sentence("history.altered.twin", record=record))
        elif first[each.reading.sha256] != each.place:
            told = sentence("history.copy", place=first[each.reading.sha256])
            yield replace(each, standing=Standing.COPY, reason=told)
        elif each.began > now + SLACK:
            told = sentence("history.future", began=each.began.isoformat(timespec="minutes"))
            yield replace(each, standing=Standing.FUTURE, reason=told)
        else:
            yield each
