"""The one polling loop looks at once, on its interval, and for the last time when the time is over."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab import errors
from lab.errors import (
    AuthenticationRefused,
    HostUnreachable,
    InterlockRefused,
    LabError,
    NoResult,
    NotStarted,
    OperationUnavailable,
    ScriptFailed,
    SiteError,
)
from lab.simulator.timeline import Jumping, SimulatedClock, Timeline
from lab.waiting import LASTING, WhileBooting, wait_until
from words import Quoted

SECONDS = st.integers(1, 500)


def clock():
    timeline = Timeline(datetime(2026, 1, 1, tzinfo=UTC))
    return SimulatedClock(timeline, Jumping(timeline))


def waited(clock, holds, within, every):
    return wait_until(
        clock.monotonic, holds, clock=clock, within=timedelta(seconds=within), every=timedelta(seconds=every)
    )


def test_what_holds_at_once_costs_no_time():
    met = waited(clock(), lambda _: True, 10, 1)
    assert (met.met, met.took, met.not_yet) == (True, timedelta(), timedelta())


@given(due=SECONDS, within=SECONDS, every=SECONDS)
def test_it_is_met_on_the_first_look_at_or_after_the_instant_and_never_later_than_allowed(due, within, every):
    result = waited(clock(), lambda now: now >= due, within, every)
    looks = sorted({*range(0, within, every), within})
    expected = next((look for look in looks if look >= due), None)
    assert result.met == (expected is not None)
    assert result.took == timedelta(seconds=expected if expected is not None else within)


@given(due=st.integers(0, 500), within=SECONDS, every=SECONDS, look=st.integers(0, 60))
def test_what_came_true_came_true_between_the_last_look_without_it_and_the_end(due, within, every, look):
    lab = clock()

    def glance():
        sampled = lab.monotonic()
        lab.spend(timedelta(seconds=look))
        return sampled

    result = wait_until(
        glance,
        lambda sampled: sampled >= due,
        clock=lab,
        within=timedelta(seconds=within),
        every=timedelta(seconds=every),
    )
    if result.met:
        assert result.not_yet <= timedelta(seconds=due) <= result.took
    else:
        assert result.not_yet < timedelta(seconds=due)


def error_of(kind):
    return kind(Quoted("no"), point="4-1.S1", operation="x") if kind is InterlockRefused else kind(Quoted("no"))


def every_kind(of=LabError):
    return {of, *(kind for each in of.__subclasses__() for kind in every_kind(each))}


PASSING = sorted(
    (kind for kind in every_kind() if kind.__module__ == errors.__name__ and not issubclass(kind, LASTING)),
    key=lambda kind: kind.__name__,
)


def answering(*answers):
    left = list(answers)

    def look():
        answer = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    return look


def wait(look, lab, holds=lambda seen: seen == "up", within=20):
    return wait_until(look, holds, clock=lab, within=timedelta(seconds=within), every=timedelta(seconds=5))


@pytest.mark.parametrize("kind", PASSING)
def test_a_question_that_fails_in_any_way_is_a_look_without_a_result(kind):
    result = wait(answering(kind(Quoted("no")), "down", kind(Quoted("no")), "up"), clock())
    assert (result.met, result.result(), result.looks, result.failed) == (True, "up", 4, 2)
    assert str(result.cause) == "no"


@pytest.mark.parametrize("kind", PASSING)
def test_at_the_limit_the_last_failure_is_told_with_how_often_it_came(kind):
    result = wait(answering("down", kind(Quoted("one")), kind(Quoted("two"))), clock())
    assert not result.met
    with pytest.raises(NoResult, match=r"^4 of 5 looks within 20 s had no result, the last one among them: two$"):
        result.result()


def test_a_last_look_with_a_result_counts_although_others_had_none():
    result = wait(answering(ScriptFailed(Quoted("no")), "down"), clock())
    assert (result.met, result.result(), result.failed) == (False, "down", 1)


@pytest.mark.parametrize("kind", [AuthenticationRefused, InterlockRefused, OperationUnavailable, SiteError])
def test_what_another_look_cannot_mend_ends_the_wait_at_once(kind):
    lab = clock()
    result = wait(answering("down", error_of(kind), "up"), lab)
    with pytest.raises(kind):
        result.result()
    assert lab.monotonic() == 5


@given(due=st.integers(0, 500), within=SECONDS, every=SECONDS, failing=st.lists(st.booleans(), max_size=200))
def test_looks_that_fail_bound_nothing(due, within, every, failing):
    """Whatever fails, it never became true before the instant that is told as the last at which it was not."""
    lab, fails = clock(), iter(failing)

    def glance():
        if next(fails, False):
            raise ScriptFailed(Quoted("tripped"))
        return lab.monotonic()

    result = wait(glance, lab, holds=lambda now: now >= due, within=within)
    if result.met:
        assert result.not_yet <= timedelta(seconds=due) <= result.took


class Booting:
    """A host that refuses logins for a while; a session that was refused sends nothing until it is allowed to."""

    def __init__(self, lab, fit_at):
        self.lab, self.fit_at = lab, fit_at
        self.refused, self.logins = False, []

    def facts(self):
        if self.refused:
            raise AuthenticationRefused(Quoted("not sent"))
        self.logins.append(self.lab.monotonic())
        if self.lab.monotonic() < self.fit_at:
            self.refused = True
            raise AuthenticationRefused(Quoted("refused"))
        return "up"

    def allow_login_again(self):
        self.refused = False


def test_a_booting_host_that_refuses_one_login_is_asked_again_after_three_minutes():
    lab = clock()
    host = Booting(lab, fit_at=60)
    result = wait(WhileBooting(host.facts, host.allow_login_again, lab), lab, within=1800)
    assert (result.met, host.logins) == (True, [0, 180])


@given(fit_at=st.integers(0, 4000), within=st.integers(1, 4000))
def test_no_wait_for_a_booting_host_logs_in_more_than_twice_in_vain(fit_at, within):
    lab = clock()
    host = Booting(lab, fit_at)
    result = wait(WhileBooting(host.facts, host.allow_login_again, lab), lab, within=within)
    in_vain = [at for at in host.logins if at < fit_at]
    assert len(in_vain) <= 2
    if len(in_vain) == 2:
        assert in_vain[1] - in_vain[0] >= 180
        with pytest.raises(AuthenticationRefused):
            result.result()


def test_a_booting_host_that_does_not_answer_yet_costs_no_login():
    lab = clock()
    answers = answering(HostUnreachable(Quoted("down")), NotStarted(Quoted("HTTP status 503")), "up")
    assert wait(WhileBooting(answers, lambda: pytest.fail("no login was refused"), lab), lab).met
