"""Reading a drill before it runs: what it plans, and every mistake in its text as one sentence."""

from __future__ import annotations

import difflib
import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, get_args

from gherkin.errors import ParserError
from gherkin.parser import Parser
from gherkin.pickles.compiler import Compiler

from lab.guide import guide
from steps.vocabulary import Kind, Language, Phrase, Vocabulary

GUIDE_TAG = "@guide:"
KINDS: dict[str, Kind] = {"Context": "given", "Action": "when", "Outcome": "then"}


class FeatureWrong(Exception):
    """A feature cannot be run as it is written; the text says where and what to do."""


@dataclass(frozen=True, slots=True)
class PlannedStep:
    kind: Kind
    keyword: str
    text: str
    argument: str = ""
    """docString or dataTable where one is written below it, which no step of Kunren's takes."""
    phrase: Phrase | None = None
    """The one phrase it is said with; None only while the feature is being read."""
    values: Mapping[str, Any] = field(default_factory=dict)
    """What the placeholders of the phrase mean here."""

    @property
    def function(self) -> Callable[..., Any]:
        assert self.phrase is not None, "a feature with an unknown step is refused"
        return self.phrase.function


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


def read_drill(path: Path, vocabulary: Vocabulary) -> PlannedDrill:
    try:
        content = path.read_bytes()
        document: dict[str, Any] = dict(Parser().parse(content.decode("utf-8")))
    except OSError as error:
        raise FeatureWrong(f"The feature {path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise FeatureWrong(f"The feature {path} is not UTF-8 text; save it as UTF-8.") from error
    except ParserError as error:
        first = str(error).splitlines()[-1].strip()
        raise FeatureWrong(f"The feature {path} is not Gherkin: {first}.") from error
    feature = document.get("feature")
    if feature is None or not feature["children"]:
        raise FeatureWrong(f"The feature {path} has no scenario; write at least one.")
    if feature["language"] not in get_args(Language):
        raise FeatureWrong(f"The feature {path} is in «{feature['language']}»; Kunren's steps speak en and ja.")
    document["uri"] = str(path)
    drill = PlannedDrill(
        name=path.stem,
        title=feature["name"],
        description=" ".join(feature["description"].split()),
        language=feature["language"],
        file=path,
        sha256=hashlib.sha256(content).hexdigest(),
        chapters=tuple(_chapter(pickle, _keywords(feature)) for pickle in Compiler().compile(document)),  # type: ignore[arg-type]  # the compiler's TypedDict is the parser's plain dict with its uri
    )
    return _check(drill, vocabulary)


def _chapter(pickle: Any, keywords: dict[str, str]) -> PlannedChapter:
    return PlannedChapter(
        name=pickle["name"],
        guide=tuple(tag["name"].removeprefix(GUIDE_TAG) for tag in pickle["tags"] if tag["name"].startswith(GUIDE_TAG)),
        steps=tuple(
            PlannedStep(
                KINDS.get(step["type"], "given"),
                keywords[step["astNodeIds"][0]],
                step["text"],
                next(iter(step.get("argument") or ()), ""),
            )
            for step in pickle["steps"]
        ),
    )


def _keywords(node: Any) -> dict[str, str]:
    """Keyword of every step below `node`, by the step's id."""
    found: dict[str, str] = {}
    if isinstance(node, dict):
        for step in node.get("steps", ()):
            found[step["id"]] = step["keyword"].strip()
        for value in node.values():
            found.update(_keywords(value))
    elif isinstance(node, list):
        for value in node:
            found.update(_keywords(value))
    return found


def _check(drill: PlannedDrill, vocabulary: Vocabulary) -> PlannedDrill:
    for name, times in Counter(chapter.name for chapter in drill.chapters).items():
        if times > 1:
            raise FeatureWrong(
                f"{drill.file}: {times} scenarios are named «{name}»; give each its own name, or only one would run."
            )
    for chapter in drill.chapters:
        where = f"{drill.file}, scenario «{chapter.name}»"
        if not chapter.steps:
            raise FeatureWrong(f"{where} has no steps, so nothing would be shown; write some, or take it out.")
        for point in chapter.guide:
            if point not in guide().points:
                near = difflib.get_close_matches(point, guide().points, 1) or tuple(guide().points)[:1]
                raise FeatureWrong(
                    f"{where}: the guide has no point «{point}»; `kunren coverage` lists them, as {near[0]}."
                )
    chapters = (
        replace(chapter, steps=tuple(_understood(drill, chapter, step, vocabulary) for step in chapter.steps))
        for chapter in drill.chapters
    )
    return replace(drill, chapters=tuple(chapters))


def _understood(drill: PlannedDrill, chapter: PlannedChapter, step: PlannedStep, vocabulary: Vocabulary) -> PlannedStep:
    where = f"{drill.file}, scenario «{chapter.name}»: the step «{step.keyword} {step.text}»"
    if step.argument:
        raise FeatureWrong(f"{where} has a table or a text below it, which no step of Kunren's reads; take it out.")
    phrases = vocabulary.matching(step.kind, step.text, drill.language)
    if not phrases:
        raise FeatureWrong(f"{where} is unknown; the nearest known steps are {_quoted(vocabulary, step, drill)}.")
    if len({phrase.function for phrase in phrases}) > 1:
        both = " and ".join(f"«{phrase.text(drill.language)}»" for phrase in phrases)
        raise FeatureWrong(f"{where} is ambiguous; it can be read as {both}. Word it so that only one fits.")
    reading = phrases[0].read(step.text, drill.language)
    if reading.problems:
        raise FeatureWrong(f"{where} {reading.problems[0]}.")
    return replace(step, phrase=phrases[0], values=reading.values)


def _quoted(vocabulary: Vocabulary, step: PlannedStep, drill: PlannedDrill) -> str:
    nearest: Sequence[str] = vocabulary.nearest(step.text, drill.language)
    return ", ".join(f"«{text}»" for text in nearest) or "none that look like it"
