"""A drill that is held at the terminal: who lets it go on, and what becomes of it where nobody does."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from journal.people import PauseBegan, PauseEnded, PauseEnding, PausePoint, PersonAttested, StopAsked
from kunren.people import holding
from kunren.people.holding import TerminalPauses, attest
from kunren.people.keyboard import Hurried, TerminalGone, TimeOver
from lab.model.tasks import Person, Role
from words import words_of

SATO = Person("Sato", Role.LEAD)
LIMIT = timedelta(minutes=1)


def talk_of(decided):
    def decide(keys, **_):
        if isinstance(decided, type):
            raise decided
        assert decided in keys
        return decided

    return lambda _: SimpleNamespace(decide=decide, words=words_of("en"), text=lambda *_, **__: "seen", remind=None)


@pytest.fixture(autouse=True)
def terminal(monkeypatch):
    """Nothing was typed before."""
    monkeypatch.setattr(holding.Keyboard, "begin", lambda *_: None)


class Written(list):
    write = list.append


@pytest.mark.parametrize(
    ("decided", "ending", "stops"),
    [
        ("board.go_on", PauseEnding.CONTINUED, 0),
        ("asking.abort", PauseEnding.STOPPED, 1),
        (TimeOver, PauseEnding.NOT_ENDED, 1),
        (TerminalGone, PauseEnding.NOT_ENDED, 1),
        (Hurried, PauseEnding.STOPPED, 0),
    ],
)
def test_after_a_fault_the_drill_goes_on_only_if_somebody_says_so(decided, ending, stops):
    stopped, written = [], Written()
    pauses = TerminalPauses(
        journal=written,
        limit=LIMIT,
        points=frozenset({PausePoint.FAULT}),
        stop=lambda: stopped.append(1),
        person=SATO,
        talk=talk_of(decided),
    )
    pauses.before_step()
    pauses.before_restoration(lambda: False)
    assert not written
    pauses.faults += 1
    pauses.before_step()
    pauses.before_step()
    [began, *asked, ended] = written
    assert isinstance(began, PauseBegan)
    assert isinstance(ended, PauseEnded)
    assert (began.point, ended.ending, len(stopped)) == (PausePoint.FAULT, ending, stops)
    assert [type(each) for each in asked] == [StopAsked] * (decided == "asking.abort")
    pauses.wanted = True
    if ending is PauseEnding.CONTINUED:
        pauses.before_restoration(lambda: False)
        assert (written[-2].point, written[-2].by, pauses.wanted) == (PausePoint.RESTORATION, "Sato", False)


@pytest.mark.parametrize(
    ("decided", "said"),
    [
        ("asking.attest_so", ["I was present, and the drill went as its record says."]),
        ("asking.attest_own", ["seen"]),
        ("asking.attest_nothing", []),
        (TimeOver, []),
        (TerminalGone, []),
    ],
)
def test_what_is_attested_is_the_offered_sentence_or_ones_own_or_nothing(decided, said):
    written = Written()
    attest(SATO, written, talk_of(decided), LIMIT, lambda: False)
    assert [(type(each), each.by, each.said) for each in written] == [(PersonAttested, "Sato", each) for each in said]
