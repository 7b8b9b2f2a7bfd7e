"""What a search says of each operation of a profile: the site has its command, another one, or none."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from lab.model.findings import FoundCommand, FoundProvider, FoundService, Offer, Traces
from lab.site.profile import Operation, RhaProfile
from words import Listed, Quoted, Told, sentence

USED_BITS = 64
"""Of the PowerShell that Kunren's scripts run in on a host."""
_LIKENESS = 0.8
_MOST = 3


class Verdict(Enum):
    """`DIFFERENT` has something near, which people have to look at."""

    CONFIRMED = "confirmed"
    DIFFERENT = "different"
    MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """An operation, what was found of it, and what is near where that does not do; `why` tells it to people."""

    operation: str
    command: str
    verdict: Verdict
    nearest: tuple[FoundCommand, ...] = ()
    why: tuple[Told, ...] = ()

    @property
    def told(self) -> Told:
        return Listed(self.why)


@dataclass(frozen=True, slots=True)
class NamedThing:
    """A service or an event provider of the profile, and whether a host has it."""

    what: str
    name: str
    host: str
    there: bool


def judge_names(profile: RhaProfile, traces: Sequence[Traces], engines: Collection[str]) -> tuple[NamedThing, ...]:
    """Those that the first host, which is that of the Control Service, has to have; the engine's of hosts with one."""
    home = traces[0]
    engine, control, provider = profile.engine_service.name, profile.control_service.name, profile.event_log.provider
    return (
        *(
            NamedThing("engine_service", engine, each.host, _has(each.services, engine))
            for each in traces
            if each.host in engines
        ),
        NamedThing("control_service", control, home.host, _has(home.services, control)),
        NamedThing("event_provider", provider, home.host, _has(home.providers, provider)),
    )


def _has(found: Sequence[FoundService] | Sequence[FoundProvider], name: str) -> bool:
    return any(each.name.casefold() == name.casefold() for each in found)


def judge(profile: RhaProfile, offers: Sequence[Offer]) -> tuple[Judged, ...]:
    """All operations of the profile, in its order."""
    judgement = _Judgement(profile, offers)
    return tuple(judgement.of(name) for name in profile.operations)


class _Judgement:
    def __init__(self, profile: RhaProfile, offers: Sequence[Offer]) -> None:
        self._profile = profile
        self._offers = offers
        self._usable = {
            each.name.casefold(): each for offer in offers if offer.bits == USED_BITS for each in offer.commands
        }
        commands = (each.command.casefold() for each in profile.operations.values())
        self._taken = frozenset(each for each in commands if each in self._usable)

    def of(self, name: str) -> Judged:
        operation = self._profile.operations[name]
        found = self._usable.get(operation.command.casefold())
        if found is not None:
            return self._compared(name, operation, found)
        elsewhere = tuple(self._elsewhere(operation))
        nearest = self._nearest(operation)
        near = tuple(sentence("discover.near", command=signature(each)) for each in nearest)
        verdict = Verdict.DIFFERENT if elsewhere or nearest else Verdict.MISSING
        why = (*elsewhere, *near) or (sentence("discover.nothing_near"),)
        return Judged(operation=name, command=operation.command, verdict=verdict, nearest=nearest, why=why)

    def _compared(self, name: str, operation: Operation, found: FoundCommand) -> Judged:
        given = tuple(operation.parameters.values())
        if any(each.takes(given) for each in found.sets):
            return Judged(operation=name, command=found.name, verdict=Verdict.CONFIRMED)
        best = min(found.sets, key=lambda each: len(each.lacks(given)) + len(each.demands(given)), default=None)
        lacking = given if best is None else best.lacks(given)
        demanded = () if best is None else best.demands(given)
        why = [sentence("discover.lacks", parameters=_dashed(lacking))] if lacking else []
        why += [sentence("discover.demands", parameters=_dashed(demanded))] if demanded else []
        why += [sentence("discover.near", command=signature(found))]
        return Judged(
            operation=name, command=operation.command, verdict=Verdict.DIFFERENT, nearest=(found,), why=tuple(why)
        )

    def _elsewhere(self, operation: Operation) -> Iterator[Told]:
        """Where the command is, though Kunren cannot use it there or must not take it for the product's."""
        wanted = operation.command.casefold()
        for offer in self._offers:
            if offer.bits != USED_BITS and any(each.name.casefold() == wanted for each in offer.commands):
                yield sentence("discover.other_bits", bits=offer.bits, used=USED_BITS)
            for each in offer.others:
                if each.name.casefold() == wanted:
                    yield sentence("discover.held_by_another", holder=each.holder or "-")

    def _nearest(self, operation: Operation) -> tuple[FoundCommand, ...]:
        """Other candidates first, then what is called alike; what another operation has by its name is not meant."""
        free = {name: each for name, each in self._usable.items() if name not in self._taken}
        remembered = [name.casefold() for name in operation.candidates if name.casefold() in free]
        alike = difflib.get_close_matches(operation.command.casefold(), sorted(free), _MOST, _LIKENESS)
        return tuple(free[name] for name in dict.fromkeys((*remembered, *alike)))[:_MOST]


def signature(command: FoundCommand) -> Told:
    """A command with all its parameters."""
    return Quoted(" ".join((command.name, *(f"-{name}" for name in command.parameters))))


def _dashed(names: Sequence[str]) -> Told:
    return Listed(tuple(Quoted(f"-{name}") for name in names), "report.between_terms")
