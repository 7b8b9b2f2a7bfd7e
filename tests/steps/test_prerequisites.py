"""Premises of the guide: what cannot be known of them is not passed."""

from dataclasses import replace

import pytest

from drills.course import Course
from drills.nouns.host import Host
from drills.nouns.observed import Context
from drills.observation import NothingToCompare, Observation, Unmet
from lab.model.garoon import Product
from lab.model.hosts import HostRole, RhaServices
from steps.prerequisites import control_service_on_replica, engine_on_both, garoon_version, same_account


class Garoon:
    def __init__(self, version):
        self._version = version

    def product(self):
        return Product("Garoon", self._version)


@pytest.fixture
def observation(lab, journal):
    return Observation(lab.clock, journal, "en")


@pytest.fixture
def opened(simulated_lab):
    return simulated_lab()


@pytest.fixture
def subject(opened):
    return opened[0].subject


@pytest.fixture
def lab(opened):
    return opened[1]


@pytest.fixture
def context(lab, subject, observation):
    return Context(subject, Course(), observation, lab.clock)


@pytest.fixture
def hosts(lab, context):
    return {role: Host(role, host, context) for role, host in lab.hosts.items()}


def test_a_version_that_is_not_told_is_not_late_enough(observation):
    garoon_version("3.5.2", Garoon("3.5.2"), observation)
    with pytest.raises(NothingToCompare, match="no version number is told by Garoon «»"):
        garoon_version("3.5.2", Garoon(""), observation)
    with pytest.raises(Unmet):
        garoon_version("3.5.2", Garoon("3.5"), observation)


def test_a_control_service_under_another_name_is_not_known_to_be_missing(lab, hosts, subject, observation):
    control_service_on_replica(hosts, lab.rha.services, lab.rha.home, subject, observation)
    elsewhere = RhaServices(engine=lab.rha.services.engine, control="AnotherName")
    with pytest.raises(NothingToCompare, match="neither host has a service called AnotherName"):
        control_service_on_replica(hosts, elsewhere, lab.rha.home, subject, observation)


def test_an_engine_that_is_installed_nowhere_serves_nobody(lab, hosts, observation):
    engine_on_both(hosts, lab.rha.services, observation)
    none = RhaServices(engine="AnotherName", control="AnotherName")
    with pytest.raises(Unmet, match="installed on neither host"):
        engine_on_both(hosts, none, observation)
    with pytest.raises(Unmet):
        same_account(hosts, none, lab.rha.home, observation)


def test_accounts_are_one_however_they_are_written(lab, hosts, context, observation):
    same_account(hosts, lab.rha.services, lab.rha.home, observation)
    master = lab.hosts[HostRole.MASTER]

    class Shouting:
        def services(self, names):
            return tuple(replace(each, account=each.account.upper()) for each in master.windows.services(names))

    shouting = Host(HostRole.MASTER, replace(master, windows=Shouting()), context)
    same_account({**hosts, HostRole.MASTER: shouting}, lab.rha.services, lab.rha.home, observation)
