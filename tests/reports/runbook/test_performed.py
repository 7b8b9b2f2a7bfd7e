"""A person who knows only the Markdown runbook performs procedures on the simulated lab."""

import pytest

from kunren.running.drills import choose
from reports.runbook.blocks import Place
from reports.runbook.making import Known, make
from reports.runbook.markdown import markdown
from tests.reports.runbook.person import Person
from tests.reports.runbook.site import Site
from words import words_of


@pytest.fixture
def site():
    site = Site()
    yield site
    site.close()


def runbook(site, drill):
    book = make(
        choose([drill], "en", None), Known(place=Place(names=site.names, control=site.hosts["replica"])), words_of("en")
    )
    return "".join(markdown(book, words_of("en")))


@pytest.mark.parametrize(("drill", "steps"), [("4-1-clean-switchover", 5), ("6-1-assured-recovery", 12)])
def test_who_knows_only_the_runbook_performs_it(site, drill, steps):
    person = Person(site, runbook(site, drill))
    person.perform()
    assert len(person.performed) == steps
