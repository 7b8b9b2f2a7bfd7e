"""A host that is taken down on purpose: prepared by host maintenance (guide 6-2), or just rebooted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from drills.course import Preparation, Reboot
from drills.nouns.event_view import EventView
from drills.nouns.host import Hosts
from drills.nouns.observed import Context
from drills.observation import handed_on
from drills.vendor import MAINTENANCE_COMPLETED, REBOOT_READY
from drills.wording import loose, says
from lab.errors import ConnectionLost, NotStarted, Refused
from lab.model.hosts import HostFacts, HostRole
from lab.model.limits import Within
from lab.model.replication import Synchronization
from words import Told, sentence

if TYPE_CHECKING:
    from lab.opening import Rha


class Maintenance:
    """Host maintenance and reboots of either host; the figures and facts before them are kept for later judgements."""

    def __init__(self, rha: Rha, hosts: Hosts, event_view: EventView, context: Context) -> None:
        self._rha = rha
        self._hosts = hosts
        self._event_view = event_view
        self._context = context
        self._course = context.course

    @property
    def begun(self) -> Preparation:
        self._context.observation.take_up("maintenance")
        return handed_on(self._course.maintenance, sentence("errors.drill.no_maintenance"))

    def has_begun(self, role: HostRole) -> bool:
        self._context.observation.take_up("maintenance")
        return self._course.maintenance is not None and self._course.maintenance.role is role

    def covered(self, role: HostRole) -> tuple[str, ...]:
        """The scenarios that would be prepared."""
        return tuple(scenario.name for scenario in self._rha.maintenance.covered(self._hosts[role].name))

    def begin(self, role: HostRole) -> None:
        figures, facts = self._before(role)
        self._event_view.count_anew()
        preparation = Preparation(role, figures, facts, began_s=self._context.clock.monotonic())
        self._course.maintenance = preparation
        try:
            preparation.confirmation = self._rha.maintenance.prepare_reboot(self._hosts[role].name)
        except (NotStarted, Refused):
            self._course.maintenance = None  # whatever else goes wrong, it may have begun
            raise
        self._context.observation.leave("maintenance")

    def await_message(self, message: str, within: Within) -> None:
        """For every prepared scenario."""
        begun = self.begun
        self._event_view.await_messages(
            lambda events: set(begun.figures) <= {each.source for each in events if says(each.message, message)},
            sentence("steps.events.event_of_each", message=message, scenarios=tuple(begun.figures)),
            within,
        )
        begun.ready = begun.ready or loose(message) == loose(REBOOT_READY)
        begun.completed = begun.completed or loose(message) == loose(MAINTENANCE_COMPLETED)
        self._context.observation.leave("maintenance")

    def expect_not_resynchronised(self) -> None:
        for name, before in self.begun.figures.items():
            now = self._rha.statistics.synchronization(name)
            expected, seen = figures_text(name, before), figures_text(name, now)
            self._context.observation.expect(now == before, expected=expected, seen=seen)

    def reboot(self, role: HostRole) -> None:
        self._course.reboot = Reboot(role, *self._before(role))
        self._context.observation.leave("reboot_figures")
        try:
            self._hosts[role].reboot()
        except ConnectionLost:
            return  # the host was quicker than its answer; its boot time tells
        except (NotStarted, Refused):
            self._course.reboot = None
            raise

    def await_reboot(self, role: HostRole, within: Within) -> None:
        reboot = self._rebooted(role)
        self._hosts[role].await_reboot(reboot.before, within)
        reboot.over = True

    def await_resynchronised(self, role: HostRole, within: Within) -> None:
        self._context.observation.take_up("reboot_figures")
        for name, before in self._rebooted(role).figures.items():
            self._context.observation.until(
                lambda name=name: self._rha.statistics.synchronization(name),  # type: ignore[misc]
                lambda now, before=before: anew(before, now),  # type: ignore[misc]
                expected=sentence("steps.synchronization.again", name=name),
                seen=lambda now, name=name: figures_text(name, now),  # type: ignore[misc]
                within=within,
                every=timedelta(seconds=15),
                asked=True,
            )

    def _before(self, role: HostRole) -> tuple[Mapping[str, Synchronization | None], HostFacts]:
        host = self._hosts[role]
        host.refuse_to_strand_guests()
        return {name: self._rha.statistics.synchronization(name) for name in self.covered(role)}, host.facts()

    def _rebooted(self, role: HostRole) -> Reboot:
        reboot = handed_on(self._course.reboot, sentence("errors.drill.no_reboot"))
        assert reboot.role is role, "the host that was rebooted"
        return reboot


def anew(before: Synchronization | None, now: Synchronization | None) -> bool:
    """A later synchronisation than `before`, that has compared blocks and is over."""
    return (
        now is not None
        and (before is None or now.started != before.started)
        and now.blocks_compared > 0
        and now.ended is not None
    )


def figures_text(name: str, figures: Synchronization | None) -> Told:
    if figures is None:
        return sentence("steps.synchronization.none_of_scenario", name=name)
    began = f"{figures.started:%Y-%m-%d %H:%M:%S}" if figures.started else "—"
    ended = f"{figures.ended:%Y-%m-%d %H:%M:%S}" if figures.ended else "—"
    return sentence(
        "steps.synchronization.of_scenario",
        name=name,
        blocks_compared=figures.blocks_compared,
        began=began,
        ended=ended,
    )
