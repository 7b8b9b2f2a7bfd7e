"""The guard: what is sent at all, and what a drill is known to have begun."""

from datetime import UTC, datetime, timedelta

import pytest

from lab.errors import ConnectionLost, HostUnreachable, LeaseLost, NoAnswer, OperationRefused, ScriptFailed
from lab.model.scripts import ScriptCall
from lab.model.undertakings import Change, ChangeStage, Doubt, Undertaking
from lab.safety.permissions import ChangeGuard, GuardedSession
from words import Quoted

RUN, SWITCH = (Undertaking(change, "GaroonHA") for change in (Change.RUN_SCENARIO, Change.SWITCH_OVER))
WITHIN = timedelta(seconds=1)


class Session:
    host = "TOKYO"

    def __init__(self, error=None):
        self.sent = []
        self._error = error

    def run(self, call, *, within):
        self.sent.append(call)
        if self._error is not None:
            raise self._error


def guarded(session, **said):
    guard = ChangeGuard(**{"permitted": True, "asked": True, **said})
    notes = []
    guard.note = lambda undertaking, host, phase: notes.append((undertaking.change, host, phase))
    return guard, GuardedSession(session, guard), notes


@pytest.mark.parametrize(
    ("said", "why"),
    [({"permitted": False}, "The site file permits no changes"), ({"asked": False}, "This step only looks")],
)
def test_what_is_not_permitted_or_not_asked_for_is_not_sent(said, why):
    session = Session()
    guard, line, notes = guarded(session, **said)
    with pytest.raises(OperationRefused, match=f"{why}, so Invoke-RhaCommand was not sent to TOKYO"):
        line.run(ScriptCall("Invoke-RhaCommand", {}, RUN), within=WITHIN)
    line.run(ScriptCall("Get-Machine"), within=WITHIN)
    assert [call.script for call in session.sent] == ["Get-Machine"]
    assert (guard.begun, notes) == ((), [])


def test_it_is_noted_before_it_is_sent():
    session = Session()
    guard, line, notes = guarded(session)
    guard.note = lambda *_: notes.append(len(session.sent))
    line.run(ScriptCall("Invoke-RhaCommand", {}, RUN), within=WITHIN)
    assert notes == [0]


@pytest.mark.parametrize(
    "error", [HostUnreachable(Quoted("down")), ScriptFailed(Quoted("no")), OperationRefused(Quoted("no"))]
)
def test_what_was_refused_or_never_arrived_has_not_been_begun(error):
    guard, line, notes = guarded(Session(error))
    with pytest.raises(type(error)):
        line.run(ScriptCall("Invoke-RhaCommand", {}, RUN), within=WITHIN)
    assert not guard.has_begun(Change.RUN_SCENARIO)
    assert notes == [
        (Change.RUN_SCENARIO, "TOKYO", ChangeStage.BEGUN),
        (Change.RUN_SCENARIO, "TOKYO", ChangeStage.NOT_BEGUN),
    ]


def test_what_may_have_arrived_has_been_begun():
    guard, line, _ = guarded(Session(ConnectionLost(Quoted("broke"))))
    with pytest.raises(ConnectionLost):
        line.run(ScriptCall("Invoke-RhaCommand", {}, RUN), within=WITHIN)
    assert guard.has_begun(Change.RUN_SCENARIO, subject="GaroonHA")
    assert not guard.has_begun(Change.RUN_SCENARIO, subject="another")


def test_what_another_run_is_in_the_way_of_is_neither_noted_nor_sent():
    session = Session()
    guard, line, notes = guarded(session)

    def taken():
        raise LeaseLost(Quoted("Another run has taken the site over"))

    guard.require = taken
    with pytest.raises(LeaseLost):
        line.run(ScriptCall("Invoke-RhaCommand", {}, RUN), within=WITHIN)
    line.run(ScriptCall("Get-Machine"), within=WITHIN)
    assert ([call.script for call in session.sent], notes, guard.begun) == (["Get-Machine"], [], ())


def doubted(undertaking, host):
    return Doubt(undertaking, host, datetime(2026, 4, 1, 22, tzinfo=UTC), ("Sato",))


def unanswered(error):
    def act():
        raise error

    return act


@pytest.mark.parametrize("error", [NoAnswer(Quoted("nobody")), KeyboardInterrupt()])
def test_what_people_do_not_tell_the_end_of_is_in_doubt_until_they_tell(error):
    guard, _, notes = guarded(Session())
    guard.undertake(RUN, "TOKYO", lambda: None, doubted)
    with pytest.raises(type(error)):
        guard.undertake(SWITCH, "TOKYO", unanswered(error), doubted)
    assert [phase for change, _, phase in notes if change is SWITCH.change] == [ChangeStage.BEGUN, ChangeStage.DOUBTFUL]
    assert guard.has_begun(Change.SWITCH_OVER)
    assert not guard.has_begun(Change.SWITCH_OVER, certain=True)
    assert guard.has_begun(Change.RUN_SCENARIO, certain=True)
    (doubt,) = guard.doubtful
    guard.settle(doubt, begun=False)
    assert (guard.begun, guard.doubtful, notes[-1][2]) == ((RUN,), (), ChangeStage.NOT_BEGUN)


def test_what_was_seen_to_have_begun_is_in_no_doubt():
    guard, _, _ = guarded(Session())
    with pytest.raises(NoAnswer):
        guard.undertake(SWITCH, "TOKYO", unanswered(NoAnswer(Quoted("nobody"), begun=True)), doubted)
    assert guard.has_begun(Change.SWITCH_OVER, certain=True)


def test_the_same_twice_of_which_one_is_in_doubt_is_certain_once():
    guard, _, _ = guarded(Session())
    guard.adopt([SWITCH, SWITCH], [doubted(SWITCH, "TOKYO")])
    assert guard.has_begun(Change.SWITCH_OVER, certain=True)
    guard.settle(doubted(SWITCH, "TOKYO"), begun=True)
    assert (guard.begun, guard.doubts(Change.SWITCH_OVER)) == ((SWITCH, SWITCH), False)
