"""The pre-registration: what a run is about to use, fixed by digests before anything is touched, and kept with it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from drills.reading import PlannedDrill
from journal.course import Environment, NegativeControls
from journal.files import read_file
from kunren import __version__
from kunren.exits import Exit, Stop
from kunren.records.elsewhere import Place
from kunren.records.exercise import Exercise
from kunren.records.sealing import new_id
from kunren.records.stamping import REGISTRATION_STAMP, REGISTRATION_UNSTAMPED, stamp_into
from kunren.terminal import MASKING
from lab import scripts
from lab.clock import SystemClock
from lab.model.endpoints import StampAuthority
from lab.model.scripts import JsonValue
from lab.site.file import Site
from words import Told, reason, sentence

SCHEMA = 1
FILE = "sources/preregistration.json"
PLAN = "plan.toml"
LARGEST = 1 << 20
"""Bytes of a pre-registration: one has some thousands."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file as it stands in the record: `original` is the SHA-256 of what was read, if a password was masked in it."""

    name: str
    content: bytes
    original: str = ""

    @property
    def facts(self) -> dict[str, Any]:
        told = {"sha256": hashlib.sha256(self.content).hexdigest(), "size": len(self.content)}
        return {**told, "original": self.original} if self.original else told


@dataclass(frozen=True, slots=True)
class Registration:
    """The canonical text, and the files whose digests are in it."""

    text: bytes
    record: str
    sources: tuple[Source, ...]
    controls: NegativeControls | None

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text).hexdigest()

    @property
    def simulated(self) -> bool:
        return bool(json.loads(self.text)["environment"] == Environment.SIMULATED.value)

    @property
    def told(self) -> Told:
        line = sentence("registration.told", record=self.record, digest=self.digest)
        return sentence("verdict_line.simulated", line=line) if self.simulated else line

    @property
    def plan_digest(self) -> str:
        """Empty where there is no plan."""
        return next((each.facts["sha256"] for each in self.sources if each.name == PLAN), "")

    def stamp(self, folder: Path, authority: StampAuthority | None) -> Told | None:
        """Has it time-stamped where it is kept, if that may be; why it is not, where it should have been."""
        if authority is None or self.simulated:
            return None
        try:
            return stamp_into(folder, (REGISTRATION_STAMP, REGISTRATION_UNSTAMPED), self.text, authority)
        except OSError as error:
            raise Stop(Exit.USAGE, sentence("record.unwritable", folder=folder, reason=reason(error))) from error

    def keep(self, folder: Path, elsewhere: Iterable[Place] = ()) -> None:
        """Hands it to each place that is asked for, and writes it into the record with all its files. Raises Stop."""
        for place in elsewhere:
            place.take(self)
        try:
            for each in (*self.sources, Source(FILE, self.text)):
                path = folder / each.name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(each.content)
        except OSError as error:
            raise Stop(Exit.USAGE, sentence("record.unwritable", folder=folder, reason=reason(error))) from error


def registered(
    drills: Sequence[PlannedDrill],
    site: Site,
    exercise: Exercise | None,
    controls: NegativeControls | None,
    as_told: Path | None = None,
) -> Registration:
    """`as_told` is a pre-registration that was made before; Stop where anything is otherwise by now."""
    sources = tuple(_sources(drills, site, exercise))
    facts = {
        "schema": SCHEMA,
        "record": new_id(site),
        "made": SystemClock().now().isoformat(timespec="seconds"),
        "kunren": __version__,
        "environment": (Environment.SIMULATED if site.simulated else Environment.REAL).value,
        "site": site.name,
        "drills": [drill.name for drill in drills],
        "left_out": {drill.name: left for drill in drills if (left := _left_out(drill))},
        "objectives": objectives_of(drills, site),
        "controls": controls and _told(controls),
        "files": {each.name: each.facts for each in sources},
    }
    if as_told is not None:
        text, earlier = _read(as_told)
        _require_same(as_told, earlier, facts)
        return Registration(text, earlier["record"], sources, controls)
    return Registration(_canonical(facts), facts["record"], sources, controls)


def require_not_run(registration: Registration, as_told: Path, records: Path) -> None:
    """Raises Stop where a record beside the coming one is of the same registration: two would have one id."""
    for each in sorted(records.glob(f"*/{FILE}")):
        try:
            same = each.stat().st_size == len(registration.text) and read_file(each) == registration.text
        except OSError:
            continue  # what cannot be read there may be of anyone
        if same:
            folder = each.parent.parent
            raise Stop(Exit.USAGE, sentence("registration.run_already", registered=as_told, folder=folder))


def objectives_of(drills: Sequence[PlannedDrill], site: Site) -> Mapping[str, JsonValue]:
    """Fixed before the run: a digest over them and over what will be drilled."""
    fixed = site.objectives
    return {
        "rto_s": fixed.rto_s,
        "rpo_s": fixed.rpo_s,
        "sha256": fixed.sha256([drill.sha256 for drill in drills]),
    }


def _canonical(facts: Mapping[str, Any]) -> bytes:
    """The same facts always give the same bytes."""
    return (json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n").encode()


def _told(controls: NegativeControls) -> dict[str, Any]:
    date = controls.date.isoformat(timespec="seconds")
    return {"date": date, "sha256": controls.sha256, "caught": controls.caught, "mutations": controls.mutations}


def _left_out(drill: PlannedDrill) -> list[int]:
    return [number for number, chapter in enumerate(drill.chapters, 1) if chapter.left_out]


# -- the files ---------------------------------------------------------------------------------------------------------


def _sources(drills: Iterable[PlannedDrill], site: Site, exercise: Exercise | None) -> Iterator[Source]:
    """Passwords are masked in all that people have written; scripts are Kunren's own."""
    if exercise is not None:
        yield _masked(PLAN, exercise.content)
    for drill in drills:
        if drill.chapters:  # none are performed where only a former run is undone
            yield _masked(f"sources/features/{drill.file.name}", _content(drill.file))
    yield _masked("sources/site.toml", _content(site.file))
    yield _masked("sources/profile.toml", _content(site.profile_file))
    if site.named_discovery:
        yield _masked("sources/discovery.json", _content(site.file.parent / site.named_discovery))
    for name in scripts.digests():
        yield Source(f"sources/scripts/{name}.ps1", scripts.load_script(name).text.encode("ascii"))


def _content(path: Path) -> bytes:
    try:
        return read_file(path.resolve())
    except OSError as error:
        raise Stop(Exit.USAGE, sentence("registration.unread", file=path, reason=reason(error))) from error


def _masked(name: str, content: bytes) -> Source:
    """As it is, where there is no password in it."""
    text = content.decode("utf-8", "surrogateescape")
    masked = MASKING.text(text)
    if masked == text:
        return Source(name, content)
    return Source(name, masked.encode("utf-8", "surrogateescape"), hashlib.sha256(content).hexdigest())


# -- one that was made before ------------------------------------------------------------------------------------------


def _read(path: Path) -> tuple[bytes, dict[str, Any]]:
    try:
        text = read_file(path.resolve())
        found = json.loads(text) if len(text) <= LARGEST else None
    except OSError as error:
        raise Stop(Exit.USAGE, sentence("registration.unread", file=path, reason=reason(error))) from error
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or not isinstance(found.get("record"), str) or _canonical(found) != text:
        raise Stop(Exit.USAGE, sentence("registration.not_one", file=path))
    return text, found


_OF_ITS_TIME = ("record", "made")


def _require_same(path: Path, earlier: Mapping[str, Any], facts: Mapping[str, Any]) -> None:
    """A sentence for each file, and each other fact, that is no longer as it was registered."""
    was, now = (dict(each.get("files") or {}) for each in (earlier, facts))
    changed: list[Told] = [
        sentence("registration.file_changed", registered=path, file=name)
        for name in sorted(was.keys() | now.keys())
        if was.get(name) != now.get(name)
    ]
    changed += [
        sentence("registration.changed", registered=path, name=name, was=_shown(earlier, name), now=_shown(facts, name))
        for name in sorted(earlier.keys() | facts.keys())
        if name not in (*_OF_ITS_TIME, "files") and earlier.get(name) != facts.get(name)
    ]
    if changed:
        raise Stop(Exit.USAGE, *changed)


def _shown(facts: Mapping[str, Any], name: str) -> str:
    return json.dumps(facts.get(name), ensure_ascii=False)
