"""How fast Garoon answered good probes in two drills, layer by layer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import ceil

from journal.record import Probing
from lab.model.bounds import Length
from lab.model.probing import Layer, Result
from reports.acceptance.result import ComparedMeasure, Measure, Pair, Tolerance, Verdict, pace

OF_GAROON = (Layer.TCP, Layer.HTTP, Layer.LOGIN_PAGE, Layer.LOGIN, Layer.READ, Layer.WRITE)
ENOUGH = 20
"""Answers below which one slow one would decide."""
LEAST = 0.2
"""Seconds that a person notices. The tolerance of steps is far larger than any answer takes."""


def compare_responses(baseline: Probing, record: Probing, tolerance: Tolerance) -> Iterator[ComparedMeasure]:
    """The middle of many answers is weighed; the slowest are told, and left to chance."""
    one, other = _answers(baseline), _answers(record)
    finer = Tolerance(tolerance.share, min(tolerance.seconds, LEAST))
    for layer in (layer for layer in OF_GAROON if layer in one and layer in other):
        took = Pair(one[layer], other[layer])
        enough = min(len(took.baseline), len(took.record)) >= ENOUGH
        yield ComparedMeasure(
            measure=Measure.RESPONSE,
            ends=None,
            seconds=Pair(None, None),
            told=Pair(_told(took.baseline), _told(took.record)),
            verdict=_pace(took, finer) if enough else None,
            layer=layer.value,
        )


def _answers(probing: Probing) -> Mapping[Layer, list[float]]:
    found: dict[Layer, list[float]] = {}
    for track, probes in probing.probes.items():
        took = [
            each.ended - each.sent
            for each in probes
            if each.result is Result.OK and each.sent is not None and each.ended is not None
        ]
        if took:
            found[track.layer] = sorted([*found.get(track.layer, []), *took])
    return found


def _pace(took: Pair[list[float]], tolerance: Tolerance) -> Verdict:
    middle = Pair(*(_of(each, 0.5) for each in (took.baseline, took.record)))
    return pace(Length(middle.baseline, middle.baseline), Length(middle.record, middle.record), tolerance)


def _of(ordered: list[float], share: float) -> float:
    return ordered[max(0, ceil(share * len(ordered)) - 1)]


def _told(ordered: list[float]) -> str:
    return f"{_of(ordered, 0.5):.3f} s / {_of(ordered, 0.95):.3f} s (n = {len(ordered)})"
