"""The preflight check of one site: every question that can be asked of it, and all findings at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from drills.clocks import HostClocks
from drills.observation import Observation
from drills.preconditions import Preconditions, garoon_unmet
from drills.preflight import hosts
from drills.preflight.changes import Former, SiteFacts
from drills.preflight.event_view import events
from drills.preflight.findings import (
    Checked,
    Finding,
    NotChecked,
    Severity,
    Since,
    error,
    note,
    stated,
    unknown,
    warning,
)
from drills.preflight.settings import Judged, sorted_out
from drills.preflight.state import StateCheck
from drills.products import note_garoon
from drills.readiness import Findings, Preflight
from journal.entry import Entry
from journal.measured import ClockCompared
from journal.seen import HostSeen, Note
from lab.errors import LabError
from lab.model.hosts import HostRole
from lab.model.replication import ReplicationScenario
from lab.model.state import LabState
from lab.model.subject import Subject
from lab.model.zones import TimeZone
from lab.names import addresses
from lab.ports import ScenarioList, Windows
from words import Language, Told, sentence

if TYPE_CHECKING:
    from lab.opening import Lab

LISTING = "list_scenarios"
"""The operation of RHA without which people are asked what scenarios there are."""
EVENTS = "list_events"
ENGINE_PORT = "25000"
CONTROL_PORT = "8088|443"
"""Of Arcserve RHA, where they have not been changed; with SSL the Control Service has 443."""
BY_HAND = ("mapping", "notification", "spool_moved", "updates_waiting")
"""What no question of Kunren's answers; it is for people to look at."""
SEVERITIES = tuple(Severity)


class Unasked:
    """A Control Service that is not asked."""

    def scenarios(self) -> tuple[ReplicationScenario, ...]:
        return ()


@dataclass(slots=True)
class Witness:
    """Takes down what the questions of a check have shown, as a journal would."""

    hosts: list[HostSeen] = field(default_factory=list)
    notes: list[Told] = field(default_factory=list)
    facts: SiteFacts = field(default_factory=SiteFacts)
    clocks: dict[str, datetime] = field(default_factory=dict)
    """What each host's clock said."""

    def write(self, entry: Entry) -> None:
        self.facts.take(entry)
        match entry:
            case HostSeen():
                self.hosts.append(entry)
            case ClockCompared():
                self.clocks[entry.host] = datetime.fromisoformat(entry.said)
            case Note(text=text):
                self.notes.append(text)


@dataclass(slots=True, kw_only=True)
class SiteCheck:
    """Of an open lab, which is asked and never changed; `attended`: people can be asked in a drill."""

    lab: Lab
    subject: Subject
    zone: TimeZone
    language: Language
    attended: bool
    former: Former | None = None
    tested: datetime | None = None
    """When an earlier run has seen an integrity test."""
    _found: list[Finding] = field(default_factory=list, init=False)
    _not_checked: list[NotChecked] = field(default_factory=list, init=False)
    _witness: Witness = field(default_factory=Witness, init=False)

    def check(self) -> Checked:
        self.lab.safety.guard.asked = False
        state = self._look_over()
        if state is not None and state.machines:
            self._witness.facts.state, self._witness.facts.scenarios = state, self._lists_scenarios
        if state is not None:
            judged = StateCheck(
                subject=self.subject,
                services=self.lab.rha.services,
                control_host=self.lab.rha.home.name,
            )
            self._found += judged.findings(state)
            self._found += judged.of_scenario(state)
            if not (state.scenarios or self.lab.disposable) and self._lists_scenarios:
                self._found.append(warning("no_scenarios", name=self.subject.scenario))
        for host in self._witness.hosts:
            self._found += hosts.powershell(host)
        self._take(self._hosts())
        if state is not None:
            self._found += self._ports(state)
            self._take(self._events(state))
        self._found += (stated(each, Severity.WARNING) for each in self._witness.notes)
        self._found += self._names()
        self._found += self._hours()
        self._not_checked += (unknown(each, Severity.NOTE) for each in BY_HAND)
        return Checked(
            findings=tuple(sorted(dict.fromkeys(self._found), key=lambda each: SEVERITIES.index(each.severity))),
            since=None if self.former is None else Since(self.former, self.former.changes(self._witness.facts)),
            not_checked=tuple(sorted(self._not_checked, key=lambda each: SEVERITIES.index(each.severity))),
        )

    @property
    def _lists_scenarios(self) -> bool:
        """By a confirmed command; otherwise people are asked, in a drill."""
        return LISTING in self.lab.rha.by_commands

    def _take(self, judged: Judged) -> None:
        findings, not_checked = sorted_out(judged)
        self._found += findings
        self._not_checked += not_checked

    def _look_over(self) -> LabState | None:
        """What keeps any drill from beginning."""
        found = Findings()
        with found.collecting():
            self.lab.garoon.browser().start()
        surveyor = Preflight(
            subject=self.subject,
            hosts=self.lab.hosts,
            replication=self._control_service(found),
            journal=self._witness,
            home=self.lab.rha.home.name,
            apart=self.lab.rha.apart,
        )
        observation = Observation(self.lab.clock, self._witness, self.language, self.lab.limits)
        state = surveyor.check(HostClocks(self.lab.clock, self._witness, observation), found)
        if state is not None:
            needs = Preconditions(
                subject=self.subject, needs=frozenset(), changes=frozenset(), disposable=self.lab.disposable
            )
            found.add(*needs.unmet(state))
        with found.collecting():
            self._ask_rights(found)
        with found.collecting():
            garoon = self.lab.garoon.http()
            if (problem := garoon_unmet(garoon.examine(), self.subject.garoon_url)) is not None:
                found.add(problem)
            elif self.former is not None:
                note_garoon(garoon, self.subject, observation, self._witness)
        with found.collecting():
            self._look_for_other_runs()
        self._found += (stated(each, Severity.ERROR) for each in found.sentences)
        return state

    def _control_service(self, found: Findings) -> ScenarioList:
        """Where a drill would ask people, none are asked now; the rest can be looked at in any case."""
        if self._lists_scenarios:
            return self.lab.rha.replication
        if self.attended:
            self._found.append(note("by_people"))
        else:
            with found.collecting():
                self.lab.rha.replication.scenarios()
        return Unasked()

    def _ask_rights(self, found: Findings) -> None:
        """Without the right to manage it, Hyper-V may list no guest, and say nothing."""
        for role, host in self._answering():
            if not self.lab.hosts[role].windows.rights().may_manage_hyperv:
                found.add_first(sentence("readiness.no_right", host=host))

    def _look_for_other_runs(self) -> None:
        lease = self.lab.safety.lease
        if lease is None or self.lab.rha.home.name not in self._heard():
            return
        other = lease.other()
        if other is not None:
            self._found.append(warning("other_run", lease=other))
        if lease.forsaken is not None:
            self._found.append(stated(sentence("lease.forsaken", lease=lease.forsaken), Severity.WARNING))

    def _hosts(self) -> Judged:
        found = hosts.look_at(self.lab, self._heard(), self.subject, self._witness, self._condition_untold)
        services, now = self.lab.rha.services, self.lab.clock.now()
        check = hosts.HostCheck(
            subject=self.subject, services=services, zone=self.zone, now=now, searched=self.lab.rha.searched
        )
        return check.judge(found)

    def _condition_untold(self, host: str, failure: LabError) -> None:
        self._leave_unchecked("conditions", host, failure)

    def _events(self, state: LabState) -> Judged:
        """The event view is told on the clock of the Control Service's host, by an operation that may be a person's."""
        found = None
        if EVENTS in self.lab.rha.by_commands:
            try:
                found = self.lab.rha.replication.events(0)
            except LabError as failure:
                self._leave_unchecked("events", self.lab.rha.home.name, failure)
        scenario = state.scenario(self.subject.scenario)
        tested = None if self.tested is None else self.zone.local(self.tested).replace(tzinfo=UTC)
        now = self._witness.clocks.get(self.lab.rha.home.name, self.zone.local(self.lab.clock.now()))
        testable = scenario is not None and scenario.assured_recovery if self._lists_scenarios else True
        return events(found, now.replace(tzinfo=UTC), tested, testable=testable)

    def _ports(self, state: LabState) -> Iterator[Finding]:
        """Between the engines and to and from the Control Service, of services that run: others do not listen."""
        rha, running = self.lab.rha, runs(state)
        engines = [(self.subject.host(role), ENGINE_PORT, rha.services.engine) for role in HostRole]
        for host, windows in self._windows():
            for there in dict.fromkeys((*(each for each, _, _ in engines), rha.home.name)):
                listening = (*engines, (rha.home.name, CONTROL_PORT, rha.services.control))
                ports = [
                    port for on, port, name in listening if on == there != host and (on, name.casefold()) in running
                ]
                try:
                    unreached = windows.unreached(there, ports) if ports else ()
                except LabError as failure:
                    self._leave_unchecked("ports", host, failure)
                else:
                    for port in unreached:
                        yield warning("port", host=host, other=there, port=port.replace("|", ", "))

    def _windows(self) -> Iterator[tuple[str, Windows]]:
        """Of every host that has answered."""
        for role, host in self._answering():
            yield host, self.lab.hosts[role].windows
        apart = self.lab.rha.apart
        if apart is not None and apart.name in self._heard():
            yield apart.name, apart.windows

    def _heard(self) -> frozenset[str]:
        """A host that has not answered once is not waited for again."""
        return frozenset(seen.host for seen in self._witness.hosts)

    def _answering(self) -> Iterator[tuple[HostRole, str]]:
        for role in HostRole:
            if (host := self.subject.host(role)) in self._heard():
                yield role, host

    def _leave_unchecked(self, name: str, host: str, failure: LabError) -> None:
        """What a host cannot be asked says nothing of a drill."""
        why = sentence(f"check.failed.{name}", host=host, error=failure)
        self._not_checked.append(NotChecked(id=name, why=why, severity=Severity.WARNING, host=host))

    def _names(self) -> Iterator[Finding]:
        """Of Garoon: where its URL leads from here, or the address that the site file gives instead."""
        endpoint = self.lab.garoon.endpoint
        name, connect = urlsplit(endpoint.url).hostname or "", endpoint.connect.rpartition(":")[0]
        try:
            addresses(connect or name)
        except LabError as unresolved:
            yield error("unresolved", name=connect or name, problem=unresolved.why)
        if connect and not self.lab.disposable:
            yield note("connect", name=name, connect=endpoint.connect)

    def _hours(self) -> Iterator[Finding]:
        hours, now = self.lab.safety.hours_to_avoid, self.lab.clock.now()
        if hours is not None and hours.include(now):
            yield warning("business_hours", end=hours.next_end(now))


def runs(state: LabState) -> frozenset[tuple[str, str]]:
    """Each host with each of its services that runs."""
    return frozenset(
        (host, service.name.casefold())
        for host, found in state.services.items()
        for service in found
        if service.running
    )
