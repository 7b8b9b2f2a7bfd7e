"""Findings about the hosts themselves, each made where something is wrong and not where it is not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from drills.preflight.hosts import GIB, ask_conditions, condition, engines, powershell
from journal.seen import HostSeen
from lab.errors import ScriptFailed
from lab.model.hosts import Disk, HostCondition, HostRole
from lab.model.zones import TimeZone
from words import Quoted

TOKYO = TimeZone("+09:00", timezone(timedelta(hours=9)))
NOW = datetime(2026, 11, 30, tzinfo=UTC)
FIT = HostCondition(
    utc_offset=timedelta(hours=9),
    disks=(Disk(name="C:", size=600 * GIB, free=400 * GIB),),
    restart_pending=False,
    versions={"Engine": "16.5"},
    checkpoint="",
    clustered=False,
)


def ids(findings):
    return [finding.id for finding in findings]


def of(**changed):
    return ids(condition("MASTER", replace(FIT, **changed), TOKYO, NOW))


@pytest.mark.parametrize(
    ("version", "found"),
    [
        ("5.1.14393.206", []),
        ("4.0", []),
        ("2.0", ["powershell_old"]),
        ("", ["powershell_old"]),
        ("3.0", ["powershell_untried"]),
        ("7.4.1", ["powershell_untried"]),
    ],
)
def test_powershell_is_one_that_the_scripts_are_written_for(version, found):
    seen = HostSeen(host="MASTER", os="Windows", os_version="10", powershell_version=version, boot_time="")
    assert ids(powershell(seen)) == found


@pytest.mark.parametrize(
    ("disk", "found"),
    [
        (Disk(name="C:", size=600 * GIB, free=9 * GIB), ["disk"]),
        (Disk(name="C:", size=600 * GIB, free=10 * GIB), []),
        (Disk(name="S:", size=8 * GIB, free=4 * GIB), []),
        (Disk(name="S:", size=8 * GIB, free=0), ["disk"]),
    ],
)
def test_a_small_disk_may_have_less_than_enough(disk, found):
    assert of(disks=(disk,)) == found


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, []),
        ({"utc_offset": timedelta()}, ["time_zone"]),
        ({"restart_pending": True}, ["restart_pending"]),
        ({"checkpoint": "before"}, ["checkpoint"]),
        ({"clustered": True}, ["clustered"]),
    ],
)
def test_each_thing_that_is_wrong_is_one_finding(changed, found):
    assert of(**changed) == found


def test_engines_of_two_versions_are_told_and_an_untold_version_is_not():
    other = replace(FIT, versions={"engine": "16.0"})
    assert ids(engines({"A": FIT, "B": FIT}, "ENGINE")) == []
    assert ids(engines({"A": FIT, "B": replace(FIT, versions={"Engine": ""})}, "ENGINE")) == []
    [finding] = engines({"A": FIT, "B": other}, "ENGINE")
    assert "A 16.5, B 16.0" in str(finding.seen)


def test_a_host_that_cannot_tell_its_condition_does_not_hide_the_other():
    class Windows:
        def __init__(self, found):
            self.found = found

        def condition(self, _guest, _services):
            if self.found is None:
                raise ScriptFailed(Quoted("Test-NetConnection is not there"))
            return self.found

    class Host:
        def __init__(self, found):
            self.windows, self.services = Windows(found), ()

    class Lab:
        hosts = {HostRole.MASTER: Host(None), HostRole.REPLICA: Host(FIT)}  # noqa: RUF012

    failed = []
    asked = ((HostRole.MASTER, "A"), (HostRole.REPLICA, "B"))
    found = ask_conditions(Lab, asked, "Garoon", lambda host, error: failed.append((host, str(error))))
    assert found == {"B": FIT}
    assert failed == [("A", "Test-NetConnection is not there")]
