"""A parsed answer is noted once per question; an unreadable one is not."""

from datetime import UTC, datetime

import pytest

from drills.course import Course
from drills.recording import Looks, RecordedGaroon, RecordedHyperV, RecordedReplication, Screenshots, recorded
from journal.seen import Phase
from lab.errors import HostUnreachable
from lab.model.garoon import Capture, Marker
from lab.model.machines import Heartbeat, NetworkAdapter, PowerState, VirtualMachine
from words import Quoted


def machine(name, state=PowerState.RUNNING):
    adapters = (NetworkAdapter("a", "LAN", "00155D000001"), NetworkAdapter("b", "", "00155D000002"))
    return VirtualMachine(name=name, host="MASTER", state=state, heartbeat=Heartbeat.OK, adapters=adapters)


class Clock:
    def now(self):
        return datetime(2026, 1, 1, tzinfo=UTC)


class Host:
    host = "MASTER"

    def __init__(self, *machines):
        self._machines = machines

    def machines(self):
        return self._machines

    def machine(self, name):
        return next((each for each in self._machines if each.name == name), None)


class Silent:
    host = "MASTER"

    def machine(self, name):
        raise HostUnreachable(Quoted("MASTER does not answer."))


def hyperv(journal, host):
    return RecordedHyperV(host, "Garoon", Looks(Clock(), journal))


def test_a_guest_that_is_registered_is_noted_with_what_its_host_says(journal):
    assert hyperv(journal, Host(machine("DC1"), machine("Garoon"))).machine("Garoon").running
    assert journal.of("guest") == [
        {
            "host": "MASTER",
            "guest": "Garoon",
            "registered": True,
            "state": "Running",
            "heartbeat": "Ok",
            "networks": ["LAN", ""],
            "took_s": 0.0,
        }
    ]


def test_a_guest_that_is_not_there_is_noted_as_not_registered(journal):
    assert hyperv(journal, Host(machine("DC1"))).machine("Garoon") is None
    (entry,) = journal.of("guest")
    assert (entry["registered"], entry["state"], entry["networks"]) == (False, None, [])


def test_of_all_guests_only_the_drills_own_is_noted(journal):
    hyperv(journal, Host(machine("DC1"), machine("Garoon", PowerState.OTHER))).machines()
    assert [(entry["guest"], entry["state"]) for entry in journal.of("guest")] == [("Garoon", "Other")]


def test_of_two_guests_of_one_name_nothing_is_told(journal):
    assert len(hyperv(journal, Host(machine("Garoon"), machine("Garoon"))).machines()) == 2
    assert journal.of("guest") == []


def test_a_question_without_an_answer_notes_nothing(journal):
    with pytest.raises(HostUnreachable):
        hyperv(journal, Silent()).machine("Garoon")
    assert journal.entries == []


def test_a_lab_is_recorded_with_the_time_each_answer_took_and_the_control_services_host(simulated_lab, journal):
    site, lab = simulated_lab()
    noted = recorded(lab, site.subject, journal)
    for port in (noted.rha.replication, noted.rha.restoring):
        assert isinstance(port, RecordedReplication)
        assert port.scenario(site.subject.scenario) is None
    assert [entry["host"] for entry in journal.of("scenario")] == ["REPLICA", "REPLICA"]
    assert all(entry["took_s"] > 0 and not entry["found"] for entry in journal.of("scenario"))


class Page:
    """A browser that finds nothing, and whose page can be pictured or not."""

    def __init__(self, problem=None):
        self.problem = problem

    def find_marker(self, marker):
        raise HostUnreachable(Quoted("Garoon does not answer."))

    def capture(self):
        if self.problem:
            raise self.problem
        return Capture(b"PNG", "http://garoon/view?event=1", "")


class Evidence:
    def __init__(self):
        self.kept = []

    def picture(self, png, *, caption, moment, address):
        self.kept.append((png, caption, moment))


def failing(journal, page):
    """What is kept of a step in which a browser was used in vain."""
    evidence = Evidence()
    pictures = Screenshots(evidence, Course())
    browser = RecordedGaroon(page, "browser", "http://garoon", journal, pictures)
    with pytest.raises(HostUnreachable):
        browser.find_marker(Marker(1, "entry"))
    pictures.keep_failure()
    pictures.keep_failure()
    return evidence.kept


def test_the_page_is_kept_once_as_a_failing_step_has_left_it(journal):
    kept = failing(journal, Page())
    assert kept == [(b"PNG", "http://garoon/view?event=1", Phase.BEFORE)]
    assert [each["act"] for each in journal.of("garoon")] == ["find"]


def test_a_page_that_cannot_be_pictured_is_noted_beside_what_failed(journal):
    assert failing(journal, Page(HostUnreachable(Quoted("There is no page.")))) == []
    assert [each["act"] for each in journal.of("garoon")] == ["find", "capture"]


def test_a_step_that_used_no_browser_has_no_picture():
    evidence = Evidence()
    Screenshots(evidence, Course()).keep_failure()
    assert evidence.kept == []
