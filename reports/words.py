"""The words of a report in one language: texts from a TOML file, times and lengths of time by its patterns."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib import resources
from typing import Any

LANGUAGES = ("en", "ja")


@dataclass(frozen=True, slots=True)
class Words:
    """Called with a key it gives the text, with values filled in; a key that is not there is an error."""

    language: str
    texts: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        return self.texts[key].format_map(values) if values else self.texts[key]

    def known(self, group: str, value: str) -> str:
        """The language's word for a term of a host or of Kunren, or the term itself where it has none."""
        return self.texts.get(f"{group}.{value}", value)

    def length(self, took: timedelta) -> str:
        """Milliseconds below one second, tenths below ten, then whole seconds."""
        seconds = took.total_seconds()
        if seconds == 0:
            return self("length.seconds", n="0")
        if seconds < 1:
            return self("length.milliseconds", n=round(seconds * 1000))
        if seconds < 9.95:
            return self("length.seconds", n=f"{seconds:.1f}")
        hours, rest = divmod(round(seconds), 3600)
        parts = [("hours", hours), ("minutes", rest // 60), ("seconds", rest % 60)]
        return self("length.between").join(self(f"length.{unit}", n=n) for unit, n in parts if n)

    def moment(self, moment: datetime) -> str:
        return moment.strftime(self("time.moment"))

    def clock(self, moment: datetime) -> str:
        return moment.strftime("%H:%M:%S")

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
