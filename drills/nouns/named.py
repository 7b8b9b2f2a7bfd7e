"""What a step asks for by the name of a parameter."""

from __future__ import annotations

from functools import cached_property

from drills.nouns.attempts import Attempts
from drills.nouns.earlier import EarlierChapters
from drills.nouns.faults import Faults
from drills.nouns.garoon import GaroonPage, GaroonService
from drills.nouns.guest import Guest
from drills.nouns.host import Host
from drills.nouns.integrity_test import IntegrityTest
from drills.nouns.lab_state import RecordedState
from drills.nouns.maintenance import Maintenance
from drills.nouns.notification import FaultNotification
from drills.nouns.scenario import Scenario, Spool
from drills.nouns.wizard import Wizard
from drills.performance import Performance
from drills.recording import NotedCalls, RecordedGaroon
from lab.errors import OperationUnavailable
from lab.model.endpoints import local_url
from lab.model.hosts import HostRole
from lab.model.hours import BusinessHours
from words import sentence


class Nouns:
    """The nouns of one drill, by the names that steps know them by."""

    def __init__(self, performance: Performance, calls: NotedCalls) -> None:
        lab, context = performance.lab, performance.context
        self._performance = performance
        self.subject = context.subject
        self.course = context.course
        self.observation = context.observation
        self.clock = context.clock
        self.measuring = performance.measuring
        self.event_view = performance.event_view
        self.rha_services = lab.rha.services
        self.control_host = lab.rha.home
        self.hosts = {role: Host(role, host, context) for role, host in lab.hosts.items()}
        self.guests = {role: Guest(host, context) for role, host in lab.hosts.items()}
        self.master_guest = self.guests[HostRole.MASTER]
        self.replica_guest = self.guests[HostRole.REPLICA]
        self.scenario = Scenario(lab.rha, performance.event_view, context)
        self.spool = Spool(self.scenario)
        self.wizard = Wizard(lab.rha.wizard, self.master_guest, context)
        self.garoon = GaroonService(performance.garoon, performance.garoon_health, performance.pictures, context)
        self.earlier = EarlierChapters(self.scenario, self.wizard, self.master_guest, self.replica_guest, self.garoon)
        self.recorded_state = RecordedState(lab, context)
        self.integrity_test = IntegrityTest(lab.rha, self.scenario, self.master_guest)
        self.maintenance = Maintenance(lab.rha, self.hosts, self.event_view, context)
        self.faults = Faults(lab.faults, self.event_view, context)
        self.notification = FaultNotification(lab.rha, lab.mailbox, lab.rha.home.windows, context)
        self.attempts = Attempts(calls, context.observation)

    @property
    def business_hours(self) -> BusinessHours:
        hours = self._performance.lab.safety.business_hours
        if hours is None:
            raise OperationUnavailable(sentence("errors.drill.no_hours"))
        return hours

    @cached_property
    def test_garoon(self) -> GaroonPage:
        """Garoon inside the guest on the replica host; its browser starts when it is first asked for."""
        performance = self._performance
        browser = performance.lab.garoon.in_guest(performance.lab.hosts[HostRole.REPLICA].guest_channel())
        url = local_url(self.subject.garoon_url)
        recorded = RecordedGaroon(browser, "browser in the test guest", url, performance.journal, performance.pictures)
        return GaroonPage(recorded, performance.pictures, performance.context)
