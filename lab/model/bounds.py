"""Instants and lengths that are known to lie between two figures; None is an end that nothing was seen of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Length:
    """Seconds that something took: at least `lower`, at most `upper`."""

    lower: float
    upper: float | None


NOTHING = Length(0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Bounds:
    """An instant: not before `earliest`, not after `latest`."""

    earliest: float | None
    latest: float | None

    @property
    def empty(self) -> bool:
        """Whether no instant lies between the two."""
        return self.earliest is not None and self.latest is not None and self.earliest > self.latest

    def since(self, start: Bounds) -> Length:
        """The length from `start`, which came first, to this instant."""
        return Length(_above_zero(self.earliest, start.latest) or 0.0, _above_zero(self.latest, start.earliest))

    def may_precede(self, other: Bounds) -> bool:
        """Whether this instant can have come before the other, or with it."""
        return self.earliest is None or other.latest is None or self.earliest <= other.latest

    def may_follow(self, instant: float | None) -> bool:
        return instant is None or self.latest is None or self.latest >= instant

    def or_earlier(self, other: Bounds) -> Bounds:
        """The first of two instants."""
        open_start = self.earliest is None or other.earliest is None
        return Bounds(
            None if open_start else _least(self.earliest, other.earliest),
            _least(self.latest, other.latest),
        )

    def or_later(self, other: Bounds) -> Bounds:
        """The last of two instants."""
        return Bounds(_latest_known(self.earliest, other.earliest), greatest((self.latest, other.latest)))


def greatest(ends: Sequence[float | None]) -> float | None:
    """The greatest of some ends; None where one is open, or there is none."""
    known = [end for end in ends if end is not None]
    return max(known) if known and len(known) == len(ends) else None


def over(lengths: Sequence[Length]) -> Length:
    """From the least that the shortest can be to the most that the longest can be."""
    return Length(min(each.lower for each in lengths), greatest([each.upper for each in lengths]))


def _above_zero(end: float | None, start: float | None) -> float | None:
    return None if end is None or start is None else max(0.0, end - start)


def _least(*instants: float | None) -> float | None:
    return min((instant for instant in instants if instant is not None), default=None)


def _latest_known(*instants: float | None) -> float | None:
    return max((instant for instant in instants if instant is not None), default=None)
