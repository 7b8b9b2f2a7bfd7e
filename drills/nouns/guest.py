"""Garoon's virtual machine on one host: where it is registered, and in what state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from drills.nouns.observed import Context, Observed
from drills.wording import machine_text, power_state
from lab.model.hosts import HostRole
from lab.model.limits import LongWait, Within, at_least
from lab.model.machines import PowerState, StopMode, VirtualMachine
from words import Told, sentence

if TYPE_CHECKING:
    from lab.opening import LabHost

POWER_LIMIT = at_least(10, LongWait.SWITCHOVER)


class Guest(Observed[VirtualMachine | None]):
    """The virtual machine on one host, which need not have it registered."""

    def __init__(self, host: LabHost, context: Context) -> None:
        super().__init__(context)
        self.name = context.subject.guest
        self.host = host.hyperv.host
        self._hyperv = host.hyperv
        self._services = host.guests
        self._channel = host.guest_channel

    def now(self) -> VirtualMachine | None:
        return self._hyperv.machine(self.name)

    def told(self, seen: VirtualMachine | None) -> Told:
        return machine_text(seen, self.host)

    def expect_state(self, state: PowerState) -> None:
        """A running machine must also have a heartbeat: to users a guest that hangs is not running."""
        self.expect(lambda machine: _is(machine, state), self._in(state))

    def await_state(self, state: PowerState, within: Within = POWER_LIMIT) -> None:
        self.until(lambda machine: _is(machine, state), self._in(state), within)

    def expect_unregistered(self) -> None:
        """As soon as the scenario starts (guide 5-1, step 3), so it is not waited for."""
        self.expect(lambda machine: machine is None, self._unregistered())

    def await_unregistered(self, within: Within) -> None:
        self.until(lambda machine: machine is None, self._unregistered(), within)

    def expect_not_running(self) -> None:
        self.expect(
            lambda machine: machine is None or not machine.running,
            sentence("steps.guest.not_running", name=self.name, host=self.host),
        )

    @property
    def healthy(self) -> bool:
        """By a look: running, with a heartbeat."""
        return _is(self.now(), PowerState.RUNNING)

    def start(self) -> None:
        self._hyperv.start(self.name)

    def stop(self, mode: StopMode) -> None:
        self._hyperv.stop(self.name, mode)

    def log_on(self) -> str:
        """Logs on through the host; returns the computer name found there."""
        return self._channel().computer_name()

    def computer_name(self) -> str:
        """As the guest itself reports it; empty where it does not."""
        return self._services.computer_name(self.name) or ""

    def _in(self, state: PowerState) -> Told:
        return sentence("steps.guest.in_state", name=self.name, state=power_state(state), host=self.host)

    def _unregistered(self) -> Told:
        return sentence("steps.guest.unregistered", name=self.name, host=self.host)


Guests = Mapping[HostRole, Guest]


def _is(machine: VirtualMachine | None, state: PowerState) -> bool:
    return machine is not None and (machine.healthy if state is PowerState.RUNNING else machine.state is state)
