"""Instants and lengths that are known to lie between two figures; None is an end that nothing was seen of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Length:
    """Seconds that something took: at least `lower`, at most `upper`."""

    lower: float
    upper: float | None


@dataclass(frozen=True, slots=True)
class Bounds:
    """An instant: not before `earliest`, not after `latest`."""

    earliest: float | None
    latest: float | None

    def since(self, start: Bounds) -> Length:
        """From `start`, which came first, to this instant."""
        return Length(_above_zero(self.earliest, start.latest) or 0.0, _above_zero(self.latest, start.earliest))


def _above_zero(end: float | None, start: float | None) -> float | None:
    return None if end is None or start is None else max(0.0, end - start)
