"""A few of the randomised failovers that `make bench` runs a thousand of."""

import pytest

from lab.model.outages import availability
from tests.bench import failovers
from tests.bench.failovers import Failover, perform

ALONE = [0, 1, 5]
RESTORED = [3, 7]


@pytest.mark.parametrize("seed", ALONE)
def test_what_is_measured_of_a_failover_contains_what_really_happened(seed):
    found = perform(seed)
    assert found.wrong == ()
    assert len(found.widths) >= 5, "an outage in each layer behind the connection"


@pytest.mark.parametrize("seed", RESTORED)
def test_what_a_restoration_ended_is_told_as_open(seed):
    assert perform(seed).wrong == ()


def test_to_count_to_an_end_that_the_restoration_made_is_found_out(monkeypatch):
    monkeypatch.setattr(failovers, "availability", lambda probes, confirmations, _: availability(probes, confirmations))
    assert any(perform(seed).wrong for seed in RESTORED)


def test_the_sample_has_every_kind_of_fault_and_losses():
    assert {Failover.of(seed).restored for seed in ALONE} == {None}
    assert None not in {Failover.of(seed).restored for seed in RESTORED}
    assert len({Failover.of(seed).fault for seed in ALONE}) == 3
