"""A simulated lab behind its real sockets, as steps have it, and a journal that is only remembered."""

import pytest

from drills.clocks import HostClocks
from drills.observation import Observation
from drills.readiness import Preflight
from lab.opening import open_lab
from lab.site.file import SIMULATED, load_site
from tests.readable import told


class Remembered:
    """A journal's entries, by kind."""

    def __init__(self):
        self.entries = []

    def write(self, entry):
        self.entries.append((entry.what, entry.to_json()))

    def of(self, what):
        """Told in English."""
        return [told(fields, "en") for kind, fields in self.entries if kind == what]


@pytest.fixture
def journal():
    return Remembered()


@pytest.fixture
def simulated_lab(tmp_path):
    """Opens the simulated site with lines added to its last table, [simulation]."""
    opened = []

    def with_(simulation="", observer=None):
        file = tmp_path / "site.toml"
        file.write_text(SIMULATED.read_text(encoding="utf-8") + simulation, encoding="utf-8")
        site = load_site(file)
        opened.append(open_lab(site, observer=observer))
        return site, opened[-1]

    yield with_
    for lab in opened:
        lab.close()


@pytest.fixture
def survey(journal):
    """The surveyor of a lab, and what it compares the clocks with."""

    def of(site, lab):
        surveyor = Preflight(
            subject=site.subject,
            hosts=lab.hosts,
            replication=lab.rha.replication,
            journal=journal,
            home=lab.rha.home.name,
        )
        return surveyor, HostClocks(lab.clock, journal, Observation(lab.clock, journal, "en"))

    return of
