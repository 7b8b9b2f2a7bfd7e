"""On a real site nothing is made to go wrong: the step is refused, with one sentence."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from drills.course import Course
from drills.nouns.faults import Faults
from drills.nouns.notification import FaultNotification
from drills.nouns.observed import Context
from lab.clock import SystemClock
from lab.errors import NotStarted, OperationRefused
from lab.model.faults import Fault
from lab.site.file import simulated_site
from words import Quoted

CONTEXT = Context(simulated_site().subject, None, None, None)
ASKED = {
    "a fault": lambda: Faults(None, None, CONTEXT).begin(Fault.POWER_CUT),
    "a mail": lambda: FaultNotification(None, None, SimpleNamespace(windows=None), CONTEXT).await_mail(
        "障害", timedelta(minutes=1)
    ),
}


@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
def test_what_a_real_site_does_not_offer_is_refused_before_anything_is_begun(asked):
    with pytest.raises(NotStarted, match=r"^[^.]*site[^.]*\.$"):
        asked()


def test_a_fault_that_was_not_begun_is_none_to_end():
    course = Course()
    observation, view = SimpleNamespace(mark=lambda *_: None), SimpleNamespace(count_anew=lambda: None)

    def begin(_):
        raise OperationRefused(Quoted("the cable cannot be reached"))

    context = Context(None, course, observation, SystemClock())
    with pytest.raises(OperationRefused):
        Faults(SimpleNamespace(begin=begin), view, context).begin(Fault.LINE_CUT)
    assert course.faults == []
