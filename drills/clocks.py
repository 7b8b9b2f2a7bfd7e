"""How far the clocks of the hosts are from the harness's: asked for by the way, noted, and said where it matters."""

from __future__ import annotations

from datetime import datetime, timedelta

from drills.observation import Observation, Writes
from journal.measured import ClockCompared
from journal.seen import Phase
from lab.model.clocks import ClockOffset, offset_of
from lab.model.hosts import HostFacts
from lab.ports import Clock, Windows
from words import Told, sentence


class HostClocks:
    """Compares on whatever occasion a host is asked what it says of itself."""

    def __init__(self, clock: Clock, journal: Writes, observation: Observation) -> None:
        self._clock = clock
        self._journal = journal
        self._observation = observation

    def ask(self, host: str, windows: Windows, moment: Phase) -> HostFacts:
        """The answer takes its time on the monotonic clock: the wall's may be set meanwhile."""
        asked, began = self._clock.now(), self._clock.monotonic()
        facts = windows.facts()
        took = timedelta(seconds=self._clock.monotonic() - began)
        found = offset_of(datetime.fromisoformat(facts.clock), asked=asked, took=took)
        self._journal.write(
            ClockCompared(
                host=host,
                moment=moment,
                offset=found.offset if found.comparable else None,
                within=found.within,
                said=facts.clock,
            )
        )
        if not found.comparable:
            self._observation.note(_incomparable(host, facts.clock))
        elif found.noteworthy:
            self._observation.note(_noteworthy(host, found))
        return facts


def _incomparable(host: str, said: str) -> Told:
    return sentence("measuring.clock_incomparable", host=host, said=said)


def _noteworthy(host: str, found: ClockOffset) -> Told:
    key = "measuring.clock_ahead" if found.offset > timedelta() else "measuring.clock_behind"
    return sentence(key, host=host, offset=abs(found.offset), within=f"{found.within.total_seconds():.1f}")
