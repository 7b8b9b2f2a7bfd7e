"""Whatever a host answers, a driver understands it or raises an error of the lab, and what it returns is usable."""

import copy
import dataclasses
import json
import math
from datetime import UTC, datetime, timedelta
from enum import Enum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.drivers.guest import IntegrationServices
from lab.drivers.hyperv import HyperVHost
from lab.drivers.powershell_direct import GuestChannel, GuestRequest
from lab.drivers.rha.commands import RhaCommands, Ways
from lab.drivers.rha.control_service import (
    ControlService,
    IntegrityTest,
    MaintenanceWizard,
    Properties,
    StatisticsPane,
    Wizard,
)
from lab.drivers.rows import shown
from lab.drivers.windows import WindowsHost
from lab.errors import LabError
from lab.model.clocks import offset_of
from lab.model.endpoints import Login
from lab.model.limits import Limits
from lab.model.machines import StopMode
from lab.site.profile import load_profile
from tests.lab.scripted import ScriptedSession

PROFILE = load_profile("arcserve_rha")


def nested(depth):
    value = "x"
    for _ in range(depth):
        value = [value]
    return value


NASTY = (
    *(None, True, False, 0, -1, 1, 10**400, -(10**400), 10**4000, 2**63, 1e308, -1e308, 5e-324, -0.0),
    *("", " ", "\ud800", "a\udfffb", "\ud83d\ude00", "\x00", "\x1b[2J\x07", "\u202egnp", "\u0661\u0662", "１２", "NaN"),
    *("Infinity", "1e999", "9" * 30, "-5", "+5", "0x10", "1_000", "x" * 100_000, "True ", "TRUE", "no"),
    *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.9999999-14:00", "0001-01-01", "9999-12-31T23:59:59"),
    *("2012-02-30T00:00:00Z", "2012-09-25T22:00:00", "2012-09-25T22:00:00+99:00", "2012-W39-2", "20120925", "24:00"),
    *("<a>", "<!DOCTYPE a><a/>", "<a/>" * 1000, "*", "[x]", "%s{0}", "../../etc", "====", "語" * 7),
    *([], {}, [[]], [{}], [None], [1], ["\ud800"], {"": None}, {"Name": {"Name": "x"}}, nested(200)),
)

ADAPTER = {"Name": "A", "SwitchName": "N", "MacAddress": "00155D000001", "IPAddresses": ["192.0.2.10"]}
MACHINE = {
    "Name": "Garoon",
    "State": "Running",
    "Heartbeat": "OkApplicationsHealthy",
    "UptimeSeconds": 93.5,
    "NetworkAdapters": [ADAPTER],
}
FACTS = {
    "Name": "MASTER",
    "Os": "Windows",
    "OsVersion": "6.3.9600",
    "PowerShellVersion": "5.1",
    "BootTime": "2012-09-25T08:00:00.0000000+09:00",
    "Clock": "2012-09-25T22:00:00.0000000+09:00",
    "Boot": "568 2012-09-25T08:00:03.0000000Z",
}
SERVICE = {"Name": "vmms", "DisplayName": "Hyper-V", "State": "Running", "StartName": "LocalSystem"}
LOGGED = {"Number": "95", "Level": "2", "Time": "2012-09-25T22:00:00.0000000+09:00", "Message": "障害"}
ITEM = (
    '<INSTANCE CLASSNAME="Msvm_KvpExchangeDataItem">'
    '<PROPERTY NAME="Data" TYPE="string"><VALUE>CYBOZU</VALUE></PROPERTY>'
    '<PROPERTY NAME="Name" TYPE="string"><VALUE>FullyQualifiedDomainName</VALUE></PROPERTY></INSTANCE>'
)


def answered(operation, **values):
    """The object a command of RHA answers with, by the product's names."""
    return {PROFILE.operations[operation].properties[name]: value for name, value in values.items()}


def rha(session):
    return RhaCommands(session, PROFILE, Ways(usable=frozenset(PROFILE.operations)), Limits())


def channel(session):
    return GuestChannel(lambda: session, "Garoon", Login("Administrator", "x"), Limits())


CHOICES = PROFILE.choices
SCENARIO = answered(
    "list_scenarios",
    name="S",
    server_type="Hyper-V",
    product=CHOICES["product"]["assured_recovery"],
    master="MASTER",
    replica="REPLICA",
    state="実行中",
    direction=next(iter(CHOICES["direction"].values())),
    guests=["Garoon"],
    is_alive="True",
    switchover=next(iter(CHOICES["initiation"].values())),
    reverse_replication=next(iter(CHOICES["initiation"].values())),
)
EVENT = answered(
    "list_events",
    sequence="7",
    code="",
    severity="重大",
    source="S",
    time="2012/09/25 22:00:00",
    message="開始しました",
)
FIGURES = answered(
    "statistics",
    method=next(iter(CHOICES["synchronization"].values())),
    blocks_compared="100",
    blocks_copied="7",
    started="2012/09/25 22:00:00",
    ended="2012-09-25T22:10:00+09:00",
    replicated="9",
    in_spool="0",
)

QUESTIONS = {
    "machines": (
        lambda session: HyperVHost(session, Limits()).machines(),
        [MACHINE, {"Name": "DC1", "Error": "not read"}],
    ),
    "failed": (lambda session: HyperVHost(session, Limits()).machine("Garoon"), [MACHINE, {"Error": "not found"}]),
    "machine": (lambda session: HyperVHost(session, Limits()).machine("Garoon"), [MACHINE]),
    "pulse": (lambda session: HyperVHost(session, Limits()).pulse("Garoon"), [{"State": "Running", "Heartbeat": "Ok"}]),
    "switches": (lambda session: HyperVHost(session, Limits()).switches(), [{"Name": "N", "SwitchType": "External"}]),
    "start": (lambda session: HyperVHost(session, Limits()).start("Garoon"), []),
    "stop": (lambda session: HyperVHost(session, Limits()).stop("Garoon", StopMode.SHUT_DOWN), []),
    "facts": (lambda session: WindowsHost(session, PROFILE.event_log, Limits()).facts(), [FACTS]),
    "rights": (
        lambda session: WindowsHost(session, PROFILE.event_log, Limits()).rights(),
        [{"Told": "True", "Groups": ["S-1-5-32-544", "S-1-16-12288"]}],
    ),
    "services": (lambda session: WindowsHost(session, PROFILE.event_log, Limits()).services(["vmms"]), [SERVICE]),
    "restart": (lambda session: WindowsHost(session, PROFILE.event_log, Limits()).restart(), []),
    "log": (lambda session: WindowsHost(session, PROFILE.event_log, Limits()).log_entries(24), [LOGGED, LOGGED]),
    "item": (lambda session: IntegrationServices(session, Limits()).computer_name("Garoon"), [ITEM]),
    "guest name": (lambda session: channel(session).computer_name(), [{"Name": "CYBOZU"}]),
    "guest": (
        lambda session: channel(session).exchange(80, GuestRequest("GET", "/", "Host: localhost\r\n")),
        [{"Status": "HTTP/1.1 200", "Body": "SFRUUC8xLjEgMjAw"}],
    ),
    "scenarios": (lambda session: ControlService(rha(session)).scenario("S"), [SCENARIO]),
    "events": (lambda session: ControlService(rha(session)).events(0), [EVENT]),
    "synchronization": (lambda session: StatisticsPane(rha(session)).synchronization("S"), [FIGURES]),
    "traffic": (lambda session: StatisticsPane(rha(session)).traffic("S"), [FIGURES]),
    "engines": (
        lambda session: Wizard(rha(session)).engines(["MASTER"]),
        [answered("engine_version", host="MASTER", version="16.0", up_to_date="True")],
    ),
    "discover": (
        lambda session: Wizard(rha(session)).discover("MASTER"),
        [answered("discover_guests", name="Garoon", computer_name="CYBOZU", state="x", selected="True")],
    ),
    "verify": (
        lambda session: Wizard(rha(session)).verify("S"),
        [answered("verify_scenario", severity="エラー", subject="Garoon", text="x")],
    ),
    "properties": (
        lambda session: Properties(rha(session)).listed("S"),
        [answered("scenario_properties", group="g", name="n", value="v", default="d")],
    ),
    "run": (lambda session: ControlService(rha(session)).switch_over("S", run_reverse=False), ["started"]),
    "prepare": (
        lambda session: MaintenanceWizard(rha(session), ControlService(rha(session))).prepare_reboot("MASTER"),
        ["Host MASTER Preparing for reboot"],
    ),
    "test": (lambda session: IntegrityTest(rha(session)).start("S", manual=True), []),
}


def places(value, path=()):
    """Every place of an answer: itself, and whatever lies in it."""
    yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from places(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from places(inner, (*path, number))


def replaced(answer, path, odd):
    if not path:
        return odd
    changed = copy.deepcopy(answer)
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = odd
    return changed


def removed(answer, path):
    changed = copy.deepcopy(answer)
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    del inner[path[-1]]
    return changed


def expect_usable(value):
    """It can be written, shown and reckoned with, as steps and journals do."""
    if dataclasses.is_dataclass(value):
        for each in dataclasses.fields(value):
            expect_usable(getattr(value, each.name))
    elif isinstance(value, list | tuple | set | frozenset):
        for each in value:
            expect_usable(each)
    elif isinstance(value, str):
        json.dumps(value, ensure_ascii=False).encode()
    elif isinstance(value, float):
        assert math.isfinite(value)
    elif isinstance(value, datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        for shift in (timedelta(days=-40000), timedelta(days=40000)):
            (aware + shift).astimezone(UTC).isoformat()
    else:
        assert value is None or isinstance(value, bool | int | bytes | Enum)


def try_answer(question, answer):
    ask, _ = QUESTIONS[question]
    try:
        found = ask(ScriptedSession(answer))
    except LabError as error:
        expect_usable(str(error))
        return
    expect_usable(found)
    for machine in found if question == "machines" else ():
        datetime.now(UTC) - timedelta(seconds=machine.uptime_seconds)
    if question == "facts":
        assert datetime.fromisoformat(found.boot_time).tzinfo
        offset_of(datetime.fromisoformat(found.clock), asked=datetime.now(UTC), took=timedelta(seconds=1))


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_answers_that_are_varied_here_are_understood(question):
    ask, good = QUESTIONS[question]
    expect_usable(ask(ScriptedSession(good)))


@pytest.mark.parametrize("question", QUESTIONS)
def test_any_place_of_an_answer_may_be_odd(question):
    _, good = QUESTIONS[question]
    for place in places(good):
        for odd in NASTY:
            try_answer(question, replaced(good, place, odd))


@pytest.mark.parametrize("question", QUESTIONS)
def test_any_place_of_an_answer_may_be_missing_or_come_twice(question):
    _, good = QUESTIONS[question]
    for place in places(good):
        if place:
            try_answer(question, removed(good, place))
    try_answer(question, [*good, *good])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize("question", QUESTIONS)
@given(data=st.data())
def test_any_place_of_an_answer_may_be_anything(question, data):
    _, good = QUESTIONS[question]
    place = data.draw(st.sampled_from(list(places(good))))
    try_answer(question, replaced(good, place, data.draw(JSON)))


@given(JSON)
def test_a_value_is_shown_in_an_errors_sentence_whatever_it_is(value):
    assert len(str(shown(value))) <= 201
    str(shown(value)).encode()


def test_a_number_or_a_list_that_python_itself_cannot_show_is_told_by_its_kind():
    assert str(shown(10**5000)) == "a int that cannot be shown"
    assert str(shown(nested(100_000))) == "a list that cannot be shown"
