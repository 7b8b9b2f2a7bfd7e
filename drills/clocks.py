"""How far the clocks of the hosts are from the harness's: asked for by the way, noted, and said where it matters."""

from __future__ import annotations

from datetime import datetime, timedelta

from drills.observation import Observation, Writes
from drills.wording import Text
from journal.measured import ClockCompared
from journal.seen import Phase
from lab.model.clocks import ClockOffset, offset_of
from lab.model.hosts import HostFacts
from lab.ports import Clock, Windows


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


def _incomparable(host: str, said: str) -> Text:
    return Text(
        f"The clock of {host} says {said}, too far from the harness's for its times to be compared.",
        f"{host} の時計は {said} を示しており、Kunren を実行しているマシンとの差が大きすぎるため比較できない。",
    )


def _noteworthy(host: str, found: ClockOffset) -> Text:
    seconds, within = abs(found.offset).total_seconds(), found.within.total_seconds()
    ahead = found.offset > timedelta()
    return Text(
        f"The clock of {host} is {seconds:.1f} s {'ahead of' if ahead else 'behind'} the harness's, "
        f"give or take {within:.1f} s.",
        f"{host} の時計は、Kunren を実行しているマシンより {seconds:.1f} 秒{'進んでいる' if ahead else '遅れている'}"
        f"（誤差 ±{within:.1f} 秒）。",
    )
