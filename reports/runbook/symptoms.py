"""What is seen when a step does not do what it should (symptoms.toml), after the mutations that drills detect."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType

from guide import Wording
from guide.procedures import Remedy, remedies


@dataclass(frozen=True, slots=True)
class Symptom:
    """`mutation` shows it on a simulated lab; without `remedy` no source says what to do, so people stop and call."""

    mutation: str
    point: str
    seen: Wording
    remedy: Remedy | None


def symptoms(point: str) -> tuple[Symptom, ...]:
    """Of a point of the guide."""
    return tuple(each for each in all_symptoms().values() if each.point == point)


@cache
def all_symptoms() -> Mapping[str, Symptom]:
    """By the mutation."""
    text = resources.files("reports.runbook").joinpath("symptoms.toml").read_text(encoding="utf-8")
    found = {}
    for name, table in tomllib.loads(text).items():
        remedy = remedies()[table["remedy"]] if "remedy" in table else None
        found[name] = Symptom(name, table["point"], Wording(**table["seen"]), remedy)
    return MappingProxyType(found)
