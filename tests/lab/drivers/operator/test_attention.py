"""Answers that serve again, for how long, and on whose word a step rests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from lab.drivers.operator.attention import FRESH, Attention
from words import Quoted


class Clock:
    def __init__(self) -> None:
        self.passed = 0.0

    def monotonic(self) -> float:
        return self.passed


def attention() -> tuple[Attention[str], Clock, list[tuple[Sequence[str], timedelta | None]]]:
    clock: Any = Clock()
    told: list[tuple[Sequence[str], timedelta | None]] = []
    made = Attention[str](clock, relied=lambda by, age: told.append((by, age)))
    return made, clock, told


def test_an_answer_that_serves_an_act_has_its_age_told_and_an_old_one_is_asked_anew() -> None:
    asking, clock, told = attention()
    asking.keep("scenario", "running", "Sato")
    asking.begin_step(judges=False)
    clock.passed = 45.0
    assert asking.answer("scenario") == "running"
    assert told == [(("Sato",), timedelta(seconds=45))]
    clock.passed = FRESH.total_seconds() + 1
    assert asking.answer("scenario") is None


def test_within_a_step_its_own_answer_is_noted_once() -> None:
    asking, _, told = attention()
    asking.begin_step(judges=True)
    with asking.on(Quoted("running"), timedelta(hours=1)):
        asking.keep("scenario", "running", "Sato")
        assert asking.answer("scenario") == "running"
    assert (asking.rests_on, told) == (("Sato",), [])


def test_who_uses_a_fact_rests_on_those_it_rests_on() -> None:
    asking, _, told = attention()
    asking.begin_step(judges=True)
    asking.keep("events", "countdown", "Sato")
    asking.leave("countdown")
    asking.end_step()
    asking.begin_step(judges=True)
    asking.leave("seen")
    asking.take_up("seen")
    assert asking.rests_on == ()
    asking.take_up("countdown")
    asking.leave("switchover")
    assert told == [(("Sato",), None)]
    asking.end_step()
    asking.begin_step(judges=True)
    asking.take_up("switchover")
    assert asking.rests_on == ("Sato",)


def test_between_steps_nothing_is_told() -> None:
    asking, _, told = attention()
    asking.keep("scenario", "running", "Sato")
    asking.end_step()
    assert asking.answer("scenario") == "running"
    assert (asking.rests_on, told) == (("Sato",), [])
