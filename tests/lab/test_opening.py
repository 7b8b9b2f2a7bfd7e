"""Opening a real site: nothing is touched, nothing is loaded that it does not need, nothing is permitted by itself."""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from lab.clock import SystemClock
from lab.errors import OperationRefused, OperationUnavailable
from lab.model.entry_titles import drill_title
from lab.model.hosts import HostRole
from lab.model.replication import SynchronizationMethod
from lab.model.zones import TimeZone
from lab.opening import open_lab
from lab.site.file import load_site

EXAMPLE = Path(__file__).parents[2] / "docs" / "example-site.toml"
SECRETS = ("KUNREN_MASTER_PASSWORD", "KUNREN_REPLICA_PASSWORD", "KUNREN_GAROON_PASSWORD", "KUNREN_GUEST_PASSWORD")


@pytest.fixture
def site():
    return load_site(EXAMPLE, dict.fromkeys(SECRETS, "secret"))


@pytest.fixture
def calls():
    """The records of all script calls of a lab that has it for an observer."""

    class Calls(list):
        called = list.append

    return Calls()


def test_opening_a_real_site_sends_nothing(site, calls):
    with open_lab(site, observer=calls) as lab:
        assert not lab.disposable
        assert isinstance(lab.clock, SystemClock)
        assert [host.hyperv.host for host in lab.hosts.values()] == ["MASTER", "REPLICA"]
        assert calls == []
        assert lab.garoon.endpoint.url == site.subject.garoon_url


def test_times_of_a_real_site_are_in_its_zone_as_titles_in_garoon_are(site):
    new_york = replace(site, time_zone=TimeZone("America/New_York", ZoneInfo("America/New_York")))
    for each in (site, new_york):
        with open_lab(each) as lab:
            assert drill_title(lab.clock.now(), 1)[:16] == drill_title(each.time_zone.local(datetime.now(UTC)), 1)[:16]
            assert lab.clock.now().utcoffset() == each.time_zone.local(datetime.now(UTC)).utcoffset()


def test_a_real_site_refuses_guesses_and_actions_until_it_permits_them(site, calls):
    with open_lab(site, observer=calls) as lab:
        with pytest.raises(OperationUnavailable, match="Get-Scenario is not verified"):
            lab.rha.replication.scenarios()
        with pytest.raises(OperationUnavailable, match="is not verified"):
            lab.rha.replication.run("S", SynchronizationMethod.BLOCK)
        with pytest.raises(OperationRefused, match="Start-Machine was not sent to MASTER"):
            lab.hosts[HostRole.MASTER].hyperv.start("Garoon")
        assert calls == []


def test_a_real_site_never_loads_the_simulator():
    program = f"""
import sys
from pathlib import Path
from lab.opening import open_lab
from lab.site.file import load_site
with open_lab(load_site(Path({str(EXAMPLE)!r}), dict.fromkeys({SECRETS!r}, "secret"))):
    print([name for name in sys.modules if name.startswith("lab.simulator")])
"""
    root = Path(__file__).parents[2]
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=root)
    assert answer.stdout.strip() == "[]"


def test_a_simulated_lab_whose_simulator_is_loaded_opens_without_loading_more_of_it():
    """Python would end by SIGINT, not with Kunren's code, if a stop came amid the making of a class."""
    program = """
import sys
from lab.opening import load_simulator, open_lab
from lab.site.file import simulated_site
site = simulated_site()
load_simulator()
before = set(sys.modules)
with open_lab(site) as lab:
    [host.windows.facts() for host in lab.hosts.values()]
    lab.rha.replication.scenarios()
    lab.garoon.http().examine()
print(sorted(name for name in set(sys.modules) - before if name.partition(".")[0] in {"lab", "powershell", "psrpcore"}))
"""
    root = Path(__file__).parents[2]
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=root)
    assert answer.stdout.strip() == "[]"


def test_the_address_of_a_host_leads_to_its_name_unless_both_have_it():
    from lab.model.endpoints import Endpoint
    from lab.opening.opener import names_of_hosts

    def endpoint(host, url):
        return Endpoint(host=host, url=url, user="u", password="p")

    apart = [endpoint("TOKYO", "http://10.0.0.1:5985/wsman"), endpoint("OSAKA", "https://Osaka.example:5986/wsman")]
    assert names_of_hosts(apart) == {"10.0.0.1": "TOKYO", "osaka.example": "OSAKA"}
    together = [endpoint("TOKYO", "http://127.0.0.1:1/wsman"), endpoint("OSAKA", "http://127.0.0.1:2/wsman")]
    assert names_of_hosts(together) == {}
