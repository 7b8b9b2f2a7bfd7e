"""What is wrong with the Is Alive checks and with what follows from them (guide 1-3, 3 and 4-2)."""

from __future__ import annotations

from datetime import timedelta

from lab.model.replication import Initiation
from lab.simulator.hosts.host import Registration
from lab.simulator.mutations.declaration import mutation
from lab.simulator.rha.watching import Trouble, Watch


@mutation(
    "host-not-watched",
    "A management OS that stops responding does not start a countdown.",
    "4-2.B1",
)
class HostNotWatched(Watch):
    def _trouble(self) -> Trouble | None:
        trouble = super()._trouble()
        return None if trouble is Trouble.MANAGEMENT_OS else trouble


@mutation(
    "hyperv-service-not-watched",
    "A stopped Hyper-V service does not start a countdown.",
    "1-3.B1",
)
class HypervServiceNotWatched(Watch):
    def _trouble(self) -> Trouble | None:
        trouble = super()._trouble()
        return None if trouble is Trouble.HYPERV_SERVICE else trouble


@mutation(
    "guest-os-not-watched",
    "A running guest counts as healthy even if its operating system does not respond.",
    "1-3.B1",
)
class GuestOsNotWatched(Watch):
    def _answers(self, registration: Registration) -> bool:
        return registration.running


@mutation(
    "countdown-cut-short",
    "The countdown lasts one heartbeat instead of its timeout.",
    "4-2.B1",
)
class CountdownCutShort(Watch):
    def _timeout(self) -> timedelta:
        return self._world.settings.heartbeat_interval


@mutation(
    "guest-not-started-again",
    "RHA does not try to start a stopped guest on the master.",
    "4-2.B2",
)
class GuestNotStartedAgain(Watch):
    def _try_to_start_guests(self) -> None:
        pass


@mutation(
    "switchover-not-called-off",
    "The countdown continues although the guest has been started on the master.",
    "4-2.B2",
)
class SwitchoverNotCalledOff(Watch):
    def _call_off(self) -> None:
        if self._expired:
            super()._call_off()
        else:
            self._count()


@mutation(
    "dead-guest-stays",
    "A guest that cannot be started on the master is not switched over.",
    "4-2.B3",
)
class DeadGuestStays(Watch):
    def _expire(self) -> None:
        if self._trouble() is Trouble.GUEST:
            self._expired = True
        else:
            super()._expire()


@mutation(
    "no-attempt-when-manual",
    "With manual switchover RHA does not try to start a stopped guest.",
    "4-2.B4",
)
class NoAttemptWhenManual(Watch):
    def _try_to_start_guests(self) -> None:
        if self._record.plan.switchover is Initiation.AUTOMATIC:
            super()._try_to_start_guests()


@mutation(
    "manual-says-nothing",
    "With manual switchover the end of the countdown is not reported.",
    "4-2.B4",
)
class ManualSaysNothing(Watch):
    def _call_operator(self) -> None:
        pass


@mutation(
    "manual-switches-over",
    "With manual switchover the end of the countdown switches over.",
    "4-2.B4",
)
class ManualSwitchesOver(Watch):
    def _switches_over_by_itself(self) -> bool:
        return super()._switches_over_by_itself() or not self._line_is_cut()


@mutation(
    "cut-line-switches-over",
    "A link failure switches over although switchover is manual.",
    "3.N11",
)
class CutLineSwitchesOver(Watch):
    def _switches_over_by_itself(self) -> bool:
        return super()._switches_over_by_itself() or self._line_is_cut()
