"""What the placeholders of steps take: numbers within bounds, versions, points of the guide, and texts."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit

from guide import guide
from lab.model.versions import is_version
from words import Explained, sentence


class Unreadable(Explained):
    """A text that a placeholder cannot stand for, and what to write; it goes on from «says «…»,»."""


class Placeholder(Protocol):
    """`pattern` finds the text within a step, generously, so that a wrong one is told and not just unknown."""

    @property
    def pattern(self) -> str: ...

    @property
    def range(self) -> str:
        """What may be written, where that is short enough for a table of steps."""

    def read(self, text: str) -> Any: ...


_ANY = ".+?"


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number in plain digits."""

    least: int
    most: int
    unit: str
    pattern: str = r"\S+?"

    @property
    def range(self) -> str:
        return f"{self.least}-{self.most}"

    def read(self, text: str) -> int:
        digits = unicodedata.normalize("NFKC", text)
        if digits != text and re.fullmatch(r"[0-9０-９]+", text):
            raise Unreadable(sentence("feature.value.wide_digits", digits=digits[:20]))
        if not re.fullmatch(r"0|[1-9][0-9]*", text, re.ASCII):
            raise Unreadable(sentence("feature.value.no_number", **self._wanted))
        if len(text) > len(str(self.most)) or not self.least <= int(text) <= self.most:
            raise Unreadable(sentence("feature.value.out_of_range", **self._wanted))
        return int(text)

    @property
    def _wanted(self) -> Mapping[str, object]:
        return {"unit": sentence(f"feature.value.{self.unit}"), "least": self.least, "most": self.most}


@dataclass(frozen=True, slots=True)
class Version:
    """Numbers with dots between them."""

    pattern: str = _ANY
    range: str = ""

    def read(self, text: str) -> str:
        if not is_version(text):
            raise Unreadable(sentence("feature.value.no_version"))
        return text


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the guide."""

    pattern: str = _ANY
    range: str = ""

    def read(self, text: str) -> str:
        known = guide().points
        if text not in known:
            near = difflib.get_close_matches(text, known, 1) or tuple(known)[:1]
            raise Unreadable(sentence("feature.value.no_point", near=near[0]))
        return text


@dataclass(frozen=True, slots=True)
class Code:
    """The code of an event as the product prints it."""

    pattern: str = r"\S+"
    range: str = ""

    def read(self, text: str) -> str:
        if not re.fullmatch(r"[A-Z]{2}[0-9]{5}", text, re.ASCII):
            raise Unreadable(sentence("feature.value.no_code"))
        return text


@dataclass(frozen=True, slots=True)
class Address:
    """The beginning of a web address."""

    pattern: str = r"\S+"
    range: str = ""

    def read(self, text: str) -> str:
        try:
            parts = urlsplit(text)
            usable = text.isascii() and parts.scheme in ("http", "https") and bool(parts.hostname)
        except ValueError:
            usable = False
        if not usable:
            raise Unreadable(sentence("feature.value.no_address"))
        return text


@dataclass(frozen=True, slots=True)
class Text:
    """Words of any kind, but some: a blank text would be found everywhere."""

    pattern: str = _ANY
    range: str = ""

    def read(self, text: str) -> str:
        if not any(character.isalnum() for character in text):
            raise Unreadable(sentence("feature.value.no_text"))
        if text != text.strip():
            raise Unreadable(sentence("feature.value.blank"))
        return text


PLACEHOLDERS: Mapping[str, Placeholder] = {
    "Text": Text(),
    "Version": Version(),
    "Point": Point(),
    "Code": Code(),
    "Address": Address(),
    "Minutes": Whole(1, 7 * 24 * 60, "minutes"),
    "Seconds": Whole(1, 24 * 60 * 60, "seconds"),
    "Allowance": Whole(0, 24 * 60 * 60, "seconds"),
}
"""By the name after the colon, as in `{minutes:Minutes}`; `Text` where there is none."""
