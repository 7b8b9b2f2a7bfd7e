"""A service that comes and goes, and a prober that looks at it: what really happened is known here only."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from lab.model.probing import Layer, Probe, Result, Track
from words import Quoted

WRITE = Track(Layer.WRITE)


class Manner(Enum):
    """How an outage meets probes."""

    REFUSES = "refuses at once, and cuts what is in flight"
    HANGS = "says nothing more, and what hung is never answered"
    STALLS = "says nothing, and answers what still waits when it is back"


@dataclass(frozen=True)
class Down:
    began: float
    ended: float
    manner: Manner

    @property
    def length(self):
        return self.ended - self.began


@dataclass(frozen=True)
class Restored:
    """A world in which the lab began to be restored at `instant`; what ended later was not ended by the product."""

    downs: Sequence[Down]
    instant: float

    def of_the_drill(self, downs):
        return [down for down in downs if down.began < self.instant]

    def open(self, downs):
        """Those in which users were not served before the restoration began."""
        return [down for down in self.of_the_drill(downs) if down.ended > self.instant]


@dataclass(frozen=True)
class Sending:
    """A probe before it is answered: when it was due and sent, and how long a working service takes over it."""

    due: float
    late: float
    response: float
    sent: bool = True

    @property
    def instant(self):
        return self.due + self.late


@dataclass(frozen=True)
class Answer:
    """How a probe ended, and if it failed, the first outage that it was caught in."""

    ended: float
    result: Result
    cause: Down | None = None


def answer(downs: Sequence[Down], sent: float, response: float, timeout: float) -> Answer:
    """Whatever is in flight when an outage begins is caught in it."""
    done = sent + response
    first = None
    for down in downs:
        if down.ended <= sent:
            continue
        if down.began >= done:
            break
        first = first or down
        if down.manner is Manner.REFUSES:
            return Answer(max(sent, down.began), Result.FAILED, first)
        done = down.ended + response
        if down.manner is Manner.HANGS or done > sent + timeout:
            return Answer(sent + timeout, Result.FAILED, first)
    return Answer(done, Result.OK)


def probed(downs: Sequence[Down], sendings: Sequence[Sending], timeout: float):
    """Open loop: the probes as a prober records them, and the cause of each that failed."""
    probes, causes = [], []
    for number, sending in enumerate(sendings, 1):
        if not sending.sent:
            probes.append(probe(number, sending.due, None, None, Result.UNKNOWN))
            causes.append(None)
            continue
        seen = answer(downs, sending.instant, sending.response, timeout)
        probes.append(probe(number, sending.due, sending.instant, seen.ended, seen.result))
        causes.append(seen.cause)
    return probes, causes


def probed_in_a_closed_loop(downs: Sequence[Down], sendings: Sequence[Sending], timeout: float):
    """The control: each probe waits for the one before, and is written down as if it had been sent when due."""
    probes, free = [], 0.0
    for number, sending in enumerate(sendings, 1):
        sent = max(sending.due, free)
        seen = answer(downs, sent, sending.response, timeout)
        free = seen.ended
        probes.append(probe(number, sending.due, sending.due, sending.due + seen.ended - sent, seen.result))
    return probes


def probe(number: int, due: float, sent: float | None, ended: float | None, result: Result) -> Probe:
    return Probe(track=WRITE, number=number, due=due, sent=sent, ended=ended, result=result, seen=Quoted(""))


def track(*looks: str | tuple[float, float, str]) -> list[Probe]:
    """Probes by hand: (sent, ended, "ok"), or "unknown" for one that was due a second after the last and not sent."""
    probes: list[Probe] = []
    for number, look in enumerate(looks, 1):
        if isinstance(look, str):
            due = (probes[-1].due + 1) if probes else 0.0
            probes.append(probe(number, due, None, None, Result(look)))
        else:
            sent, ended, result = look
            probes.append(probe(number, sent, sent, ended, Result(result)))
    return probes


def contains(bounds, instant: float) -> bool:
    """To a microsecond, which is what adding up seconds in floats may cost."""
    early = bounds.earliest is None or bounds.earliest <= instant + 1e-6
    late = bounds.latest is None or instant <= bounds.latest + 1e-6
    return early and late


def spans(length, seconds: float) -> bool:
    return length.lower <= seconds + 1e-6 and (length.upper is None or seconds <= length.upper + 1e-6)
