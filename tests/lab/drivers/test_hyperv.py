"""The drivers for Windows and Hyper-V: what they send, what they make of answers, and of what is not one."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.drivers.hyperv import HyperVHost
from lab.drivers.windows import WindowsHost
from lab.errors import AnswerUnreadable, GuestsUnread, OperationRefused, OperationUnavailable, ScriptTimedOut
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
from lab.safety.permissions import ChangeGuard, GuardedSession
from lab.simulator.timeline import Jumping, SimulatedClock, Timeline
from lab.site.profile import load_profile
from tests.lab.scripted import ScriptedSession
from words import Quoted

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


def windows_of(session):
    return WindowsHost(session, load_profile("arcserve_rha").event_log, Limits())


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
    ],
)
def test_an_answer_that_is_not_as_promised_says_where(answer, complaint):
    with pytest.raises(AnswerUnreadable, match="The answer of Get-Machine on MASTER") as caught:
        hyperv(answer)[0].machines()
    assert complaint in str(caught.value)


ODD = [
    ({"State": 2}, "has State 2, which is not a text"),
    ({"UptimeSeconds": "1"}, "has UptimeSeconds '1', which is not a number"),
    ({"UptimeSeconds": True}, "has UptimeSeconds True"),
    ({"UptimeSeconds": float("inf")}, "has UptimeSeconds inf"),
    ({"UptimeSeconds": 10**400}, "which is not a number within reason"),
    ({"UptimeSeconds": -1}, "has UptimeSeconds -1, which is not a length of time"),
    ({"NetworkAdapters": {}}, "which is not a list of objects"),
    ({"NetworkAdapters": [ADAPTER | {"IPAddresses": [1]}]}, "NetworkAdapters, entry 1 has IPAddresses"),
    ({"Error": "the object was not found"}, "the object was not found"),
    ({"Error": 1}, "has Error 1, which is not a text"),
]


@pytest.mark.parametrize(("change", "complaint"), ODD, ids=[complaint for _, complaint in ODD])
def test_one_guest_that_cannot_be_read_is_unknown_and_the_others_are_not(change, complaint):
    answer = [GUEST | {"Name": "DC1"} | change, GUEST]
    dc1, garoon = hyperv(answer)[0].machines()
    assert garoon.running
    assert (dc1.state, dc1.running, dc1.at_rest) == (PowerState.OTHER, False, False)
    assert complaint in str(dc1.problem)
    assert hyperv(answer)[0].machine("Garoon") == garoon
    with pytest.raises(AnswerUnreadable, match="Hyper-V could not read DC1"):
        hyperv(answer)[0].machine("DC1")


FAILURE = {"Error": "Hyper-V encountered an error because the object was not found"}


def test_that_a_guest_is_not_registered_is_never_concluded_from_an_error():
    answer = [GUEST, FAILURE]
    assert hyperv(answer)[0].machine("Garoon").running
    for ask in (lambda driver: driver.machine("DC1"), lambda driver: driver.pulse("DC1")):
        with pytest.raises(AnswerUnreadable, match="whether DC1 is registered there is not known: Hyper-V encount"):
            ask(hyperv([FAILURE])[0])
    with pytest.raises(AnswerUnreadable, match="could not list all guests: Hyper-V encountered an error"):
        hyperv(answer)[0].machines()
    pulse = {"State": "Running", "Heartbeat": "OkApplicationsHealthy"}
    assert hyperv([pulse, FAILURE])[0].pulse("Garoon").healthy


def test_the_caller_observes_a_shutdown_that_takes_longer_than_an_answer_may():
    hyperv(ScriptTimedOut(Quoted("not yet")))[0].stop("Garoon", StopMode.SHUT_DOWN)
    with pytest.raises(ScriptTimedOut):
        hyperv(ScriptTimedOut(Quoted("not yet")))[0].stop("Garoon", StopMode.TURN_OFF)


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
        "Boot": "568 2012-09-25T08:00:03Z",
    }
    service = {"Name": "vmms", "DisplayName": "Hyper-V", "State": "Running", "StartName": "LocalSystem"}
    session = ScriptedSession([facts], [service, service | {"State": "Stopped"}])
    windows = windows_of(session)
    assert windows.facts() == HostFacts(
        name="MASTER",
        os="Windows",
        os_version="6.2",
        powershell_version="4.0",
        boot_time=booted,
        clock=now,
        boot="568 2012-09-25T08:00:03Z",
    )
    running, stopped = windows.services(["vmms"])
    assert running == Service("vmms", "Hyper-V", running=True, account="LocalSystem")
    assert not stopped.running
    assert session.calls[1][0].arguments == {"Name": ["vmms"]}


@pytest.mark.parametrize(
    ("groups", "may"),
    [
        (["S-1-5-32-544", "S-1-16-12288"], True),
        (["S-1-5-32-544", "S-1-16-16384"], True),
        (["S-1-5-32-544", "S-1-16-8192"], False),
        (["S-1-5-32-544"], False),
        (["S-1-16-12288"], False),
        (["S-1-5-32-578"], True),
        ([], False),
    ],
)
def test_rights_are_those_of_the_logon_and_not_of_the_account(groups, may):
    windows = windows_of(ScriptedSession([{"Told": "True", "Groups": groups}]))
    assert windows.rights().may_manage_hyperv is may


def test_rights_that_were_not_told_are_not_none():
    windows = windows_of(ScriptedSession([{"Told": "False", "Groups": []}]))
    with pytest.raises(AnswerUnreadable, match="MASTER did not tell the groups of its logon"):
        windows.rights()


def test_hyper_v_is_asked_again_while_it_trips_over_a_guest_but_not_for_ever():
    timeline = Timeline(datetime(2012, 9, 25, 22, 0, tzinfo=UTC))
    clock = SimulatedClock(timeline, Jumping(timeline))
    session = ScriptedSession([FAILURE], [FAILURE], [GUEST], [GUEST])
    patient = HyperVHost(session, Limits(), clock)
    assert patient.machine("Garoon").running
    assert clock.monotonic() == 6
    assert patient.machine("DC1") is None
    patient = HyperVHost(ScriptedSession(*([FAILURE] for _ in range(50))), Limits(), clock)
    with pytest.raises(GuestsUnread):
        patient.machines()
    assert clock.monotonic() == 36


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
        windows_of(ScriptedSession([facts | {"Clock": clock}])).facts()


def test_facts_are_one_object():
    with pytest.raises(AnswerUnreadable, match="has 0 objects, not one"):
        windows_of(ScriptedSession([])).facts()


def test_a_site_without_permission_asks_but_never_acts():
    session = ScriptedSession([GUEST])
    driver = HyperVHost(GuardedSession(session, ChangeGuard(permitted=False, asked=True)), Limits())
    assert driver.machine("Garoon").running
    with pytest.raises(OperationRefused, match="The site file permits no changes, so Start-Machine was not sent"):
        driver.start("Garoon")
    assert len(session.calls) == 1
