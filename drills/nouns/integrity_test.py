"""The replica integrity test of Assured Recovery (guide 6-1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drills.nouns.guest import Guest
from drills.nouns.scenario import Scenario
from lab.errors import NotStarted, Refused
from lab.model.garoon import Marker
from words import sentence

if TYPE_CHECKING:
    from lab.opening import Rha

SETTLING_S = 5
"""Seconds by which two readings of an uptime may be apart."""


class IntegrityTest:
    """The drill's own test.

    `own_name` is the test guest's; `entry` was entered there, and `meanwhile` on the master while the test went on.
    """

    def __init__(self, rha: Rha, scenario: Scenario, master_guest: Guest) -> None:
        self._rha = rha
        self._scenario = scenario
        self._master_guest = master_guest
        self._context = scenario.context
        self._booted_s = 0.0
        self.own_name = ""
        self.entry: Marker | None = None
        self.meanwhile: Marker | None = None

    @property
    def under_way(self) -> bool:
        return self._context.course.test_under_way

    def start(self, *, manual: bool) -> None:
        self._scenario.event_view.count_anew()
        self._booted_s = self._booted()
        self._scenario.note_synchronization()
        self._context.course.test_under_way = True
        try:
            self.send_start(manual=manual)
        except (NotStarted, Refused):
            self._context.course.test_under_way = False  # whatever else goes wrong, it may have begun
            raise

    def send_start(self, *, manual: bool = True) -> None:
        """The bare command."""
        self._rha.assured_recovery.start(self._scenario.name, manual=manual)

    def stop(self) -> None:
        self._scenario.event_view.count_anew()
        self._rha.assured_recovery.stop(self._scenario.name)

    def note_end(self) -> None:
        self._context.course.test_under_way = False

    def expect_master_not_restarted(self) -> None:
        late = self._booted() - self._booted_s
        self._context.observation.expect(
            late <= SETTLING_S,
            expected=sentence("steps.guest.up_since_test"),
            seen=sentence("steps.guest.restarted", late=f"{late:.0f}"),
        )

    def _booted(self) -> float:
        """When the master's guest started, on the monotonic clock."""
        machine = self._master_guest.now()
        return self._context.clock.monotonic() - machine.uptime_seconds if machine else 0.0
