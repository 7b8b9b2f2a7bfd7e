"""Mutations of the Is Alive checks, and of the notification that follows from them (guide 1-3, 3 and 4-2)."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage

from lab.model.notification import Notification
from lab.model.replication import Initiation, RhaEvent
from lab.simulator.hosts.host import Registration
from lab.simulator.mutations.declaration import mutation
from lab.simulator.rha.events import Notifier
from lab.simulator.rha.watching import Trouble, Watch


@mutation("4-2.B1")
class HostNotWatched(Watch):
    """A management OS that stops responding does not start a countdown."""

    def _trouble(self) -> Trouble | None:
        trouble = super()._trouble()
        return None if trouble is Trouble.MANAGEMENT_OS else trouble


@mutation("1-3.B1")
class HypervServiceNotWatched(Watch):
    """A stopped Hyper-V service does not start a countdown."""

    def _trouble(self) -> Trouble | None:
        trouble = super()._trouble()
        return None if trouble is Trouble.HYPERV_SERVICE else trouble


@mutation("1-3.B1")
class GuestOsNotWatched(Watch):
    """A running guest counts as healthy even if its operating system does not respond."""

    def _answers(self, registration: Registration) -> bool:
        return registration.running


@mutation("4-2.B1")
class CountdownCutShort(Watch):
    """The countdown lasts one heartbeat instead of its timeout."""

    def _timeout(self) -> timedelta:
        return self._world.settings.heartbeat_interval


@mutation("4-2.B2")
class GuestNotStartedAgain(Watch):
    """RHA does not try to start a stopped guest on the master."""

    def _try_to_start_guests(self) -> None:
        pass


@mutation("4-2.B2")
class SwitchoverNotCalledOff(Watch):
    """The countdown continues although the guest has been started on the master."""

    def _call_off(self) -> None:
        if self._expired:
            super()._call_off()
        else:
            self._count()


@mutation("4-2.B3")
class DeadGuestStays(Watch):
    """A guest that cannot be started on the master is not switched over."""

    def _expire(self) -> None:
        if self._trouble() is Trouble.GUEST:
            self._expired = True
        else:
            super()._expire()


@mutation("4-2.B4")
class NoAttemptWhenManual(Watch):
    """With manual switchover RHA does not try to start a stopped guest."""

    def _try_to_start_guests(self) -> None:
        if self._record.plan.switchover is Initiation.AUTOMATIC:
            super()._try_to_start_guests()


@mutation("4-2.B4")
class ManualSaysNothing(Watch):
    """With manual switchover the end of the countdown is not reported."""

    def _call_operator(self) -> None:
        pass


@mutation("4-2.B4")
class ManualSwitchesOver(Watch):
    """With manual switchover the end of the countdown switches over."""

    def _switches_over_by_itself(self) -> bool:
        return super()._switches_over_by_itself() or not self._line_is_cut()


@mutation("3.N11")
class CutLineSwitchesOver(Watch):
    """A link failure switches over although switchover is manual."""

    def _switches_over_by_itself(self) -> bool:
        return super()._switches_over_by_itself() or self._line_is_cut()


@mutation("4-2.B5")
class NoMail(Notifier):
    """The notification sends no mail."""

    def _post(self, notification: Notification, mail: EmailMessage) -> None:
        pass


@mutation("4-2.B5")
class NoEventLogEntry(Notifier):
    """The notification writes nothing into the event log of the management OS."""

    def _log(self, event: RhaEvent) -> None:
        pass
