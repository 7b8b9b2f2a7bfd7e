"""The scripts of the lease when two runs are at it at once: at each instant of one the other does all it does."""

import pytest

from lab.scripts import load_script
from lab.simulator.cmdlets import powershell_of
from tests.lab.embedded_powershell import EmbeddedResident
from tests.lab.simulator.premises import premises

FIRST, RENEWED, TAKEN = "the first", "the first, renewed", "the second"
INSTANTS = 6
"""More than one replacement has."""


class Interrupted:
    """A clock that lets something else happen at one instant of a script, or at each."""

    def __init__(self, clock):
        self._clock = clock
        self.meanwhile = lambda: None

    def now(self):
        return self._clock.now()

    def spend(self, duration):
        self.meanwhile()
        self._clock.spend(duration)


class Lease:
    """The lease of one host, as two sessions there get at it."""

    def __init__(self, folder):
        lab = premises(folder)
        self.host = lab.world.hosts["MASTER"]
        self.clock = Interrupted(lab.clock)
        self.one = EmbeddedResident(powershell_of(lab.world, lab.rha, "MASTER", self.clock))
        self.other = EmbeddedResident(powershell_of(lab.world, lab.rha, "MASTER", lab.clock))
        assert replaced(self.one, "", FIRST)


def replaced(session, expected, text):
    """Whether the host took it."""
    return session.ask(load_script("Set-Lease").text, Expected=expected, Text=text).error is None


def seen(session):
    [row] = session.ask(load_script("Get-Lease").text).output
    return row["Text"]


@pytest.fixture
def lease(tmp_path):
    lease = Lease(tmp_path)
    yield lease
    lease.one.close()
    lease.other.close()


def test_a_lease_that_is_replaced_is_there_at_every_instant(lease):
    looks = []
    lease.clock.meanwhile = lambda: looks.append(seen(lease.other))
    assert replaced(lease.one, FIRST, RENEWED)
    assert len(looks) > 1
    assert set(looks) <= {FIRST, RENEWED}


def test_a_lease_that_was_never_finished_is_one_and_can_be_replaced(lease):
    files = lease.host.files
    files.update(dict.fromkeys([path for path in files if path.endswith(".json")], ""))
    assert seen(lease.one) == "?"
    assert not replaced(lease.one, "", TAKEN)
    assert replaced(lease.one, "?", TAKEN)
    assert seen(lease.other) == TAKEN


@pytest.mark.parametrize("instant", range(INSTANTS))
def test_of_two_runs_that_replace_it_at_once_one_goes_on(lease, instant):
    passed, won = [], []

    def meanwhile():
        passed.append(None)
        if len(passed) == instant + 1:
            won.append(replaced(lease.other, FIRST, TAKEN))

    lease.clock.meanwhile = meanwhile
    renewed = replaced(lease.one, FIRST, RENEWED)
    lease.clock.meanwhile = lambda: None
    if not won:
        assert instant >= len(passed)
        won.append(replaced(lease.other, FIRST, TAKEN))
    assert [renewed, *won].count(True) == 1
    assert seen(lease.other) == (RENEWED if renewed else TAKEN)
