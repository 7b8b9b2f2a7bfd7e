"""Premises of the guide: what cannot be known of them is not passed."""

import pytest

from drills.observation import NothingToCompare, Observation, Unmet
from lab.model.garoon import Product
from lab.model.hosts import HostRole, RhaServices
from steps.prerequisites import control_service_on_replica, engine_on_both, garoon_version, same_account


class Health:
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


def test_a_version_that_is_not_told_is_not_late_enough(observation):
    garoon_version("3.5.2", Health("3.5.2"), observation)
    with pytest.raises(NothingToCompare, match="no version number is told by Garoon «»"):
        garoon_version("3.5.2", Health(""), observation)
    with pytest.raises(Unmet):
        garoon_version("3.5.2", Health("3.5"), observation)


def windows_of(lab):
    return {role: host.windows for role, host in lab.hosts.items()}


def test_a_control_service_under_another_name_is_not_known_to_be_missing(lab, subject, observation):
    control_service_on_replica(windows_of(lab), lab.rha.services, subject, observation)
    elsewhere = RhaServices(engine=lab.rha.services.engine, control="AnotherName")
    with pytest.raises(NothingToCompare, match="neither host has a service called AnotherName"):
        control_service_on_replica(windows_of(lab), elsewhere, subject, observation)


def test_an_engine_that_is_installed_nowhere_serves_nobody(lab, subject, observation):
    engine_on_both(windows_of(lab), lab.rha.services, subject, observation)
    none = RhaServices(engine="AnotherName", control="AnotherName")
    with pytest.raises(Unmet, match="installed on neither host"):
        engine_on_both(windows_of(lab), none, subject, observation)
    with pytest.raises(Unmet):
        same_account(windows_of(lab), none, subject, observation)


def test_accounts_are_one_however_they_are_written(lab, subject, observation):
    same_account(windows_of(lab), lab.rha.services, subject, observation)

    class Shouting:
        def services(self, names):
            return tuple(
                type(each)(each.name, each.display_name, each.running, each.account.upper())
                for each in lab.hosts[HostRole.MASTER].windows.services(names)
            )

    mixed = {HostRole.MASTER: Shouting(), HostRole.REPLICA: lab.hosts[HostRole.REPLICA].windows}
    same_account(mixed, lab.rha.services, subject, observation)
