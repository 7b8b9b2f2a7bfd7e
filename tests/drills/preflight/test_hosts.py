"""Findings about the hosts themselves, each made where something is wrong and not where it is not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from types import SimpleNamespace

import pytest

from drills.preflight.hosts import (
    GIB,
    HostCheck,
    HostLook,
    condition,
    disks,
    engines,
    look_at,
    name_of,
    powershell,
    spools,
)
from journal.seen import HostSeen
from lab.errors import ScriptFailed
from lab.model.hosts import Disk, GuestDisk, GuestHardware, HostCondition, HostRole, Program, RhaServices
from lab.model.subject import Subject
from lab.model.zones import TimeZone
from words import Quoted

TOKYO = TimeZone("+09:00", timezone(timedelta(hours=9)))
NOW = datetime(2026, 11, 30, tzinfo=UTC)
RHA = RhaServices(engine="ENGINE", control="Control")
HARDWARE = GuestHardware(
    processors=2,
    memory=4 * GIB,
    generation=1,
    disks=(GuestDisk(place="IDE 0:0", path="D:\\g.vhdx", size=100 * GIB, used=80 * GIB),),
)
FIT = HostCondition(
    utc_offset=timedelta(hours=9),
    disks=(Disk(name="C:", size=600 * GIB, free=400 * GIB),),
    restart_pending=False,
    programs=(Program(service="Engine", path="C:\\RHA\\ws_rep.exe", version="16.5.1"),),
    checkpoint="",
    clustered=False,
    hardware=HARDWARE,
)


def ids(findings):
    return [finding.id for finding in findings]


def of(**changed):
    return ids(condition("MASTER", replace(FIT, **changed), TOKYO, NOW))


def running(version, service="Engine", path="C:\\RHA\\ws_rep.exe"):
    return replace(FIT, programs=(Program(service=service, path=path, version=version),))


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
    assert ids(engines({"A": FIT, "B": FIT}, RHA)) == []
    assert ids(engines({"A": FIT, "B": running("")}, RHA)) == []
    [finding] = engines({"A": FIT, "B": running("16.0")}, RHA)
    assert "A 16.5.1, B 16.0" in str(finding.seen)


@pytest.mark.parametrize(("control", "found"), [("16.5.9", []), ("18.0.1", ["releases"])])
def test_the_control_service_is_of_the_engines_release(control, found):
    [engine] = FIT.programs
    both = replace(FIT, programs=(engine, Program(service="control", path="C:\\RHA\\ws_man.exe", version=control)))
    assert ids(engines({"A": FIT, "B": both}, RHA)) == found


def test_a_disk_that_is_no_file_is_not_checked():
    raw, empty = (GuestDisk(place="SCSI 0:1", path=path, size=None, used=None) for path in ("Disk 3", ""))
    raw = replace(HARDWARE, disks=(raw, empty))
    [left] = disks({"A": FIT, "B": replace(FIT, hardware=raw)})
    assert (left.id, left.host, left.point) == ("guest_disk", "B", "3.S7")
    assert "SCSI 0:1 (Disk 3)" in str(left.why)


@pytest.mark.parametrize(
    ("free", "letter", "found"), [(8, "C:", []), (7.9, "C:", ["spool"]), (1, "E:", []), (7.9, "c:", ["spool"])]
)
def test_the_spool_has_a_tenth_of_the_guests_disks(free, letter, found):
    disks = (Disk(name=letter, size=8 * GIB, free=int(free * GIB)),)
    assert ids(spools({"A": FIT, "B": replace(FIT, disks=disks, hardware=None)}, "engine")) == found


def test_of_a_guest_that_is_registered_nowhere_no_spool_is_judged():
    full = (Disk(name="C:", size=8 * GIB, free=0),)
    assert ids(spools({"A": replace(FIT, disks=full, hardware=None)}, "engine")) == []


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("http://garoon.example/cgi-bin/", "garoon.example"),
        ("https://192.0.2.1:8443/", ""),
        ("http://[2001:db8::1]/", ""),
        ("", ""),
    ],
)
def test_an_address_is_no_name(url, name):
    assert name_of(url) == name


class Windows:
    def __init__(self, found):
        self.found = found

    def condition(self, _guest, _services):
        return self.found

    def settings(self, name):
        raise ScriptFailed(Quoted(f"no settings, {name}"))


class Mute(Windows):
    def condition(self, _guest, _services):
        raise ScriptFailed(Quoted("Get-VM is not there"))


class Silent:
    def system(self, guest):
        raise ScriptFailed(Quoted(f"no exchange of {guest}"))


def test_what_a_host_cannot_be_asked_hides_nothing_else():
    def host(windows):
        return SimpleNamespace(name="C", windows=windows, services=(), guests=Silent())

    failed, written = [], []
    lab = SimpleNamespace(
        hosts={HostRole.MASTER: host(Mute(None)), HostRole.REPLICA: host(Windows(FIT))},
        rha=SimpleNamespace(apart=host(Mute(None))),
    )
    journal = SimpleNamespace(write=written.append)
    subject = Subject(master="A", replica="B", guest="Garoon", scenario="S", garoon_url="http://g/")
    found = look_at(lab, {"A", "B"}, subject, journal, lambda host, error: failed.append((host, str(error))))
    assert found == {"A": HostLook(None, None), "B": HostLook(FIT, None)}
    of_b = [("B", "no settings, g"), ("B", "no exchange of Garoon")]
    assert failed == [("A", "Get-VM is not there"), ("A", "no settings, g"), *of_b]
    [checked] = written
    assert (checked.host, checked.programs, checked.build) == ("B", {"Engine": "16.5.1"}, "")
    judged = list(HostCheck(subject=subject, services=RHA, zone=TOKYO, now=NOW).judge(found))
    assert ids(judged) == [], "that settings were not told is told once, of each host"
