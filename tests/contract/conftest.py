"""The lab every contract is held against: the simulated one, or the site file that KUNREN_CONTRACT_SITE names."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from lab.opening import open_lab
from lab.site.file import load_site, simulated_site
from lab.waiting import wait_until


@pytest.fixture
def site():
    named = os.environ.get("KUNREN_CONTRACT_SITE")
    return load_site(Path(named)) if named else simulated_site()


@pytest.fixture
def lab(site):
    with open_lab(site) as opened:
        yield opened


@pytest.fixture
def may_change(site):
    if not site.permissions.changes:
        pytest.skip("the site permits no changes")


@pytest.fixture
def see(lab):
    """Waits until what is looked at holds, at most half an hour of lab time, and returns what was seen."""

    def until(look, holds):
        waited = wait_until(look, holds, clock=lab.clock, within=timedelta(minutes=30), every=timedelta(seconds=5))
        assert waited.met, waited.seen
        return waited.seen

    return until
