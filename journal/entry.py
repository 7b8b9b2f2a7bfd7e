"""What every entry of the journal has: its number, and when it was written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Self

from journal.codecs import MOMENT, PROSE, WHOLE
from journal.form import ASIDE, OLDER, OUTSIDE, Written
from lab.model.zones import TimeZone
from words import Told

SCHEMA = 1
"""Of the journals that this Kunren writes, and can read."""


@dataclass(frozen=True, slots=True)
class Instant:
    """One moment on both clocks: the lab's, which is virtual in a simulated lab, and the wall's."""

    lab: datetime
    wall: datetime

    @classmethod
    def of(cls, fields: Mapping[str, Any]) -> Self:
        """That of an entry. Raises NotAsPromised."""
        return cls(MOMENT.read(fields.get("at"), "at"), MOMENT.read(fields.get("wall"), "wall"))


UNWRITTEN = Instant(datetime.min.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC))


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Written):
    """A line of the journal; until it is written its number is 0 and its instant UNWRITTEN."""

    what: ClassVar[str] = ""
    """Its kind, as the journal names it."""

    n: Annotated[int, ASIDE] = 0
    at: Annotated[Instant, ASIDE] = UNWRITTEN

    def __init_subclass__(cls, what: str = "") -> None:
        """`what` is given once: a dataclass with slots is made anew of what the class has by then."""
        if what:
            cls.what = what

    asides: ClassVar[Mapping[str, Callable[[Mapping[str, Any]], Any]]] = {
        "n": lambda value: WHOLE.read(value.get("n"), "n"),
        "at": Instant.of,
    }


@dataclass(frozen=True, slots=True)
class Error(Written):
    """An error by its kind (a class name of lab.errors, or an exception's) and its sentence, which may stand alone."""

    or_text: ClassVar[bool] = True

    kind: Annotated[str, OLDER]
    text: Annotated[Told, OUTSIDE]

    def to_json(self, zone: TimeZone | None = None) -> Any:
        told = super(Error, self).to_json(zone)
        return told if self.kind else told["text"]

    @classmethod
    def from_json(cls, value: Any, name: str = "error") -> Self:
        alone = not isinstance(value, dict) or "text" not in value
        return cls("", PROSE.read(value, name)) if alone else super(Error, cls).from_json(value, name)
