"""A person who knows only the Markdown runbook performs procedures on the simulated lab, and notices what is amiss."""

import pytest

from kunren.running.drills import choose
from reports.runbook.blocks import Place
from reports.runbook.making import Known, make
from reports.runbook.markdown import markdown
from tests.reports.runbook.person import Person
from tests.reports.runbook.site import Puzzled, Site
from words import words_of

SWITCHOVER, TEST = "4-1-clean-switchover", "6-1-assured-recovery"


@pytest.fixture
def site(request):
    site = Site(*getattr(request, "param", ()))
    yield site
    site.close()


def runbook(site, drill):
    place = Place(names=site.names, control=site.hosts["replica"])
    return "".join(markdown(make(choose([drill], "en", None), Known(place=place), words_of("en")), words_of("en")))


@pytest.mark.parametrize(("drill", "steps"), [(SWITCHOVER, 5), (TEST, 12)])
def test_who_knows_only_the_runbook_performs_it(site, drill, steps):
    person = Person(site, runbook(site, drill))
    person.perform()
    assert len(person.performed) == steps


@pytest.mark.parametrize(
    ("written", "instead", "stops"),
    [
        ("  1. ☐ Select the scenario CybozuGaroonHyper-V", None, r"\[Perform Switchover\] is grey"),
        ("  2. ☐ Click the button", None, r"there is no \[Run Reverse"),
        ("  2. ☐ Click \\[Yes", None, "not seen: The switchover begins"),
        (r"Click \[Yes\]", r"Click \[OK\]", r"there is no \[OK\]"),
        ("Where: Hyper-V Manager on MASTER", None, "2.1: Watch the shutdown .* does not say where and how"),
        ("  1. ☐ Watch the", None, "2.1: Watch the shutdown .* does not say where and how"),
        ("### L3 Make an entry", None, "where is Browser on a client PC"),
        ("Find the entry", "Ask for the entry", "what does “Ask for the entry"),
        ('☐ The virtual machine is "off"', '☐ The virtual machine is "on"', "how does one see"),
    ],
)
def test_a_click_path_that_is_missing_or_wrong_is_noticed(site, written, instead, stops):
    text = runbook(site, SWITCHOVER)
    assert written in text
    lines = text.splitlines() if instead is None else text.replace(written, instead).splitlines()
    kept = [line for line in lines if instead is not None or written not in line]
    with pytest.raises(Puzzled, match=stops):
        Person(site, "\n".join(kept)).perform()


@pytest.mark.parametrize(
    ("site", "drill", "stops"),
    [
        (["switchover-ignored"], SWITCHOVER, "not seen: The switchover begins"),
        (["completion-without-start"], SWITCHOVER, 'not seen: The virtual machine is registered and "running"'),
        (["test-on-production-network"], TEST, "not seen: The test virtual machine is connected only"),
        (["test-stop-ignored"], TEST, "not seen: .*レプリケーションが再開されました"),
    ],
    indirect=["site"],
)
def test_what_is_not_as_expected_is_noticed(site, drill, stops):
    with pytest.raises(Puzzled, match=stops):
        Person(site, runbook(site, drill)).perform()
