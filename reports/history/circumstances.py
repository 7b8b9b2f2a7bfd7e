"""What a proof rests on: Windows, RHA and Garoon as the site told them, its site file and its profile."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TypeAlias

from journal.checked import HostChecked
from journal.course import Digests
from journal.files import read_file
from journal.record import DrillRecord
from journal.seen import HostSeen, ProductSeen
from words import Told, sentence

Circumstances: TypeAlias = Mapping[str, Mapping[str, str]]
"""Groups of facts, by topic, host and part; a group is told as a whole or is not there."""

SOURCES = {"site": "sources/site.toml", "profile": "sources/profile.toml"}
ASIDE = frozenset({"history", "runbook", "seal"})
"""Tables of a site file that change nothing of a drill."""
LARGEST = 1 << 20
"""Bytes of a site file or a profile; they have some thousands."""
SERVICE_OF_WINDOWS = "vmms"


class Topic(Enum):
    """What a proof lapses with."""

    FEATURE = "feature"
    SITE = "site"
    WINDOWS = "windows"
    RHA = "rha"
    GAROON = "garoon"
    PROFILE = "profile"


OF_FILES = frozenset({Topic.FEATURE, Topic.SITE, Topic.PROFILE})
"""Of which no more is told than that they have changed: their digests."""


@dataclass(frozen=True, slots=True)
class Change:
    """A fact that is otherwise than it was; `was` and `now` are empty where there was or is none."""

    topic: Topic
    host: str
    part: str
    name: str
    was: str
    now: str

    @property
    def told(self) -> Told:
        if self.topic in OF_FILES:
            return sentence(f"history.change.{self.part}", name=self.name)
        if self.part == "updates":
            key = "update" if not self.was else "no_update" if not self.now else "update_day"
        else:
            key = self.part if self.part in ("version", "build", "guest", "integration") else "product"
        about = {"host": self.host, "name": self.name, "was": self.was or "–", "now": self.now or "–"}
        return sentence(f"history.change.{key}", **about)


def of_record(record: DrillRecord, folder: Path) -> Circumstances:
    """As the record tells them last; what it does not tell is not there."""
    return {**of_files(_kept(folder), record.digests), **dict(_seen(record))}


def of_files(files: Mapping[str, bytes], digests: Digests | None) -> Circumstances:
    """Of a site file and a profile by their content, without remarks; else by the digest that a record has."""
    told = {f"{name} - {name}": {"": terms_digest(content)} for name, content in files.items()}
    if digests is not None and digests.site_file and "site" not in files:
        told[f"{Topic.SITE.value} - file"] = {"": digests.site_file}
    if digests is not None and digests.discovery_file:
        told[f"{Topic.PROFILE.value} - discovery"] = {"": digests.discovery_file}
    return told


def terms_digest(content: bytes) -> str:
    """The SHA-256 of what a TOML file says: remarks and the order of keys do not change it, nor what is only shown."""
    try:
        tables = tomllib.loads(content.decode("utf-8"))
    except (ValueError, RecursionError):
        return hashlib.sha256(content).hexdigest()
    kept = {name: value for name, value in tables.items() if name not in ASIDE}
    return hashlib.sha256(json.dumps(kept, sort_keys=True, default=str).encode()).hexdigest()


def _kept(folder: Path) -> dict[str, bytes]:
    found = {}
    for name, file in SOURCES.items():
        try:
            content = read_file(folder / file)
        except OSError:  # a record of an older Kunren has none
            continue
        if len(content) <= LARGEST:
            found[name] = content
    return found


def _seen(record: DrillRecord) -> Iterator[tuple[str, Mapping[str, str]]]:
    for each in record.everything:
        match each:
            case HostSeen():
                yield f"windows {each.host} version", {"": f"{each.os} {each.os_version}".strip()}
            case HostChecked():
                yield from _checked(each)
            case ProductSeen():
                topic = Topic.GAROON if each.name == "Garoon" else Topic.RHA
                yield f"{topic.value} {each.host or '-'} product {each.name}", {each.name: each.version}


def _checked(host: HostChecked) -> Iterator[tuple[str, Mapping[str, str]]]:
    if host.build:
        yield f"windows {host.host} build", {"": host.build}
    if host.updates:
        yield f"windows {host.host} updates", dict(host.updates)
    if host.system is not None:
        told = {
            "guest": f"{host.system.os} {host.system.os_version}".strip(),
            "integration": host.system.integration_services,
        }
        yield from ((f"windows - {name}", {"": value}) for name, value in told.items() if value)
    for service, version in host.programs.items():
        topic = Topic.WINDOWS if service.lower() == SERVICE_OF_WINDOWS else Topic.RHA
        yield f"{topic.value} {host.host} program {service}", {service: version}


def changes(was: Circumstances, now: Circumstances) -> Iterator[Change]:
    """Only of groups that both sides tell: what was not asked has not changed."""
    for group, facts in now.items():
        before = was.get(group)
        if before is None or before == facts:
            continue
        topic, host, part = group.split(" ", 2)
        for name in dict.fromkeys((*before, *facts)):
            pair = _told(before, name), _told(facts, name)
            if pair[0] != pair[1]:
                yield Change(Topic(topic), host, part.split(" ")[0], name, *pair)


def _told(facts: Mapping[str, str], name: str) -> str:
    """An update whose day is not told is there all the same."""
    return (facts[name] or "?") if name in facts else ""


def topics_told(circumstances: Circumstances) -> frozenset[Topic]:
    return frozenset(Topic(group.split(" ", 1)[0]) for group in circumstances)


def build_told(circumstances: Circumstances) -> bool:
    """Whether a host has told the build of its Windows, which each month's update raises."""
    return any(group.startswith("windows ") and group.endswith(" build") for group in circumstances)
