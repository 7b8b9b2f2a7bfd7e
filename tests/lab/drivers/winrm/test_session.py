"""WinRmSession against the simulated listener: what a script may do to its caller, and what a line may."""

import dataclasses
from datetime import timedelta

import pytest

from lab.errors import (
    AnswerUnreadable,
    AuthenticationRefused,
    ConnectionLost,
    HostUnreachable,
    NotStarted,
    ScriptFailed,
    ScriptTimedOut,
)
from lab.model.calls import CallOutcome
from lab.model.endpoints import Authentication
from lab.model.scripts import ScriptCall
from lab.model.undertakings import Change, Undertaking
from tests.lab.winrm_premises import PASSWORD, Exit, Host, Line

START = Undertaking(Change.START_GUEST, "Garoon")
QUESTION = ScriptCall("Get-Machine")
ACTION = ScriptCall("Start-Machine", {"Name": "Garoon"}, START)
MINUTE = timedelta(minutes=1)


def echo(request, say, _console):
    say(output=[request["arguments"]])


@pytest.fixture
def opened():
    """Opens hosts, lines and sessions that end with the test."""
    closing = []

    def keep(thing):
        closing.append(thing)
        return thing

    yield keep
    for thing in reversed(closing):
        thing.close()


def host_with_line(opened, behave=echo):
    host = opened(Host(behave, allow_unencrypted=True))
    line = opened(Line(host))
    return host, line, opened(line.session(host))


def test_a_call_is_one_send_and_one_receive_once_the_resident_runs(opened):
    host = opened(Host(echo))
    session = opened(host.session())
    first = session.run(QUESTION, within=MINUTE)
    second = session.run(QUESTION, within=MINUTE)
    assert (first.round_trips, second.round_trips) == (4, 2)
    assert host.engine.starts == 1


@pytest.mark.parametrize("text", ["検証 ’“”`$ & | < > % \r\n \u2028", "𠮷" * 3, "a" * 100_000 + "語" * 100_000])
def test_any_text_comes_back_as_it_went(opened, text):
    session = opened(opened(Host(echo)).session())
    assert session.run(ScriptCall("Get-Machine", {"x": text}), within=MINUTE).value == ({"x": text},)


def test_whatever_else_a_script_prints_is_stray(opened):
    def chat(request, say, console):
        console.write('警告\r\n{"id": "0"}\r\n\x1e{"id": "guess-1", "output": []}\r\nno line end')
        console.write_error("stderr\r\n")
        say(output=[1])
        say(output=[2])
        console.write("late\r\n")

    session = opened(opened(Host(chat)).session())
    result = session.run(QUESTION, within=MINUTE)
    assert result.value == (1,)
    assert set(result.stray) >= {"警告", '{"id": "0"}', '{"id": "guess-1", "output": []}', "no line end", "stderr"}
    assert session.run(QUESTION, within=MINUTE).value == (1,)


def test_a_failing_script_says_why_and_the_resident_lives_on(opened):
    def fail(request, say, console):
        if request["arguments"]:
            say(
                error={
                    "id": "InvalidParameter,Get-VM",
                    "category": "InvalidArgument",
                    "message": "no\nsuch VM",
                    "position": "At line:3 char:1\n+ x",
                }
            )
        else:
            echo(request, say, console)

    host = opened(Host(fail))
    session = opened(host.session())
    with pytest.raises(ScriptFailed, match=r"^MASTER: no such VM \(Start-Machine, At line:3 char:1\)$") as caught:
        session.run(ACTION, within=MINUTE)
    assert (caught.value.error_id, caught.value.host) == ("InvalidParameter,Get-VM", "MASTER")
    assert session.run(QUESTION, within=MINUTE).value == ({},)
    assert host.engine.starts == 1


def test_a_hanging_script_costs_its_deadline_in_lab_time_and_its_resident(opened):
    def hang_once(request, say, console):
        if request["arguments"]:
            console.hang()
        echo(request, say, console)

    host = opened(Host(hang_once))
    session = opened(host.session())
    with pytest.raises(ScriptTimedOut, match="Start-Machine on MASTER did not answer within 50 s"):
        session.run(ACTION, within=timedelta(seconds=50))
    assert host.clock.monotonic() == 50
    assert session.run(QUESTION, within=MINUTE).value == ({},)
    assert (len(host.engine.requests), host.engine.starts) == (2, 2)


def test_a_slow_script_is_waited_for_beyond_one_operation(opened):
    def slow(request, say, console):
        host.clock.spend(timedelta(seconds=55))
        echo(request, say, console)

    host = opened(Host(slow))
    result = opened(host.session()).run(QUESTION, within=MINUTE)
    assert result.value == ({},)
    assert result.took >= timedelta(seconds=55)


def test_a_script_that_ends_its_powershell_is_unreadable_and_not_repeated(opened):
    def die(request, say, console):
        console.write("last words\r\n")
        raise Exit(3)

    host = opened(Host(die))
    session = opened(host.session())
    with pytest.raises(AnswerUnreadable, match=r"\(exit code 3\) unanswered; it said: last words\.$"):
        session.run(QUESTION, within=MINUTE)
    assert len(host.engine.requests) == 1
    with pytest.raises(AnswerUnreadable):
        session.run(QUESTION, within=MINUTE)
    assert host.engine.starts == 2


def test_a_flood_ends_at_the_limit(opened):
    def flood(request, say, console):
        if not request["arguments"]:
            return echo(request, say, console)
        while True:
            console.write("x" * 4000 + "\r\n")

    session = opened(opened(Host(flood)).session(maximum_output=100_000))
    with pytest.raises(AnswerUnreadable, match="printed more than one answer may take"):
        session.run(ACTION, within=MINUTE)
    assert session.run(QUESTION, within=MINUTE).value == ({},)


@pytest.mark.parametrize("action", ["Send", "Receive"])
@pytest.mark.parametrize("cut", ["before", "after"])
def test_a_question_is_asked_once_more_after_a_lost_connection(opened, action, cut):
    _host, line, session = host_with_line(opened)
    line.treat = lambda seen, number: cut if (seen, number) == (action, 1) else None
    assert session.run(QUESTION, within=MINUTE).value == ({},)
    assert line.seen["Create"] == 2


def test_a_question_is_not_asked_a_third_time(opened):
    host, line, session = host_with_line(opened)
    line.treat = lambda seen, number: "after" if seen == "Receive" else None
    with pytest.raises(ConnectionLost):
        session.run(QUESTION, within=MINUTE)
    assert len(host.engine.requests) == 2


@pytest.mark.parametrize("action", ["Send", "Receive"])
@pytest.mark.parametrize("cut", ["before", "after"])
def test_an_action_that_may_have_arrived_is_never_sent_again(opened, action, cut):
    _host, line, session = host_with_line(opened)
    line.treat = lambda seen, number: cut if seen == action else None
    with pytest.raises(ConnectionLost) as caught:
        session.run(ACTION, within=MINUTE)
    assert line.seen["Send"] == 1
    assert (caught.value.host, caught.value.operation) == ("MASTER", "Start-Machine")
    line.treat = lambda seen, number: None
    assert session.run(QUESTION, within=MINUTE).value == ({},)


@pytest.mark.parametrize("action", ["Send", "Receive"])
def test_a_login_by_basic_that_is_refused_later_is_not_tried_again_either(opened, action):
    """Its every request is a login."""
    _host, line, session = host_with_line(opened)
    session.run(QUESTION, within=MINUTE)
    line.treat = lambda seen, number: 401 if seen == action else None
    with pytest.raises(AuthenticationRefused if action == "Send" else ConnectionLost):
        session.run(ACTION, within=MINUTE)
    before = sum(line.seen.values())
    with pytest.raises(AuthenticationRefused, match="No further login was tried"):
        session.run(ACTION, within=MINUTE)
    assert sum(line.seen.values()) == before


@pytest.mark.parametrize("status", [400, 503])
def test_an_action_whose_send_was_refused_has_not_begun_and_goes_anew(opened, status):
    host, line, session = host_with_line(opened)
    line.treat = lambda seen, number: status if (seen, number) == ("Send", 1) else None
    assert session.run(ACTION, within=MINUTE).value == ({"Name": "Garoon"},)
    assert [request["arguments"] for request in host.engine.requests] == [{"Name": "Garoon"}]


def test_an_action_refused_twice_is_not_started(opened):
    host, line, session = host_with_line(opened)
    line.treat = lambda seen, number: 400 if seen == "Send" else None
    with pytest.raises(NotStarted, match="MASTER did not take the request: HTTP status 400"):
        session.run(ACTION, within=MINUTE)
    assert host.engine.requests == []


@pytest.mark.parametrize("action", ["Create", "Command"])
def test_a_connection_cut_while_the_resident_starts_is_not_started(opened, action):
    host, line, session = host_with_line(opened)
    line.treat = lambda seen, number: "after" if seen == action else None
    with pytest.raises(HostUnreachable):
        session.run(ACTION, within=MINUTE)
    assert host.engine.requests == []


def test_a_large_action_cut_between_its_pieces_goes_anew(opened):
    host, line, session = host_with_line(opened)
    line.treat = lambda seen, number: "after" if (seen, number) == ("Send", 1) else None
    large = ScriptCall("Start-Machine", {"Name": "x" * 200_000}, START)
    session.run(large, within=MINUTE)
    assert len(host.engine.requests) == 1


def test_an_idle_shell_that_the_host_took_away_is_replaced(opened):
    host = opened(Host(echo))
    session = opened(host.session())
    session.run(QUESTION, within=MINUTE)
    host.clock.sleep(timedelta(hours=3))
    assert session.run(ACTION, within=MINUTE).value == ({"Name": "Garoon"},)
    assert (len(host.engine.requests), host.engine.starts) == (2, 2)


def test_a_host_that_was_restarted_is_found_again(opened):
    host = opened(Host(echo))
    session = opened(host.session())
    session.run(QUESTION, within=MINUTE)
    host.listener.suspend()
    with pytest.raises(
        HostUnreachable, match=r"MASTER does not answer at http://127.0.0.1:\d+/wsman: connection refused"
    ):
        session.run(ACTION, within=MINUTE)
    host.listener.open()
    assert session.run(ACTION, within=MINUTE).value == ({"Name": "Garoon"},)


@pytest.mark.parametrize("authentication", list(Authentication)[::2])
def test_a_wrong_password_is_refused_and_never_shown(opened, authentication):
    host = opened(Host(echo, allow_unencrypted=True))
    session = opened(host.session(password="wrong-one", authentication=authentication))
    with pytest.raises(AuthenticationRefused, match="MASTER refused the login of kunren") as caught:
        session.run(QUESTION, within=MINUTE)
    assert "wrong-one" not in str(caught.value) + repr(session) + repr(session._endpoint)
    assert PASSWORD not in repr(host.endpoint())


def test_a_refused_login_is_not_tried_again_unless_it_is_allowed(opened):
    host, line, _ = host_with_line(opened)
    session = opened(line.session(host, password="wrong-one"))
    logins = []
    for allow in (False, False, True, False):
        if allow:
            session.allow_login_again()
        with pytest.raises(AuthenticationRefused, match="refused the login of kunren"):
            session.run(QUESTION, within=MINUTE)
        logins.append(sum(line.seen.values()))
    assert logins == [1, 1, 2, 2]


def test_basic_over_http_is_not_sealed_and_ntlm_is(opened):
    host = opened(Host(echo, allow_unencrypted=False))
    assert opened(host.session()).run(QUESTION, within=MINUTE).value == ({},)
    with pytest.raises(NotStarted, match=r"does not offer the login method basic at .*, but Negotiate: write one"):
        opened(host.session(authentication=Authentication.BASIC)).run(QUESTION, within=MINUTE)


def test_a_name_that_does_not_resolve_is_unreachable(opened):
    host = opened(Host(echo))
    session = host.session(url="http://no-such-host.invalid:5985/wsman")
    with pytest.raises(HostUnreachable, match="its name is not known"):
        session.run(QUESTION, within=MINUTE)


def test_the_observer_is_told_of_every_call_with_secrets_masked(opened):
    def behave(request, say, console):
        if request["arguments"].get("Name") == "bad":
            say(error={"id": "X", "category": "", "message": "no", "position": ""})
        else:
            say(output=["y" * 1000])

    class Listener:
        def __init__(self):
            self.records = []

        def called(self, record):
            self.records.append(record)

    listener = Listener()
    host = opened(Host(behave))
    session = opened(host.session(observer=listener))
    told = dataclasses.replace(ACTION, arguments={"Name": "x", "Password": "p"}, secrets={"Secret": "s-3"})
    assert "s-3" not in repr(told)
    session.run(told, within=MINUTE)
    with pytest.raises(ScriptFailed):
        session.run(dataclasses.replace(ACTION, arguments={"Name": "bad"}), within=MINUTE)
    session.close()
    host.close()
    with pytest.raises(HostUnreachable):
        session.run(QUESTION, within=MINUTE)
    first, second, third = listener.records
    assert [record.outcome for record in listener.records] == [
        CallOutcome.ANSWERED,
        CallOutcome.REFUSED,
        CallOutcome.NOT_STARTED,
    ]
    assert first.call.arguments == {"Name": "x", "Password": "●●●", "Secret": "●●●"}
    assert first.answer == ["y" * 1000]
    assert (first.host, first.round_trips, len(first.script_sha256)) == ("MASTER", 4, 64)
    assert str(second.error) == "MASTER: no (Start-Machine)"
    assert third.round_trips == 1


def test_a_host_whose_powershell_is_too_old_is_not_started_in_one_sentence(opened):
    def behave(request, say, console):
        console.write('\x1e{"powershell": "2.0"}\r\n')
        raise Exit(1)

    session = opened(opened(Host(behave)).session())
    with pytest.raises(NotStarted, match=r"MASTER runs PowerShell 2\.0, and Kunren needs 3\.0 or later there"):
        session.run(ACTION, within=MINUTE)


def test_closing_ends_the_shell_on_the_host(opened):
    _host, line, session = host_with_line(opened)
    session.run(QUESTION, within=MINUTE)
    session.close()
    session.close()
    assert (line.seen["Signal"], line.seen["Delete"]) == (1, 1)


def test_an_action_the_operator_stops_is_told_as_indeterminate_and_the_next_call_starts_anew(opened):
    class Clock:
        """The operator presses Ctrl-C at the first look at the clock after the request was sent."""

        def __init__(self, clock):
            self.clock = clock
            self.looks = None

        def monotonic(self):
            if self.looks is not None:
                self.looks += 1
                if self.looks == 2:
                    raise KeyboardInterrupt
            return self.clock.monotonic()

    told = []

    class Listener:
        def called(self, record):
            told.append(record)

    host = opened(Host(echo))
    session = opened(host.session(observer=Listener()))
    session.run(QUESTION, within=MINUTE)
    session._clock = Clock(host.clock)
    session._clock.looks = 0
    with pytest.raises(KeyboardInterrupt):
        session.run(ACTION, within=MINUTE)
    session._clock = host.clock
    assert session.run(QUESTION, within=MINUTE).value == ({},)
    assert [record.outcome for record in told] == [
        CallOutcome.ANSWERED,
        CallOutcome.INDETERMINATE,
        CallOutcome.ANSWERED,
    ]
    assert "was stopped by the operator" in str(told[1].error)
    assert host.engine.starts == 2
