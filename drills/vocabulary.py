"""One step, two languages: `given_`, `when_` and `then_` bind an English and a Japanese phrase to one function."""

from __future__ import annotations

import difflib
import inspect
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any, Literal, TypeVar

from drills.mistakes import cut
from drills.placeholders import PLACEHOLDERS, Placeholder, Unreadable
from lab.model.undertakings import Change, Need
from words import LANGUAGES, Language, Told, sentence

Kind = Literal["given", "when", "then"]
StepFunction = TypeVar("StepFunction", bound=Callable[..., Any])

CATALOGUE_ATTRIBUTE = "__kunren_phrases__"
Words = Mapping[str, Mapping[str, Any]]
_PLACEHOLDER = re.compile(r"\{(\w+)(?::(\w+))?\}")


class PhraseError(Exception):
    """A step was declared in a way that could not be used in both languages."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A phrase in one language: how a step's text is recognised, and what each placeholder takes."""

    plain: str
    """As a person reads it, without the types of its placeholders."""
    expression: str
    placeholders: Mapping[str, Placeholder]
    beginning: str
    """What every text of this phrase begins with, in small letters."""

    @classmethod
    def of(cls, text: str) -> Wording:
        """Raises PhraseError for a type that `drills.placeholders` does not have."""
        literals, placeholders, pattern = [], {}, ""
        end = 0
        for found in _PLACEHOLDER.finditer(text):
            name, kind = found[1], found[2] or "Text"
            if kind not in PLACEHOLDERS:
                raise PhraseError(f"the step {text!r} has a placeholder of type {kind}, which there is not")
            literals.append(text[end : found.start()])
            placeholders[name] = PLACEHOLDERS[kind]
            pattern += f"{re.escape(literals[-1])}(?P<{name}>{placeholders[name].pattern})"
            end = found.end()
        literals.append(text[end:])
        whole = pattern + re.escape(literals[-1])
        return cls(_PLACEHOLDER.sub(r"{\1}", text), whole, placeholders, literals[0].lower())

    @property
    def pattern(self) -> re.Pattern[str]:
        return _compiled(self.expression)


@cache
def _compiled(expression: str) -> re.Pattern[str]:
    """Of phrases that a text begins like: no drill needs the hundreds of others, nor those of the other language."""
    return re.compile(expression, re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A step as both languages say it, and the function that carries it out."""

    kind: Kind
    en: str
    ja: str
    function: Callable[..., Any]
    words: Words = field(default_factory=dict, compare=False)
    """By placeholder, the words it accepts in both languages, and what each means; any text where it is not named."""
    changes: frozenset[Change] = frozenset()
    """What the step begins on the site; what is not named here is not sent while it is performed."""
    needs: frozenset[Need] = frozenset()
    """What the site has to offer, or how it has to be, for the step; checked before a drill begins anything."""
    asks: frozenset[str] = frozenset()
    """Operations of RHA that the step asks for, beside those that every drill asks for."""

    def text(self, language: Language) -> str:
        return self.wording(language).plain

    def wording(self, language: Language) -> Wording:
        return _wording(self.en if language == "en" else self.ja)

    def recognises(self, text: str, language: Language) -> bool:
        return self.wording(language).pattern.fullmatch(text) is not None

    def read(self, text: str, language: Language) -> Reading:
        """What each placeholder of a recognised text means, and every one that means nothing this step knows."""
        wording = self.wording(language)
        found = wording.pattern.fullmatch(text)
        assert found is not None, "only a text that the phrase recognises is read"
        values: dict[str, Any] = {}
        problems: list[Told] = []
        for name, said in found.groupdict().items():
            known = self.words.get(name)
            if known is not None:
                meant = next((known[word] for word in (said, said.lower()) if word in known), None)
                if meant is None:
                    terms = tuple(sentence("feature.quoted", text=word) for word in known)
                    problems.append(sentence("feature.unknown_word", said=cut(said), known=terms))
                else:
                    values[name] = meant
                continue
            try:
                values[name] = wording.placeholders[name].read(said)
            except Unreadable as unreadable:
                problems.append(sentence("feature.bad_value", said=cut(said), why=unreadable))
        return Reading(values, tuple(problems))


@dataclass(frozen=True, slots=True)
class Reading:
    """The values of a step's placeholders by name, and what is wrong with those that have none."""

    values: Mapping[str, Any]
    problems: tuple[Told, ...]


@cache
def _wording(text: str) -> Wording:
    return Wording.of(text)


def _step(
    kind: Kind,
    *,
    en: str,
    ja: str,
    words: Words | None = None,
    changes: Collection[Change] = (),
    needs: Collection[Need] = (),
    asks: Collection[str] = (),
) -> Callable[[StepFunction], StepFunction]:
    placeholders = _wording(en).placeholders
    if placeholders != _wording(ja).placeholders:
        raise PhraseError(f"the step {en!r} and its Japanese {ja!r} have different placeholders")
    if strays := sorted(set(words or {}) - set(placeholders)):
        raise PhraseError(f"the step {en!r} has words for {', '.join(strays)}, but no such placeholder")

    def bind(function: StepFunction) -> StepFunction:
        if strays := sorted(set(placeholders) - set(inspect.signature(function).parameters)):
            raise PhraseError(f"the step {en!r} has {', '.join(strays)}, which its function does not take")
        if inspect.iscoroutinefunction(function) or inspect.isgeneratorfunction(function):
            raise PhraseError(f"the step {en!r} would not be carried out by calling its function once")
        phrases: list[Phrase] = function.__dict__.setdefault(CATALOGUE_ATTRIBUTE, [])
        phrases.append(
            Phrase(kind, en, ja, function, words or {}, frozenset(changes), frozenset(needs), frozenset(asks))
        )
        return function

    return bind


given_ = partial(_step, "given")
"""A state to be in: checked and, in a lab that is gone with the run, brought about."""
when_ = partial(_step, "when")
"""One action, or the passing of time."""
then_ = partial(_step, "then")
"""An observation, with a limit where it may take time."""


class Vocabulary:
    """Every phrase of the step modules."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self.phrases = tuple(dict.fromkeys(phrases))
        self._beginnings: Mapping[Language, Mapping[str, Sequence[tuple[str, Phrase]]]] = {
            language: self._by_first_letter(language) for language in LANGUAGES
        }

    @classmethod
    def of(cls, *modules: object) -> Vocabulary:
        return cls(
            phrase
            for module in modules
            for function in vars(module).values()
            if callable(function)
            for phrase in getattr(function, CATALOGUE_ATTRIBUTE, ())
        )

    def matching(self, kind: Kind, text: str, language: Language) -> tuple[Phrase, ...]:
        return tuple(phrase for phrase in self.recognising(text, language) if phrase.kind == kind)

    def recognising(self, text: str, language: Language) -> Iterator[Phrase]:
        """The phrases of any kind that `text` can be read as."""
        small = text.lower()
        by_letter = self._beginnings[language]
        for beginning, phrase in by_letter.get(small[:1], by_letter[""]):
            if small.startswith(beginning) and phrase.recognises(text, language):
                yield phrase

    def _by_first_letter(self, language: Language) -> Mapping[str, Sequence[tuple[str, Phrase]]]:
        """In their order; those that begin with a placeholder stand with every letter, and alone with all others."""
        known = [(phrase.wording(language).beginning, phrase) for phrase in self.phrases]
        by_letter: dict[str, list[tuple[str, Phrase]]] = {beginning[:1]: [] for beginning, _ in known}
        by_letter.setdefault("", [])
        for each in known:
            for letter in (each[0][:1],) if each[0] else by_letter:
                by_letter[letter].append(each)
        return by_letter

    def nearest(self, text: str, language: Language, most: int = 3) -> list[str]:
        """The known phrases that look most like `text`, whatever their kind."""
        return difflib.get_close_matches(text, [phrase.text(language) for phrase in self.phrases], most, cutoff=0.3)
