"""On a real site nothing is made to go wrong: the step is refused, with one sentence."""

import pytest

from lab.errors import NotStarted
from steps.faults import offered
from steps.notification import _offered as offered_mailbox


@pytest.mark.parametrize("offer", [offered, offered_mailbox])
def test_what_a_real_site_does_not_offer_is_refused_before_anything_is_begun(offer):
    with pytest.raises(NotStarted, match=r"^[^.]*real site[^.]*simulated lab\.$"):
        offer(None)
