"""What the guide's procedures say to do where a step did not pass."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from guide import Wording, guide
from guide.procedures import Procedure, Remedy, procedures
from journal.course import Site
from reports.judge import Trouble

MOST = 6
"""More is not read while something is wrong."""


@dataclass(frozen=True, slots=True)
class Advice:
    """Of the points that the chapter shows or, where none of them has any, of its part of the guide."""

    points: tuple[str, ...]
    remedies: tuple[Remedy, ...]
    stops: tuple[Wording, ...]
    then: Wording | None


def advice(trouble: Trouble, site: Site) -> Advice:
    own = [procedures()[point] for point in trouble.chapter.guide if point in procedures()]
    chosen = own if any(each.remedies for each in own) else [*own, *_of_section(trouble)]
    filled = [procedure.filled(_values(site)) for procedure in chosen]
    remedies = {remedy.id: remedy for procedure in filled for remedy in procedure.remedies}
    told = own or chosen
    stops = [stop for procedure in filled[: len(told)] for stop in procedure.stop.when]
    return Advice(
        points=tuple(dict.fromkeys(point for procedure in chosen for point in procedure.points if procedure.remedies)),
        remedies=tuple(remedies.values())[:MOST],
        stops=tuple(dict.fromkeys(stops))[:MOST],
        then=filled[0].stop.then if filled else None,
    )


def _of_section(trouble: Trouble) -> Iterator[Procedure]:
    points = guide().points
    sections = {points[point].section for point in trouble.guide if point in points} | {*trouble.drill.guide}
    for point in points.values():
        if point.section in sections and point.id in procedures():
            yield procedures()[point.id]


def _values(site: Site) -> dict[str, str]:
    return {
        "master": site.master,
        "replica": site.replica,
        "guest": site.guest,
        "scenario": site.scenario,
        "garoon_url": site.garoon_url,
    }
