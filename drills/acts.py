"""Acts of a restoration, one after another: whatever one of them raises, the next is tried."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from drills.interruption import Held, UnderWay
from drills.observation import Observation, Unmet, Writes
from journal.course import ActOutcome, RestoreAct
from journal.entry import Error
from lab.errors import Indeterminate, LabError, LeaseLost, NoAnswer, NoResult
from lab.ports import Clock
from words import Explained, Term, Told, sentence, told

MORE_ATTEMPTS = 2
BEFORE_ANOTHER_ATTEMPT = timedelta(seconds=15)
CUT_SHORT = sentence("restoration.cut_short")
NOT_BEGUN = sentence("restoration.not_begun")


class CutShort(Exception):
    """The operator asked a second time to stop: waits end, and nothing more is begun."""


class Overtaken(Explained):
    """What is waited for can no longer come of what this drill has begun: others, or the product, went another way."""


class TakenOver(Explained):
    """Another run has taken the site over: what is left to undo is no longer this run's to undo."""


class ActName(StrEnum):
    """Acts as the journal names them; `words` has them for readers."""

    END_FAULTS = "end the faults"
    AWAIT_HOSTS = "wait for the hosts to answer"
    END_TEST = "end the replica integrity test"
    SETTLE = "wait for the scenario to settle"
    END_MAINTENANCE = "end the host maintenance"
    SERVE_AWAY = "start the guest on the host it was moved to"
    STOP_WATCHING = "end the watch over the master host"
    END_SPLIT_BRAIN = "end the split brain"
    SWITCH_BACK = "switch the guest back to the host it was on"
    START_GUEST = "start the guest on the host it was on"
    CLEAR_AWAY = "take the guest off the other host's Hyper-V Manager"
    REMOVE_ENTRIES = "remove the entries from Garoon"
    RETURN_SCENARIO = "return the replication scenario to its state"
    COMPARE = "compare the lab with its state before"


@dataclass(frozen=True, slots=True)
class Act:
    """One act of the restoration: whether the drill has begun what it undoes, and what it does, if anything is left."""

    name: ActName
    due: bool
    do: Callable[[], bool]


@dataclass(kw_only=True)
class ActRunner:
    """Performs acts in their order; each looks first, and none keeps the next from being tried."""

    clock: Clock
    observation: Observation
    journal: Writes
    held: Held
    defects: list[str] = field(default_factory=list)
    """Tracebacks of defects of Kunren's own."""

    def run(self, acts: Sequence[Act]) -> None:
        """The proof is the comparison of states that follows, whatever came of the acts."""
        remaining = list(acts)
        while remaining:
            act = remaining.pop(0)
            if self.held.asked_again:
                self._leave([act, *remaining])
                return
            self.held.under_way = UnderWay(act.name, tuple(each.name for each in remaining))
            try:
                self._perform(act)
            except CutShort:
                self._leave(remaining)
                return
            except TakenOver as taken:
                leave_alone(remaining, taken, self.journal)
                return

    def _perform(self, act: Act) -> None:
        try:
            done = self._done(act)
        except CutShort:
            self._note(act, ActOutcome.FAILED, CUT_SHORT)
            raise
        except (LeaseLost, TakenOver) as error:
            self._note(act, ActOutcome.FAILED, error)
            raise TakenOver(error) from error
        except Overtaken as overtaken:
            leave_alone([act], overtaken, self.journal)
        except (LabError, Unmet) as error:
            self._note(act, ActOutcome.FAILED, error)
        except Exception as error:  # noqa: BLE001  # whatever broke, the acts after it are tried, and it is told
            self.defects.append(traceback.format_exc())
            self._note(act, ActOutcome.FAILED, sentence("errors.kunren", kind=type(error).__name__, error=told(error)))
        else:
            self._note(act, ActOutcome.DONE if done else ActOutcome.NEEDLESS)

    def _done(self, act: Act) -> bool:
        """Tries again where an answer could not be read or did not come: each act looks first at what is left.

        People are not given a task a second time: who comes late to the first sheet might do it twice.
        """
        for _ in range(MORE_ATTEMPTS):
            try:
                return act.do()
            except (LeaseLost, NoAnswer, NoResult):
                raise
            except Indeterminate as error:
                if self.held.asked_again:
                    raise
                self.observation.note(sentence("restoration.again", act=Term("restore", act.name), error=error))
                self.clock.sleep(BEFORE_ANOTHER_ATTEMPT)
        return act.do()

    def _leave(self, acts: Sequence[Act]) -> None:
        leave_alone(acts, NOT_BEGUN, self.journal)

    def _note(self, act: Act, outcome: ActOutcome, error: Told | None = None) -> None:
        self.journal.write(RestoreAct(act=act.name, outcome=outcome, error=Error("", error) if error else None))


def leave_alone(acts: Sequence[Act], because: Told, journal: Writes) -> None:
    for act in acts:
        journal.write(RestoreAct(act=act.name, outcome=ActOutcome.LEFT_ALONE, because=because))
