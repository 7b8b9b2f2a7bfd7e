"""What a search says of each operation of a profile: the site has its command, another one, or none."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from lab.model.findings import CREDENTIAL, FoundCommand, FoundProvider, FoundService, Offer, Traces
from lab.site.profile import CONNECT, Connection, RhaProfile
from words import Listed, Quoted, Told, sentence

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


@dataclass(frozen=True, slots=True)
class Usable:
    """The product's commands in the PowerShell that Kunren uses for them.

    It is that of 64 bits, unless the commands are only in that of 32 and Kunren's resident starts there. `doubtful` are
    commands that several snap-ins or modules hold, by their names in small letters: which one would run is open.
    """

    bits: int
    commands: tuple[FoundCommand, ...]
    doubtful: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, profile: RhaProfile, offers: Sequence[Offer]) -> Usable:
        """Only snap-ins that the profile names count, if it names any."""
        wanted = {name.casefold() for name in profile.snap_ins}
        chosen = {
            offer.bits: tuple(each for each in offer.commands if not wanted or each.holder.casefold() in wanted)
            for offer in offers
            if offer.refusal is None
        }
        bits = 32 if chosen.get(32) and not chosen.get(64) else 64
        holders: dict[str, list[str]] = defaultdict(list)
        for each in chosen.get(bits, ()):
            holders[each.name.casefold()].append(each.holder)
        doubtful = {name: tuple(sorted(found)) for name, found in holders.items() if len(found) > 1}
        single = tuple(each for each in chosen.get(bits, ()) if each.name.casefold() not in doubtful)
        return cls(bits, single, doubtful)

    @property
    def connecting(self) -> tuple[FoundCommand, ...]:
        """Commands that look as if they connected to something."""
        return tuple(each for each in self.commands if each.name.casefold().startswith("connect-"))


def unknown_snap_ins(profile: RhaProfile, offers: Sequence[Offer]) -> Iterator[Told]:
    """What the profile names and no PowerShell of the host has, with what is called alike."""
    there = {each.name.casefold(): each.name for offer in offers for each in (*offer.snap_ins, *offer.modules)}
    for name in profile.snap_ins:
        if name.casefold() not in there:
            near = tuple(there[each] for each in difflib.get_close_matches(name.casefold(), sorted(there), _MOST))
            yield sentence("discover.no_snap_in", name=name, near=near or tuple(there.values()) or "-")


def judge(profile: RhaProfile, offers: Sequence[Offer]) -> tuple[Judged, ...]:
    """The connection, if the profile has one, and all operations of the profile, in its order."""
    judgement = _Judgement(profile, offers)
    connection = profile.connection
    connected = (judgement.connection(connection),) if connection.command else ()
    return (*connected, *(judgement.of(name) for name in profile.operations))


class _Judgement:
    def __init__(self, profile: RhaProfile, offers: Sequence[Offer]) -> None:
        self._profile = profile
        self._offers = offers
        self._used = Usable.of(profile, offers)
        self._usable = {each.name.casefold(): each for each in self._used.commands}
        commands = (each.command.casefold() for each in profile.operations.values())
        self._taken = frozenset(each for each in commands if each in self._usable)

    def of(self, name: str) -> Judged:
        operation = self._profile.operations[name]
        return self._judged(name, operation.command, tuple(operation.parameters.values()), operation.candidates)

    def connection(self, connection: Connection) -> Judged:
        judged = self._judged(CONNECT, connection.command, connection.given, connection.candidates)
        found = self._usable.get(connection.command.casefold())
        credential = connection.parameters.get("credential", "")
        if found is None or judged.verdict is not Verdict.CONFIRMED or found.takes_login(connection.given, credential):
            return judged
        why = (sentence("discover.no_credential", parameter=f"-{credential}", type=CREDENTIAL),)
        return replace(judged, verdict=Verdict.DIFFERENT, nearest=(found,), why=why)

    def _judged(self, name: str, command: str, given: tuple[str, ...], candidates: Sequence[str]) -> Judged:
        found = self._usable.get(command.casefold())
        if found is not None:
            return self._compared(name, command, given, found)
        elsewhere = tuple(self._elsewhere(command))
        nearest = self._nearest(command, candidates)
        near = tuple(sentence("discover.near", command=signature(each)) for each in nearest)
        verdict = Verdict.DIFFERENT if elsewhere or nearest else Verdict.MISSING
        unloaded = (sentence("discover.unloaded"),) if any(each.failures for each in self._offers) else ()
        why = (*elsewhere, *near) or (sentence("discover.nothing_near"), *unloaded)
        return Judged(operation=name, command=command, verdict=verdict, nearest=nearest, why=why)

    def _compared(self, name: str, command: str, given: tuple[str, ...], found: FoundCommand) -> Judged:
        if any(each.takes(given) for each in found.sets):
            return Judged(operation=name, command=found.name, verdict=Verdict.CONFIRMED)
        best = min(found.sets, key=lambda each: len(each.lacks(given)) + len(each.demands(given)), default=None)
        lacking = given if best is None else best.lacks(given)
        demanded = () if best is None else best.demands(given)
        why = [sentence("discover.lacks", parameters=_dashed(lacking))] if lacking else []
        why += [sentence("discover.demands", parameters=_dashed(demanded))] if demanded else []
        why += [sentence("discover.near", command=signature(found))]
        return Judged(operation=name, command=command, verdict=Verdict.DIFFERENT, nearest=(found,), why=tuple(why))

    def _elsewhere(self, command: str) -> Iterator[Told]:
        """Where the command is, though Kunren cannot use it there or must not take it for the product's."""
        wanted = command.casefold()
        if holders := self._used.doubtful.get(wanted):
            yield sentence("discover.doubtful", holders=holders)
        for offer in self._offers:
            if offer.bits != self._used.bits and any(each.name.casefold() == wanted for each in offer.commands):
                key = "discover.other_bits" if offer.refusal is None else "discover.other_bits_refused"
                yield sentence(key, bits=offer.bits, used=self._used.bits)
            for each in offer.others:
                if each.name.casefold() == wanted:
                    yield sentence("discover.held_by_another", holder=each.holder or "-")

    def _nearest(self, command: str, candidates: Sequence[str]) -> tuple[FoundCommand, ...]:
        """Other candidates first, then what is called alike; what another operation has by its name is not meant."""
        free = {name: each for name, each in self._usable.items() if name not in self._taken}
        remembered = [name.casefold() for name in candidates if name.casefold() in free]
        alike = difflib.get_close_matches(command.casefold(), sorted(free), _MOST, _LIKENESS)
        return tuple(free[name] for name in dict.fromkeys((*remembered, *alike)))[:_MOST]


def signature(command: FoundCommand) -> Told:
    """A command with all its parameters, and what its help says it is for."""
    called = " ".join((command.name, *(f"-{name}" for name in command.parameters)))
    by_itself = re.match(rf"{re.escape(command.name)} *(\[?\[?-|$)", command.synopsis)  # PowerShell's, for want of help
    said = "" if by_itself else command.synopsis
    return sentence("discover.helped", command=Quoted(called), synopsis=Quoted(said)) if said else Quoted(called)


def _dashed(names: Sequence[str]) -> Told:
    return Listed(tuple(Quoted(f"-{name}") for name in names), "report.between_terms")
