"""Acts of a restoration: what is tried again, and what never is."""

from contextlib import nullcontext
from datetime import UTC, datetime

import pytest

from drills.acts import MORE_ATTEMPTS, Act, ActName, ActRunner
from drills.interruption import Held
from drills.observation import Observation
from journal.course import ActOutcome, RestoreAct
from lab.errors import ConnectionLost, NoAnswer, NoResult
from words import Quoted


class Instant:
    """A clock that does not wait."""

    def now(self):
        return datetime(2026, 1, 1, tzinfo=UTC)

    def monotonic(self):
        return 0.0

    def sleep(self, _):
        return nullcontext()


class Noted(list):
    def write(self, entry):
        self.append(entry)


def attempts_at(error):
    """How often an act is begun that always ends so; the outcome that is noted for it."""
    journal, begun = Noted(), []

    def act():
        begun.append(1)
        raise error

    clock = Instant()
    observation = Observation(clock, journal, "en")
    runner = ActRunner(clock=clock, observation=observation, journal=journal, held=Held())
    runner.run([Act(ActName.SWITCH_BACK, True, act)])
    (outcome,) = [each.outcome for each in journal if isinstance(each, RestoreAct)]
    return len(begun), outcome


def test_an_act_whose_answer_was_lost_is_tried_again_since_each_looks_first():
    assert attempts_at(ConnectionLost(Quoted("lost"))) == (MORE_ATTEMPTS + 1, ActOutcome.FAILED)


@pytest.mark.parametrize("error", [NoAnswer, NoResult])
def test_people_are_not_given_a_task_a_second_time_when_they_have_not_answered(error):
    assert attempts_at(error(Quoted("no answer"))) == (1, ActOutcome.FAILED)
