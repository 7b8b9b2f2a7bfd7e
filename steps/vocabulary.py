"""One step, two languages: `given_`, `when_` and `then_` bind an English and a Japanese phrase to one function."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal, TypeVar

import pytest_bdd
from parse import Parser
from parse import compile as compile_phrase
from pytest_bdd import parsers

from lab.model.undertakings import Change, Need

Kind = Literal["given", "when", "then"]
Language = Literal["en", "ja"]
StepFunction = TypeVar("StepFunction", bound=Callable[..., Any])

CATALOGUE_ATTRIBUTE = "__kunren_phrases__"


class PhraseError(Exception):
    """A step was declared in a way that could not be used in both languages."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A step as both languages say it, and the function that carries it out."""

    kind: Kind
    en: str
    ja: str
    function: Callable[..., Any]
    words: Mapping[str, Collection[str]] = field(default_factory=dict, compare=False)
    """The words a placeholder may stand for, in both languages; any text where it is not named."""
    changes: frozenset[Change] = frozenset()
    """What the step begins on the site; what is not named here is not sent while it is performed."""
    needs: frozenset[Need] = frozenset()
    """What the site has to offer, or how it has to be, for the step; checked before a drill begins anything."""

    def text(self, language: Language) -> str:
        return self.en if language == "en" else self.ja

    def parser(self, language: Language) -> Parser:
        return _compiled(self.text(language))

    def unknown_words(self, text: str, language: Language) -> list[tuple[str, Collection[str]]]:
        """Each word of a step's text that its placeholder cannot stand for, with those it can."""
        found = self.parser(language).parse(text)
        return [
            (found[name], known)
            for name, known in self.words.items()
            if found is not None and not {found[name], found[name].lower()} & set(known)
        ]

    @property
    def purpose(self) -> str:
        """What the step is for: the first sentence of its function's docstring, or the function's name."""
        about = inspect.getdoc(self.function)
        return about.split("\n\n")[0].replace("\n", " ") if about else self.function.__name__.replace("_", " ")


@cache
def _compiled(text: str) -> Parser:
    """Every step of every drill is held against every phrase."""
    return compile_phrase(text)


Words = Mapping[str, Collection[str]]


@dataclass(frozen=True, slots=True)
class Declared:
    """What a step declares beside its phrases."""

    words: Words | None = None
    changes: Collection[Change] = ()
    needs: Collection[Need] = ()


def _both(kind: Kind, en: str, ja: str, declared: Declared) -> Callable[[StepFunction], StepFunction]:
    words = declared.words
    if sorted(_compiled(en).named_fields) != sorted(_compiled(ja).named_fields):
        raise PhraseError(f"the step {en!r} and its Japanese {ja!r} have different placeholders")
    if strays := sorted(set(words or {}) - set(_compiled(en).named_fields)):
        raise PhraseError(f"the step {en!r} has words for {', '.join(strays)}, but no such placeholder")
    register = {"given": pytest_bdd.given, "when": pytest_bdd.when, "then": pytest_bdd.then}[kind]

    def bind(function: StepFunction) -> StepFunction:
        for text in (en, ja):
            register(parsers.parse(text), stacklevel=2)(function)
        phrases: list[Phrase] = function.__dict__.setdefault(CATALOGUE_ATTRIBUTE, [])
        phrase = Phrase(kind, en, ja, function, words or {}, frozenset(declared.changes), frozenset(declared.needs))
        phrases.append(phrase)
        return function

    return bind


def given_(
    *, en: str, ja: str, words: Words | None = None, changes: Collection[Change] = (), needs: Collection[Need] = ()
) -> Callable[[StepFunction], StepFunction]:
    """A state to be in: checked and, in a lab that is gone with the run, brought about."""
    return _both("given", en, ja, Declared(words, changes, needs))


def when_(
    *, en: str, ja: str, words: Words | None = None, changes: Collection[Change] = (), needs: Collection[Need] = ()
) -> Callable[[StepFunction], StepFunction]:
    """One action, or the passing of time."""
    return _both("when", en, ja, Declared(words, changes, needs))


def then_(
    *, en: str, ja: str, words: Words | None = None, changes: Collection[Change] = (), needs: Collection[Need] = ()
) -> Callable[[StepFunction], StepFunction]:
    """An observation, with a limit where it may take time."""
    return _both("then", en, ja, Declared(words, changes, needs))


def changes_of(function: Callable[..., Any]) -> frozenset[Change]:
    """What any phrase of a step function declares to begin on the site."""
    phrases: list[Phrase] = getattr(function, CATALOGUE_ATTRIBUTE, [])
    return frozenset(change for phrase in phrases for change in phrase.changes)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Every phrase of the step modules."""

    phrases: tuple[Phrase, ...]

    @classmethod
    def of(cls, *modules: object) -> Vocabulary:
        found = [
            phrase
            for module in modules
            for function in vars(module).values()
            if callable(function)
            for phrase in getattr(function, CATALOGUE_ATTRIBUTE, ())
        ]
        return cls(tuple(dict.fromkeys(found)))

    def matching(self, kind: Kind, text: str, language: Language) -> tuple[Phrase, ...]:
        return tuple(
            phrase for phrase in self.phrases if phrase.kind == kind and phrase.parser(language).parse(text) is not None
        )

    def nearest(self, text: str, language: Language, most: int = 3) -> list[str]:
        """The known phrases that look most like `text`, whatever their kind."""
        return difflib.get_close_matches(text, [phrase.text(language) for phrase in self.phrases], most, cutoff=0.3)
