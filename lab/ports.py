"""Ports of a lab for steps and drivers; each Protocol is small, and optional abilities stand apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Protocol

from lab.model.calls import CallRecord
from lab.model.faults import Fault
from lab.model.garoon import Capture, Examination, Marker, Product
from lab.model.hosts import GuestSystem, HostCondition, HostFacts, HostSettings, Rights, Service
from lab.model.machines import StopMode, VirtualMachine, VirtualSwitch
from lab.model.notification import LogEntry, Mail, Notification
from lab.model.probing import Probe, ProbeSchedule, Track
from lab.model.replication import (
    DiscoveredGuest,
    EngineVersion,
    Finding,
    Initiation,
    RebootPreparation,
    ReplicationScenario,
    RhaEvent,
    ScenarioPlan,
    ScenarioProperty,
    Synchronization,
    SynchronizationMethod,
    Traffic,
)
from lab.model.scripts import ScriptCall, ScriptResult
from lab.model.tasks import Answer, Awaited, ClosedRequest, OpenRequest, Question, Task, TaskAnswer, Value
from words import Told


class Clock(Protocol):
    """The lab's time: the wall's on a real site, virtual in a simulated one."""

    def now(self) -> datetime: ...

    def monotonic(self) -> float:
        """Seconds since an arbitrary instant; never goes back."""

    def sleep(self, duration: timedelta) -> None: ...


class Appointment(Protocol):
    """Work that is due; cancelled, it is not begun any more."""

    def cancel(self) -> None: ...


class Timetable(Protocol):
    """Work begun at set instants of the lab's time, in threads of its own, however long other work takes.

    Instants are on the clock's monotonic scale. Work must not raise: there is no caller to propagate to.
    """

    def at(self, due: float, work: Callable[[], None]) -> Appointment: ...

    def every(self, interval: float, first: float, work: Callable[[float], None]) -> Appointment:
        """At `first`, and every `interval` seconds after it, exactly; the work is told when it was due."""

    def close(self) -> None:
        """Begins nothing more, and returns when all that was begun has ended."""


class HostSession(Protocol):
    """A line to one host. `run` raises the errors of lab.errors and never repeats a call that changes something."""

    @property
    def host(self) -> str: ...

    def run(self, call: ScriptCall, *, within: timedelta) -> ScriptResult: ...

    def allow_login_again(self) -> None:
        """A login that the host has refused is not tried again unless this is called, and then once."""

    def close(self) -> None: ...


class CallObserver(Protocol):
    """Is told of every script call when it has ended, however it ended: the journal listens."""

    def called(self, record: CallRecord) -> None: ...


class Windows(Protocol):
    """The management OS of one host."""

    def facts(self) -> HostFacts: ...

    def allow_login_again(self) -> None:
        """Lifts what a refused login has put on the line to this host, for one further login."""

    def rights(self) -> Rights:
        """The rights of the logon by which the host is asked."""

    def services(self, names: Sequence[str]) -> tuple[Service, ...]: ...

    def condition(self, guest: str, services: Sequence[str]) -> HostCondition: ...

    def settings(self, name: str) -> HostSettings:
        """With the addresses that DNS tells this host of a name; empty for none."""

    def unreached(self, address: str, ports: Sequence[str]) -> tuple[str, ...]:
        """The TCP ports of another machine that do not answer this host, where `1|2` is either; nothing is sent."""

    def log_entries(self, hours: int) -> tuple[LogEntry, ...]:
        """The entries of Arcserve RHA in the event log of the last hours, oldest first."""

    def restart(self) -> None:
        """Restarts the management OS. Returns before the host goes down, or ConnectionLost: its boot time tells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlHost:
    """The host of the Control Service; `apart` from the master and the replica host, or one of them."""

    name: str
    windows: Windows
    services: tuple[str, ...]
    apart: bool


class HyperV(Protocol):
    """Hyper-V on one host. Actions start something and return; completion is observed."""

    @property
    def host(self) -> str: ...

    def machines(self) -> tuple[VirtualMachine, ...]: ...

    def machine(self, name: str) -> VirtualMachine | None: ...

    def start(self, name: str) -> None: ...

    def stop(self, name: str, mode: StopMode) -> None: ...

    def switches(self) -> tuple[VirtualSwitch, ...]: ...


class Guests(Protocol):
    """What the guests of one host tell of themselves."""

    def computer_name(self, guest: str) -> str | None: ...

    def system(self, guest: str) -> GuestSystem | None: ...


class ScenarioList(Protocol):
    """The Control Service, as far as it lists its scenarios."""

    def scenarios(self) -> tuple[ReplicationScenario, ...]: ...


class Replication(ScenarioList, Protocol):
    """The Control Service: running scenarios and switching them over. Actions start something and return."""

    def scenario(self, name: str) -> ReplicationScenario | None: ...

    def run(self, name: str, method: SynchronizationMethod) -> None: ...

    def stop(self, name: str) -> None: ...

    def switch_over(self, name: str, *, run_reverse: bool) -> None: ...

    def events(self, after: int) -> tuple[RhaEvent, ...]:
        """The event view's lines with a sequence number above `after`, oldest first."""


class ScenarioWizard(Protocol):
    """Creating a replication scenario, in the order of the wizard of guide section 3."""

    def engines(self, hosts: Sequence[str]) -> tuple[EngineVersion, ...]: ...

    def discover(self, master: str) -> tuple[DiscoveredGuest, ...]: ...

    def create(self, plan: ScenarioPlan) -> None: ...

    def verify(self, name: str) -> tuple[Finding, ...]: ...

    def remove(self, name: str) -> None: ...


class ScenarioProperties(Protocol):
    """The properties of a replication scenario, of which some can be changed after its creation."""

    def listed(self, name: str) -> tuple[ScenarioProperty, ...]: ...

    def set_initiation(self, name: str, *, switchover: Initiation, reverse_replication: Initiation) -> None: ...


class Statistics(Protocol):
    """The statistics pane of a replication scenario; None before its first run."""

    def synchronization(self, name: str) -> Synchronization | None: ...

    def traffic(self, name: str) -> Traffic | None: ...


class Notifications(Protocol):
    """The notification of a replication scenario."""

    def set(self, scenario: str, notification: Notification) -> None: ...


class Sender(Protocol):
    """Sends a mail to all whom it names; from the site's address where it has none."""

    def send(self, message: EmailMessage) -> None: ...


class Stamper(Protocol):
    """Has a content time-stamped; the answer is as its authority gave it."""

    def stamp(self, content: bytes) -> bytes: ...


class Mailbox(Protocol):
    """A mailbox of the harness's own, or one that people look into; `address` is host:port of its SMTP server.

    Address and recipient are empty where only people know them.
    """

    @property
    def address(self) -> str: ...

    @property
    def recipient(self) -> str: ...

    def mails(self) -> tuple[Mail, ...]: ...


class FaultInjection(Protocol):
    """Fault injection by name; simulated labs only."""

    def begin(self, fault: Fault) -> None: ...

    def end(self, fault: Fault) -> None: ...


class HostMaintenance(Protocol):
    """The Control Service's host maintenance (guide 6-2): scenarios made ready for the reboot of one of their hosts."""

    def covered(self, host: str) -> tuple[ReplicationScenario, ...]:
        """The running scenarios that have the host as master or replica: those that would be prepared."""

    def prepare_reboot(self, host: str) -> RebootPreparation:
        """Returns before the host is ready."""


class AssuredRecovery(Protocol):
    """The replica integrity test. Actions start something and return; completion is observed."""

    def start(self, name: str, *, manual: bool) -> None: ...

    def stop(self, name: str) -> None: ...


class Pictures(Protocol):
    """A keeper of a drill's pictures."""

    def keep(self, capture: Capture, caption: str) -> None: ...


class GaroonEntries(Protocol):
    """Appointments in Garoon at one address. Errors of the page are GaroonError, of the network NotStarted."""

    def log_in(self) -> None: ...

    def write_marker(self, title: str) -> Marker: ...

    def find_marker(self, marker: Marker) -> str | None:
        """The title the appointment has now, or None when Garoon says there is no such appointment."""

    def remove_marker(self, marker: Marker) -> None:
        """Afterwards the appointment is gone; one of another title under its id is left alone: OperationRefused."""

    def close(self) -> None: ...


class Garoon(GaroonEntries, Protocol):
    """Garoon as a user sees it."""

    def capture(self) -> Capture:
        """A picture of the page the browser is on."""


class Measurement(Protocol):
    """Probes of every layer on a schedule of their own, the last of which writes canaries into Garoon."""

    @property
    def schedule(self) -> ProbeSchedule: ...

    @property
    def tracks(self) -> Mapping[Track, float]:
        """The seconds between the probes of each."""

    def prepare(self) -> None:
        """Asks Garoon for the id of the user for whom canaries are written."""

    def begin(self, note: Callable[[Probe], None]) -> None:
        """`note` is told of every probe that was due, from threads of the measurement's own."""

    def end(self) -> None:
        """Returns when every probe that was sent has ended."""

    def canaries(self) -> Mapping[str, int]:
        """The titles found in Garoon, and how often each."""

    def remove_canaries(self) -> tuple[int, int]:
        """Removes them; returns how many were removed, and how many are still there."""


class GaroonHealth(Protocol):
    """An examination of Garoon that leaves nothing there."""

    def examine(self) -> tuple[Examination, ...]:
        """One verdict a layer, outside in; the first that is not sound is the last that was asked."""

    def product(self) -> Product: ...


class Asking(Protocol):
    """Asks people once for each observation that a step makes, however often it looks, and knows whom it rests on."""

    def on(self, expected: Told, limit: timedelta) -> AbstractContextManager[Awaited]:
        """While a step looks for `expected`."""

    def rely(self, *by: str) -> None:
        """The present step uses what they have said before."""

    def leave(self, fact: str) -> None:
        """The present step leaves a fact for later ones, which rest on whom it rests on itself."""

    def take_up(self, fact: str) -> None:
        """The present step uses a fact that an earlier one has left."""


class Pauses(Protocol):
    """Where people may have a drill wait. Called on the thread of the drill."""

    def before_step(self) -> None:
        """Returns when the drill is to go on; a request to stop ends the wait as it ends a step."""

    def before_restoration(self, stopped: Callable[[], bool]) -> None:
        """The same before what the drill has begun is undone; returns at once when it is `stopped`."""


class Manager(Protocol):
    """The manager of a simulated lab, for people who practise on it; called while nothing else is done there."""

    def shows(self, question: Question) -> tuple[Mapping[str, Value], ...]:
        """The rows of its window when what is waited for is there, or the time for it over."""

    def does(self, task: Task) -> TaskAnswer:
        """Done, with what it said; or not possible, because it has refused."""


class Attendant(Protocol):
    """A way to people: a terminal, a board, or a simulated operator. Called on the thread of the drill."""

    @property
    def waits(self) -> bool:
        """Whether an answer may still come after `opened` has returned None."""

    @property
    def people(self) -> tuple[str, ...]:
        """Names of those who are there to answer."""

    def opened(self, request: OpenRequest) -> Answer | None:
        """A request is open; an answer that is there at once is returned."""

    def closed(self, request: ClosedRequest) -> None: ...
