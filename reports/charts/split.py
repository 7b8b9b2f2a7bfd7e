"""A recovery as one bar, cut where a milestone was seen, above the outage that users had and the time people took."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from lab.model.bounds import NOTHING, Bounds, Length
from lab.model.objectives import Attained
from lab.model.recovery import Milestone, Reached, Recovery, Source
from reports.charts import availability
from reports.charts.drawing import (
    LEFT,
    MOST_TICKS,
    RIGHT,
    ROW,
    Axis,
    Bar,
    Flag,
    Moment,
    Row,
    Tick,
    flags_above,
    tick_step,
)
from reports.findings import Findings
from reports.page.tables import instants
from words import Words

TOP = 24.0
TALL = 18.0
FARTHEST = 3.0
"""An objective that is more than so many times as long as the recovery lies beyond the picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """Where the recovery had to be over; `beyond` when that lies outside the picture."""

    x: float
    label: str
    beyond: bool


@dataclass(frozen=True, slots=True)
class StretchRow:
    """What lay between two milestones: how long, when it was over, what that was seen by."""

    name: str
    took: str
    over: str
    witness: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryChart:
    """`stretches` are the figures of the bar; `sums` those of the whole."""

    height: float
    ticks: tuple[Tick, ...]
    flags: tuple[Flag, ...]
    rows: tuple[Row, ...]
    objective: Objective | None
    stretches: tuple[StretchRow, ...]
    sums: tuple[tuple[str, str], ...]


def lay_out(recovery: Recovery, found: Findings, words: Words) -> RecoveryChart:
    scale = _Scale.of(recovery, found)
    placed = flags_above(_milestones(recovery, scale, words), scale.axis, TOP)
    lane = availability.Lane(placed.bottom + ROW, scale.axis, found.probing, words)
    rows: tuple[Row, ...] = (
        Row(
            name=_span(recovery, words),
            y=placed.bottom,
            height=ROW,
            bars=tuple(_stages(recovery, scale, placed.bottom + (ROW - TALL) / 2, words)),
        ),
        Row(
            name=words("split.outage"),
            y=lane.y,
            height=availability.LANE_ROW,
            bars=tuple(availability.outage_bars(recovery.outage, lane, scale.begin, scale.end)),
        ),
        _share("human", recovery.human, scale, lane.y + availability.LANE_ROW, words),
    )
    if recovery.paused != NOTHING:
        rows += (_share("paused", recovery.paused, scale, lane.y + 2 * availability.LANE_ROW, words),)
    return RecoveryChart(
        height=rows[-1].y + rows[-1].height + 2,
        ticks=tuple(_ticks(scale, words)),
        flags=placed.flags,
        rows=rows,
        objective=_objective(recovery, found.rto, scale, words),
        stretches=tuple(_stretch_rows(recovery, found, words)),
        sums=tuple(_sums(recovery, words)),
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    """Seconds of probing to units of the picture; `over` is when the recovery was, or what is known of it ends."""

    found: Findings
    begin: float
    over: float
    end: float

    @classmethod
    def of(cls, recovery: Recovery, found: Findings) -> _Scale:
        known = [bound for passed in recovery.passed for bound in (passed.at.earliest, passed.at.latest)]
        outage = recovery.outage
        back = outage.returned.latest if outage.returned else None
        ends = [outage.began.earliest, outage.ended.earliest, outage.ended.latest, back, *known]
        moments = [moment for moment in ends if moment is not None]
        begin, over = min(moments, default=0.0), max(moments, default=1.0)
        limit = (recovery.outage.began.earliest or begin) + (found.rto.objective or 0.0)
        reach = max(over, limit) if limit - begin <= FARTHEST * (over - begin) else over
        return cls(found, begin, over, begin + (reach - begin) * 1.06 + 1.0)

    @property
    def axis(self) -> Axis:
        return Axis(self.found.probing.at(self.begin), self.found.probing.at(self.end))

    def x(self, second: float) -> float:
        return self.axis.x(self.found.probing.at(second))

    def bar(self, begin: float, end: float, *, y: float, style: str, title: str, label: str = "") -> Bar:
        at = self.found.probing.at
        return self.axis.bar(at(begin), at(end), y=y, height=TALL, style=style, label=label, title=title)


def _span(recovery: Recovery, words: Words) -> str:
    first = recovery.passed[0] if recovery.passed else None
    if first is None or first.milestone is not Milestone.CAUSED:
        return words("split.recovery")
    return words(f"split.from_{first.name}")


def milestone_name(passed: Reached, words: Words) -> str:
    """The cause by what it was, every other by itself."""
    if passed.milestone is Milestone.CAUSED:
        return words(f"flag.{passed.name}")
    return words(f"milestone.{passed.milestone.value}")


def _milestones(recovery: Recovery, scale: _Scale, words: Words) -> Iterator[Moment]:
    """A command is cause and decision in one."""
    styles = {Milestone.CAUSED: "fault", Milestone.SERVED: "served"}
    seen: set[Bounds] = set()
    for passed in recovery.passed:
        second = passed.at.latest if passed.at.latest is not None else passed.at.earliest
        if second is not None and passed.at not in seen:
            seen.add(passed.at)
            style = styles.get(passed.milestone, "event")
            style = "action" if passed.name == "command" else style
            title = f"{milestone_name(passed, words)}: {instants(passed.at, scale.found.probing, words)}"
            yield Moment(scale.found.probing.at(second), style, milestone_name(passed, words), title)
    returned = recovery.outage.returned
    if returned and returned.latest is not None:
        title = f"{words('flag.restored')}: {instants(returned, scale.found.probing, words)}"
        yield Moment(scale.found.probing.at(returned.latest), "restored", words("flag.restored"), title)


def _stages(recovery: Recovery, scale: _Scale, y: float, words: Words) -> Iterator[Bar]:
    """What is certain between two milestones, in turns light and dark; hatched where the cut itself is not."""
    for number, (stretch, (start, end)) in enumerate(zip(recovery.stretches, pairwise(recovery.passed), strict=True)):
        title = f"{_stretch_name(start, end, words)}: {_length(stretch.length, words)}"
        begin, over = start.at.latest, end.at.earliest
        if begin is not None and over is not None and begin < over:
            style = "stage even" if number % 2 else "stage"
            yield scale.bar(begin, over, y=y, style=style, label=_length(stretch.length, words), title=title)
    for passed in recovery.passed:
        first, last = passed.at.earliest, passed.at.latest
        if first is not None and last is not None and first < last:
            title = f"{milestone_name(passed, words)}: {instants(passed.at, scale.found.probing, words)}"
            yield scale.bar(first, last, y=y, style="edge", title=title)


def _share(name: str, took: Length, scale: _Scale, y: float, words: Words) -> Row:
    """How long people were waited for, or the drill was held, wherever in the recovery that was."""
    at, title = y + (availability.LANE_ROW - TALL) / 2, words(f"split.{name}_title", length=_length(took, words))
    bars = []
    if took.lower:
        bars.append(scale.bar(scale.begin, scale.begin + took.lower, y=at, style="people", title=title))
    upper = scale.over - scale.begin if took.upper is None else took.upper
    if upper > took.lower:
        bars.append(scale.bar(scale.begin + took.lower, scale.begin + upper, y=at, style="edge", title=title))
    return Row(name=words(f"split.{name}"), y=y, height=availability.LANE_ROW, bars=tuple(bars))


def _objective(recovery: Recovery, attained: Attained, scale: _Scale, words: Words) -> Objective | None:
    """Counted from when the outage may have begun, as it is judged."""
    if attained.objective is None or recovery.outage.began.earliest is None:
        return None
    limit = recovery.outage.began.earliest + attained.objective
    beyond = limit > scale.end
    label = words("split.objective", length=words.given(attained.objective))
    return Objective(x=RIGHT if beyond else scale.x(limit), label=label, beyond=beyond)


def _ticks(scale: _Scale, words: Words) -> Iterator[Tick]:
    span = scale.end - scale.begin
    step = tick_step(span)
    for count in range(int(min(span // step, MOST_TICKS)) + 1):
        x = LEFT + (RIGHT - LEFT) * count * step / span
        yield Tick(round(x, 1), words.given(count * step))


def _stretch_rows(recovery: Recovery, found: Findings, words: Words) -> Iterator[StretchRow]:
    for stretch, (start, end) in zip(recovery.stretches, pairwise(recovery.passed), strict=True):
        yield StretchRow(
            name=_stretch_name(start, end, words),
            took=_length(stretch.length, words),
            over=instants(end.at, found.probing, words),
            witness=_witness(end, words),
        )
    if recovery.outage.open:
        returned = recovery.outage.returned
        yield StretchRow(
            name=words("split.ended"),
            took=words("split.ended_by_restoration") if returned else words("split.unknown"),
            over=instants(returned, found.probing, words) if returned else "–",
            witness="",
        )


def _sums(recovery: Recovery, words: Words) -> Iterator[tuple[str, str]]:
    """Of an open outage nothing is told as if it were whole."""
    waited: dict[str, Length | None] = {"human": recovery.human}
    if recovery.paused != NOTHING:
        waited["paused"] = recovery.paused
    lengths = waited if recovery.outage.open else {"whole": recovery.whole, **waited, "machine": recovery.machine}
    for name, length in lengths.items():
        yield words(f"split.{name}"), words("split.unknown") if length is None else _length(length, words)
    yield words("split.outage"), availability.between(recovery.outage, words)


def _stretch_name(start: Reached, end: Reached, words: Words) -> str:
    return words("split.stretch", start=milestone_name(start, words), end=milestone_name(end, words))


def _length(length: Length, words: Words) -> str:
    return words.between(length.lower, length.upper)


def _witness(passed: Reached, words: Words) -> str:
    name = words(f"layer.{passed.name}") if passed.witness is Source.PROBES else passed.name
    return words(f"witness.{passed.witness.value}", name=name)
