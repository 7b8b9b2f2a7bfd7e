"""A lab that is closed is closed: no port, thread, file descriptor or file is left of it."""

import socket
import tempfile
import threading
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from lab.clock import SystemClock
from lab.drivers.garoon.http import GaroonHttp
from lab.drivers.winrm.session import WinRmSession
from lab.errors import SiteError
from lab.model.hosts import HostRole
from lab.model.scripts import ScriptCall
from lab.simulator.serving import SimulatedLab
from lab.site.simulation import SimulationSettings

QUESTION = ScriptCall("Get-Machine")
HOUR = timedelta(hours=1)


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    yield tmp_path
    tempfile.tempdir = None


def descriptors():
    return len(tuple(Path("/proc/self/fd").iterdir()))


def use(lab):
    """Both hosts and Garoon, and whatever else a drill leaves under way."""
    for endpoint in lab.endpoints.values():
        session = WinRmSession(endpoint, clock=lab.clock, wall=SystemClock())
        session.run(QUESTION, within=HOUR)
        if endpoint.host == "MASTER":
            session.close()  # the other is left as a killed client leaves it
        else:
            session._resident._wire.transport.session.close()
    with closing(GaroonHttp(lab.garoon, lab.clock)) as garoon:
        assert all(each.sound for each in garoon.examine())


def ports(lab):
    garoon = lab.garoon.connect.rpartition(":")[2]
    return [int(garoon), *(urlsplit(each.url).port for each in lab.endpoints.values())]


def is_open(port):
    with socket.socket() as knocking:
        return knocking.connect_ex(("127.0.0.1", port)) == 0


def settled(count, wanted):
    """What `count` comes to when it is given a moment: threads end a little after they were told to."""
    until = time.monotonic() + 5
    while count() > wanted and time.monotonic() < until:
        threading.Event().wait(0.01)
    return count()


@pytest.mark.parametrize("speed", [None, 600.0])
def test_labs_one_after_the_other_leave_nothing(temporary, speed):
    before, threads = descriptors(), threading.active_count()
    for _ in range(4):
        with closing(SimulatedLab(SimulationSettings(), speed=speed)) as lab:
            use(lab)
            opened = ports(lab)
            assert all(is_open(port) for port in opened)
        assert not any(is_open(port) for port in opened)
    assert list(temporary.iterdir()) == []
    assert settled(threading.active_count, threads) <= threads
    assert settled(descriptors, before) <= before


def test_what_changes_in_a_closed_world_opens_nothing(temporary):
    lab = SimulatedLab(SimulationSettings())
    opened = ports(lab)
    lab.close()
    lab.world.power_off("MASTER")
    lab.world.power_on("MASTER")
    lab.clock.sleep(timedelta(minutes=5))
    assert not any(is_open(port) for port in opened)
    assert list(temporary.iterdir()) == []


def test_passwords_are_new_in_each_lab_and_of_the_form_that_tests_look_for():
    seen = set()
    for _ in range(2):
        with closing(SimulatedLab(SimulationSettings(seed=7))) as lab:
            seen |= {lab.garoon.password, lab.guest.password, lab.endpoints[HostRole.MASTER].password}
            assert lab.garoon.password not in repr(lab.garoon)
    assert len(seen) == 6
    assert all(len(each.rpartition("-")[2]) == 20 for each in seen)


def test_the_account_lies_in_the_labs_own_folder_and_no_other_user_can_read_it(temporary):
    with closing(SimulatedLab(SimulationSettings())):
        [folder] = temporary.iterdir()
        assert folder.stat().st_mode & 0o077 == 0
        assert len(list(folder.glob("winrm-account-*"))) == 2


def test_a_lab_under_a_mutation_there_is_not_is_refused():
    with pytest.raises(SiteError, match='no mutation "nothing-works"'):
        SimulatedLab(SimulationSettings(mutations=("nothing-works",)))
