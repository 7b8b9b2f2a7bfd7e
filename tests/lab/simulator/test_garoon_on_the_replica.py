"""Garoon itself as the guest's application: what a user has written is found where the copy of its disk runs."""

import pytest

from lab.drivers.garoon.errors import GaroonError
from lab.drivers.garoon.http import GaroonHttp
from lab.model.endpoints import GaroonEndpoint
from lab.model.replication import SynchronizationMethod
from lab.simulator.garoon.application import GaroonApplication
from lab.simulator.garoon.installation import install
from lab.simulator.garoon.settings import GaroonSettings
from tests.garoon_stand import new_front
from tests.lab.simulator.premises import ADDRESS, SCENARIO, empty_premises

GAROON = GaroonSettings()


class Site:
    def __init__(self, folder, *mutations):
        self.lab = empty_premises(folder, mutations=mutations)
        world = self.lab.world
        install(world.hosts["MASTER"].disk_folder("Garoon"), self.lab.clock, GAROON)
        world.applications["Garoon"] = lambda disk: GaroonApplication(disk, self.lab.clock, GAROON)
        self.front = new_front()
        world.subscribe(self._follow)
        world.begin()

    def _follow(self):
        instance = self.lab.world.at_address(ADDRESS)
        self.front.point_at(None if instance is None else instance.application)

    def user(self) -> GaroonHttp:
        endpoint = GaroonEndpoint(
            url="http://cybozu.ca.com/scripts/cbgrn/grn.exe",
            user=GAROON.login_name,
            password=GAROON.password,
            connect=f"127.0.0.1:{self.front.port}",
        )
        garoon = GaroonHttp(endpoint, self.lab.clock)
        garoon.log_in()
        return garoon

    def close(self):
        self.front.close()
        self.lab.world.close()


@pytest.fixture
def site(tmp_path):
    site = Site(tmp_path)
    yield site
    site.close()


def test_entries_made_before_during_and_after_the_synchronisation_are_found_after_each_change_of_hosts(site):
    lab = site.lab
    user = site.user()
    markers = [user.write_marker("before")]
    lab.create()
    lab.rha.run(SCENARIO, SynchronizationMethod.BLOCK)
    lab.wait(100)
    markers.append(user.write_marker("during"))
    lab.wait(500)
    markers.append(user.write_marker("at the last moment"))
    lab.switch_over(run_reverse=True)
    user = site.user()
    assert [user.find_marker(marker) for marker in markers] == [marker.title for marker in markers]
    markers.append(user.write_marker("on the replica"))
    lab.switch_over()
    user = site.user()
    assert [user.find_marker(marker) for marker in markers] == [marker.title for marker in markers]


def test_the_last_entry_is_lost_with_the_last_second(tmp_path):
    site = Site(tmp_path, "last-second-lost")
    site.lab.replicate()
    marker = site.user().write_marker("at the last moment")
    site.lab.switch_over()
    assert site.user().find_marker(marker) is None
    site.close()


def test_a_write_protected_database_is_read_and_refuses_entries(tmp_path):
    site = Site(tmp_path, "database-read-only")
    site.lab.replicate()
    marker = site.user().write_marker("on the master")
    site.lab.switch_over()
    user = site.user()
    assert user.find_marker(marker) == "on the master"
    with pytest.raises(GaroonError):
        user.write_marker("on the replica")
    site.close()
