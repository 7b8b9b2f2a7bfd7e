"""A switchover because of a fault (guide 4-2): the host that is left may be gone, and with it what had not arrived."""

from __future__ import annotations

from lab.model.machines import PowerState
from lab.simulator.hosts.host import Registration
from lab.simulator.rha.switchover import Stage, Switchover
from lab.simulator.transitions import HyperVRefusal


class Failover(Switchover):
    """From an active host that does not answer, or whose guests do not.

    While the two engines reach each other, what is left in the spool is applied, and the engine there ends the guests,
    so that none runs twice; no source says how the product does that, least of all while Hyper-V's service is stopped.
    Without that line the changes that had not arrived stay behind, and whoever runs there goes on running.
    """

    def begin(self) -> None:
        if self._replication.linked:
            for guest in self._record.plan.guests:
                self._end_guest(guest)
            self._drain()
        else:
            self._phase = Stage.DRAINING
            self._replication.stop()
            self._drained()

    def _end_guest(self, guest: str) -> None:
        registration = self._left.registrations.get(guest)
        if registration is not None and registration.state is not PowerState.OFF:
            self._world.halt(registration)

    def _leaving(self) -> tuple[Registration, ...]:
        """As the Control Service knows them; the host itself is not asked."""
        found = [self._left.registrations.get(guest) for guest in self._record.plan.guests]
        if any(registration is None for registration in found):
            raise HyperVRefusal(f"{self._left.name} の仮想マシンの構成が不明です。")
        return tuple(registration for registration in found if registration is not None)
