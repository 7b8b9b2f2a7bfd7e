"""Recorders between the steps and the lab: requests to Garoon and to the hosts go into the journal."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol, TypeVar

from drills.course import Course
from drills.observation import Writes
from journal.entry import Entry, Error
from journal.evidence import EvidenceStore
from journal.people import Answered, Asked, PersonAnswered, PersonAsked, outcome_of
from journal.seen import NO_SUCH_ENTRY, Call, EventSeen, GaroonAct, GuestAsked, Phase, ScenarioAsked
from lab.errors import LabError
from lab.model.calls import CallRecord
from lab.model.garoon import Capture, Marker
from lab.model.machines import StopMode, VirtualMachine, VirtualSwitch
from lab.model.replication import ReplicationScenario, RhaEvent, SynchronizationMethod
from lab.model.scripts import JsonValue
from lab.model.subject import Subject
from lab.model.tasks import ClosedRequest, OpenRequest, Question, Task, TaskAnswer, Value
from lab.ports import Clock, Garoon, GaroonEntries, HyperV, Replication
from words import Told

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

    def _noted(self, act: str, detail: str, do: Callable[[], T], *, missing: Told | None = None) -> T:
        """`missing` is what a result of None means."""
        try:
            result = do()
        except LabError as error:
            self._note(act, detail, error)
            raise
        self._note(act, detail, missing if result is None else None)
        return result

    def _note(self, act: str, detail: str, problem: Told | None) -> None:
        self._journal.write(GaroonAct(act=act, by=self._by, url=self._url, detail=detail, problem=problem))


class RecordedGaroon(RecordedEntries):
    """The same of a `Garoon`, of whose page `pictures` are kept."""

    def __init__(self, garoon: Garoon, by: str, url: str, journal: Writes, pictures: Screenshots) -> None:
        super().__init__(garoon, by, url, journal)
        self._seen = garoon
        self._pictures = pictures

    def capture(self) -> Capture:
        """A picture that could not be taken, or not of the whole page, is noted and costs nothing else."""
        self._pictures.unseen = self
        capture = self._seen.capture()
        if capture.trouble:
            self._note("capture", capture.url, capture.trouble)
        return capture

    def picture_failure(self) -> None:
        """The page as a step has left it that did not pass; a browser without a page has nothing to show."""
        try:
            capture = self.capture()
        except LabError as error:
            self._note("capture", "", error)
        else:
            self._pictures.keep(capture, capture.url)

    def _noted(self, act: str, detail: str, do: Callable[[], T], *, missing: Told | None = None) -> T:
        self._pictures.unseen = self
        return super()._noted(act, detail, do, missing=missing)


def recorded(lab: Lab, subject: Subject, journal: Writes) -> Lab:
    """The lab with its Hyper-V hosts and its Control Service noting what they were understood to answer."""
    looks = Looks(lab.clock, journal)
    hosts = {
        role: replace(host, hyperv=RecordedHyperV(host.hyperv, subject.guest, looks))
        for role, host in lab.hosts.items()
    }
    rha = replace(
        lab.rha,
        replication=RecordedReplication(lab.rha.replication, lab.rha.home.name, subject.scenario, looks),
        restoring=RecordedReplication(lab.rha.restoring, lab.rha.home.name, subject.scenario, looks),
    )
    return replace(lab, hosts=hosts, rha=rha)


def note_people(journal: Writes) -> Callable[[OpenRequest | ClosedRequest], None]:
    """Writes what people are asked, and what they answer, into the journal."""

    def note(request: OpenRequest | ClosedRequest) -> None:
        journal.write(_asked(request) if isinstance(request, OpenRequest) else _answered(request))

    return note


def _asked(opened: OpenRequest) -> PersonAsked:
    asked = opened.request
    is_task = isinstance(asked, Task)
    return PersonAsked(
        number=opened.number,
        kind=Asked.TASK if is_task else Asked.QUESTION,
        operation=asked.operation,
        subject=asked.subject,
        host=asked.host,
        values={name: _plain(value) for name, value in asked.values} if isinstance(asked, Task) else {},
        awaited=asked.awaited if isinstance(asked, Question) else None,
        limit=asked.limit,
        of=opened.of,
    )


def _answered(closed: ClosedRequest) -> PersonAnswered:
    answer, took = closed.answer, closed.ended - closed.asked
    if answer is None:
        return PersonAnswered(number=closed.number, outcome=Answered.NO_ANSWER, took=took)
    by, role = answer.by.name, answer.by.role
    if isinstance(answer, TaskAnswer):
        return PersonAnswered(
            number=closed.number,
            outcome=outcome_of(answer),
            took=took,
            by=by,
            role=role,
            done=answer.at,
            remark=answer.reason,
        )
    return PersonAnswered(
        number=closed.number,
        outcome=outcome_of(answer),
        took=took,
        by=by,
        role=role,
        done=answer.at,
        rows=tuple({name: _plain(value) for name, value in row.items()} for row in answer.rows),
        remark=answer.text,
    )


def _plain(value: Value) -> JsonValue:
    return value if isinstance(value, str) else list(value)


class Looks:
    """Asks, and notes the parsed answer with its duration; a question without an answer notes nothing."""

    def __init__(self, clock: Clock, journal: Writes) -> None:
        self._clock = clock
        self._journal = journal

    def take(self, look: Callable[[], T], understood: Callable[[T, timedelta], Entry | None]) -> T:
        began = self._clock.now()
        answer = look()
        entry = understood(answer, self._clock.now() - began)
        if entry is not None:
            self._journal.write(entry)
        return answer


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
        return self._looks.take(self._hyperv.machines, self._of_all)

    def machine(self, name: str) -> VirtualMachine | None:
        return self._looks.take(
            lambda: self._hyperv.machine(name), lambda found, took: self._understood(name, found, took)
        )

    def start(self, name: str) -> None:
        self._hyperv.start(name)

    def stop(self, name: str, mode: StopMode) -> None:
        self._hyperv.stop(name, mode)

    def switches(self) -> tuple[VirtualSwitch, ...]:
        return self._hyperv.switches()

    def _of_all(self, machines: Iterable[VirtualMachine], took: timedelta) -> GuestAsked | None:
        told, machine = _only(self._guest, machines)
        return self._understood(self._guest, machine, took) if told else None

    def _understood(self, name: str, machine: VirtualMachine | None, took: timedelta) -> GuestAsked:
        return GuestAsked(
            host=self.host,
            guest=name,
            registered=machine is not None,
            state=machine.state.value if machine else "",
            heartbeat=machine.heartbeat.value if machine else "",
            networks=tuple(adapter.switch for adapter in machine.adapters) if machine else (),
            took=took,
        )


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
        return self._looks.take(self._replication.scenarios, self._of_all)

    def scenario(self, name: str) -> ReplicationScenario | None:
        return self._looks.take(
            lambda: self._replication.scenario(name), lambda found, took: self._understood(name, found, took)
        )

    def run(self, name: str, method: SynchronizationMethod) -> None:
        self._replication.run(name, method)

    def stop(self, name: str) -> None:
        self._replication.stop(name)

    def switch_over(self, name: str, *, run_reverse: bool) -> None:
        self._replication.switch_over(name, run_reverse=run_reverse)

    def events(self, after: int) -> tuple[RhaEvent, ...]:
        return self._replication.events(after)

    def _of_all(self, scenarios: Iterable[ReplicationScenario], took: timedelta) -> ScenarioAsked | None:
        told, scenario = _only(self._subject, scenarios)
        return self._understood(self._subject, scenario, took) if told else None

    def _understood(self, name: str, scenario: ReplicationScenario | None, took: timedelta) -> ScenarioAsked:
        return ScenarioAsked(
            host=self._host,
            name=name,
            found=scenario is not None,
            state=scenario.state.value if scenario else "",
            direction=scenario.direction.value if scenario else "",
            took=took,
        )


def _only(name: str, among: Iterable[N]) -> tuple[bool, N | None]:
    """The one of that name, or that there is none; of two of one name nothing can be told."""
    found = [each for each in among if each.name == name]
    return len(found) <= 1, found[0] if found else None


class Screenshots:
    """Keeps screenshots as evidence, marked as before, during or after the switchover or test."""

    def __init__(self, evidence: EvidenceStore, course: Course) -> None:
        self._evidence = evidence
        self._course = course
        self.unseen: RecordedGaroon | None = None
        """The browser that the step under way has used since its page was last kept."""

    def keep_failure(self) -> None:
        """Of a step that did not pass, where it used a browser whose page it has not kept."""
        if self.unseen is not None:
            self.unseen.picture_failure()
            self.unseen = None

    def keep(self, capture: Capture, caption: str) -> None:
        self.unseen = None
        during = Phase.DURING if self._course.test_under_way else Phase.BEFORE
        moment = Phase.AFTER if self._course.switched_over else during
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
            Call(
                host=record.host,
                script=record.call.script,
                script_sha256=record.script_sha256,
                arguments=record.call.arguments,
                changes=record.call.changes,
                effect=record.outcome,
                error=Error("", record.error) if record.error else None,
                lab_took=record.took,
                wall_took=record.wall,
                round_trips=record.round_trips,
                answer=record.answer,
                stray=record.stray,
            )
        )


def note_event(journal: Writes) -> Callable[[RhaEvent], None]:
    def note(event: RhaEvent) -> None:
        journal.write(
            EventSeen(
                code=event.code,
                sequence=event.sequence,
                severity=event.severity.value,
                source=event.source,
                time=event.time,
                message=event.message,
                kind=event.kind,
                by=event.by,
            )
        )

    return note
