"""From Gherkin's tree to chapters: backgrounds, rules and the rows of outlines, with the lines they stand in.

Placeholders are replaced once: what a cell holds is never looked through for a placeholder again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gherkin.dialect import DIALECTS

from drills.mistakes import Mistakes
from drills.vendor import REPLICA_HOST
from drills.vocabulary import Kind
from words import Language, sentence

KINDS: dict[str, Kind] = {"Context": "given", "Action": "when", "Outcome": "then"}
CONJUNCTION = "Conjunction"
OF_THE_GUIDE = (REPLICA_HOST,)
"""What the guide itself writes in angle brackets, in the messages it quotes."""
_LEFT = re.compile(r"<(?!\s)([^<>]*[^<>\s])>")


@dataclass(frozen=True, slots=True)
class Tag:
    line: int
    name: str


@dataclass(frozen=True, slots=True)
class WrittenStep:
    """A step with its placeholders replaced; `row` is the line of the examples that they are from, 0 for none."""

    line: int
    row: int
    kind: Kind
    keyword: str
    text: str
    has_argument: bool


@dataclass(frozen=True, slots=True)
class WrittenChapter:
    """One scenario, or one row of an outline."""

    line: int
    row: int
    template: str
    name: str
    tags: tuple[Tag, ...]
    steps: tuple[WrittenStep, ...]


@dataclass(frozen=True, slots=True)
class _Around:
    """What a scenario has from above it."""

    tags: tuple[Tag, ...] = ()
    steps: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of examples, or, with the line 0, the only way a plain scenario is run."""

    line: int = 0
    cells: Mapping[str, str] = field(default_factory=dict)
    tags: tuple[Tag, ...] = ()

    def fill(self, text: str) -> str:
        """Each `<column>` replaced by its cell."""
        return re.sub(r"<([^<>]*)>", lambda found: self.cells.get(found[1], found[0]), text)


class Chapters:
    """The chapters of one feature, and what is wrong with how they are written."""

    def __init__(self, feature: Any, mistakes: Mistakes) -> None:
        self._feature = feature
        self._language: Language = feature["language"]
        self._mistakes = mistakes
        self._columns = {column for scenario in _scenarios(feature) for column in _columns(scenario)}

    def written(self) -> tuple[WrittenChapter, ...]:
        return tuple(self._below(self._feature, _Around()))

    def _below(self, node: Any, above: _Around) -> Iterator[WrittenChapter]:
        around = _Around((*above.tags, *_tags(node)), above.steps)
        for child in node["children"]:
            if "background" in child:
                around = _Around(around.tags, (*around.steps, *child["background"]["steps"]))
                self._check_background(around)
            elif "rule" in child:
                yield from self._rule(child["rule"], around)
            else:
                yield from self._chapters(child["scenario"], around)

    def _rule(self, rule: Any, around: _Around) -> Iterator[WrittenChapter]:
        if not any("scenario" in child for child in rule["children"]):
            self._mistakes.add(rule["location"]["line"], "empty", sentence("feature.empty_rule", name=rule["name"]))
        yield from self._below(rule, around)

    def _check_background(self, around: _Around) -> None:
        for step in around.steps:
            self._check_left_over(step["location"]["line"], "step", step["text"], self._columns, outline=False)

    def _chapters(self, scenario: Any, around: _Around) -> Iterator[WrittenChapter]:
        line, name = scenario["location"]["line"], " ".join(scenario["name"].split())
        if not scenario["steps"]:
            self._mistakes.add(line, "empty", sentence("feature.no_steps", name=name))
            return
        outline = bool(scenario["examples"]) or scenario["keyword"] in DIALECTS[self._language]["scenarioOutline"]
        self._check_template(scenario, name, outline=outline)
        steps = (*around.steps, *scenario["steps"])
        kinds = self._kinds(steps)
        for row in self._rows(scenario, name) if outline else (_Row(),):
            yield WrittenChapter(
                line=line,
                row=row.line,
                template=name,
                name=" ".join(row.fill(name).split()),
                tags=(*around.tags, *_tags(scenario), *row.tags),
                steps=tuple(self._step(step, kind, row) for step, kind in zip(steps, kinds, strict=True)),
            )

    def _step(self, step: Any, kind: Kind, row: _Row) -> WrittenStep:
        text = row.fill(step["text"])
        return WrittenStep(
            line=step["location"]["line"],
            row=0 if text == step["text"] else row.line,
            kind=kind,
            keyword=step["keyword"].strip(),
            text=text,
            has_argument="docString" in step or "dataTable" in step,
        )

    def _kinds(self, steps: Sequence[Any]) -> list[Kind]:
        """`And` and `But` are of the kind of the step before, also when that is the background's."""
        kinds: list[Kind] = []
        for step in steps:
            keyword, line = step["keyword"].strip(), step["location"]["line"]
            kind = KINDS.get(step["keywordType"])
            if kind is None and step["keywordType"] != CONJUNCTION:
                self._mistakes.add(line, "kind", sentence("feature.no_kind", keyword=keyword, **self._kinds_known()))
            elif kind is None and not kinds:
                self._mistakes.add(
                    line, "kind", sentence("feature.nothing_before", keyword=keyword, **self._kinds_known())
                )
            kinds.append(kind or (kinds[-1] if kinds else "given"))
        return kinds

    def _kinds_known(self) -> Mapping[str, str]:
        known = DIALECTS[self._language]
        return {
            "given": known["given"][-1].strip(),
            "when": known["when"][-1].strip(),
            "then": known["then"][-1].strip(),
        }

    # -- outlines -----------------------------------------------------------------------------------------------

    def _rows(self, scenario: Any, name: str) -> Iterator[_Row]:
        if not scenario["examples"]:
            line = scenario["location"]["line"]
            self._mistakes.add(line, "examples", sentence("feature.no_examples", name=name))
        for examples in scenario["examples"]:
            head, line = examples.get("tableHeader"), examples["location"]["line"]
            if head is None or not examples["tableBody"]:
                self._mistakes.add(line, "rows", sentence("feature.no_rows"))
                continue
            columns = [cell["value"] for cell in head["cells"]]
            if len(set(columns)) < len(columns) or "" in columns:
                self._mistakes.add(head["location"]["line"], "columns", sentence("feature.columns"))
                continue
            for row in examples["tableBody"]:
                cells = dict(zip(columns, (cell["value"] for cell in row["cells"]), strict=True))
                yield self._checked(_Row(row["location"]["line"], cells, _tags(examples)))

    def _checked(self, row: _Row) -> _Row:
        for column, value in row.cells.items():
            if any(f"<{other}>" in value for other in row.cells):
                self._mistakes.add(
                    row.line,
                    "cell",
                    sentence("feature.cell", column=column),
                )
        return row

    def _check_template(self, scenario: Any, name: str, *, outline: bool) -> None:
        columns = _columns(scenario)
        if outline and not columns:
            return
        self._check_left_over(scenario["location"]["line"], "name", name, columns, outline=True)
        for step in scenario["steps"]:
            line = step["location"]["line"]
            self._check_left_over(line, "step", step["text"], columns if outline else self._columns, outline=outline)

    def _check_left_over(self, line: int, where: str, text: str, columns: set[str], *, outline: bool) -> None:
        """In an outline, and in a name, what is in angle brackets has to be a column; elsewhere it may be text."""
        for found in _LEFT.findall(text):
            if found not in OF_THE_GUIDE and (found not in columns if outline else found in columns):
                told = sentence(f"feature.left_in_{where}", text=text, placeholder=f"<{found}>")
                self._mistakes.add(line, f"<{found}>", told)


def _columns(scenario: Any) -> set[str]:
    return {
        cell["value"]
        for examples in scenario["examples"]
        for cell in (examples.get("tableHeader") or {"cells": ()})["cells"]
    }


def _scenarios(node: Any) -> Iterator[Any]:
    for child in node["children"]:
        if "rule" in child:
            yield from _scenarios(child["rule"])
        elif "scenario" in child:
            yield child["scenario"]


def _tags(node: Any) -> tuple[Tag, ...]:
    return tuple(Tag(tag["location"]["line"], tag["name"]) for tag in node["tags"])
