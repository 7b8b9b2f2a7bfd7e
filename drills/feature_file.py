"""A feature file as Gherkin's parser understands it, with its lines of free text, or the first line it refuses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gherkin.ast_builder import AstBuilder
from gherkin.errors import CompositeParserException, ParserError, ParserException, UnexpectedTokenException
from gherkin.parser import Parser

from drills.mistakes import FeatureWrong
from words import Explained, Quoted, Told, sentence

_EXPECTED = {
    "#FeatureLine": Quoted("«Feature:»"),
    "#BackgroundLine": Quoted("«Background:»"),
    "#RuleLine": Quoted("«Rule:»"),
    "#ScenarioLine": Quoted("«Scenario:»"),
    "#ExamplesLine": Quoted("«Examples:»"),
    "#StepLine": sentence("feature.step"),
    "#TagLine": sentence("feature.tag"),
    "#TableRow": sentence("feature.row"),
    "#DocStringSeparator": sentence("feature.doc_string"),
}
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class FreeText:
    """One line of a description, and the keyword it stands below."""

    line: int
    text: str
    below: str


@dataclass(frozen=True, slots=True)
class FeatureFile:
    """`feature` is the parser's tree; without a line that begins a feature it is None.

    `titles` are the names behind `Feature:`, `Background:` and so on, `free_text` the lines of descriptions.
    """

    feature: dict[str, Any] | None
    free_text: tuple[FreeText, ...]
    titles: tuple[FreeText, ...]


class NotGherkin(Explained):
    """The first line that the parser does not take, and the free text up to there."""

    def __init__(self, line: int, text: str, why: Told, free_text: tuple[FreeText, ...] = ()) -> None:
        super().__init__(why)
        self.line = line
        self.text = text
        self.free_text = free_text


def decoded(path: Path, content: bytes) -> str:
    """The text of a file that is UTF-8, with or without a byte order mark, and with line ends of any system."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        key = "feature.utf_16" if content.startswith(_UTF_16) else "feature.not_utf_8"
        raise FeatureWrong(sentence(key, file=path)) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def parsed(text: str) -> FeatureFile:
    """Raises NotGherkin."""
    builder = _Noting()
    try:
        document: dict[str, Any] = dict(Parser(builder).parse(text))
    except CompositeParserException as error:
        raise _first(error.errors, text, builder) from error
    except ParserException as error:
        raise _first([error], text, builder) from error
    except ParserError as error:
        raise NotGherkin(1, "", Quoted(str(error))) from error
    return FeatureFile(document.get("feature"), tuple(builder.free_text), tuple(builder.titles))


class _Noting(AstBuilder):
    """Builds the tree and notes each line of a description, of which the tree keeps no place."""

    def __init__(self) -> None:
        super().__init__()
        self.free_text: list[FreeText] = []
        self.titles: list[FreeText] = []
        self._below = ""

    def build(self, token: Any) -> None:
        if token.matched_type == "Other" and self.current_node.rule_type == "Description":
            for part in token.matched_text.splitlines():
                if part.strip():
                    self.free_text.append(FreeText(token.location["line"], part.strip(), self._below))
        elif token.matched_keyword and token.matched_type != "StepLine":
            self._below = token.matched_keyword.strip()
            if token.matched_text:
                self.titles.append(FreeText(token.location["line"], token.matched_text.strip(), self._below))
        super().build(token)


def _first(errors: list[ParserException], text: str, builder: _Noting) -> NotGherkin:
    error = min(errors, key=lambda each: each.location["line"])
    number = error.location["line"]
    lines = text.split("\n")
    line = lines[number - 1].strip() if number <= len(lines) else ""
    return NotGherkin(number, line, _why(error), tuple(builder.free_text))


def _why(error: ParserException) -> Told:
    said = re.sub(r"^\(\d+:\d+\): ", "", str(error))
    wanted = [_EXPECTED[name] for name in re.findall(r"#\w+", said.partition(", got '")[0]) if name in _EXPECTED]
    if not wanted:
        return Quoted(said)
    expected = sentence("feature.one_of", terms=tuple(wanted[:-1]), last=wanted[-1]) if wanted[1:] else wanted[0]
    if isinstance(error, UnexpectedTokenException):
        return sentence("feature.expected", expected=expected)
    return sentence("feature.ends", expected=expected) if "unexpected end of file" in said else Quoted(said)
