"""Recorders between the steps and the lab: what was asked of Garoon and of the hosts goes into the journal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from lab.errors import LabError
from lab.evidence import EvidenceStore, Moment
from lab.model.activities import NO_SUCH_ENTRY
from lab.model.calls import CallRecord
from lab.model.garoon import Capture, Marker
from lab.model.hosts import HostRole
from lab.model.machines import StopMode, VirtualMachine, VirtualSwitch
from lab.model.replication import ReplicationScenario, RhaEvent, SynchronizationMethod
from lab.model.subject import Subject
from lab.ports import Clock, Garoon, GaroonEntries, HyperV, Replication
from steps.course import Course
from steps.observation import Writes

if TYPE_CHECKING:  # the steps are known before a lab is opened, and its drivers take time to load
    from lab.opening import Lab

T = TypeVar("T")


class Named(Protocol):
    @property
    def name(self) -> str: ...


N = TypeVar("N", bound=Named)


class RecordedEntries:
    """A `GaroonEntries` that notes every act before it hands on its result."""

    def __init__(self, garoon: GaroonEntries, by: str, url: str, journal: Writes) -> None:
        self._garoon = garoon
        self._by = by
        self._url = url
        self._journal = journal

    def log_in(self) -> None:
        self._noted("log in", "", self._garoon.log_in)

    def write_marker(self, title: str) -> Marker:
        return self._noted("write", title, lambda: self._garoon.write_marker(title))

    def find_marker(self, marker: Marker) -> str | None:
        return self._noted("find", marker.title, lambda: self._garoon.find_marker(marker), missing=NO_SUCH_ENTRY)

    def remove_marker(self, marker: Marker) -> None:
        self._noted("remove", marker.title, lambda: self._garoon.remove_marker(marker))

    def close(self) -> None:
        self._garoon.close()

    def _noted(self, act: str, detail: str, do: Callable[[], T], *, missing: str = "ok") -> T:
        """`missing` is what a result of None means."""
        try:
            result = do()
        except LabError as error:
            self._journal.write("garoon", act=act, by=self._by, url=self._url, detail=detail, outcome=str(error))
            raise
        outcome = missing if result is None else "ok"
        self._journal.write("garoon", act=act, by=self._by, url=self._url, detail=detail, outcome=outcome)
        return result


class RecordedGaroon(RecordedEntries):
    """The same of a `Garoon`."""

    def __init__(self, garoon: Garoon, by: str, url: str, journal: Writes) -> None:
        super().__init__(garoon, by, url, journal)
        self._seen = garoon

    def capture(self) -> Capture:
        """A picture that could not be taken, or not of the whole page, is noted and costs nothing else."""
        capture = self._seen.capture()
        if capture.trouble:
            self._journal.write(
                "garoon", act="capture", by=self._by, url=self._url, detail=capture.url, outcome=capture.trouble
            )
        return capture


def recorded(lab: Lab, subject: Subject, journal: Writes) -> Lab:
    """The lab with its Hyper-V hosts and its Control Service noting what they were understood to answer."""
    control = next(
        (subject.host(role) for role in HostRole if lab.rha_services.control in lab.services[role]), subject.replica
    )
    looks = Looks(lab.clock, journal)
    return replace(
        lab,
        hyperv={role: RecordedHyperV(hyperv, subject.guest, looks) for role, hyperv in lab.hyperv.items()},
        replication=RecordedReplication(lab.replication, control, subject.scenario, looks),
        restoring=RecordedReplication(lab.restoring, control, subject.scenario, looks),
    )


class Looks:
    """Asks, and notes what was understood with how long the answer took; a question without an answer notes nothing."""

    def __init__(self, clock: Clock, journal: Writes) -> None:
        self._clock = clock
        self._journal = journal

    def take(self, what: str, look: Callable[[], T], understood: Callable[[T], Mapping[str, Any] | None]) -> T:
        began = self._clock.now()
        answer = look()
        facts = understood(answer)
        if facts is not None:
            self._journal.write(what, **facts, took_s=self._since(began))
        return answer

    def _since(self, began: datetime) -> float:
        return round((self._clock.now() - began).total_seconds(), 3)


class RecordedHyperV:
    """A `HyperV` that notes what its host was understood to say of a guest: of `guest` where it was asked for all."""

    def __init__(self, hyperv: HyperV, guest: str, looks: Looks) -> None:
        self._hyperv = hyperv
        self._guest = guest
        self._looks = looks

    @property
    def host(self) -> str:
        return self._hyperv.host

    def machines(self) -> tuple[VirtualMachine, ...]:
        return self._looks.take("guest", self._hyperv.machines, lambda found: self._of_all(self._guest, found))

    def machine(self, name: str) -> VirtualMachine | None:
        return self._looks.take("guest", lambda: self._hyperv.machine(name), lambda found: self._facts(name, found))

    def start(self, name: str) -> None:
        self._hyperv.start(name)

    def stop(self, name: str, mode: StopMode) -> None:
        self._hyperv.stop(name, mode)

    def switches(self) -> tuple[VirtualSwitch, ...]:
        return self._hyperv.switches()

    def _of_all(self, name: str, machines: Iterable[VirtualMachine]) -> Mapping[str, Any] | None:
        told, machine = _only(name, machines)
        return self._facts(name, machine) if told else None

    def _facts(self, name: str, machine: VirtualMachine | None) -> Mapping[str, Any]:
        return {
            "host": self.host,
            "guest": name,
            "registered": machine is not None,
            "state": machine.state.value if machine else None,
            "heartbeat": machine.heartbeat.value if machine else None,
            "networks": [adapter.switch for adapter in machine.adapters] if machine else [],
        }


class RecordedReplication:
    """A `Replication` that notes what it was understood to say of a scenario: of `subject` where asked for all.

    `host` is the Control Service's.
    """

    def __init__(self, replication: Replication, host: str, subject: str, looks: Looks) -> None:
        self._replication = replication
        self._host = host
        self._subject = subject
        self._looks = looks

    def scenarios(self) -> tuple[ReplicationScenario, ...]:
        return self._looks.take("scenario", self._replication.scenarios, self._of_all)

    def scenario(self, name: str) -> ReplicationScenario | None:
        return self._looks.take(
            "scenario", lambda: self._replication.scenario(name), lambda found: self._facts(name, found)
        )

    def run(self, name: str, method: SynchronizationMethod) -> None:
        self._replication.run(name, method)

    def stop(self, name: str) -> None:
        self._replication.stop(name)

    def switch_over(self, name: str, *, run_reverse: bool) -> None:
        self._replication.switch_over(name, run_reverse=run_reverse)

    def events(self, after: int) -> tuple[RhaEvent, ...]:
        return self._replication.events(after)

    def _of_all(self, scenarios: Iterable[ReplicationScenario]) -> Mapping[str, Any] | None:
        told, scenario = _only(self._subject, scenarios)
        return self._facts(self._subject, scenario) if told else None

    def _facts(self, name: str, scenario: ReplicationScenario | None) -> Mapping[str, Any]:
        return {
            "host": self._host,
            "name": name,
            "found": scenario is not None,
            "state": scenario.state.value if scenario else None,
            "direction": scenario.direction.value if scenario else None,
        }


def _only(name: str, among: Iterable[N]) -> tuple[bool, N | None]:
    """The one of that name, or that there is none; of two of one name nothing can be told."""
    found = [each for each in among if each.name == name]
    return len(found) <= 1, found[0] if found else None


class Album:
    """Keeps pictures as evidence, told apart by whether the switchover had been commanded or a test was under way."""

    def __init__(self, evidence: EvidenceStore, course: Course) -> None:
        self._evidence = evidence
        self._course = course

    def keep(self, capture: Capture, caption: str) -> None:
        during: Moment = "during" if self._course.integrity_test.under_way else "before"
        moment: Moment = "after" if self._course.switched_over else during
        if not capture.png:
            return
        self._evidence.picture(capture.png, caption=caption, moment=moment, address=capture.url)


class NotedCalls:
    """Is told of every script call and notes it; counts those that were to change something, however they ended."""

    def __init__(self, journal: Writes) -> None:
        self._journal = journal
        self.actions = 0

    def called(self, record: CallRecord) -> None:
        self.actions += record.call.changes
        self._journal.write(
            "call",
            host=record.host,
            script=record.call.script,
            script_sha256=record.script_sha256,
            arguments=record.call.arguments,
            changes=record.call.changes,
            outcome=record.outcome.value,
            error=record.error,
            lab_ms=milliseconds(record.took),
            wall_ms=milliseconds(record.wall),
            round_trips=record.round_trips,
            answer=record.answer,
            stray=record.stray,
        )


def milliseconds(duration: timedelta) -> float:
    return round(duration.total_seconds() * 1000, 3)


def note_event(journal: Writes) -> Callable[[RhaEvent], None]:
    def note(event: RhaEvent) -> None:
        journal.write(
            "rha.event",
            id=event.code,
            sequence=event.sequence,
            severity=event.severity.value,
            source=event.source,
            time=event.time,
            message=event.message,
            kind=event.kind,
        )

    return note
