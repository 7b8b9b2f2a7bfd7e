"""The connection to the Control Service: made before commands, made again, and given up before an account is locked."""

from types import SimpleNamespace

import pytest

from lab.drivers.rha.commands import RhaCommands, Ways
from lab.drivers.rha.door import MOST, PAUSE, Door
from lab.errors import AuthenticationRefused, NotStarted, OperationRefused, ScriptFailed
from lab.model.endpoints import Login
from lab.model.limits import Limits
from lab.site.profile import Connection, load_profile
from tests.lab.scripted import ScriptedSession
from words import Quoted

PROFILE = load_profile("arcserve_rha")
CONNECTION = Connection(command="Connect-It", parameters={"host": "Host", "credential": "As"}, values={"Mode": "x"})
NO_LOGIN = ScriptFailed(Quoted("…"), error_id="RhaConnectionFailed: no such user")
LOST = ScriptFailed(Quoted("not connected"), error_id="OperationRefused,Get-Scenario")


@pytest.fixture
def now():
    return SimpleNamespace(seconds=0.0)


@pytest.fixture
def connected(now):
    def made(*answers):
        session = ScriptedSession(*answers, host="REPLICA")
        clock = SimpleNamespace(monotonic=lambda: now.seconds)
        door = Door(connection=CONNECTION, host="REPLICA", login=Login("drill", "hidden"), clock=clock)
        return RhaCommands(session, PROFILE, Ways(usable=PROFILE.operations, door=door), Limits()), session

    return made


def anew(session):
    return [call.arguments["Connection"]["Anew"] for call, _ in session.calls]


def test_every_call_can_connect_and_the_password_is_no_argument(connected):
    commands, session = connected([], [])
    commands.ask("list_scenarios", {})
    commands.act("stop_scenario", {"name": "S"})
    for call, _ in session.calls:
        assert call.arguments["Connection"] == {
            "Command": "Connect-It",
            "Parameters": {"Host": "REPLICA", "Mode": "x"},
            "Credential": "As",
            "User": "drill",
            "Anew": "False",
        }
        assert call.secrets == {"Secret": "hidden"}
        assert "hidden" not in repr(call)


def test_without_a_credential_no_password_is_sent(connected, now):
    plain = Connection(command="Connect-It", parameters={"host": "Host"})
    clock = SimpleNamespace(monotonic=lambda: now.seconds)
    assert Door(connection=plain, host="R", login=Login("drill", "hidden"), clock=clock).secrets() == {}


def test_a_question_that_failed_is_asked_once_more_over_a_new_connection(connected, now):
    commands, session = connected(LOST, [], LOST, LOST, LOST)
    assert commands.ask("list_scenarios", {}) == ()
    assert anew(session) == ["False", "True"]
    with pytest.raises(OperationRefused):
        commands.ask("list_scenarios", {})  # at most once a minute
    assert anew(session)[2:] == ["False"]
    now.seconds += PAUSE
    with pytest.raises(OperationRefused):
        commands.ask("list_scenarios", {})
    assert anew(session)[3:] == ["False", "True"]


def test_an_action_is_never_repeated(connected):
    commands, session = connected(LOST, [])
    with pytest.raises(OperationRefused):
        commands.act("stop_scenario", {"name": "S"})
    assert anew(session) == ["False"]
    commands.ask("list_scenarios", {})
    assert anew(session) == ["False", "True"]


def test_a_connection_that_fails_is_tried_again_after_a_pause_and_not_for_ever(connected, now):
    commands, session = connected(*[NO_LOGIN] * MOST)
    for _ in range(MOST):
        with pytest.raises(NotStarted, match="as drill \\(no such user\\)"):
            commands.ask("list_scenarios", {})
        if len(session.calls) < MOST:
            with pytest.raises(NotStarted, match="next attempt"):
                commands.ask("list_scenarios", {})
        now.seconds += PAUSE
    with pytest.raises(AuthenticationRefused, match=f"failed {MOST} times in a row"):
        commands.act("stop_scenario", {"name": "S"})
    assert len(session.calls) == MOST


def test_one_that_comes_about_begins_the_count_anew(connected, now):
    commands, session = connected(*[NO_LOGIN] * (MOST - 1), [], NO_LOGIN)
    for _ in range(MOST - 1):
        with pytest.raises(NotStarted):
            commands.ask("list_scenarios", {})
        now.seconds += PAUSE
    commands.ask("list_scenarios", {})
    with pytest.raises(NotStarted, match="no such user"):
        commands.ask("list_scenarios", {})
    assert len(session.calls) == MOST + 1
