"""The words of a report in one language: texts from a TOML file, times and lengths of time by its patterns."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib import resources
from math import ceil, floor
from typing import Any

from lab.model.language import LANGUAGES


@dataclass(frozen=True, slots=True)
class Words:
    """Called with a key it gives the text, with values filled in; a key that is not there is an error."""

    language: str
    texts: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        return self.texts[key].format_map(values) if values else self.texts[key]

    def together(self, sentences: Iterable[str]) -> str:
        """Sentences one after another, as the language sets them apart."""
        return self("report.between_sentences").join(sentences)

    def known(self, group: str, value: str) -> str:
        """The language's word for a term of a host or of Kunren, or the term itself where it has none."""
        return self.texts.get(f"{group}.{value}", value)

    def length(self, took: timedelta) -> str:
        """Milliseconds below one second, tenths below ten, then whole seconds."""
        return self._length(took.total_seconds(), round)

    def given(self, seconds: float) -> str:
        """One that somebody has set, with no more digits than they gave it."""
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
        hours, rest = divmod(parts(1), 3600)
        units = [("hours", hours), ("minutes", rest // 60), ("seconds", rest % 60)]
        return self("length.between").join(self(f"length.{unit}", n=n) for unit, n in units if n)

    def moment(self, moment: datetime) -> str:
        return moment.strftime(self("time.moment"))

    def clock(self, moment: datetime) -> str:
        return moment.strftime("%H:%M:%S")

    def exact(self, moment: datetime) -> str:
        return moment.strftime("%H:%M:%S.") + f"{moment.microsecond // 1000:03}"

    def offset(self, moment: datetime) -> str:
        return f"UTC{moment.isoformat()[-6:]}" if moment.utcoffset() else "UTC"


@cache
def words_of(language: str) -> Words:
    """`language` is one of LANGUAGES."""
    if language not in LANGUAGES:
        raise ValueError(f"There are no words for the language {language!r}, only for {' and '.join(LANGUAGES)}.")
    text = resources.files("reports").joinpath("words", f"{language}.toml").read_text(encoding="utf-8")
    return Words(language, _flat(tomllib.loads(text), ""))


def _flat(table: Mapping[str, Any], prefix: str) -> dict[str, str]:
    texts: dict[str, str] = {}
    for key, value in table.items():
        if isinstance(value, str):
            texts[prefix + key] = value
        else:
            texts |= _flat(value, f"{prefix}{key}.")
    return texts
