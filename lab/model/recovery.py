"""Recovery timeline: from fault or command to restored service, by observed milestones and the segments between them.

A milestone that was not observed is missing, and its segment reaches from the one before to the one after. Observations
that may lie after the start of the restoration are not milestones: the restoration may have caused them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import reduce
from itertools import pairwise

from lab.model.bounds import Bounds, Length
from lab.model.outages import Outage
from lab.model.probing import Layer, Mark

DETECTION = ("master_fault_detected", "switchover_countdown", "guest_start_attempted", "master_not_responding")
"""Events, by the profile's names, that tell that the product has noticed."""
DECISION = "switchover_started"
DECISION_IN_PLACE = "guest_start_attempted"
"""What is decided when nothing is switched over: the guest is started where it was."""
COMPLETION = "switchover_completed"
CALL_FOR_A_PERSON = "master_not_responding"
"""EM00166: switchover is required and has to be commanded by the operator."""


@dataclass(frozen=True, slots=True)
class PlacedMark:
    """Something the drill brought about, placed on the lab's clock."""

    kind: Mark
    at: Bounds


@dataclass(frozen=True, slots=True)
class ProductEvent:
    """A line of the event view by the profile's name for it, on the lab's clock; `attested` by people, or seen."""

    kind: str
    at: Bounds
    attested: bool = False

    @property
    def source(self) -> Source:
        return Source.PEOPLE if self.attested else Source.EVENT


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestLook:
    """One answer to whether a host runs the guest, or has begun to start it; `running` is what the host said."""

    host: str
    running: bool
    sent: float
    ended: float


@dataclass(frozen=True, slots=True)
class Prompt:
    """A person was asked; None is a prompt that was never answered."""

    asked: Bounds
    answered: Bounds | None


@dataclass(frozen=True, slots=True)
class Held:
    """A pause by intention, by the lab's clock; None for one that did not end."""

    began: float
    ended: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryInput:
    """Observations of one recovery, each in order of time; `layers` are the outages of each layer.

    `restoration` is the second in which the lab began to be restored, None when it was not.
    """

    marks: Sequence[PlacedMark]
    events: Sequence[ProductEvent]
    looks: Sequence[GuestLook]
    prompts: Sequence[Prompt]
    layers: Mapping[Layer, Sequence[Outage]]
    pauses: Sequence[Held] = ()
    restoration: float | None = None


class Milestone(Enum):
    CAUSED = "fault or command"
    DETECTED = "detected"
    DECIDED = "decided"
    STARTED = "started"
    UP = "technically up"
    SERVED = "users served"


class Source(Enum):
    """Sources of milestones."""

    MARK = "mark"
    EVENT = "event"
    PEOPLE = "people"
    """An event that people have read off."""

    HOST = "host"
    PROBES = "probes"


@dataclass(frozen=True, slots=True)
class Reached:
    """`name` is the mark's, the event's, the host's or the layer's."""

    milestone: Milestone
    at: Bounds
    witness: Source
    name: str


@dataclass(frozen=True, slots=True)
class Segment:
    """The time from one milestone to the next that was observed."""

    start: Milestone
    end: Milestone
    length: Length


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """`whole` is from cause to users served, None unless both were seen.

    Of it `paused` was held by intention, and `human` waited for a person otherwise; `machine` is the rest.
    Of an open outage users were not served, whatever brought them back after the restoration had begun.
    """

    outage: Outage
    passed: tuple[Reached, ...]
    stretches: tuple[Segment, ...]
    whole: Length | None
    human: Length
    paused: Length
    machine: Length | None


def recoveries(course: RecoveryInput) -> tuple[Recovery, ...]:
    """One for each outage of writing."""
    since: float | None = None
    found = []
    for outage in course.layers.get(Layer.WRITE, ()):
        found.append(_recovery(outage, course, since))
        since = outage.ended.earliest
    return tuple(found)


def _recovery(outage: Outage, course: RecoveryInput, since: float | None) -> Recovery:
    cause, served = _cause(outage, course.marks, since), _served(outage)
    start = outage.began.earliest if cause is None else cause.at.earliest
    story = _story(course, start, outage.ended)
    decided = _decided(story)
    started = _started(story, start if decided is None else decided.at.earliest)
    milestones = (cause, _detected(story, decided), decided, started, _up(outage, story), served)
    passed = tuple(_in_order([milestone for milestone in milestones if milestone is not None]))
    whole = None if cause is None or served is None else served.at.since(cause.at)
    human = _human(story, outage.ended)
    paused = _held(outage.began if cause is None else cause.at, outage.ended, course.pauses)
    return Recovery(
        outage=outage,
        passed=passed,
        stretches=tuple(Segment(a.milestone, b.milestone, b.at.since(a.at)) for a, b in pairwise(passed)),
        whole=whole,
        human=human,
        paused=paused,
        machine=None if whole is None else _less(_less(whole, human), paused),
    )


def _in_order(milestones: Sequence[Reached]) -> Iterator[Reached]:
    """Narrows each by those before and after it; where the two contradict, it stays as seen."""
    for place, passed in enumerate(milestones):
        before, after = (each.at for each in milestones[: place + 1]), (each.at for each in milestones[place:])
        earliest = max((at.earliest for at in before if at.earliest is not None), default=None)
        latest = min((at.latest for at in after if at.latest is not None), default=None)
        within = Bounds(earliest, latest)
        yield passed if within.empty else replace(passed, at=within)


# What belongs to an outage --------------------------------------------------------------------------------------------


def _cause(outage: Outage, marks: Sequence[PlacedMark], since: float | None) -> Reached | None:
    """The fault in force when the outage began, or else the last command before it; none from before `since`."""
    fault: PlacedMark | None = None
    command: PlacedMark | None = None
    for mark in marks:
        if not mark.at.may_precede(outage.began) or not mark.at.may_follow(since):
            continue
        if mark.kind is Mark.COMMAND:
            command = mark
        else:
            fault = None if mark.kind is Mark.FAULT_ENDED else fault or mark
    cause = fault or command
    return None if cause is None else Reached(Milestone.CAUSED, cause.at, Source.MARK, cause.kind.value)


def _story(course: RecoveryInput, start: float | None, end: Bounds) -> RecoveryInput:
    """Selects what happened before the restoration, from the cause until users were served.

    Of looks also those before the cause.
    """

    def in_time(at: Bounds) -> bool:
        before = course.restoration is None or (at.latest is not None and at.latest <= course.restoration)
        return before and at.may_precede(end)

    def belongs(at: Bounds) -> bool:
        return at.may_follow(start) and in_time(at)

    return RecoveryInput(
        marks=[mark for mark in course.marks if belongs(mark.at)],
        events=[event for event in course.events if belongs(event.at)],
        looks=[look for look in course.looks if in_time(Bounds(look.sent, look.ended))],
        prompts=[prompt for prompt in course.prompts if belongs(prompt.asked)],
        layers=course.layers,
        pauses=course.pauses,
        restoration=course.restoration,
    )


# Milestones -----------------------------------------------------------------------------------------------------------


def _detected(story: RecoveryInput, decided: Reached | None) -> Reached | None:
    """The product's first notice of the fault, unless it came after the decision."""
    event = _first(story.events, *DETECTION)
    if event is None or (decided is not None and not event.at.may_precede(decided.at)):
        return None
    return Reached(Milestone.DETECTED, event.at, event.source, event.kind)


def _decided(story: RecoveryInput) -> Reached | None:
    """The decision of a command or of the product, whichever came first."""
    command = next((mark for mark in story.marks if mark.kind is Mark.COMMAND), None)
    event = _first(story.events, DECISION)
    if command is not None and (event is None or command.at.may_precede(event.at)):
        return Reached(Milestone.DECIDED, command.at, Source.MARK, command.kind.value)
    event = event or _first(story.events, DECISION_IN_PLACE)
    return None if event is None else Reached(Milestone.DECIDED, event.at, event.source, event.kind)


def _started(story: RecoveryInput, start: float | None) -> Reached | None:
    """The first host that runs the guest and did not before; else what the product tells, unless no host does."""
    starts = sorted(_starts(story.looks, start), key=lambda passed: passed.at.latest or 0.0)
    if starts:
        return starts[0]
    told = _first(story.events, COMPLETION)
    if told is None or _contradicted(told, story.looks):
        return None
    return Reached(Milestone.STARTED, Bounds(start, told.at.latest), told.source, told.kind)


def _contradicted(told: ProductEvent, looks: Sequence[GuestLook]) -> bool:
    later = [look for look in looks if told.at.latest is not None and look.sent >= told.at.latest]
    return bool(later) and not any(look.running for look in later)


def _starts(looks: Sequence[GuestLook], start: float | None) -> Iterator[Reached]:
    off: dict[str, float] = {}
    for look in looks:
        if not look.running:
            off[look.host] = look.sent
        elif (last := off.pop(look.host, None)) is not None and (start is None or look.ended >= start):
            at = Bounds(last if start is None else max(last, start), look.ended)
            yield Reached(Milestone.STARTED, at, Source.HOST, look.host)


def _up(outage: Outage, story: RecoveryInput) -> Reached | None:
    """The guest's heartbeat or its port, whichever came back first; none that the restoration took down meanwhile."""
    found = {layer: _last_within(outage, _begun(story, layer)) for layer in (Layer.HEARTBEAT, Layer.TCP)}
    back = [
        Reached(Milestone.UP, inner.ended, Source.PROBES, layer.value)
        for layer, inner in found.items()
        if inner is not None and not inner.open
    ]
    if not back:
        return None
    first = min(back, key=lambda passed: passed.at.latest or 0.0)
    return replace(first, at=reduce(Bounds.or_earlier, (passed.at for passed in back)))


def _begun(story: RecoveryInput, layer: Layer) -> Sequence[Outage]:
    """The outages of a layer that may have begun before the restoration."""
    end, outages = story.restoration, story.layers.get(layer, ())
    return [each for each in outages if end is None or each.began.earliest is None or each.began.earliest < end]


def _last_within(outage: Outage, others: Sequence[Outage]) -> Outage | None:
    return next(
        (
            other
            for other in reversed(others)
            if other.began.may_precede(outage.ended) and outage.began.may_precede(other.ended)
        ),
        None,
    )


def _served(outage: Outage) -> Reached | None:
    if outage.ended.latest is None:
        return None
    return Reached(Milestone.SERVED, outage.ended, Source.PROBES, Layer.WRITE.value)


def _first(events: Sequence[ProductEvent], *kinds: str) -> ProductEvent | None:
    return next((event for event in events if event.kind in kinds), None)


# People ---------------------------------------------------------------------------------------------------------------


def _human(story: RecoveryInput, end: Bounds) -> Length:
    """The time from a question, of the product or the drill, to its answer or the end; overlapping waits count once.

    What of it was a pause is none of it.
    """
    waits = [(prompt.asked, prompt.answered) for prompt in story.prompts]
    call = _first(story.events, CALL_FOR_A_PERSON)
    if call is not None:
        waits.append((call.at, _answer(call, story.marks)))
    waits.sort(key=lambda wait: wait[0].earliest or 0.0)
    apart: list[tuple[Bounds, Bounds]] = []
    for asked, answered in waits:
        over = end if answered is None else answered.or_earlier(end)
        if apart and asked.may_precede(apart[-1][1]):
            apart[-1] = (apart[-1][0].or_earlier(asked), apart[-1][1].or_later(over))
        else:
            apart.append((asked, over))
    return _sum([_less(over.since(asked), _held(asked, over, story.pauses)) for asked, over in apart])


def _held(start: Bounds, end: Bounds, pauses: Sequence[Held]) -> Length:
    """What of the time between two instants was a pause."""
    return _sum([_overlap(start, end, pause) for pause in pauses])


def _overlap(start: Bounds, end: Bounds, pause: Held) -> Length:
    over = end if pause.ended is None else Bounds(pause.ended, pause.ended).or_earlier(end)
    surely = over.since(Bounds(None, pause.began if start.latest is None else max(pause.began, start.latest)))
    perhaps = over.since(Bounds(pause.began if start.earliest is None else max(pause.began, start.earliest), None))
    return Length(surely.lower if start.latest is not None else 0.0, perhaps.upper)


def _answer(call: ProductEvent, marks: Sequence[PlacedMark]) -> Bounds | None:
    return next(
        (mark.at for mark in marks if mark.kind is Mark.COMMAND and call.at.may_precede(mark.at)),
        None,
    )


def _sum(lengths: Sequence[Length]) -> Length:
    uppers = [length.upper for length in lengths if length.upper is not None]
    return Length(
        sum(length.lower for length in lengths),
        sum(uppers) if len(uppers) == len(lengths) else None,
    )


def _less(whole: Length, part: Length) -> Length:
    return Length(
        0.0 if part.upper is None else max(0.0, whole.lower - part.upper),
        None if whole.upper is None else max(0.0, whole.upper - part.lower),
    )
