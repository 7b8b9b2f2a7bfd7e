"""The replica integrity test of Assured Recovery (guide 6-1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drills.nouns.guest import Guest
from drills.nouns.scenario import Scenario
from drills.observation import handed_on
from drills.wording import Text
from lab.errors import NotStarted, Refused
from lab.model.garoon import Marker
from lab.model.replication import Synchronization
from words import sentence

if TYPE_CHECKING:
    from lab.opening import Rha

READY = "レプリカ<レプリカホスト名>は、手動 HyperV 整合性テストの準備が整っています"
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
        self._figures: Synchronization | None = None
        self.own_name = ""
        self.entry: Marker | None = None
        self.meanwhile: Marker | None = None

    @property
    def under_way(self) -> bool:
        return self._context.course.test_under_way

    def start(self, *, manual: bool) -> None:
        self._scenario.event_view.count_anew()
        self._booted_s = self._booted()
        self._figures = self._scenario.synchronization()
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
            expected=Text("up since before the test", "テスト開始前から稼働し続けていること"),
            seen=Text(f"restarted {late:.0f} s later than before", f"{late:.0f} 秒後に再起動されている"),
        )

    def expect_not_resynchronised(self) -> None:
        before = handed_on(self._figures, sentence("errors.drill.no_figures"))
        now, told = self._scenario.synchronization(), _figures_text(before)
        self._context.observation.expect(
            now == before,
            expected=Text(f"the figures from before: {told.en}", f"テスト前と同じ統計: {told.ja}"),
            seen=_figures_text(now),
        )

    def _booted(self) -> float:
        """When the master's guest started, on the monotonic clock."""
        machine = self._master_guest.now()
        return self._context.clock.monotonic() - machine.uptime_seconds if machine else 0.0


def _figures_text(figures: Synchronization | None) -> Text:
    if figures is None:
        return Text("no synchronisation", "同期は行われていない")
    began = f"{figures.started:%H:%M:%S}" if figures.started else "?"
    return Text(
        f"{figures.blocks_compared} blocks compared, {figures.blocks_copied} copied, begun at {began}",
        f"比較 {figures.blocks_compared} ブロック、コピー {figures.blocks_copied} ブロック、開始 {began}",
    )
