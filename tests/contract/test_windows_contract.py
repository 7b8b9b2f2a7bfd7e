"""What every `Windows` keeps to."""

from datetime import datetime, timedelta

import pytest

from lab.model.hosts import HostRole


@pytest.fixture(params=list(HostRole), ids=lambda role: role.value)
def windows(request, lab):
    return lab.hosts[request.param].windows


def test_each_host_is_the_one_the_site_names(lab, site):
    assert lab.hosts[HostRole.MASTER].windows.facts().name.casefold() == site.subject.master.casefold()
    assert lab.hosts[HostRole.REPLICA].windows.facts().name.casefold() == site.subject.replica.casefold()


def test_a_host_tells_when_it_started_and_what_time_it_has(lab, windows):
    facts = windows.facts()
    started, now = (datetime.fromisoformat(text) for text in (facts.boot_time, facts.clock))
    assert started <= now
    assert abs(now - lab.clock.now()) < timedelta(minutes=5)
    assert facts.os_version.split(".")[0].isdecimal()
    assert facts.powershell_version.split(".")[0].isdecimal()


def test_services_are_those_that_are_installed(windows):
    (hyperv,) = windows.services(["vmms", "no-such-service"])
    assert hyperv.name == "vmms"
    assert hyperv.running
    assert windows.services(["no-such-service"]) == ()


def test_the_engine_runs_under_one_account_on_both_hosts(lab, site):
    engines = [lab.hosts[role].windows.services([site.profile.engine_service.name]) for role in HostRole]
    assert all(len(found) == 1 and found[0].running for found in engines)
    assert len({found[0].account for found in engines}) == 1


def test_a_host_tells_its_settings_or_why_not(windows):
    settings = windows.settings("")
    assert settings.build.split(".")[0].isdecimal()
    assert settings.addresses is None
    for name in ("updates", "quotas", "defender"):
        assert getattr(settings, name) is not None or name in settings.untold or not settings.defender_known


def test_the_other_host_is_reached_at_one_port_of_two(lab, site):
    windows = lab.hosts[HostRole.MASTER].windows
    assert windows.unreached(site.subject.replica, ["25000", "1|25000", "1"]) == ("1",)
