"""The drills that can be chosen: those that travel with Kunren, features of one's own by path, and parts of a drill."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from drills.reading import FeatureWrong, PlannedDrill, read_drill
from drills.vocabulary import Vocabulary
from kunren.exits import Exit, Stop
from kunren.running.shipped import features_folder
from lab.model.undertakings import Need
from steps.modules import vocabulary
from words import LANGUAGES, Language, Told, sentence

SIMULATED_ONLY = sentence("drill.simulated_only")
FAULTS_BY_PEOPLE = sentence("drill.faults_by_people")


def notes_on(needs: Collection[Need]) -> Iterator[Told]:
    """What is to be known of a drill or a step before it is chosen for a real site."""
    if Need.SIMULATOR in needs:
        yield SIMULATED_ONLY
    elif Need.FAULTS in needs:
        yield FAULTS_BY_PEOPLE


def shipped_drills(language: Language) -> tuple[PlannedDrill, ...]:
    """The drills that travel with Kunren."""
    return choose((), language, None)


def choose(names: Sequence[str], language: Language, guide: str | None) -> tuple[PlannedDrill, ...]:
    """The named drills, or all of them; with `guide`, those that show a point of that section."""
    shipped = {path.stem: path for path in sorted((features_folder() / language).glob("*.feature"))}
    paths = [_find(name, shipped) for name in names] or list(shipped.values())
    known = vocabulary()
    try:
        drills = [read_drill(path, known) for path in dict.fromkeys(paths)]
    except FeatureWrong as wrong:
        raise Stop(Exit.USAGE, *wrong.sentences) from wrong
    if guide is not None:
        drills = [drill for drill in drills if any(_belongs(point, guide) for point in drill.guide)]
        if not drills:
            raise Stop(Exit.USAGE, sentence("usage.no_section", section=guide))
    return tuple(drills)


def listed(drill: PlannedDrill, language: Language, way: Told | None = None) -> str:
    """Its line in a list, with the `way` in which a site performs it; else what only a simulated lab offers is told."""
    told = notes_on(drill.needs) if way is None else (way,)
    return "\t".join([drill.name, drill.title, *(each.in_(language) for each in told)])


def described(path: Path) -> Mapping[str, object]:
    """A feature for other programs: its chapters with their lines, or what is wrong with it.

    It is `known` where Kunren knows a step of it; another tool's feature is not Kunren's to judge.
    """
    known = vocabulary()
    try:
        drill = read_drill(path, known)
    except FeatureWrong as error:
        return {
            "drill": path.stem,
            "known": _recognised(path, known),
            "wrong": [str(each) for each in error.sentences],
            "chapters": [],
        }
    chapters = [{"name": each.name, "line": each.steps[0].line if each.steps else 1} for each in drill.chapters]
    return {"drill": drill.name, "language": drill.language, "known": True, "wrong": (), "chapters": chapters}


def _recognised(path: Path, known: Vocabulary) -> bool:
    """Whether a line of it, without its first word, is a step of Kunren's."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    texts = [line.strip().partition(" ")[2].strip() for line in lines]
    return any(any(known.recognising(text, language)) for text in texts if text for language in LANGUAGES)


def _belongs(point: str, section: str) -> bool:
    return point == section or point.startswith(f"{section}.")


def _find(name: str, shipped: dict[str, Path]) -> Path:
    if name in shipped:
        return shipped[name]
    path = Path(name)
    if path.suffix == ".feature" and path.is_file():
        return path
    near = difflib.get_close_matches(name, shipped, 1, cutoff=0.4)
    if near:
        raise Stop(Exit.USAGE, sentence("usage.no_drill_near", name=name, near=near[0]))
    raise Stop(Exit.USAGE, sentence("usage.no_drill", name=name, known=tuple(shipped)))


def part_of(drills: Sequence[PlannedDrill], *, begin: str | None, only: Collection[str]) -> tuple[PlannedDrill, ...]:
    """`begin` and each of `only` are a chapter's number, from 1, or its name; with neither the drills are whole."""
    if begin is None and not only:
        return tuple(drills)
    if begin is not None and only:
        raise Stop(Exit.USAGE, sentence("usage.from_and_chapter"))
    if len(drills) != 1:
        raise Stop(Exit.USAGE, sentence("usage.one_drill"))
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
    about = {"drill": drill.name, "chapter": chapter}
    if near:
        raise Stop(Exit.USAGE, sentence("usage.no_chapter_near", near=near[0], **about))
    raise Stop(Exit.USAGE, sentence("usage.no_chapter", n=len(names), **about))
