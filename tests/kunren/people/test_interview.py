"""`kunren check --ask`: what only people can see is asked of the person at the terminal."""

from datetime import UTC, datetime, timedelta

import pytest

from drills.preflight.findings import Checked, NotChecked, Severity, unknown
from kunren.people import interview
from kunren.people.keyboard import TerminalGone, TimeOver
from lab.model.tasks import Person
from tests.kunren.at_terminal import AtTerminal
from tests.kunren.commands import run
from tests.kunren.visitor import without_browser
from words import Quoted

pytestmark = pytest.mark.browser
NUMBER = "Number: "
SOUND, UNSOUND, CANNOT_TELL, NO_MORE = "1234"


def answer(check, question, chosen, *said):
    """What is typed before it is asked for is forgotten."""
    check.see(question)
    check.see(NUMBER)
    check.type(chosen)
    for text in said:
        check.see("What is shown there")
        check.type(text)


@pytest.fixture
def check():
    with AtTerminal("check", "--ask", "--lang", "en") as asked:
        asked.see("told under your name")
        asked.type("Sato Ken")
        asked.see("Your role")
        asked.type("")
        yield asked


def told(check):
    return check.screen.partition("said by people, not seen by Kunren:\n")[2]


def test_what_a_person_says_is_told_as_that_and_the_rest_stays_not_checked(check):
    answer(check, "1/5  The days left of RHA's licence", SOUND, "400 days")
    answer(check, "2/5  ", CANNOT_TELL)
    answer(check, "3/5  The notification settings", UNSOUND, "", "no mail is set")
    answer(check, "4/5  ", NO_MORE)
    assert check.wait() == 0
    attested, rest = told(check).split("  not checked:\n")
    assert "as it should be, says Sato Ken (operator)" in attested
    assert ": 400 days" in attested
    assert "◇ note: Look at the event notification" in attested
    assert ": no mail is set" in attested
    assert "licence" not in rest
    assert "updates" in rest.lower()
    assert rest.strip().splitlines()[-1].endswith("said by people: 2 (not as it should be: 1)")


@pytest.mark.parametrize("over", [TimeOver, TerminalGone])
def test_where_no_answers_come_any_more_the_rest_stays_not_checked(over, monkeypatch, capsys):
    answered = iter([("check.ask.sound", "400 days"), over()])

    def next_answer(*_):
        answer = next(answered)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(interview, "introduced", lambda _: Person("Sato"))
    monkeypatch.setattr(interview.Interview, "_answered", next_answer)
    asked = interview.Interview(limit=timedelta(minutes=1), now=lambda: datetime.now(UTC), console=None)
    licence, mapping = (unknown(each, Severity.NOTE) for each in ("licence", "mapping"))
    unanswerable = NotChecked(id="ports", why=Quoted("No answer."))
    left = asked.held(Checked(findings=(), not_checked=(licence, mapping, unanswerable)))
    assert [(each.of, each.sound, each.said) for each in left.attested] == [(licence, True, "400 days")]
    assert left.not_checked == (mapping, unanswerable)
    assert "stays not checked" in capsys.readouterr().out


@pytest.mark.parametrize(("option", "why"), [((), "needs a terminal"), (("--json",), "give one of them")])
def test_without_a_terminal_or_for_a_program_nobody_is_asked(option, why):
    refused = run("check", "--ask", "--lang", "en", *option, before=[without_browser])
    assert (refused.returncode, refused.stdout) == (2, "")
    assert why in refused.stderr
