"""Reading a drill before it runs: what it plans, and every mistake in its text with its line."""

from __future__ import annotations

import difflib
import hashlib
import inspect
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from typing import Any

from drills.feature_file import FeatureFile, FreeText, NotGherkin, decoded, parsed
from drills.mistakes import FeatureWrong, Mistakes, cut
from drills.outlines import Chapters, Tag, WrittenChapter, WrittenStep
from drills.prose import ProseCheck
from drills.vocabulary import Kind, Phrase, Vocabulary
from guide import guide
from lab.model.undertakings import QUIET_HOURS_FOR, STATES, Change, Need
from words import LANGUAGES, Language, Listed, Told, reason, sentence

__all__ = ["FeatureWrong", "PlannedChapter", "PlannedDrill", "PlannedStep", "read_drill"]

GUIDE_TAG = "@guide:"
_TAG = re.compile(r"@[^\W_][\w:+\-./]*")
"""What `pytest -m` can ask for."""
_OF_PYTEST = ("filterwarnings", "parametrize", "skip", "skipif", "usefixtures", "xfail")


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A step as it is written in the chapter, and what it will do: the phrase's function with these values."""

    kind: Kind
    keyword: str
    text: str
    line: int
    phrase: Phrase
    values: Mapping[str, Any] = field(default_factory=dict)
    """What the placeholders of the phrase mean here."""

    @property
    def function(self) -> Callable[..., Any]:
        return self.phrase.function

    @property
    def changes(self) -> frozenset[Change]:
        return self.phrase.changes

    @property
    def nouns(self) -> tuple[str, ...]:
        """What its function asks for by name."""
        return tuple(name for name in inspect.signature(self.function).parameters if name not in self.values)


@dataclass(frozen=True, slots=True)
class PlannedChapter:
    """One Gherkin scenario; `guide` are the points of the guide it shows; `left_out` by the operator's choice."""

    name: str
    guide: tuple[str, ...]
    steps: tuple[PlannedStep, ...]
    left_out: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedDrill:
    """One feature."""

    name: str
    title: str
    description: str
    language: Language
    file: Path
    sha256: str
    chapters: tuple[PlannedChapter, ...]

    @property
    def guide(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(point for chapter in self.chapters for point in chapter.guide))

    @property
    def performed(self) -> tuple[PlannedStep, ...]:
        """The steps of the chapters that were not left out, in their order."""
        return tuple(step for chapter in self.chapters if not chapter.left_out for step in chapter.steps)

    @property
    def changes(self) -> frozenset[Change]:
        """What its steps begin on a site."""
        return frozenset(change for step in self.performed for change in step.changes)

    @property
    def needs(self) -> frozenset[Need]:
        """What a site has to offer before; of its states those that the first chapter begins with.

        To the states of later chapters the drill leads itself.
        """
        at_first = takewhile(lambda step: step.kind == "given", self.performed)
        begins_with = {need for step in at_first for need in step.phrase.needs} & STATES
        always = {need for step in self.performed for need in step.phrase.needs} - STATES
        created = {Need.NO_SCENARIO} if Change.CREATE_SCENARIO in self.changes else set()
        return frozenset(begins_with | always | created)

    @property
    def wants_quiet_hours(self) -> bool:
        """It synchronises or switches over, which the guide does not want in business hours."""
        return bool(self.changes & QUIET_HOURS_FOR) and Need.BUSINESS_HOURS not in self.needs


def twin_of(drill: PlannedDrill, vocabulary: Vocabulary) -> PlannedDrill | None:
    """The same drill in the other language, from the folder beside its own that is named by it; None without one."""
    other = next(each for each in LANGUAGES if each != drill.language)
    file = drill.file.parent.parent / other / drill.file.name
    if drill.file.parent.name != drill.language or not file.is_file():
        return None
    try:
        twin = read_drill(file, vocabulary)
    except FeatureWrong:  # its mistakes are reported when it is performed itself
        return None
    return twin if _shape(twin) == _shape(drill) else None


def _shape(drill: PlannedDrill) -> Sequence[object]:
    """What twins have in common: points of the guide, phrases, and numbers and terms; quoted names are translated."""
    return [
        (chapter.guide, [(step.phrase, _figures(step.values)) for step in chapter.steps]) for chapter in drill.chapters
    ]


def _figures(values: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: value for name, value in values.items() if not isinstance(value, str)}


def read_drill(path: Path, vocabulary: Vocabulary) -> PlannedDrill:
    """Plans one feature; what is performed later is this plan and no other reading. Raises FeatureWrong."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FeatureWrong(sentence("feature.unreadable", file=path, reason=reason(error))) from error
    file = _parsed(path, decoded(path, content), vocabulary)
    feature = file.feature
    if feature is None or not feature["children"]:
        raise FeatureWrong(sentence("feature.no_scenario", file=path))
    if feature["language"] not in LANGUAGES:
        raise FeatureWrong(sentence("feature.other_language", file=path, language=feature["language"]))
    mistakes = Mistakes(path)
    _look_through(file.free_text, vocabulary, mistakes)
    _check_titles(file.titles, vocabulary, mistakes)
    written = Chapters(feature, mistakes).written()
    _check_names(written, mistakes)
    plan = _Plan(feature["language"], vocabulary, mistakes)
    chapters = tuple(plan.chapter(chapter) for chapter in written)
    mistakes.refuse()
    if not chapters:
        raise FeatureWrong(sentence("feature.no_scenario", file=path))
    return PlannedDrill(
        name=path.stem,
        title=feature["name"],
        description=" ".join(feature["description"].split()),
        language=feature["language"],
        file=path,
        sha256=hashlib.sha256(content).hexdigest(),
        chapters=chapters,
    )


def _parsed(path: Path, text: str, vocabulary: Vocabulary) -> FeatureFile:
    """What the parser refuses may be the consequence of a mistyped line before it, so those are told with it."""
    try:
        return parsed(text)
    except NotGherkin as wrong:
        mistakes = Mistakes(path)
        suspicion = ProseCheck(vocabulary).suspicion(FreeText(wrong.line, wrong.text, ""), as_prose=False)
        key = "feature.not_gherkin" if wrong.text else "feature.this_is_not_gherkin"
        told: list[Told] = [sentence(key, text=cut(wrong.text), why=wrong)]
        if suspicion:
            told.append(sentence("feature.it", suspicion=suspicion))
        if not wrong.text.isascii() and not re.search(r"(?m)^\s*#\s*language\s*:", text):
            told.append(sentence("feature.no_language"))
        mistakes.add(wrong.line, "Gherkin", Listed(tuple(told)))
        _look_through([each for each in wrong.free_text if each.line < wrong.line], vocabulary, mistakes)
        mistakes.refuse()
        raise


def _look_through(free_text: Sequence[FreeText], vocabulary: Vocabulary, mistakes: Mistakes) -> None:
    for suspect in ProseCheck(vocabulary).suspects(free_text):
        mistakes.add(suspect.line, "prose", sentence("feature.prose.line", text=cut(suspect.text), why=suspect.why))


def _check_titles(titles: Sequence[FreeText], vocabulary: Vocabulary, mistakes: Mistakes) -> None:
    check = ProseCheck(vocabulary)
    for title in titles:
        if check.is_step(title.text):
            mistakes.add(title.line, "title", sentence("feature.title", keyword=title.below, text=cut(title.text)))


def _check_names(chapters: Sequence[WrittenChapter], mistakes: Mistakes) -> None:
    """Chapters are chosen and told by their names, and so are the scenarios and outlines they come from."""
    lines: dict[str, int] = {}
    templates: dict[str, int] = {}
    for chapter in chapters:
        first = templates.setdefault(chapter.template, chapter.line)
        same = lines.setdefault(chapter.name, chapter.line)
        if first != chapter.line:
            mistakes.add(chapter.line, "name", sentence("feature.same_name", name=chapter.template, line=first))
        elif same != chapter.line:
            mistakes.add(chapter.line, "name", sentence("feature.same_name", name=chapter.name, line=same))
    rows: set[tuple[int, str]] = set()
    for chapter in chapters:
        if (chapter.line, chapter.name) in rows and chapter.row:
            mistakes.add(chapter.line, "name", sentence("feature.same_rows", name=chapter.name))
        rows.add((chapter.line, chapter.name))


class _Plan:
    """Finds the one phrase of each step, and notes what is wrong where there is none."""

    def __init__(self, language: Language, vocabulary: Vocabulary, mistakes: Mistakes) -> None:
        self._language = language
        self._vocabulary = vocabulary
        self._mistakes = mistakes

    def chapter(self, chapter: WrittenChapter) -> PlannedChapter:
        for tag in chapter.tags:
            self._check_tag(tag)
        points = (tag.name.removeprefix(GUIDE_TAG) for tag in chapter.tags if tag.name.startswith(GUIDE_TAG))
        steps = (self._step(step) for step in chapter.steps)
        return PlannedChapter(chapter.name, tuple(dict.fromkeys(points)), tuple(step for step in steps if step))

    def _check_tag(self, tag: Tag) -> None:
        head = tag.name.partition(":")[0].casefold()
        if tag.name.startswith(GUIDE_TAG):
            self._check_point(tag, tag.name.removeprefix(GUIDE_TAG))
        elif difflib.SequenceMatcher(None, head, "@guide").ratio() > 0.8:
            self._mistakes.add(tag.line, tag.name, sentence("feature.tag_without_point", tag=tag.name, guide=GUIDE_TAG))
        elif not _TAG.fullmatch(tag.name) or tag.name in ("@and", "@or", "@not", "@None", "@True", "@False"):
            self._mistakes.add(tag.line, tag.name, sentence("feature.bad_tag", tag=tag.name))
        elif tag.name[1:] in _OF_PYTEST:
            self._mistakes.add(tag.line, tag.name, sentence("feature.tag_of_pytest", tag=tag.name))

    def _check_point(self, tag: Tag, point: str) -> None:
        known = guide().points
        if point not in known:
            near = difflib.get_close_matches(point, known, 1) or tuple(known)[:1]
            self._mistakes.add(tag.line, tag.name, sentence("feature.no_point", point=point, near=near[0]))

    def _step(self, step: WrittenStep) -> PlannedStep | None:
        if step.has_argument:
            self._wrong(step, sentence("feature.argument"))
            return None
        phrases = self._vocabulary.matching(step.kind, step.text, self._language)
        if not phrases:
            self._wrong(step, lambda: self._unknown(step))
            return None
        if len({phrase.function for phrase in phrases}) > 1:
            self._wrong(
                step,
                sentence("feature.ambiguous", steps=self._listed(phrase.text(self._language) for phrase in phrases)),
            )
            return None
        reading = phrases[0].read(step.text, self._language)
        if reading.problems:
            self._wrong(step, Listed(reading.problems, "feature.between_problems"))
            return None
        return PlannedStep(step.kind, step.keyword, step.text, step.line, phrases[0], reading.values)

    def _wrong(self, step: WrittenStep, what: Told | Callable[[], Told]) -> None:
        def told() -> Told:
            about = {"step": cut(f"{step.keyword} {step.text}"), "problem": what() if callable(what) else what}
            if step.row:
                return sentence("feature.step_of_row", row=step.row, **about)
            return sentence("feature.wrong_step", **about)

        self._mistakes.add(step.line, f"step {step.row}", told)

    def _unknown(self, step: WrittenStep) -> Told:
        others = {phrase.kind for phrase in self._vocabulary.recognising(step.text, self._language)}
        if others:
            kinds = tuple(sentence(f"feature.kind.{kind}") for kind in sorted(others))
            return sentence("feature.other_kind", kinds=kinds, kind=sentence(f"feature.kind.{step.kind}"))
        near = self._listed(self._vocabulary.nearest(step.text, self._language))
        if not near:
            return sentence("feature.unknown_description")
        if step.text[-1:] not in ".。":
            return sentence("feature.unknown", near=near)
        return sentence("feature.unknown_near_description", near=near)

    @staticmethod
    def _listed(steps: Iterable[str]) -> tuple[Told, ...]:
        return tuple(sentence("feature.quoted", text=step) for step in steps)
