"""Whatever a host answers, a call ends at its limit with one sentence and in little memory, and follows no redirect."""

import re
import signal
import socket
import time
import tracemalloc
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import lab.drivers.winrm.wire
from lab.errors import ConnectionLost, Indeterminate, LabError, NotStarted
from lab.model.scripts import ScriptCall
from lab.model.undertakings import Change, Undertaking
from tests.lab import hostile_host as attacks
from tests.lab.hostile_host import Hostile

QUESTION = ScriptCall("Get-Machine")
ACTION = ScriptCall("Start-Machine", {"Name": "Garoon"}, Undertaking(Change.START_GUEST, "Garoon"))
WITHIN = timedelta(seconds=1)
GRACE = 0.5
DRIPS = [attacks.drip_body, attacks.drip_head, attacks.drip_chunks, attacks.silent]
FLOODS = [
    attacks.announces_much,
    attacks.sends_much_unannounced,
    attacks.sends_an_endless_chunk_line,
    attacks.gzip_bomb,
    attacks.nested,
    attacks.with_entities,
]


@pytest.fixture(autouse=True)
def _little_grace(monkeypatch):
    monkeypatch.setattr(lab.drivers.winrm.wire, "_GRACE", GRACE)


@pytest.fixture
def opened():
    closing = []

    def keep(thing):
        closing.append(thing)
        return thing

    yield keep
    for thing in reversed(closing):
        thing.close()


def hostile(opened, **treated):
    return opened(Hostile(**treated))


def ends(host, call=ACTION, within=WITHIN):
    """The error a call ends with, and how long that took; the session is closed, in bounds as well."""
    session = host.session()
    began = time.monotonic()
    with pytest.raises(LabError) as caught:
        session.run(call, within=within)
    session.close()
    return caught.value, time.monotonic() - began


@pytest.mark.parametrize("action", ["Create", "Command"])
@pytest.mark.parametrize("attack", DRIPS, ids=lambda attack: attack.__name__)
def test_a_slow_host_cannot_stretch_the_opening(opened, attack, action):
    error, took = ends(hostile(opened, **{action: attack}))
    assert isinstance(error, NotStarted)
    assert "no answer in time" in str(error)
    assert took < WITHIN.total_seconds() + 2 * GRACE + 2


@pytest.mark.parametrize("attack", DRIPS, ids=lambda attack: attack.__name__)
def test_a_slow_host_cannot_stretch_an_answer(opened, attack):
    error, took = ends(hostile(opened, Receive=attack))
    assert isinstance(error, ConnectionLost)
    assert "no answer in time" in str(error)
    assert took < WITHIN.total_seconds() + 2 * GRACE + 2


def test_a_question_is_not_asked_anew_when_its_time_is_over(opened):
    host = hostile(opened, Receive=attacks.drip_body)
    error, took = ends(host, QUESTION)
    assert isinstance(error, Indeterminate)
    assert host.seen["Create"] == 1
    assert took < WITHIN.total_seconds() + 2 * GRACE + 2


@pytest.mark.parametrize("action", ["Signal", "Delete"])
@pytest.mark.parametrize("attack", DRIPS, ids=lambda attack: attack.__name__)
def test_a_slow_host_cannot_stretch_the_closing(opened, attack, action):
    host = hostile(opened, **{action: attack})
    session = host.session()
    session.run(QUESTION, within=timedelta(seconds=20))
    began = time.monotonic()
    session.close()
    assert time.monotonic() - began < 2 * GRACE + 1.5
    assert host.seen[action] == 1


@pytest.mark.parametrize(
    "attack", [attacks.drip_body, attacks.drip_head, attacks.silent], ids=lambda each: each.__name__
)
def test_a_stop_signal_ends_a_hanging_request_at_once(opened, attack):
    session = hostile(opened, Receive=attack).session()
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    began = time.monotonic()
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.5)
        with pytest.raises(KeyboardInterrupt):
            session.run(ACTION, within=timedelta(seconds=60))
    finally:
        signal.signal(signal.SIGALRM, before)
    session.close()
    assert time.monotonic() - began < 0.5 + 2 * GRACE + 1.5


@pytest.mark.parametrize("action", ["Create", "Receive"])
@pytest.mark.parametrize("attack", FLOODS, ids=lambda attack: attack.__name__)
def test_a_flood_or_a_bomb_is_refused_in_little_memory(opened, attack, action):
    host = hostile(opened, **{action: attack})
    tracemalloc.start()
    try:
        error, took = ends(host)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert isinstance(error, NotStarted if action == "Create" else ConnectionLost)
    assert peak < 64 << 20
    assert took < WITHIN.total_seconds() + 2 * GRACE + 5  # counting memory is slow


@pytest.mark.parametrize(
    ("attack", "said"),
    [
        (attacks.announces_much, "2000000000 bytes are announced"),
        (attacks.sends_much_unannounced, "its answer is larger than an answer may be"),
        (attacks.gzip_bomb, "it is compressed (gzip), which was not asked for"),
        (attacks.nested, "the document nests elements more than 64 deep"),
        (attacks.with_entities, "the document declares a type (x)"),
        (attacks.relates_to_another, "it does not relate to the message that was sent"),
        (attacks.relates_to_nothing, "it does not relate to the message that was sent"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_was_wrong_with_an_answer_is_said(opened, attack, said):
    error, _ = ends(hostile(opened, Create=attack), within=timedelta(seconds=20))
    assert said in str(error)


@pytest.mark.parametrize("action", ["Create", "Command", "Send", "Receive"])
@pytest.mark.parametrize("attack", [attacks.relates_to_another, attacks.relates_to_nothing])
def test_an_answer_to_another_message_is_none(opened, attack, action):
    error, _ = ends(hostile(opened, **{action: attack}))
    assert isinstance(error, NotStarted if action in {"Create", "Command"} else ConnectionLost)


class Elsewhere:
    """Counts who comes."""

    def __init__(self):
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._listening.settimeout(0.2)
        self.url = f"http://localhost:{self._listening.getsockname()[1]}/steal"

    def visitors(self):
        try:
            connection, _ = self._listening.accept()
        except TimeoutError:
            return 0
        connection.close()
        return 1

    def close(self):
        self._listening.close()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("action", ["Create", "Send"])
def test_a_redirect_is_refused_and_both_addresses_are_named(opened, status, action):
    elsewhere = opened(Elsewhere())
    host = hostile(opened, **{action: attacks.redirect(status, elsewhere.url)})
    error, _ = ends(host)
    assert isinstance(error, NotStarted)
    assert elsewhere.url in str(error)
    assert elsewhere.visitors() == 0
    if action == "Create":
        assert re.search(rf"MASTER redirects from {re.escape(host.url)} to {re.escape(elsewhere.url)}", str(error))
        assert "hosts.master.winrm" in str(error)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.one_of(
        st.binary(max_size=400),
        st.binary(max_size=300).map(lambda rest: b"HTTP/1.1 200 OK\r\n" + rest),
        st.binary(max_size=300).map(lambda rest: b"HTTP/1.1 200 OK\r\n\r\n<a>" + rest),
        st.integers(100, 999).map(lambda status: f"HTTP/1.1 {status} X\r\n\r\n<x/>".encode()),
    ),
    action=st.sampled_from(["Create", "Command", "Send", "Receive"]),
)
def test_random_bytes_are_one_error_of_the_lab(content, action):
    host = Hostile(**{action: attacks.bytes_of(content)})
    try:
        error, took = ends(host)
    finally:
        host.close()
    assert "\n" not in str(error)
    assert took < WITHIN.total_seconds() + 2 * GRACE + 2
