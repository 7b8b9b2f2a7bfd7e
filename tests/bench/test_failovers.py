"""A few of the randomised failovers that `make bench` runs a thousand of."""

import pytest

from tests.bench.failovers import Failover, perform


@pytest.mark.parametrize("seed", range(6))
def test_what_is_measured_of_a_failover_contains_what_really_happened(seed):
    found = perform(seed)
    assert found.wrong == ()
    assert len(found.widths) >= 5, "an outage in each layer behind the connection"


def test_the_sample_has_every_kind_of_incident_and_losses():
    assert len({Failover.of(seed).incident for seed in range(6)}) == 3
