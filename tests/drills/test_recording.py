"""A parsed answer is noted once per question; an unreadable one is not."""

from datetime import UTC, datetime

import pytest

from drills.recording import Looks, RecordedHyperV, RecordedReplication, recorded
from lab.errors import HostUnreachable
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
