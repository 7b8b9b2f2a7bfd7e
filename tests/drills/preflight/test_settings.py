"""What hosts have set: each thing good, bad and untold."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from drills.preflight.findings import Finding, Severity
from drills.preflight.settings import leaves_out, of_both, settings, sorted_out
from lab.model.hosts import Defender, HostSettings, Update

TODAY = date(2026, 11, 30)
ENGINE = r"C:\Program Files\CA\ARCserve RHA\Engine"
QUOTAS = {"MaxMemoryPerShellMB": 1024, "MaxShellsPerUser": 30, "MaxConcurrentOperationsPerUser": 1500}
GOOD = HostSettings(
    today=TODAY,
    build="14393.5006",
    updates=(Update(name="KB1", day=None), Update(name="KB2", day=date(2026, 11, 11))),
    quotas=QUOTAS,
    defender=Defender(real_time=True, excluded=(ENGINE,)),
    addresses={"192.0.2.10": timedelta(minutes=5)},
    defender_known=True,
    untold={},
)


def judged(engine=ENGINE, **changed):
    return list(settings("MASTER", replace(GOOD, **changed), engine))


def test_good_settings_are_no_finding():
    assert judged() == []
    assert list(of_both({"A": GOOD, "B": GOOD}, "garoon.example")) == []


@pytest.mark.parametrize(
    ("changed", "name", "severity"),
    [
        ({"quotas": QUOTAS | {"MaxMemoryPerShellMB": 150}}, "quotas", "warning"),
        ({"quotas": QUOTAS | {"MaxShellsPerUser": 5}}, "quotas", "warning"),
        ({"defender": Defender(real_time=True, excluded=(r"D:\x",))}, "antivirus", "warning"),
        ({"updates": (Update(name="KB1", day=date(2026, 9, 30)),)}, "updates_old", "note"),
        ({"today": date(2027, 2, 1)}, "updates_old", "note"),
    ],
)
@pytest.mark.parametrize("language", ["en", "ja"])
def test_each_thing_that_is_wrong_is_one_finding(changed, name, severity, language):
    [finding] = judged(**changed)
    assert isinstance(finding, Finding)
    assert (finding.id, finding.severity, finding.host) == (name, Severity(severity), "MASTER")
    assert "{" not in finding.seen.in_(language) + finding.todo.in_(language)


@pytest.mark.parametrize(
    ("changed", "name", "point"),
    [
        ({"quotas": None, "untold": {"quotas": "Access is denied."}}, "quotas", ""),
        ({"updates": None}, "updates", "6-2.B0"),
        ({"updates": (Update(name="KB1", day=None),)}, "updates", "6-2.B0"),
        ({"defender": None, "defender_known": False}, "antivirus", "1-3.B2"),
        ({"defender": Defender(real_time=False, excluded=())}, "antivirus", "1-3.B2"),
        ({"defender": None, "untold": {"defender": "N/A: Must be an administrator"}}, "antivirus_untold", "1-3.B2"),
    ],
)
@pytest.mark.parametrize("language", ["en", "ja"])
def test_what_is_not_told_is_not_checked_and_says_where_to_look(changed, name, point, language):
    [left] = judged(**changed)
    assert not isinstance(left, Finding)
    assert (left.id, left.point, left.host) == (name, point, "MASTER")
    assert left.look.in_(language) != left.why.in_(language)
    assert all(reason in left.why.in_(language) for reason in changed.get("untold", {}).values())


def test_winrm_takes_0_for_no_limit_and_a_quota_it_does_not_have_is_not_judged():
    assert judged(quotas={"MaxMemoryPerShellMB": 0}) == []


def test_without_the_engines_file_there_is_no_folder_to_leave_out():
    assert judged("", defender=Defender(real_time=True, excluded=())) == []


@pytest.mark.parametrize(
    ("excluded", "left_out"),
    [
        ("c:\\program files\\ca\\arcserve rha\\engine\\tmp\\", True),
        (r"C:\Program Files\CA", True),
        (r"%ProgramFiles%\CA\ARCserve RHA", True),
        (r"C:\Program Files\*\ARCserve RHA", True),
        (r"C:\Program Files\CA\ARC", False),
        (r"C:\Program Files\*\tmp", False),
        (r"C:\Program Files\CA\ARCserve RHA\Engine\tmp\sub", False),
        ("C:\\Program Files\\CA\\ARCserve RHA\\Engine\\t.p", False),
        ("%", False),
        ("%a%" * 30 + "x", False),
        (r"C:\Program Files\*" + "*a" * 30 + "x", False),
    ],
)
def test_a_folder_is_left_out_with_the_one_above_it(excluded, left_out):
    assert leaves_out(Defender(real_time=True, excluded=(excluded,)), rf"{ENGINE}\tmp") is left_out


def compared(name="garoon.example", **of_b):
    return sorted_out(of_both({"A": GOOD, "B": replace(GOOD, **of_b)}, name))


def test_builds_of_one_windows_are_the_same():
    [[finding], _] = compared(build="14393.1")
    assert "A 14393.5006, B 14393.1" in str(finding.seen)
    assert compared(build="20348.1") == ([], [])


def test_dns_tells_both_hosts_the_same_and_lets_it_be_kept_for_minutes():
    [[finding], _] = compared(addresses={"192.0.2.10": timedelta(minutes=6)})
    assert (finding.id, finding.severity) == ("dns_ttl", Severity.NOTE)
    [[finding], _] = compared(addresses={"192.0.2.11": timedelta(minutes=1)})
    assert (finding.id, finding.severity) == ("dns_differs", Severity.WARNING)
    assert compared("", addresses={"192.0.2.11": timedelta(hours=1)}) == ([], [])


def test_a_name_that_dns_does_not_know_is_not_checked():
    unknown = replace(GOOD, addresses=None, untold={"addresses": "DNS name does not exist"})
    assert compared(addresses=None) == ([], [])
    [left] = of_both({"A": unknown, "B": unknown}, "garoon.example")
    assert left.id == "dns_ttl"
    assert "DNS name does not exist" in str(left.why)


def test_a_host_that_is_told_no_address_does_not_speak_for_both():
    assert compared(addresses={}) == ([], [])
    assert [each.id for each in of_both({"A": replace(GOOD, addresses={})}, "garoon.example")] == ["dns_ttl"]


def test_hosts_that_were_not_asked_have_said_nothing():
    assert list(of_both({}, "garoon.example")) == []
