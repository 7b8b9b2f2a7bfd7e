"""How people perform and see the steps of drills: procedures of the guide, by the steps' phrases (paths.toml)."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from importlib import resources
from typing import Any

from drills.reading import PlannedDrill, PlannedStep
from guide.procedures import Procedure, fault_by_hand, procedures
from lab.model.faults import Fault
from lab.model.undertakings import Change, Need
from words import Explained, sentence

CHOICES: Mapping[str, str] = {
    "method": "synchronization",
    "kind": "manual",
    "switchover": "switchover",
    "reverse": "reverse_replication",
}
"""What a step chooses, by its placeholder, and the place for it in the texts of procedures."""


class NoClickPath(Explained):
    """A drill has a step that people cannot perform."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClickPath:
    """What people do for a step, or where they see what it says; neither where they wait or Kunren is `alone`."""

    do: tuple[Procedure, ...] = ()
    back: bool = False
    undo: bool = True
    see: Procedure | None = None
    host: str = ""
    choose: Mapping[str, str] = field(default_factory=dict)
    wait: bool = False
    fault: bool = False
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Undo:
    """What takes back a change: a drill by its name, or procedures."""

    drill: str = ""
    do: tuple[Procedure, ...] = ()


def click_path(step: PlannedStep, drill: str, shown: Collection[str] = ()) -> ClickPath:
    """In a chapter that shows these points. Raises NoClickPath for a phrase that paths.toml does not have."""
    table = _paths().get(step.phrase.text("en"))
    if table is None:
        raise NoClickPath(sentence("runbook.no_path", drill=drill, line=step.line, step=step.text))
    named = table.get("host", "")
    chosen = {CHOICES[name]: _choice(value) for name, value in step.values.items() if name in CHOICES}
    back = "back" in table and ("do" not in table or not {*table["back"]}.isdisjoint(shown))
    return ClickPath(
        do=tuple(procedures()[each] for each in table.get("back" if back else "do", ())),
        back=back,
        undo=table.get("undo", not back),
        see=procedures()[table["see"]] if "see" in table else None,
        host=step.values["role"].value if named == "role" else named,
        choose={**chosen, **table.get("choose", {})},
        wait=table.get("wait", False),
        fault=table.get("fault", False),
        alone=table.get("alone", False),
    )


def refuse_unperformable(drill: PlannedDrill) -> None:
    """Raises NoClickPath for a drill that needs the simulator, or has no chapter that people can perform."""
    alone = [step for step in drill.performed if step.kind == "when" and click_path(step, drill.name).alone]
    simulated = [step for step in drill.performed if Need.SIMULATOR in step.phrase.needs]
    if simulated or not by_hand(drill):
        told = (*simulated, *alone, *drill.performed)[0]
        raise NoClickPath(sentence("runbook.no_path", drill=drill.name, line=told.line, step=told.text))


def by_hand(drill: PlannedDrill) -> tuple[int, ...]:
    """Numbers of the chapters, from 1, that people perform: those without an action that Kunren takes alone."""
    return tuple(
        number
        for number, chapter in enumerate(drill.chapters, start=1)
        if not any(click_path(step, drill.name).alone for step in chapter.steps if step.kind == "when")
        and not all(click_path(step, drill.name).alone for step in chapter.steps)
    )


def only_in_drills(drill: str) -> frozenset[int]:
    """Numbers of the chapters of a drill that are left out where it is none."""
    return frozenset(_tables()["only_in_drills"].get(drill, ()))


def watched(shown: Iterable[str]) -> tuple[Procedure, ...]:
    """Of these points the procedures that only look at what follows."""
    return tuple(procedures()[point] for point in shown if point in _tables()["watch"])


@cache
def undo_of(change: Change) -> Undo | None:
    table = _tables()["undo"].get(change.value)
    if table is None:
        return None
    return Undo(table.get("drill", ""), tuple(procedures()[each] for each in table.get("do", ())))


@cache
def end_of_fault(begin: str) -> Procedure | None:
    """What ends the fault that a procedure begins."""
    ends = {each.begin.id: each.end for each in (fault_by_hand(fault.name) for fault in Fault)}
    return ends.get(begin)


def _choice(value: Any) -> str:
    match value:
        case bool():
            return "on" if value else "off"
        case Enum():
            return str(value.value)
        case _:
            return str(value)


def _paths() -> Mapping[str, Any]:
    steps: Mapping[str, Any] = _tables()["steps"]
    return steps


@cache
def _tables() -> Mapping[str, Any]:
    return tomllib.loads(resources.files("reports.runbook").joinpath("paths.toml").read_text(encoding="utf-8"))
