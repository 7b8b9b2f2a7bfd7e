"""Every behaviour a drill checks can turn it red: one mutation of the lab, one step that does not pass, and why."""

import pytest

from lab.simulator.faults import CATALOGUE
from tests.kunren.conftest import drill, site_with

CAUGHT_BY = {
    "master-guest-keeps-running": (
        "the virtual machine on the master host is shut down by itself within 10 minutes",
        "running on MASTER",
    ),
    "completion-without-start": (
        'the virtual machine is registered and "running" on the replica host',
        "off on REPLICA",
    ),
    "last-second-lost": ("the entry made on the master host is there", "no such entry"),
    "database-read-only": ("a new entry can be made", "attempt to write a readonly database"),
    "url-still-points-to-master": ("a user opens Garoon at its original URL, trying for up to 10 minutes", "refused"),
}


def test_every_mutation_of_the_catalogue_has_a_step_that_catches_it():
    assert CAUGHT_BY.keys() == CATALOGUE.keys()


@pytest.mark.browser
@pytest.mark.parametrize("mutation", CAUGHT_BY)
def test_a_mutation_turns_the_step_red_that_is_about_it(mutation, tmp_path):
    step, seen = CAUGHT_BY[mutation]
    site = site_with(tmp_path, f'mutations = ["{mutation}"]\n')
    run = drill(tmp_path / "record", "4-1-clean-switchover", "--site", site)
    assert run.code == 1, run.stdout + run.stderr
    [(text, outcome, what)] = run.not_passed()
    assert (text, outcome) == (step, "failed")
    assert seen in what
    assert step.replace('"', "&#34;") in run.report
