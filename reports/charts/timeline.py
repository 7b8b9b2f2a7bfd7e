"""The timeline picture, laid out: when each step ran, what was done to the lab, and what was seen of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from journal.course import Outcome, Site
from journal.entries import Activity
from journal.record import Drill, StepResult
from journal.seen import Call, EventSeen, GaroonAct
from lab.model.calls import CallOutcome
from reports import judge
from reports.charts.drawing import BAR, ROW, WIDTH, Axis, Bar, DrawnMark, Row, Tick, axis_of, restoring, text_width
from reports.charts.sightings import Sighting, of_guest, of_scenario, stretches, understood, when
from words import Words

TOP = 30.0
LANE = 22.0
BOX = 18.0
MARK_REACH, NUMBERED_REACH = 11.0, 21.0
"""How far a mark reaches, alone and with a number beside it."""
STATE_STYLES = {
    "running": "on",
    "off": "off",
    "stopped": "off",
    "": "absent",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineChart:
    """Rows from top to bottom on one axis of lab time; `band` lies behind all rows; `note` says what they lack."""

    height: float
    ticks: tuple[Tick, ...]
    band: Bar | None
    rows: tuple[Row, ...]
    note: str


def lay_out(drill: Drill, site: Site, words: Words) -> TimelineChart | None:
    """None for a drill of which nothing is recorded."""
    axis = axis_of(drill)
    if axis is None:
        return None
    everything = drill.everything
    rows: list[Row] = [_steps(drill, axis, words)]
    makers: tuple[Callable[[float], Row], ...] = (
        lambda y: _marks(y, words("timeline.actions"), _actions(everything, axis, words)),
        lambda y: _states(y, _of(words, site.master), of_guest(site.guest, site.master, everything), axis, words),
        lambda y: _states(y, _of(words, site.replica), of_guest(site.guest, site.replica, everything), axis, words),
        lambda y: _states(y, words("timeline.scenario"), of_scenario(site.scenario, everything), axis, words),
        lambda y: _marks(y, words("timeline.events"), _events(everything, axis, words)),
        lambda y: _marks(y, words("timeline.garoon"), _visits(everything, axis, words)),
    )
    for make in makers:
        rows.append(make(rows[-1].y + rows[-1].height))
    return TimelineChart(
        height=rows[-1].y + rows[-1].height + 4,
        ticks=tuple(axis.ticks()),
        band=restoring(drill, axis, TOP, words),
        rows=tuple(rows),
        note="" if understood(everything) else words("understood.lacking"),
    )


def _of(words: Words, host: str) -> str:
    return words("timeline.guest", host=host)


def _steps(drill: Drill, axis: Axis, words: Words) -> Row:
    lanes: list[float] = []
    bars: list[Bar] = []
    stopped = drill.restoration.began.lab if drill.restoration else axis.end
    for group in _groups(drill, axis):
        box = _step_box(group, axis, stopped, words)
        lane = next((number for number, free in enumerate(lanes) if free <= box.x), len(lanes))
        lanes[lane : lane + 1] = [box.x + box.width + 1]
        bars.append(replace(box, y=TOP + 4 + lane * LANE))
    height = max(len(lanes), 1) * LANE + 8
    return Row(name=words("timeline.steps"), y=TOP, height=height, bars=tuple(bars))


def _groups(drill: Drill, axis: Axis) -> Iterable[Sequence[StepResult]]:
    """Steps that took no visible time, side by side and with one outcome, share a box."""
    group: list[StepResult] = []
    for step in drill.steps:
        if step.began is None:
            continue
        if group and _fits(group, step, axis):
            group.append(step)
            continue
        if group:
            yield group
        group = [step]
    if group:
        yield group


def _fits(group: Sequence[StepResult], step: StepResult, axis: Axis) -> bool:
    first, last = group[0], group[-1]
    assert first.began
    assert step.began
    room = text_width(f"{first.number}–{step.number}")
    narrow = step.ended is not None and axis.x(step.ended.lab) - axis.x(first.began.lab) < room
    return narrow and judge.step(step) is judge.step(last)


def _step_box(group: Sequence[StepResult], axis: Axis, stopped: datetime, words: Words) -> Bar:
    first, last = group[0], group[-1]
    assert first.began
    outcome = judge.step(last)
    sign = {Outcome.FAILED: "✕ ", Outcome.UNKNOWN: "? "}.get(outcome, "")
    label = sign + (f"{first.number}–{last.number}" if last is not first else str(first.number))
    x = axis.x(first.began.lab)
    width = max(axis.x(last.ended.lab if last.ended else stopped) - x, text_width(label))
    return Bar(
        x=min(x, WIDTH - width),
        width=round(width, 1),
        y=TOP,
        height=BOX,
        style=outcome.name.lower(),
        label=label,
        title=_steps_title(group, words),
    )


def _steps_title(group: Sequence[StepResult], words: Words) -> str:
    """What a step was that passed stands at the step itself."""
    first, outcome = group[0], judge.step(group[-1])
    text = "" if outcome is Outcome.PASSED else f" {words.value(first.keyword)} {words.value(first.text)}"
    return f"{words.clock(first.began.lab) if first.began else ''}{text} {words(f'outcome.{outcome.value}')}"


def _states(y: float, name: str, sightings: Iterable[Sighting], axis: Axis, words: Words) -> Row:
    bars = []
    for each in stretches(sightings):
        state, after = (
            words.known("state", value) if value else words("state.absent") for value in (each.before, each.after)
        )
        span = {"begin": words.clock(each.begin), "end": words.clock(each.end)}
        if each.steady:
            style, label = STATE_STYLES.get(each.before.casefold(), "moving"), state
            title = words("timeline.steady", state=state, **span)
        else:
            style, label = "changed", ""
            title = words("timeline.changed", before=state, after=after, **span)
        bars.append(axis.bar(each.begin, each.end, y=y + (ROW - BAR) / 2, style=style, label=label, title=title))
    return Row(name=name, y=y, height=ROW, bars=tuple(bars))


def _marks(y: float, name: str, marks: Iterable[DrawnMark]) -> Row:
    """Marks of one kind that would cover each other are drawn once, with their number and all their titles."""
    placed: list[list[DrawnMark]] = []
    for mark in marks:
        last = placed[-1] if placed else [mark]
        reach = NUMBERED_REACH if len(last) > 1 else MARK_REACH
        if placed and last[-1].style == mark.style and mark.x - last[0].x < reach:
            last.append(mark)
        else:
            placed.append([mark])
    return Row(
        name=name,
        y=y,
        height=ROW,
        marks=tuple(
            replace(
                group[0],
                label=str(len(group)) if len(group) > 1 else "",
                title="\n".join(_alike(mark.title for mark in group)),
            )
            for group in placed
        ),
    )


def _alike(titles: Iterable[str]) -> Iterator[str]:
    """What begins with different times and says the same is one line, with its first time, its last and how many."""
    times: dict[str, list[str]] = {}
    for title in titles:
        time, _, told = title.partition(" ")
        times.setdefault(told, []).append(time)
    for told, (first, *more) in times.items():
        until = f"–{more[-1]}" if more and more[-1] != first else ""
        yield f"{first}{until} {told}" + (f" ×{1 + len(more)}" if more else "")


def _actions(activities: Iterable[Activity], axis: Axis, words: Words) -> Iterable[DrawnMark]:
    for each in activities:
        if isinstance(each, Call) and each.changes:
            title = (
                f"{words.clock(each.at.lab)} {each.host}: {call_name(each)} ({words(f'effect.{each.effect.value}')})"
            )
            yield _mark(axis, each, "action" if each.effect is CallOutcome.ANSWERED else "amiss", title)


def _events(activities: Iterable[Activity], axis: Axis, words: Words) -> Iterable[DrawnMark]:
    for each in activities:
        if isinstance(each, EventSeen):
            moment = when(each, axis.begin)
            yield DrawnMark(
                x=axis.x(moment), style="event", label="", title=f"{words.clock(moment)} {each.source}: {each.message}"
            )


def _visits(activities: Iterable[Activity], axis: Axis, words: Words) -> Iterable[DrawnMark]:
    for each in activities:
        if isinstance(each, GaroonAct):
            said = words("garoon.gone") if each.gone else words.known("garoon", words.value(each.problem or ""))
            title = f"{words.clock(each.at.lab)} {words.known('garoon', each.act)} {each.detail} {said}"
            yield _mark(axis, each, _visit(each), title.rstrip())


def _visit(act: GaroonAct) -> str:
    if act.gone:
        return "gone"
    return "amiss" if act.problem else "visit"


def _mark(axis: Axis, activity: Activity, style: str, title: str) -> DrawnMark:
    return DrawnMark(x=axis.x(activity.at.lab), style=style, label="", title=title)


def call_name(call: Call) -> str:
    """The script, or the command it was given to carry out."""
    command = call.arguments.get("Command")
    return command if isinstance(command, str) else call.script
