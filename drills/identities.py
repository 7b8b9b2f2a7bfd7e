"""Whether the hosts that answer are those of the site file, each of them a Windows of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations
from typing import TYPE_CHECKING

from lab.model.hosts import HostFacts, HostRole, same_windows
from lab.model.subject import Subject
from lab.ports import ControlHost, Windows
from words import Told, sentence

if TYPE_CHECKING:  # steps are known before a lab is opened, and its drivers take time to load
    from lab.opening import LabHost

CONTROL = "control"
"""The entry of a Control Service on neither of the two hosts."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One host of the site file: its table below `hosts`, its name there, and who answers at its address."""

    table: str
    host: str
    windows: Windows


def entries(subject: Subject, hosts: Mapping[HostRole, LabHost], apart: ControlHost | None) -> tuple[Entry, ...]:
    pair = (Entry(role.value, subject.host(role), hosts[role].windows) for role in HostRole)
    return (*pair, *([] if apart is None else [Entry(CONTROL, apart.name, apart.windows)]))


def one_windows(found: Mapping[str, HostFacts]) -> tuple[Told, ...]:
    """The entries, two by two, that lead to one Windows; `found` has what answered, by the table of its entry."""
    return tuple(_one(*pair, name=found[pair[0]].name) for pair in _same(found))


def _one(one: str, other: str, *, name: str) -> Told:
    """The Control Service may well be on one of the two hosts; then it has no entry of its own."""
    if CONTROL in {one, other}:
        return sentence("readiness.one_windows_control", one=other if one == CONTROL else one, name=name)
    return sentence("readiness.one_windows", one=one, other=other, name=name)


def misnamed(known: Sequence[Entry], found: Mapping[str, HostFacts]) -> tuple[Told, ...]:
    """What is wrong with entries. Those that lead to one Windows are told as that, and not by a name that differs."""
    told = {table for pair in _same(found) for table in pair}
    named = (entry for entry in known if entry.table in found and entry.table not in told)
    wrong = (_other_name(entry, known, found[entry.table].name) for entry in named)
    return (*one_windows(found), *chain.from_iterable(wrong))


def _same(found: Mapping[str, HostFacts]) -> tuple[tuple[str, str], ...]:
    return tuple(pair for pair in combinations(found, 2) if same_windows(found[pair[0]], found[pair[1]]))


def _other_name(entry: Entry, known: Sequence[Entry], name: str) -> Iterator[Told]:
    belongs = next((each for each in known if each.host.casefold() == name.casefold()), None)
    about = {"role": sentence(f"host_role.{entry.table}"), "name": name, "table": entry.table}
    if belongs is None:
        yield sentence("readiness.misnamed", **about, host=entry.host)
    elif belongs != entry:
        yield sentence("readiness.exchanged", **about, other=belongs.table)
