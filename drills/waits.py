"""How a restoration waits: with a line every 30 s, until a second request to stop, or until it waits in vain."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from drills.acts import CutShort, Overtaken, TakenOver
from drills.interruption import Held, UnderWay
from drills.nouns.guest import Guest
from drills.nouns.observed import Observed
from drills.nouns.scenario import Scenario
from drills.observation import Observation, Writes
from drills.wording import scenario_state
from journal.course import RestoreWaiting
from lab.model.limits import LongWait, Within
from lab.model.machines import VirtualMachine
from lab.model.replication import ReplicationScenario, ScenarioState
from lab.opening import Lab
from words import Told, sentence

TELL_EVERY = 30.0
"""Seconds between two lines about a wait."""
BEGINS_WITHIN = 600.0
"""Seconds after which a scenario that was run, and still is at rest, is not going to replicate by that command."""
BETWEEN_LOOKS = timedelta(seconds=15)
T = TypeVar("T")
MachineTest = Callable[[VirtualMachine | None], bool]
ScenarioTest = Callable[[ReplicationScenario | None], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class RestorationWaits:
    """Waits of one restoration; each raises Overtaken at once when it has been `lost`, CutShort, TakenOver or Unmet."""

    lab: Lab
    observation: Observation
    journal: Writes
    held: Held

    def for_replication(self, scenario: Scenario) -> None:
        """Given up when it has been under way and is no more, such as after a stop by another person."""
        began = self.lab.clock.monotonic()
        over: ScenarioTest = ended(lambda scenario: not _at_rest(scenario))
        self.for_state(
            scenario,
            ScenarioState.RUNNING,
            LongWait.SYNCHRONIZATION,
            lost=lambda scenario: (
                over(scenario) or (_at_rest(scenario) and self.lab.clock.monotonic() - began >= BEGINS_WITHIN)
            ),
        )

    def for_guest(self, guest: Guest, lost: MachineTest = lambda _: False) -> None:
        """Given up also when it has run and runs no more, such as after a shutdown by another person."""
        ran: MachineTest = ended(lambda machine: machine is not None and machine.running)
        self.on(
            guest,
            lambda machine: machine is not None and machine.healthy,
            sentence("restoration.guest_running", host=guest.host),
            LongWait.SWITCHOVER,
            lost=lambda machine: (ran(machine) and (machine is None or machine.at_rest)) or lost(machine),
        )

    def for_state(self, scenario: Scenario, state: ScenarioState, within: LongWait, *, lost: ScenarioTest) -> None:
        self.on(
            scenario,
            lambda scenario: scenario is not None and scenario.state is state,
            sentence("steps.scenario.in_state", state=scenario_state(state)),
            within,
            lost=lost,
        )

    def on(
        self,
        noun: Observed[T],
        holds: Callable[[T], bool],
        expected: Told,
        within: Within,
        *,
        lost: Callable[[T], bool] = lambda _: False,
    ) -> None:
        self.until(noun.now, holds, expected=expected, seen=noun.told, within=within, lost=lost, asked=noun.asked)

    def until(
        self,
        look: Callable[[], T],
        holds: Callable[[T], bool],
        *,
        expected: Told,
        seen: Callable[[T], Told],
        within: Within,
        lost: Callable[[T], bool] = lambda _: False,
        asked: bool = False,
    ) -> T:
        """An observation that tells every 30 s what it waits for, and that a second request to stop ends.

        It also ends at once when a look shows that it has been `lost`.
        """
        clock = self.lab.clock
        limit = self.observation.limits.resolve(within).total_seconds()
        began = told = clock.monotonic()
        doing = self.held.under_way or UnderWay("", ())
        doing.waits_for = expected

        def watched() -> T:
            nonlocal told
            if self.held.asked_again:
                raise CutShort
            if self.lab.safety.lease is not None and self.lab.safety.lease.lost:
                raise TakenOver(sentence("errors.lease.taken_over", lease=self.lab.safety.lease.lost))
            now = clock.monotonic()
            doing.left_s, doing.seen = round(max(0.0, began + limit - now)), time.monotonic()
            if now - told >= TELL_EVERY:
                told, doing.told = now, time.monotonic()
                left = timedelta(seconds=doing.left_s)
                self.journal.write(RestoreWaiting(act=doing.act, condition=doing.waits_for, left=left))
            found = look()
            if not holds(found) and lost(found):
                raise Overtaken(sentence("restoration.overtaken", expected=expected, seen=seen(found)))
            return found

        try:
            return self.observation.until(
                watched, holds, expected=expected, seen=seen, within=within, every=BETWEEN_LOOKS, asked=asked
            )
        finally:
            doing.waits_for = None


def _at_rest(scenario: ReplicationScenario | None) -> bool:
    return scenario is None or scenario.at_rest


def ended(held: Callable[[T], bool]) -> Callable[[T], bool]:
    """Of looks in a row: whether what held at one of them holds no more."""
    before = False

    def ended(seen: T) -> bool:
        nonlocal before
        now = held(seen)
        over, before = before and not now, before or now
        return over

    return ended


@contextmanager
def telling(held: Held, tell: Callable[[UnderWay], None]) -> Iterator[None]:
    """Calls `tell`, from a thread of its own, whenever nothing was told of what is under way for 30 s of the wall."""
    over = threading.Event()

    def watch() -> None:
        while not over.wait(TELL_EVERY / 60):
            doing = held.under_way
            if doing is not None and time.monotonic() - doing.told >= TELL_EVERY:
                doing.told = time.monotonic()
                tell(doing)

    thread = threading.Thread(target=watch, name="telling", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
