"""What a search for Arcserve RHA has found on a host: what it shows of itself, and what a PowerShell of it offers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from lab.model.hosts import HostFacts
from words import Told

CREDENTIAL = "PSCredential"
"""The only type of a parameter that is given a login: a password is never a text."""


@dataclass(frozen=True, slots=True)
class FoundParameter:
    """A parameter of a command in one of its parameter sets."""

    name: str
    type: str
    mandatory: bool
    aliases: tuple[str, ...] = ()

    def is_called(self, name: str) -> bool:
        return name.casefold() in {each.casefold() for each in (self.name, *self.aliases)}


@dataclass(frozen=True, slots=True)
class ParameterSet:
    """Parameters that a command takes together."""

    parameters: tuple[FoundParameter, ...]

    def takes(self, given: Collection[str]) -> bool:
        """Whether it has all that are given, and asks for none beside them."""
        return not self.lacks(given) and not self.demands(given)

    def type_of(self, name: str) -> str:
        return next((known.type for known in self.parameters if known.is_called(name)), "")

    def lacks(self, given: Collection[str]) -> tuple[str, ...]:
        return tuple(name for name in given if not any(known.is_called(name) for known in self.parameters))

    def demands(self, given: Collection[str]) -> tuple[str, ...]:
        return tuple(
            known.name for known in self.parameters if known.mandatory and not any(map(known.is_called, given))
        )


@dataclass(frozen=True, slots=True)
class FoundCommand:
    """A command, the snap-in or module that holds it, its parameter sets, and what its help says of it."""

    name: str
    holder: str
    sets: tuple[ParameterSet, ...]
    synopsis: str = ""
    syntax: str = ""

    def takes_login(self, given: Collection[str], credential: str) -> bool:
        """Whether a set takes all that are given, with a login as a PSCredential if one is given."""
        return any(
            each.takes(given) and (not credential or each.type_of(credential) == CREDENTIAL) for each in self.sets
        )

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of all its parameters."""
        return tuple(dict.fromkeys(each.name for known in self.sets for each in known.parameters))


@dataclass(frozen=True, slots=True)
class Holder:
    """A registered snap-in or an installed module."""

    name: str
    version: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What one PowerShell of a host offers; `others` are commands of names looked for that something else holds.

    `refusal` is why no resident of Kunren starts in it.
    """

    bits: int
    version: str
    snap_ins: tuple[Holder, ...]
    modules: tuple[Holder, ...]
    commands: tuple[FoundCommand, ...]
    others: tuple[FoundCommand, ...]
    failures: tuple[str, ...]
    refusal: Told | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundService:
    """A Windows service, with the path and the version of its program."""

    name: str
    display_name: str
    running: bool
    account: str
    path: str
    version: str


@dataclass(frozen=True, slots=True)
class FoundProvider:
    """Who writes into event logs, and into which."""

    name: str
    logs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FoundPort:
    """A port that is listened on, at an address of the host."""

    number: int
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Traces:
    """What a host shows of Arcserve RHA without any of its commands."""

    host: str
    facts: HostFacts
    services: tuple[FoundService, ...]
    providers: tuple[FoundProvider, ...]
    ports: tuple[FoundPort, ...]
