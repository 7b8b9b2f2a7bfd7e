"""Every kind of entry of the journal, each a dataclass that writes and reads itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from operator import attrgetter
from types import ModuleType
from typing import Any, TypeAlias, TypeVar

from journal import checked, course, measured, people, seen
from journal.checked import HostChecked
from journal.course import RestoreAct, RestoreWaiting
from journal.entry import Entry
from journal.measured import CanariesRead, CanariesRemoved, ClockCompared, Marked, Probed, ProbingBegan, ProbingEnded
from journal.people import (
    AnswerLate,
    PauseBegan,
    PauseEnded,
    PersonAnswered,
    PersonAsked,
    PersonAttested,
    PersonJoined,
    PersonNoted,
    PersonRelied,
    StopAsked,
)
from journal.seen import (
    Call,
    EventSeen,
    Evidence,
    GaroonAct,
    GuestAsked,
    HostSeen,
    LeaseNoted,
    Note,
    OperatorAnswer,
    ProductSeen,
    ScenarioAsked,
    StateSeen,
    Undertaken,
    Wait,
)

Activity: TypeAlias = (
    Call
    | HostSeen
    | HostChecked
    | ProductSeen
    | GuestAsked
    | ScenarioAsked
    | GaroonAct
    | Wait
    | Evidence
    | StateSeen
    | EventSeen
    | OperatorAnswer
    | PersonAsked
    | PersonAnswered
    | PersonRelied
    | AnswerLate
    | PersonJoined
    | PersonNoted
    | PersonAttested
    | StopAsked
    | PauseBegan
    | PauseEnded
    | Note
    | RestoreAct
    | RestoreWaiting
    | Undertaken
    | LeaseNoted
)
"""What was done or seen, and is shown where it stands."""

Measured: TypeAlias = ProbingBegan | Probed | ProbingEnded | Marked | CanariesRead | CanariesRemoved | ClockCompared


def _defined_in(*modules: ModuleType) -> Sequence[type[Entry]]:
    """In the order of the modules."""
    found = ((module.__name__, each) for module in modules for each in vars(module).values() if isinstance(each, type))
    return tuple(each for name, each in found if each.__module__ == name and issubclass(each, Entry) and each.what)


COURSE, SEEN, MEASURED = _defined_in(course), _defined_in(seen, checked, people), _defined_in(measured)
KINDS: Mapping[str, type[Entry]] = {kind.what: kind for kind in (*COURSE, *SEEN, *MEASURED)}


def entry_of(fields: Mapping[str, Any]) -> Entry:
    """The entry of a line of the journal whose kind is among KINDS. Raises NotAsPromised."""
    return KINDS[fields["what"]].from_json(fields)


E = TypeVar("E", bound=Entry)


def in_order(*groups: Iterable[E]) -> tuple[E, ...]:
    return tuple(sorted(chain.from_iterable(groups), key=attrgetter("n")))
