"""What is seen when a step does not do what it should (symptoms.toml), after the mutations that drills detect."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType

from guide import Kind, Wording, guide
from guide.procedures import Remedy, remedies


@dataclass(frozen=True, slots=True)
class Symptom:
    """What `mutation` looks like, at a step of a drill or at a procedure.

    Without `remedy` no source says what to do, so people stop and call.
    """

    mutation: str
    point: str
    drill: str
    step: str
    at: str
    seen: Wording
    remedy: Remedy | None


def symptoms_at_steps(points: Collection[str], phrases: Collection[str], drill: str) -> tuple[Symptom, ...]:
    """Of points of the guide, at steps of these phrases; those of a person's own steps in every drill that has them."""
    return tuple(
        each
        for each in all_symptoms().values()
        if each.point in points
        and each.step in phrases
        and (each.drill == drill or guide().points[each.point].kind is Kind.STEP)
    )


def symptoms_at_procedures(names: Collection[str]) -> tuple[Symptom, ...]:
    return tuple(each for each in all_symptoms().values() if each.at in names)


@cache
def all_symptoms() -> Mapping[str, Symptom]:
    """By the mutation."""
    text = resources.files("reports.runbook").joinpath("symptoms.toml").read_text(encoding="utf-8")
    found = {}
    for name, table in tomllib.loads(text).items():
        remedy = remedies()[table["remedy"]] if "remedy" in table else None
        seen = Wording(**table["seen"])
        found[name] = Symptom(
            name, table["point"], table.get("drill", ""), table.get("step", ""), table.get("at", ""), seen, remedy
        )
    return MappingProxyType(found)
