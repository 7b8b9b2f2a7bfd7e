"""How fast Garoon answered good probes in two drills, layer by layer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import ceil

from journal.record import Probing
from lab.model.bounds import Length, over
from lab.model.probing import Layer, Result
from reports.acceptance.result import ComparedMeasure, Measure, Pair, Tolerance, Verdict, pace

OF_GAROON = (Layer.TCP, Layer.HTTP, Layer.LOGIN_PAGE, Layer.LOGIN, Layer.READ, Layer.WRITE)
ENOUGH = 20
"""Answers below which one slow one would decide."""
LEAST = 0.2
"""Seconds that a person notices. The tolerance of steps is far larger than any answer takes."""


def compare_responses(
    baseline: Probing, record: Probing, tolerance: Tolerance, others: Sequence[Probing] = ()
) -> Iterator[ComparedMeasure]:
    """The middle of many answers is weighed; the slowest are told, and left to chance. `others` widen the baseline."""
    before = [middles(each) for each in others]
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
            verdict=_pace(took, finer, [each[layer] for each in before if layer in each]) if enough else None,
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


def middles(probing: Probing) -> Mapping[Layer, Length]:
    """The median of each layer that has enough answers."""
    return {layer: _middle(took) for layer, took in _answers(probing).items() if len(took) >= ENOUGH}


def _pace(took: Pair[list[float]], tolerance: Tolerance, others: Sequence[Length]) -> Verdict:
    return pace(over([_middle(took.baseline), *others]), _middle(took.record), tolerance)


def _middle(ordered: list[float]) -> Length:
    return Length(_of(ordered, 0.5), _of(ordered, 0.5))


def _of(ordered: list[float], share: float) -> float:
    return ordered[max(0, ceil(share * len(ordered)) - 1)]


def _told(ordered: list[float]) -> str:
    return f"{_of(ordered, 0.5):.3f} s / {_of(ordered, 0.95):.3f} s (n = {len(ordered)})"
