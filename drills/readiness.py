"""Is the lab fit for a drill? Asked before anything is touched; everything that is found wrong is told at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from drills.clocks import HostClocks
from drills.identities import CONTROL, Entry, entries, misnamed, one_windows
from drills.nouns.lab_state import capture_state
from drills.observation import Writes
from journal.seen import HostSeen, Phase
from lab.errors import AuthenticationRefused, LabError
from lab.logins import NotTried
from lab.model.hosts import HYPERV_SERVICE, HostFacts, HostRole, Service
from lab.model.replication import ReplicationScenario
from lab.model.state import LabState
from lab.model.subject import Subject
from lab.ports import ControlHost, ScenarioList, Windows
from words import Explained, Listed, Told, sentence

if TYPE_CHECKING:  # steps are known before a lab is opened, and its drivers take time to load
    from lab.opening import LabHost


class LabNotReady(Explained):
    """The lab is not fit for a drill, for these reasons; nothing was touched."""

    def __init__(self, findings: Sequence[Told], *, login_refused: bool = False) -> None:
        super().__init__(Listed(tuple(findings), "report.between_sentences"))
        self.findings = tuple(findings)
        self.login_refused = login_refused
        """An account was refused, so no further login is tried in this run."""


def as_not_ready(error: LabError | LabNotReady) -> LabNotReady:
    """An error of the lab that came before anything was touched is one finding."""
    if isinstance(error, LabNotReady):
        return error
    return LabNotReady((error.why,), login_refused=isinstance(error, AuthenticationRefused))


@dataclass(slots=True)
class Findings:
    """What is wrong so far, each once."""

    sentences: dict[Told, None] = field(default_factory=dict)
    login_refused: bool = False

    def add(self, *sentences: Told) -> None:
        self.sentences.update(dict.fromkeys(sentences))

    def add_first(self, *sentences: Told) -> None:
        """What the others may come of."""
        self.sentences = dict.fromkeys((*sentences, *self.sentences))

    @contextmanager
    def collecting(self) -> Iterator[None]:
        """What cannot be asked is a finding too, and does not keep the rest from being asked."""
        try:
            yield
        except LabError as error:
            self.login_refused = self.login_refused or isinstance(error, AuthenticationRefused)
            if not (isinstance(error, NotTried) and error.repeats in self.sentences):
                self.add(error.why)

    def require_none(self) -> None:
        if self.sentences:
            raise LabNotReady(tuple(self.sentences), login_refused=self.login_refused)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The state of a lab of which some hosts may not have answered, beside as much of the state before."""

    before: LabState
    now: LabState
    unread: tuple[Told, ...]
    """Why the rest could not be read; none where everything was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preflight:
    """Preflight checks of the whole lab, and snapshots of its state."""

    subject: Subject
    hosts: Mapping[HostRole, LabHost]
    replication: ScenarioList
    journal: Writes
    home: str
    """The host of the Control Service."""
    apart: ControlHost | None = None
    """The same where it is neither of the two."""
    heard: set[str] = field(default_factory=set, init=False)
    """The hosts that have answered a check; another is not waited for again."""

    def check(self, clocks: HostClocks, found: Findings) -> LabState | None:
        """Checks the lab before a drill and returns its state, without guests if a host does not respond.

        None where it could not be read, or where two of its hosts are one, whose state would be told twice.
        """
        services: dict[str, tuple[Service, ...]] = {}
        facts: dict[str, HostFacts] = {}
        for entry in self._entries:
            with found.collecting():
                services[entry.host], facts[entry.table] = self._fit(entry, clocks, found)
        self.heard.update(services)
        found.add(*misnamed(self._entries, facts))
        if one_windows(facts):
            return None
        state: LabState | None = None
        with found.collecting():
            if len(services) == len(self._hosts()):
                state = self._survey(services)
            elif self.home in self.heard:
                state = LabState(machines={}, scenarios=self.replication.scenarios())
        return state

    def require_own_names(self) -> None:
        """Raises LabNotReady where a host that answers is not the one of the site file; others are for the survey."""
        found, facts = Findings(), {}
        for entry in self._entries:
            with suppress(LabError):
                facts[entry.table] = entry.windows.facts()
                self._note(entry.host, facts[entry.table])
        found.add(*misnamed(self._entries, facts))
        found.require_none()

    def survey(self) -> LabState:
        """The state of the whole lab."""
        return self._survey({host: self._services(host) for host in self._hosts()})

    def survey_what_answers(self, before: LabState) -> Reading:
        """The same as far as it can be read, beside as much of the state before."""
        unread: list[Told] = []
        now = LabState(machines={}, scenarios=())
        for role in HostRole:
            with _noting(unread):
                now = self._with_host(now, role)
        if self.apart is not None:
            with _noting(unread):
                services = {**now.services, self.apart.name: self._services(self.apart.name)}
                now = replace(now, services=services)
        scenarios: tuple[ReplicationScenario, ...] | None = None
        with _noting(unread):
            scenarios = self.replication.scenarios()
        return Reading(
            before=before.told_by({*now.machines, *now.services}, scenarios=scenarios is not None),
            now=replace(now, scenarios=scenarios or ()),
            unread=tuple(dict.fromkeys(unread)),
        )

    def _with_host(self, state: LabState, role: HostRole) -> LabState:
        host, hyperv = self.subject.host(role), self.hosts[role].hyperv
        services, machines, switches = self._services(host), hyperv.machines(), hyperv.switches()
        return replace(
            state,
            machines={**state.machines, host: machines},
            switches={**state.switches, host: switches},
            services={**state.services, host: services},
        )

    def not_installed(self, state: LabState) -> tuple[str, ...]:
        """Services that matter and are not there, so that nothing can be said of them: HOST service/NAME."""
        return tuple(
            f"{host} service/{name}"
            for host, (_, names) in self._hosts().items()
            for name in names
            if name.casefold() not in {service.name.casefold() for service in state.services[host]}
        )

    def lacking_rights(self, state: LabState) -> Iterator[Told]:
        """Without the right to manage it, Hyper-V may list no guest at all, and say nothing."""
        if not state.machines or state.running_on(self.subject.guest):
            return
        for role in HostRole:
            host = self.subject.host(role)
            if not state.machines[host] and not self.hosts[role].windows.rights().may_manage_hyperv:
                yield sentence("readiness.no_right", host=host)

    def _fit(self, entry: Entry, clocks: HostClocks, found: Findings) -> tuple[tuple[Service, ...], HostFacts]:
        """The first call to a host has its PowerShell to start, and would make a poor reading of its clock."""
        services = self._services(entry.host)
        facts = clocks.ask(entry.host, entry.windows, Phase.BEFORE)
        self._note(entry.host, facts)
        hyperv = any(service.name.casefold() == HYPERV_SERVICE and service.running for service in services)
        if not hyperv and entry.table != CONTROL:
            found.add(sentence("readiness.no_hyperv", service=HYPERV_SERVICE, host=entry.host))
        return services, facts

    def _note(self, host: str, facts: HostFacts) -> None:
        """Its Windows tells a simulated host, and so a simulated record."""
        self.journal.write(
            HostSeen(
                host=host,
                os=facts.os,
                os_version=facts.os_version,
                powershell_version=facts.powershell_version,
                boot_time=facts.boot_time,
            )
        )

    @property
    def _entries(self) -> tuple[Entry, ...]:
        return entries(self.subject, self.hosts, self.apart)

    def _hosts(self) -> Mapping[str, tuple[Windows, tuple[str, ...]]]:
        """Every host's Windows with the names of the services that matter there."""
        pair = {self.subject.host(role): (host.windows, host.services) for role, host in self.hosts.items()}
        return pair if self.apart is None else {**pair, self.apart.name: (self.apart.windows, self.apart.services)}

    def _services(self, host: str) -> tuple[Service, ...]:
        windows, names = self._hosts()[host]
        return windows.services(names)

    def _survey(self, services: Mapping[str, tuple[Service, ...]]) -> LabState:
        return replace(
            capture_state([host.hyperv for host in self.hosts.values()], self.replication),
            switches={self.subject.host(role): self.hosts[role].hyperv.switches() for role in HostRole},
            services=services,
        )


@contextmanager
def _noting(unread: list[Told]) -> Iterator[None]:
    try:
        yield
    except LabError as error:
        unread.append(error.why)
