"""A part of a drill: from a chapter on, or one chapter alone. What is left out stays in the plan, marked so."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Sequence
from dataclasses import replace

from drills.reading import PlannedDrill
from kunren.exits import Exit, Stop


def part_of(drills: Sequence[PlannedDrill], *, begin: str | None, only: Collection[str]) -> tuple[PlannedDrill, ...]:
    """`begin` and each of `only` are a chapter's number, from 1, or its name; with neither the drills are whole."""
    if begin is None and not only:
        return tuple(drills)
    if begin is not None and only:
        raise Stop(Exit.USAGE, "--from and --chapter exclude each other; use one of them.")
    if len(drills) != 1:
        raise Stop(Exit.USAGE, "--from and --chapter need exactly one drill; name it.")
    drill = drills[0]
    if only:
        return (_only(drill, {_number(drill, chapter) for chapter in only}),)
    return (_only(drill, range(_number(drill, begin or ""), len(drill.chapters))),)


def _only(drill: PlannedDrill, kept: Collection[int]) -> PlannedDrill:
    chapters = (replace(chapter, left_out=number not in kept) for number, chapter in enumerate(drill.chapters))
    return replace(drill, chapters=tuple(chapters))


def _number(drill: PlannedDrill, chapter: str) -> int:
    names = [each.name for each in drill.chapters]
    if chapter in names:
        return names.index(chapter)
    if chapter.isdecimal() and 1 <= int(chapter) <= len(names):
        return int(chapter) - 1
    near = difflib.get_close_matches(chapter, names, 1, cutoff=0.4)
    hint = f"did you mean «{near[0]}»?" if near else f"choose 1 to {len(names)}."
    raise Stop(Exit.USAGE, f"The drill {drill.name} has no chapter {chapter}; {hint}")
