"""Telling free text from text that was meant to be run: mistyped keywords, missing colons, full-width signs.

Below `Feature:`, `Rule:`, `Background:`, `Scenario:` and `Examples:` Gherkin takes every line it does not recognise for
a description, so that a mistyped keyword leaves out what it stands before without a word.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from gherkin.dialect import DIALECTS

from drills.feature_file import FreeText
from drills.vocabulary import Vocabulary
from words import LANGUAGES, Told, sentence

_TITLES = ("feature", "background", "rule", "scenario", "scenarioOutline", "examples")
_STEPS = ("given", "when", "then", "and", "but")
_SENTENCE_END = re.compile(r"[.!?。！？…][\"'」』)）]*$")
_PROSE_END = re.compile(r"[.!?。！？…,、，;；:：][\"'」』)）]*$")
_LONGEST_TITLE = 24
_NEAR_STEP = 0.85
_NEAR_KEYWORD = 0.7


@dataclass(frozen=True, slots=True)
class Suspect:
    """A line of free text that looks as if it had been meant to be run."""

    line: int
    text: str
    why: Told


class ProseCheck:
    """Looks through the free text of features."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    @cached_property
    def _phrases(self) -> Sequence[Sequence[str]]:
        return [[_plain(phrase.text(language)) for phrase in self._vocabulary.phrases] for language in LANGUAGES]

    def suspects(self, lines: Sequence[FreeText]) -> Iterator[Suspect]:
        for line, as_prose in zip(lines, _ending_as_prose(lines), strict=True):
            if why := self.suspicion(line, as_prose=as_prose):
                yield Suspect(line.line, line.text, why)

    def suspicion(self, line: FreeText, *, as_prose: bool) -> Told | None:
        """What the line looks like, and what to do; None where it is free text, which may end later `as_prose`."""
        text = _plain(line.text)
        return _as_tag_or_row(text, line) or _as_title(text, as_prose=as_prose) or self._as_step(line, text, as_prose)

    def is_step(self, text: str) -> bool:
        """Whether the text is a keyword of a step and a phrase that is known."""
        plain = _plain(text)
        keyword = _step_keyword(plain)
        return bool(keyword) and self._known(plain[len(keyword) :].strip(" :"), _after(keyword, text))

    def _as_step(self, line: FreeText, text: str, as_prose: bool) -> Told | None:  # noqa: FBT001  # private, and one of three
        ended = bool(_SENTENCE_END.search(text))
        if keyword := _step_keyword(text):
            after = text[len(keyword) :]
            said = after.strip(" :")
            if self._known(said.rstrip(".。"), _after(keyword, line.text)) or (not ended and self._nearly_known(said)):
                return sentence("feature.prose.step")
            if keyword != "*" and after[:1] in ("", " ", ":") and not as_prose:
                return sentence("feature.prose.step_or_sentence")
        if ended:
            return None
        first, _, others = text.partition(" ")
        mistyped = bool(difflib.get_close_matches(first.casefold(), _step_keywords(), 1, cutoff=_NEAR_KEYWORD))
        if self._known(text, others, line.text, line.text.partition(" ")[2]) or (
            mistyped and self._nearly_known(others)
        ):
            return sentence("feature.prose.no_keyword")
        return None

    def _known(self, *texts: str) -> bool:
        return any(
            True
            for text in texts
            for language in LANGUAGES
            for _ in self._vocabulary.recognising(text.strip(), language)
        )

    def _nearly_known(self, text: str) -> bool:
        return any(difflib.get_close_matches(text, known, 1, cutoff=_NEAR_STEP) for known in self._phrases)


def _plain(text: str) -> str:
    """Without what an input method makes different: widths, and how many blanks there are."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _as_tag_or_row(text: str, line: FreeText) -> Told | None:
    if text.startswith("@"):
        return sentence("feature.prose.tags")
    if text.startswith("|") and line.below in _keywords("examples"):
        return sentence("feature.prose.row")
    return None


def _as_title(text: str, *, as_prose: bool) -> Told | None:
    head, colon, _ = text.partition(":")
    if colon:
        meant = _title(head)
        return sentence("feature.prose.title", title=meant) if meant else None
    meant = next((each for each in _titles() if _begins_with(text, each)), "")
    if meant and not as_prose:
        return sentence("feature.prose.no_colon", title=meant)
    return None


def _title(head: str) -> str:
    """The keyword that the text before a colon is, or is nearly; a longer word that holds it is another word."""
    said = "".join(head.casefold().split())
    known = {"".join(each.casefold().split()): each for each in _titles()}
    bare = said.rstrip("".join(each for each in set(said) if each.isdecimal() or each in "._#ー-"))
    if bare in known:
        return known[bare]
    if len(said) > _LONGEST_TITLE:
        return ""
    near = difflib.get_close_matches(said, [each for each in known if len(each) >= 4], 1, cutoff=_near_title(said))
    if near and (said.startswith(near[0]) or said.endswith(near[0])):
        return ""
    turned = next(
        (each for each in known if each.isascii() and each[0] == said[:1] and sorted(each) == sorted(said)), ""
    )
    return known[near[0]] if near else known.get(turned, "")


def _near_title(said: str) -> float:
    """Japanese keywords are short: one character of four may be another."""
    return 0.82 if said.isascii() else 0.75


def _begins_with(text: str, keyword: str) -> bool:
    said, wanted = text.casefold(), keyword.casefold()
    return said == wanted or said.startswith(f"{wanted} ")


def _step_keyword(text: str) -> str:
    """The keyword of a step that the text begins with, in any case, as a word of its own."""
    keyword = next((each for each in _step_keywords() if text.casefold().startswith(each.casefold())), "")
    alone = not keyword.isascii() or text[len(keyword) : len(keyword) + 1] in ("", " ", ":")
    return keyword if alone else ""


def _after(keyword: str, text: str) -> str:
    """What follows the keyword in the text as it was written, with its full-width signs."""
    if text.casefold().startswith(keyword.casefold()):
        return text[len(keyword) :].strip()
    return text.partition(" ")[2]


def _ending_as_prose(lines: Sequence[FreeText]) -> list[bool]:
    """Of each line, whether it, or a later one of the same paragraph, ends as a sentence does."""
    found: list[bool] = []
    later_ended, later_line = False, 0
    for line in reversed(lines):
        later_ended = bool(_PROSE_END.search(line.text)) or (later_line - line.line <= 1 and later_ended)
        later_line = line.line
        found.append(later_ended)
    return found[::-1]


@cache
def _titles() -> tuple[str, ...]:
    """The keywords before a colon in both languages, longest first."""
    found = {keyword for kind in _TITLES for keyword in _keywords(kind)}
    return tuple(sorted(found, key=lambda keyword: (-len(keyword), keyword)))


@cache
def _step_keywords() -> tuple[str, ...]:
    found = {keyword.strip() for kind in _STEPS for keyword in _keywords(kind)}
    return tuple(sorted(found, key=lambda keyword: (-len(keyword), keyword)))


@cache
def _keywords(kind: str) -> tuple[str, ...]:
    return tuple(keyword for language in LANGUAGES for keyword in DIALECTS[language][kind])  # type: ignore[literal-required]
