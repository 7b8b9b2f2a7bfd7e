"""All that Kunren says, one file per language, and sentences that are told in the language of the reader."""

from __future__ import annotations

import errno
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib import resources
from math import ceil, floor
from typing import Any, Literal, Protocol, TypeGuard, get_args

from words.kept import kept

Language = Literal["en", "ja"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
DAY_S = 24 * 3600


class Told(Protocol):
    """What can be told in either language."""

    def in_(self, language: Language) -> str: ...


def is_told(value: object) -> TypeGuard[Told]:
    """Whether it can be told; to ask a Protocol takes long."""
    return hasattr(value, "in_")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text by its key, and the values of its places: what can be told is told in the same language."""

    key: str
    data: tuple[tuple[str, object], ...] = ()

    def in_(self, language: Language) -> str:
        words = words_of(language)
        text = words.texts[self.key]
        return text.format_map({name: words.value(value) for name, value in self.data}) if self.data else text

    def __str__(self) -> str:
        return self.in_("en")


@dataclass(frozen=True, slots=True)
class Text:
    """One statement in English and Japanese."""

    en: str
    ja: str

    def in_(self, language: Language) -> str:
        return self.en if language == "en" else self.ja

    def __str__(self) -> str:
        return self.en


@dataclass(frozen=True, slots=True)
class Quoted:
    """What a host, a product or a person has said, which is told as it is."""

    text: str

    def in_(self, _: Language) -> str:
        return self.text

    def __str__(self) -> str:
        return self.text


class Explained(Exception):
    """An error that says why in either language; its text is English, as for a log."""

    def __init__(self, why: Told) -> None:
        super().__init__(why)
        self.why = why

    def __str__(self) -> str:
        return self.in_("en")

    def in_(self, language: Language) -> str:
        return self.why.in_(language)


def told(error: BaseException) -> Told:
    """What an error says: in either language where it is one of Kunren's own, else as it is."""
    if isinstance(error, Explained):
        return error.why
    return error if is_told(error) else Quoted(str(error))


@dataclass(frozen=True, slots=True)
class Term:
    """A term of a host or of Kunren, as `Words.known` has it."""

    group: str
    value: str

    def in_(self, language: Language) -> str:
        return words_of(language).known(self.group, self.value)


@dataclass(frozen=True, slots=True)
class Listed:
    """Several, one after another, set apart as the language does it."""

    terms: tuple[object, ...]
    between: str = "report.between_statements"

    def in_(self, language: Language) -> str:
        words = words_of(language)
        return words(self.between).join(words.value(term) for term in self.terms)

    def __str__(self) -> str:
        return self.in_("en")


def sentence(key: str, /, **data: object) -> Sentence:
    """An error among the values is kept as what it says."""
    return Sentence(
        key, tuple((name, value.why if isinstance(value, Explained) else value) for name, value in data.items())
    )


_OF_NETWORKS = {
    errno.ECONNREFUSED: "refused",
    errno.ECONNRESET: "reset",
    errno.EHOSTUNREACH: "route",
    errno.ENETUNREACH: "network",
    errno.EPIPE: "closed",
    errno.ECONNABORTED: "closed",
    errno.ETIMEDOUT: "no_answer",
}


def reason(error: OSError) -> Told:
    """Why the system refused, in the reader's language where Kunren has words for it."""
    if is_told(error):
        return error
    import socket  # noqa: PLC0415  # these two take time to load, and most runs meet no error
    import ssl  # noqa: PLC0415

    number = 0 if isinstance(error, ssl.SSLError) else error.errno or 0  # TLS has numbers of its own
    if isinstance(error, socket.gaierror):
        return sentence("reason.no_name_server" if number == socket.EAI_AGAIN else "reason.name")
    if number in _OF_NETWORKS:
        return sentence(f"reason.{_OF_NETWORKS[number]}")
    key = f"os.{errno.errorcode.get(number, '')}"
    return sentence(key) if key in words_of("en").texts else Quoted(error.strerror or str(error))


@dataclass(frozen=True, slots=True)
class Words:
    """Called with a key it gives the text, with values filled in; a key that is not there is an error."""

    language: Language
    texts: Mapping[str, str]

    def __call__(self, key: str, /, **values: object) -> str:
        if not values:
            return self.texts[key]
        return self.texts[key].format_map({name: self._told(value) for name, value in values.items()})

    def _told(self, value: object) -> object:
        return value.in_(self.language) if is_told(value) else value

    def together(self, sentences: Iterable[str]) -> str:
        """Sentences one after another, as the language sets them apart."""
        return self("report.between_sentences").join(sentences)

    def value(self, value: object) -> str:
        """A value of a sentence: several are told one after another."""
        if is_told(value):
            return value.in_(self.language)
        match value:
            case str():
                return value
            case datetime():
                return self.moment(value)
            case timedelta():
                return self.length(value)
            case None:
                return ""
            case tuple():
                return self("report.between_terms").join(self.value(each) for each in value)
            case _:
                return str(value)

    def known(self, group: str, value: str) -> str:
        """The language's word for a term of a host or of Kunren, or the term itself where it has none."""
        return self.texts.get(f"{group}.{value}", value)

    def length(self, took: timedelta) -> str:
        """Milliseconds below one second, tenths below ten, then whole seconds; minutes of days, and days of years."""
        return self._length(took.total_seconds(), round)

    def given(self, seconds: float) -> str:
        """A length from a setting, with as many digits as given there."""
        return self("length.seconds", n=f"{seconds:g}") if seconds < 10 else self._length(seconds, round)

    def at_least(self, seconds: float) -> str:
        """The same, never said longer than it is."""
        return self._length(seconds, floor)

    def at_most(self, seconds: float) -> str:
        """The same, never said shorter than it is."""
        return self._length(seconds, ceil)

    def between(self, lower: float, upper: float | None) -> str:
        """A length that is known to lie between two; without the second nothing says when it ended."""
        if upper is None:
            return self("length.or_more", lower=self.at_least(lower))
        least, most = self.at_least(lower), self.at_most(upper)
        return least if least == most else self("length.from_to", lower=least, upper=most)

    def _length(self, seconds: float, whole: Callable[[float], int]) -> str:
        def parts(of_a_second: int) -> int:
            return whole(round(seconds * of_a_second, 6))

        if not parts(1000):
            return self("length.seconds", n="0")
        if parts(1000) < 1000:
            return self("length.milliseconds", n=parts(1000))
        if parts(10) < 100:
            return self("length.seconds", n=f"{parts(10) / 10:.1f}")
        rest, units = parts(1), {"years": 365 * DAY_S, "days": DAY_S, "hours": 3600, "minutes": 60, "seconds": 1}
        least = DAY_S if rest >= units["years"] else 60 if rest >= DAY_S else 1
        rest = whole(rest / least) * least
        counted = {}
        for unit, length in units.items():
            counted[unit], rest = divmod(rest, length)
        return self("length.between").join(self(f"length.{unit}", n=n) for unit, n in counted.items() if n)

    def moment(self, moment: datetime) -> str:
        return moment.strftime(self("time.moment"))

    def clock(self, moment: datetime) -> str:
        return moment.strftime("%H:%M:%S")

    def exact(self, moment: datetime) -> str:
        return moment.strftime("%H:%M:%S.") + f"{moment.microsecond // 1000:03}"

    def offset(self, moment: datetime) -> str:
        return f"UTC{moment.isoformat()[-6:]}" if moment.utcoffset() else "UTC"


@cache
def words_of(language: Language) -> Words:
    """`language` is one of LANGUAGES."""
    if language not in LANGUAGES:
        raise ValueError(f"There are no words for the language {language!r}, only for {' and '.join(LANGUAGES)}.")
    file = resources.files("words").joinpath(f"{language}.toml")
    text = file.read_text(encoding="utf-8")
    return Words(language, kept(str(file), text, lambda: _flat(tomllib.loads(text), "")))


def _flat(table: Mapping[str, Any], prefix: str) -> dict[str, str]:
    texts: dict[str, str] = {}
    for key, value in table.items():
        if isinstance(value, str):
            texts[prefix + key] = value
        else:
            texts |= _flat(value, f"{prefix}{key}.")
    return texts
