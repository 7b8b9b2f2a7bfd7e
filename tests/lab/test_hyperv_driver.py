"""The drivers for Windows and Hyper-V: what they send, what they make of answers, and of what is not one."""

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.errors import AnswerUnreadable, OperationRefused, OperationUnavailable
from lab.hyperv import HyperVHost
from lab.model.hosts import HostFacts, Service
from lab.model.limits import Limits
from lab.model.machines import (
    Heartbeat,
    NetworkAdapter,
    PowerState,
    StopMode,
    SwitchType,
    VirtualMachine,
    VirtualSwitch,
)
from lab.model.scripts import ScriptCall
from lab.model.undertakings import Change, Undertaking
from lab.permissions import ChangeGuard, GuardedSession
from lab.windows import WindowsHost
from tests.lab.scripted import ScriptedSession

ADAPTER = {
    "Name": "Network Adapter",
    "SwitchName": "本番ネットワーク",
    "MacAddress": "00155D",
    "IPAddresses": ["192.0.2.10"],
}
GUEST = {
    "Name": "Garoon",
    "State": "Running",
    "Heartbeat": "OkApplicationsUnknown",
    "UptimeSeconds": 12.5,
    "NetworkAdapters": [ADAPTER],
}

START = Undertaking(Change.START_GUEST, "Garoon")
STOP = Undertaking(Change.STOP_GUEST, "Garoon")


def hyperv(*answers):
    session = ScriptedSession(*answers)
    return HyperVHost(session, Limits()), session


def test_machines_are_read_whole_from_one_call():
    driver, session = hyperv([GUEST, GUEST | {"Name": "DC1", "State": "Off", "Heartbeat": "", "NetworkAdapters": []}])
    garoon, dc1 = driver.machines()
    assert garoon == VirtualMachine(
        name="Garoon",
        host="MASTER",
        state=PowerState.RUNNING,
        heartbeat=Heartbeat.OK,
        uptime_seconds=12.5,
        adapters=(NetworkAdapter("Network Adapter", "本番ネットワーク", "00155D", ("192.0.2.10",)),),
    )
    assert (dc1.state, dc1.heartbeat, dc1.adapters) == (PowerState.OFF, Heartbeat.NONE, ())
    assert session.calls == [(ScriptCall("Get-Machine"), timedelta(seconds=60))]


@pytest.mark.parametrize(
    ("word", "state"),
    [("Saving", PowerState.OTHER), ("RunningCritical", PowerState.OTHER), ("Paused", PowerState.PAUSED)],
)
def test_a_state_that_no_drill_asks_for_is_other(word, state):
    assert hyperv([GUEST | {"State": word}])[0].machines()[0].state is state


def test_a_machine_is_found_by_its_whole_name_or_not_at_all():
    assert hyperv([GUEST])[0].machine("Garo") is None
    assert hyperv([GUEST])[0].machine("Garoon").running
    with pytest.raises(AnswerUnreadable, match="2 guests named Garoon"):
        hyperv([GUEST, GUEST])[0].machine("Garoon")


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        ("text", "is 'text', not a list"),
        (None, "is None, not a list"),
        (["text"], "entry 1 is 'text', not an object"),
        ([GUEST, {}], "entry 2 has no Name"),
        ([GUEST | {"Name": " "}], "has Name ' ', which is not a name"),
        ([GUEST | {"State": 2}], "has State 2, which is not a text"),
        ([GUEST | {"UptimeSeconds": "1"}], "has UptimeSeconds '1', which is not a number"),
        ([GUEST | {"UptimeSeconds": True}], "has UptimeSeconds True"),
        ([GUEST | {"UptimeSeconds": float("inf")}], "has UptimeSeconds inf"),
        ([GUEST | {"NetworkAdapters": {}}], "which is not a list of objects"),
        ([GUEST | {"NetworkAdapters": [ADAPTER | {"IPAddresses": [1]}]}], "NetworkAdapters, entry 1 has IPAddresses"),
    ],
)
def test_an_answer_that_is_not_as_promised_says_where(answer, complaint):
    with pytest.raises(AnswerUnreadable, match="The answer of Get-Machine on MASTER") as caught:
        hyperv(answer)[0].machines()
    assert complaint in str(caught.value)


junk = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*GUEST, *ADAPTER]), inner, max_size=5),
    max_leaves=12,
)


@given(junk)
def test_no_answer_at_all_makes_the_driver_fail_otherwise(answer):
    for read in (lambda driver: driver.machines(), lambda driver: driver.switches()):
        with suppress(AnswerUnreadable):
            read(hyperv(answer)[0])


def test_actions_are_marked_and_have_limits_of_their_own():
    driver, session = hyperv([], [], [])
    driver.start("Garoon")
    driver.stop("Garoon", StopMode.SHUT_DOWN)
    driver.stop("Garoon", StopMode.TURN_OFF)
    assert session.calls == [
        (ScriptCall("Start-Machine", {"Name": "Garoon"}, START), timedelta(seconds=120)),
        (ScriptCall("Stop-Machine", {"Name": "Garoon", "TurnOff": False}, STOP), timedelta(seconds=600)),
        (ScriptCall("Stop-Machine", {"Name": "Garoon", "TurnOff": True}, STOP), timedelta(seconds=600)),
    ]


@pytest.mark.parametrize("name", ["*", "Garoon?", "[G]aroon", ""])
def test_a_name_hyperv_would_take_for_a_pattern_is_not_acted_on(name):
    driver, session = hyperv()
    for act in (lambda: driver.start(name), lambda: driver.stop(name, StopMode.TURN_OFF)):
        with pytest.raises(OperationUnavailable):
            act()
    assert session.calls == []


def test_switches_have_a_known_type():
    assert hyperv([{"Name": "内部", "SwitchType": "Internal"}])[0].switches() == (
        VirtualSwitch("内部", SwitchType.INTERNAL),
    )
    with pytest.raises(AnswerUnreadable, match="'Odd', which is not External, Internal or Private"):
        hyperv([{"Name": "x", "SwitchType": "Odd"}])[0].switches()


FACTS = {"Name": "MASTER", "Os": "Windows", "OsVersion": "6.2", "PowerShellVersion": "4.0"}


def test_windows_tells_facts_and_services():
    booted, now = "2012-09-25T08:00:00.0000000+09:00", "2012-09-25T22:00:00.1234567+09:00"
    facts = {
        "Name": "MASTER",
        "Os": "Windows",
        "OsVersion": "6.2",
        "PowerShellVersion": "4.0",
        "BootTime": booted,
        "Clock": now,
    }
    service = {"Name": "vmms", "DisplayName": "Hyper-V", "State": "Running", "StartName": "LocalSystem"}
    session = ScriptedSession([facts], [service, service | {"State": "Stopped"}])
    windows = WindowsHost(session, Limits())
    assert windows.facts() == HostFacts(
        name="MASTER", os="Windows", os_version="6.2", powershell_version="4.0", boot_time=booted, clock=now
    )
    running, stopped = windows.services(["vmms"])
    assert running == Service("vmms", "Hyper-V", running=True, account="LocalSystem")
    assert not stopped.running
    assert session.calls[1][0].arguments == {"Name": ["vmms"]}


@pytest.mark.parametrize("clock", ["", "noon", "2012-09-25T22:00:00", "25/09/2012 22:00"])
def test_a_clock_that_tells_no_instant_is_not_read(clock):
    facts = {
        "Name": "M",
        "Os": "Windows",
        "OsVersion": "6.2",
        "PowerShellVersion": "4.0",
        "BootTime": "2012-09-25T22:00:00Z",
    }
    with pytest.raises(AnswerUnreadable, match=r"Clock .*which is not an instant with an offset"):
        WindowsHost(ScriptedSession([facts | {"Clock": clock}]), Limits()).facts()


def test_facts_are_one_object():
    with pytest.raises(AnswerUnreadable, match="has 0 objects, not one"):
        WindowsHost(ScriptedSession([]), Limits()).facts()


def test_a_site_without_permission_asks_but_never_acts():
    session = ScriptedSession([GUEST])
    driver = HyperVHost(GuardedSession(session, ChangeGuard(permitted=False, asked=True)), Limits())
    assert driver.machine("Garoon").running
    with pytest.raises(OperationRefused, match="The site file permits no changes, so Start-Machine was not sent"):
        driver.start("Garoon")
    assert len(session.calls) == 1
