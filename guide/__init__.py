"""The guide's points (points.toml): what drills have to show, and what a person sees to."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any


class Kind(Enum):
    """What sort of sentence of the guide a point is."""

    PREREQUISITE = "prerequisite"
    STEP = "step"
    NOTE = "note"
    BEHAVIOUR = "behaviour"


class Shown(Enum):
    """How it can be known that a point holds."""

    DRILL = "drill"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class Wording:
    """One sentence in both languages."""

    en: str
    ja: str

    def in_(self, language: str) -> str:
        return self.ja if language == "ja" else self.en


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One point of the guide; chapters name it by its id in a tag. `by_command` is one about commands of RHA."""

    id: str
    kind: Kind
    section: str
    shown: Shown
    text: Wording
    by_command: bool = False


@dataclass(frozen=True, slots=True)
class Guide:
    """Sections and points, in the guide's order."""

    sections: Mapping[str, Wording]
    points: Mapping[str, Point]


@cache
def guide() -> Guide:
    return read_guide(resources.files("guide").joinpath("points.toml").read_text(encoding="utf-8"))


def read_guide(text: str) -> Guide:
    tables = tomllib.loads(text)
    sections = {name: Wording(**words) for name, words in tables["sections"].items()}
    points = {name: _point(name, table) for name, table in tables["points"].items()}
    if strays := [point.id for point in points.values() if point.section not in sections]:
        raise ValueError(f"points of no section: {', '.join(strays)}")
    return Guide(MappingProxyType(sections), MappingProxyType(points))


def _point(name: str, table: Mapping[str, Any]) -> Point:
    return Point(
        id=name,
        kind=Kind(table["kind"]),
        section=table["section"],
        shown=Shown(table["shown"]),
        text=Wording(table["en"], table["ja"]),
        by_command=table.get("by_command", False),
    )
