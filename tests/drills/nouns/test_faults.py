"""On a real site nothing is made to go wrong: the step is refused, with one sentence."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from drills.nouns.faults import Faults
from drills.nouns.notification import FaultNotification
from drills.nouns.observed import Context
from lab.errors import NotStarted
from lab.model.faults import Fault
from lab.site.file import simulated_site

CONTEXT = Context(simulated_site().subject, None, None, None)
ASKED = {
    "a fault": lambda: Faults(None, None, CONTEXT).begin(Fault.POWER_CUT),
    "a mail": lambda: FaultNotification(None, None, SimpleNamespace(windows=None), CONTEXT).await_mail(
        "障害", timedelta(minutes=1)
    ),
}


@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
def test_what_a_real_site_does_not_offer_is_refused_before_anything_is_begun(asked):
    with pytest.raises(NotStarted, match=r"^[^.]*real site[^.]*simulated lab\.$"):
        asked()
