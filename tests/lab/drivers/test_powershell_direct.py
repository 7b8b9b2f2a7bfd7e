"""The channel into a guest: what is sent through its host, and what of it a journal may see."""

import base64
from datetime import timedelta

import pytest

from lab.clock import SystemClock
from lab.drivers.powershell_direct import GuestChannel, GuestRequest
from lab.drivers.winrm.call_timer import CallTimer
from lab.errors import AnswerUnreadable, AuthenticationRefused, ScriptFailed
from lab.logins import RefusedLogins
from lab.model.calls import MASK, redacted_answer
from lab.model.endpoints import Login, local_url
from lab.model.limits import Limits
from tests.lab.scripted import ScriptedSession
from words import Quoted

LOGIN = Login("Administrator", "hidden")
GET = GuestRequest("GET", "/x", "Host: localhost\r\n")


def channel(session):
    return GuestChannel(lambda: session, "Garoon", LOGIN, Limits())


def answered(content):
    return [{"Status": "HTTP/1.1 200", "Body": base64.b64encode(content).decode()}]


def test_a_request_goes_as_data_and_its_answer_comes_back_as_bytes():
    session = ScriptedSession(answered(b"\x00\xff"))
    request = GuestRequest("POST", "/x", "Host: localhost\r\n", b"\xffbody")
    assert channel(session).exchange(80, request) == b"\x00\xff"
    [(call, _)] = session.calls
    assert call.script == "Invoke-GuestRequest"
    assert call.changes
    assert call.arguments == {
        "Name": "Garoon",
        "User": "Administrator",
        "Port": 80,
        "Method": "POST",
        "Path": "/x",
        "Header": "Host: localhost\r\n",
        "Body": base64.b64encode(b"\xffbody").decode(),
    }
    assert call.secrets == {"Secret": "hidden"}
    assert "hidden" not in repr(call)


def test_a_journal_sees_which_page_was_asked_for_and_neither_login_nor_cookie():
    session = ScriptedSession(answered(b"Set-Cookie: CBSESSID=x"))
    channel(session).exchange(80, GET)
    call = session.calls[0][0]
    shown = CallTimer(SystemClock(), SystemClock(), timedelta()).record("MASTER", call).call.arguments
    assert shown["Path"] == "/x"
    assert (shown["User"], shown["Secret"]) == ("Administrator", MASK)
    assert (shown["Header"], shown["Body"]) == (MASK, MASK)
    assert redacted_answer(answered(b"x")) == [{"Status": "HTTP/1.1 200", "Body": MASK}]


def test_looking_at_a_page_changes_nothing():
    session = ScriptedSession(answered(b""))
    channel(session).exchange(80, GET)
    assert not session.calls[0][0].changes


def test_the_login_is_in_no_representation():
    assert "hidden" not in repr(LOGIN)


@pytest.mark.parametrize("words", ["[Garoon] The credential is invalid.", "資格情報が無効です。"])
def test_a_login_that_the_guest_refuses_is_tried_once(words):
    session, logins = ScriptedSession(ScriptFailed(Quoted(words))), RefusedLogins()
    for _ in range(2):
        line = GuestChannel(lambda: session, "Garoon", LOGIN, Limits(), logins)
        with pytest.raises(AuthenticationRefused, match="Garoon refused the login of Administrator"):
            line.exchange(80, GET)
    assert len(session.calls) == 1


def test_a_refusal_is_handed_on_and_the_line_is_used_again():
    session = ScriptedSession(ScriptFailed(Quoted("no")), [{"Name": "CYBOZU"}])
    line = channel(session)
    with pytest.raises(ScriptFailed):
        line.exchange(80, GET)
    assert line.computer_name() == "CYBOZU"


@pytest.mark.parametrize("answer", [[], [{"Status": "x"}], [{"Body": "§"}], "x", [{"Body": "a"}]])
def test_an_answer_that_is_not_as_promised_is_unreadable(answer):
    with pytest.raises(AnswerUnreadable):
        channel(ScriptedSession(answer)).exchange(80, GET)


def test_one_call_after_the_other_needs_one_line_only():
    opened = []

    def open_session():
        opened.append(ScriptedSession(*[answered(b"")] * 5))
        return opened[-1]

    line = GuestChannel(open_session, "Garoon", LOGIN, Limits())
    for _ in range(5):
        line.exchange(80, GET)
    assert len(opened) == 1


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://cybozu.ca.com/scripts/cbgrn/grn.exe", "http://localhost/scripts/cbgrn/grn.exe"),
        ("http://192.0.2.10:8080/grn", "http://localhost:8080/grn"),
    ],
)
def test_only_the_host_of_the_url_is_replaced(url, local):
    assert local_url(url) == local
