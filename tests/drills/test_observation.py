"""Waiting and judging: expected and seen states are kept; a missing answer proves nothing."""

from datetime import UTC, datetime, timedelta

import pytest

from drills.observation import Observation, Unmet
from journal.course import Check
from lab.errors import AuthenticationRefused, ConnectionLost, HostUnreachable, NoResult, ScriptFailed
from lab.model.limits import Limits, LongWait, at_least
from lab.simulator.timeline import Jumping, SimulatedClock, Timeline
from words import Quoted, Text

EXPECTED = Text("three", "三")
THREE = {"en": "three", "ja": "三"}


class Notes(list):
    def write(self, entry):
        self.append((entry.what, entry.to_json()))


@pytest.fixture
def clock():
    timeline = Timeline(datetime(2026, 1, 1, tzinfo=UTC))
    return SimulatedClock(timeline, Jumping(timeline))


def counting(*answers):
    left = list(answers)

    def look():
        answer = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    return look


def until(observation, look, within=timedelta(seconds=30)):
    return observation.until(
        look,
        lambda seen: seen == 3,
        expected=EXPECTED,
        seen=lambda seen: Text(f"saw {seen}", f"{seen} を見た"),
        within=within,
    )


def test_a_wait_that_is_met_says_how_long_it_took(clock):
    notes = Notes()
    assert until(Observation(clock, notes, "en"), counting(1, 2, 3)) == 3
    lasted = {"limit_s": 30.0, "took_s": 10.0, "not_yet_s": 5.0}
    assert notes == [("wait", {"condition": THREE, **lasted, "met": True, "seen": {"en": "saw 3", "ja": "3 を見た"}})]


def test_a_wait_that_is_not_met_says_what_was_seen_instead(clock):
    notes = Notes()
    with pytest.raises(Unmet) as unmet:
        until(Observation(clock, notes, "ja"), counting(1))
    assert (unmet.value.expected, unmet.value.seen) == (EXPECTED, Text("saw 1", "1 を見た"))
    assert (notes[0][1]["took_s"], notes[0][1]["not_yet_s"]) == (30.0, 30.0)


def test_a_host_that_does_not_answer_meanwhile_is_asked_again(clock):
    assert until(Observation(clock, Notes(), "en"), counting(HostUnreachable(Quoted("gone")), 3)) == 3


def test_a_wait_in_which_the_last_look_fails_is_unknown_and_says_how_often(clock):
    notes = Notes()
    with pytest.raises(NoResult, match="6 of 7 looks within 30 s had no result, the last one among them: gone"):
        until(Observation(clock, notes, "en"), counting(1, HostUnreachable(Quoted("gone"))))
    assert (notes[0][1]["met"], notes[0][1]["without_result"], notes[0][1]["cause"]) == (False, 6, "gone")


def test_a_script_that_fails_once_while_hyper_v_registers_the_guest_does_not_end_the_wait(clock):
    notes = Notes()
    trip = ScriptFailed(Quoted("Get-VM: the object was not found"))
    assert until(Observation(clock, notes, "en"), counting(1, trip, 3)) == 3
    assert (notes[0][1]["without_result"], notes[0][1]["cause"]) == (1, str(trip))
    assert (notes[0][1]["took_s"], notes[0][1]["not_yet_s"]) == (10.0, 0.0)


def test_a_refused_login_ends_the_wait_at_once_and_the_wait_is_noted(clock):
    notes = Notes()
    with pytest.raises(AuthenticationRefused):
        until(Observation(clock, notes, "en"), counting(AuthenticationRefused(Quoted("no"))))
    assert clock.monotonic() == 0
    assert notes[0][1]["met"] is False


def test_of_checks_that_go_on_only_the_last_has_to_have_a_result(clock):
    notes = Notes()
    answers = counting(None, ConnectionLost(Quoted("gone")), None)
    Observation(clock, notes, "ja").throughout(answers, minutes=3)
    assert notes[0][1]["text"]["ja"] == "1 分ごとの 3 回の確認のうち、1 回は結果が得られなかった。"
    assert clock.monotonic() == 180


def test_checks_of_which_the_last_has_no_result_are_unknown(clock):
    with pytest.raises(NoResult, match="gone"):
        Observation(clock, Notes(), "en").throughout(counting(None, ConnectionLost(Quoted("gone"))), minutes=3)


def test_a_check_that_does_not_hold_ends_at_once(clock):
    with pytest.raises(Unmet):
        Observation(clock, Notes(), "en").throughout(counting(None, Unmet(Quoted("a"), Quoted("b")), None), minutes=30)
    assert clock.monotonic() == 120


def test_a_limit_written_in_the_site_file_extends_the_time_a_step_names_and_the_wait_says_so(clock):
    notes = Notes()
    limits = Limits(switchover=timedelta(minutes=90), stated=frozenset({LongWait.SWITCHOVER}))
    with pytest.raises(Unmet) as unmet:
        until(Observation(clock, notes, "en", limits), counting(1), within=at_least(15, LongWait.SWITCHOVER))
    told = "three (within 90 minutes, limits.switchover_minutes of the site file)"
    assert str(unmet.value.expected) == told
    assert notes[0][1]["condition"]["en"] == told
    assert notes[0][1]["limit_s"] == 5400
    assert notes[0][1]["limit_from"] == "limits.switchover_minutes"


@pytest.mark.parametrize(
    "limits",
    [
        Limits(),
        Limits(switchover=timedelta(minutes=5), stated=frozenset({LongWait.SWITCHOVER})),
        Limits(reboot=timedelta(minutes=99), stated=frozenset({LongWait.REBOOT})),
    ],
    ids=["nothing written", "less written", "another kind written"],
)
def test_otherwise_the_time_a_step_names_holds(clock, limits):
    notes = Notes()
    with pytest.raises(Unmet):
        until(Observation(clock, notes, "en", limits), counting(1), within=at_least(15, LongWait.SWITCHOVER))
    assert (notes[0][1]["condition"], notes[0][1]["limit_s"]) == (THREE, 900)
    assert "limit_from" not in notes[0][1]


def test_a_step_that_names_no_time_waits_as_long_as_the_site_says(clock):
    notes = Notes()
    with pytest.raises(Unmet):
        until(Observation(clock, notes, "en"), counting(1), within=LongWait.SYNCHRONIZATION)
    assert notes[0][1]["limit_s"] == 3600


def test_all_that_was_judged_is_kept_met_or_not(clock):
    observation = Observation(clock, Notes(), "ja")
    until(observation, counting(1, 3))
    observation.expect(True, expected=EXPECTED, seen=EXPECTED)
    observation.expect(True, expected=EXPECTED, seen=EXPECTED)
    with pytest.raises(Unmet):
        observation.expect(False, expected=EXPECTED, seen=Text("four", "四"))
    assert observation.checks() == [
        Check(EXPECTED, Text("saw 3", "3 を見た")),
        Check(EXPECTED, EXPECTED),
        Check(EXPECTED, Text("four", "四")),
    ]
    assert observation.checks() == []
