from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.simulator.timeline import Jumping, SimulatedClock, TimeGoesBack, Timeline

START = datetime(2012, 9, 25, 22, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_appointments_are_kept_in_order_of_instant_then_of_arrival():
    timeline, kept = Timeline(START), []
    timeline.after(2 * SECOND, lambda: kept.append("later"))
    timeline.after(SECOND, lambda: kept.append("first"))
    timeline.after(SECOND, lambda: kept.append("second"))
    timeline.advance_to(START + 3 * SECOND)
    assert kept == ["first", "second", "later"]
    assert timeline.now() == START + 3 * SECOND


def test_an_action_sees_the_instant_it_is_due_at():
    timeline, seen = Timeline(START), []
    timeline.after(SECOND, lambda: seen.append(timeline.now()))
    timeline.advance_to(START + 10 * SECOND)
    assert seen == [START + SECOND]


def test_a_cancelled_appointment_has_no_effect():
    timeline, kept = Timeline(START), []
    timeline.after(SECOND, lambda: kept.append("kept"))
    timeline.after(SECOND, lambda: kept.append("cancelled")).cancel()
    timeline.advance_to(START + SECOND)
    assert kept == ["kept"]


def test_an_appointment_made_by_an_action_is_kept_within_the_same_move():
    timeline, kept = Timeline(START), []
    timeline.after(SECOND, lambda: timeline.after(SECOND, lambda: kept.append(timeline.now())))
    timeline.advance_to(START + 2 * SECOND)
    assert kept == [START + 2 * SECOND]


def test_an_appointment_beyond_the_move_waits_for_the_next():
    timeline, kept = Timeline(START), []
    timeline.after(5 * SECOND, lambda: kept.append("kept"))
    timeline.advance_to(START + 4 * SECOND)
    assert kept == []
    timeline.advance_to(START + 5 * SECOND)
    assert kept == ["kept"]


def test_going_back_is_refused():
    timeline = Timeline(START)
    timeline.advance_to(START + SECOND)
    with pytest.raises(TimeGoesBack):
        timeline.advance_to(START)
    with pytest.raises(TimeGoesBack):
        timeline.at(START, lambda: None)


def test_an_action_that_moves_time_is_refused_and_the_timeline_goes_on_afterwards():
    timeline = Timeline(START)
    timeline.after(SECOND, lambda: timeline.advance_to(START + 2 * SECOND))
    with pytest.raises(TimeGoesBack, match="already being moved"):
        timeline.advance_to(START + 3 * SECOND)
    timeline.advance_to(START + 3 * SECOND)
    assert timeline.now() == START + 3 * SECOND


def test_a_jumping_clock_sleeps_and_spends_in_lab_time_only():
    timeline = Timeline(START)
    clock = SimulatedClock(timeline, Jumping(timeline))
    clock.sleep(timedelta(hours=1))
    clock.spend(SECOND)
    clock.spend(-SECOND)
    assert clock.now() == START + timedelta(hours=1, seconds=1)
    assert clock.monotonic() == 3601


@given(
    delays=st.lists(st.integers(0, 50), max_size=40),
    cancelled=st.sets(st.integers(0, 39)),
    moves=st.lists(st.integers(0, 20), max_size=10),
)
def test_whatever_is_due_is_kept_once_in_order_and_nothing_else(delays, cancelled, moves):
    timeline, kept = Timeline(START), []
    for number, delay in enumerate(delays):
        appointment = timeline.after(delay * SECOND, lambda due=(delay, number): kept.append(due))
        if number in cancelled:
            appointment.cancel()
    for move in moves:
        timeline.advance_to(timeline.now() + move * SECOND)
    expected = [
        (delay, number)
        for number, delay in enumerate(delays)
        if delay <= sum(moves) and number not in cancelled and moves
    ]
    assert kept == sorted(expected)
