"""Mutations of the replica integrity test of Assured Recovery (guide 6-1)."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from lab.model.machines import SwitchType
from lab.model.replication import ScenarioState, SynchronizationMethod
from lab.simulator.mutations.declaration import mutation
from lab.simulator.rha.assured_recovery import IntegrityTest
from lab.simulator.rha.control_service import ControlService
from lab.simulator.rha.scenarios import ScenarioRecord

OFFLINE = timedelta(seconds=30)


@mutation("6-1.B1")
class IntegrityTestShutsDownMaster(IntegrityTest):
    """A replica integrity test shuts down the guest on the master host."""

    def _start_copies(self, network: str) -> None:
        for guest in self._record.plan.guests:
            self._hyperv.shut_down(guest, self._record.active.name)
        super()._start_copies(network)


@mutation("6-1.B1")
class IntegrityTestTakesMasterOffline(IntegrityTest):
    """While a replica integrity test starts, the guest on the master host is off its network for half a minute."""

    def _start_copies(self, network: str) -> None:
        host = self._record.active.name
        for guest in self._record.plan.guests:
            for adapter in self._hyperv.registration(guest, host).adapters:
                back = partial(self._hyperv.connect, guest, host, adapter.name, adapter.switch)
                self._hyperv.connect(guest, host, adapter.name, "")
                self._world.later(OFFLINE, back)
        super()._start_copies(network)


@mutation("6-1.S1-S2")
class ManualChoiceIgnored(ControlService):
    """A manual replica integrity test is run as an automatic one."""

    def start_integrity_test(self, name: str, *, manual: bool) -> None:  # noqa: ARG002  # ignored
        super().start_integrity_test(name, manual=False)


@mutation("6-1.S3")
class ReadyNotAnnounced(IntegrityTest):
    """The event for the readiness of the manual test never appears."""

    def _call_operator(self) -> None:
        pass


@mutation("6-1.S4")
class TestOnProductionNetwork(IntegrityTest):
    """The test guest is connected to the production network."""

    network_type = SwitchType.EXTERNAL


@mutation("6-1.S6")
class TestCopyWriteProtected(IntegrityTest):
    """The disk of the test guest is write-protected."""

    def _start_copy(self, guest: str, network: str) -> None:
        super()._start_copy(guest, network)
        self._host.registrations[guest].write_protected = True


@mutation("6-1.S7-S8")
class TestStopIgnored(IntegrityTest):
    """The first request to stop a replica integrity test has no effect."""

    _asked_before = False

    def stop(self, *, then: Callable[[], None] | None = None) -> None:
        if self._asked_before:
            super().stop(then=then)
        else:
            self._asked_before = True
            self._then = then or self._then


@mutation("6-1.S9")
class ResumptionNotAnnounced(ControlService):
    """The event for the resumption of replication never appears."""

    def _report_resumption(self, record: ScenarioRecord) -> None:
        pass


@mutation("6-1.B2")
class TestChangesKept(IntegrityTest):
    """Changes made in the test guest are kept in the copy on the replica."""

    def _forget(self, guest: str) -> None:
        shutil.copytree(self._overlay(guest), self._host.disk_folder(guest), dirs_exist_ok=True)
        super()._forget(guest)


@mutation("6-1.B2")
class WaitingChangesLost(IntegrityTest):
    """Changes of the master that were pending during the test are lost."""

    def _resume(self) -> None:
        self._replication.discard_waiting()
        super()._resume()


@mutation("6-1.B2")
class TestResynchronises(ControlService):
    """A replica integrity test is followed by a resynchronisation."""

    def _tested(self, record: ScenarioRecord, reason: str) -> None:
        super()._tested(record, reason)
        if record.replication is not None:
            record.replication.stop()
            record.state = ScenarioState.SYNCHRONIZING
            self._replicate(record, SynchronizationMethod.BLOCK)
