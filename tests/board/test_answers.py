"""What people answer at the board: the first answer counts, and every other is told why it does not."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from board.answers import NotUsable, answer_of, moment_of
from journal.people import Answered, outcome_of
from lab.model.tasks import Person, Rows, TaskOutcome
from tests.board.room import Stand, question, quick, task, until

NOW = datetime(2026, 1, 1, 22, 5, 30, tzinfo=UTC)
SATO = Person("Sato")
ROW = {"version": "16", "up_to_date": "true"}


def test_a_task_that_is_done_has_its_person_and_time_in_the_journal(stand):
    browser, asking = stand.browser(), stand.asking(task())
    shown = browser.picture()["request"]
    assert (shown["kind"], shown["title"], shown["host"]) == ("task", "Perform the switchover", "REPLICA")
    assert shown["clicks"]
    assert shown["values"] == [
        {"label": "scenario", "value": "S"},
        {"label": "reverse replication after the switchover", "value": "off"},
    ]
    assert browser.post("answer", {"serial": shown["serial"], "outcome": "done"}).ok
    asking.join(5)
    assert (asking.answer.outcome, asking.answer.by.name) == (TaskOutcome.DONE, "Sato")
    (answered,) = stand.entries("person.answered")
    assert (answered["outcome"], answered["by"], answered["role"]) == ("done", "Sato", "operator")
    assert browser.picture()["request"] is None


def test_of_two_browsers_the_second_is_told_who_has_answered_and_when(stand):
    first = stand.browser("Sato")
    second = stand.another_browser(first, "Suzuki", "lead")
    asking = stand.asking(task())
    serial = first.picture()["request"]["serial"]
    assert first.post("answer", {"serial": serial, "outcome": "done"}).ok
    asking.join(5)
    refused = second.post("answer", {"serial": serial, "outcome": "not possible", "reason": "the window is closed"})
    assert refused.status_code == 409
    assert refused.json()["refused"].startswith("Sato has already answered at ")
    assert asking.answer.by == Person("Sato")
    assert len(stand.entries("person.answered")) == 1
    [late] = stand.entries("person.late")
    assert (late["by"], late["outcome"], late["remark"]) == ("Suzuki", "not possible", "the window is closed")


def test_the_same_answer_twice_is_told_so_too(stand):
    browser, asking = stand.browser(), stand.asking(question())
    serial = browser.picture()["request"]["serial"]
    assert browser.post("answer", {"serial": serial, "rows": []}).ok
    asking.join(5)
    again = browser.post("answer", {"serial": serial, "rows": [ROW]})
    assert again.json()["refused"].startswith("Sato has already answered")
    assert asking.answer.rows == ()
    same = browser.post("answer", {"serial": serial, "rows": []})
    assert same.json()["refused"].startswith("This was answered in the same way at ")
    [late] = stand.entries("person.late")
    assert (late["by"], late["operation"], late["rows"]) == ("Sato", "engine_version", [ROW | {"blocks_copied": ""}])


def test_an_answer_after_its_limit_is_told_when_that_was(stand):
    browser, asking = stand.browser(), stand.asking(task(limit=0.3))
    serial = browser.picture()["request"]["serial"]
    asking.join(5)
    assert asking.answer is None
    late = browser.post("answer", {"serial": serial, "outcome": "done"})
    assert late.json()["refused"].startswith("The time for this answer was over at ")
    assert late.json()["refused"].endswith("Your answer is kept in the record and does not count.")
    [kept] = stand.entries("person.late")
    assert (kept["outcome"], kept["operation"]) == ("done", "switch_over")
    assert (
        "Sato (operator) answered second or too late, which does not count (perform the switchover): done."
        in browser.picture()["remarks"][0]["text"]
    )


def test_of_two_answers_at_the_same_instant_one_counts_and_the_other_is_kept(stand):
    browsers = [stand.browser("Sato")]
    browsers.append(stand.another_browser(browsers[0], "Suzuki", "lead"))
    asking = stand.asking(question())
    serial = browsers[0].picture()["request"]["serial"]
    together, told = threading.Barrier(2), {}

    def give(browser, version):
        together.wait()
        told[version] = browser.post("answer", {"serial": serial, "rows": [ROW | {"version": version}]}).status_code

    giving = [threading.Thread(target=give, args=each) for each in zip(browsers, ("16.0", "16.5"), strict=True)]
    for each in giving:
        each.start()
    for each in giving:
        each.join(10)
    asking.join(5)
    assert sorted(told.values()) == [200, 409]
    counts = next(version for version, code in told.items() if code == 200)
    assert [row["version"] for row in asking.answer.rows] == [counts]
    [late] = stand.entries("person.late")
    assert [row["version"] for row in late["rows"]] == [version for version in told if version != counts]


def test_an_answer_after_an_abort_is_told_who_has_aborted_and_kept(stand):
    stand.board._room.stop = lambda: None
    operator, asking = stand.browser("Sato"), stand.asking(task())
    lead = stand.another_browser(operator, "Suzuki", "lead")
    serial = operator.picture()["request"]["serial"]
    assert lead.post("stop", {"because": "smoke"}).ok
    asking.join(5)
    refused = operator.post("answer", {"serial": serial, "outcome": "done"})
    assert refused.json()["refused"].startswith("Suzuki has aborted the drill at ")
    [late] = stand.entries("person.late")
    assert (late["by"], late["outcome"]) == ("Sato", "done")


def test_an_answer_after_the_run_has_ended_is_told_so(stand):
    browser, asking = stand.browser(), stand.asking(task(limit=0.3))
    serial = browser.picture()["request"]["serial"]
    asking.join(5)
    stand.board._room.close()
    late = browser.post("answer", {"serial": serial, "outcome": "done"})
    assert late.json()["refused"] == "The run has ended; nothing more is noted."


def test_what_does_not_fit_is_not_kept_as_a_late_answer(stand):
    browser, asking = stand.browser(), stand.asking(task(limit=0.3))
    serial = browser.picture()["request"]["serial"]
    asking.join(5)
    assert browser.post("answer", {"serial": serial, "outcome": "perhaps"}).status_code == 409
    assert not stand.entries("person.late")


def test_an_answer_never_meets_the_next_request(stand):
    browser, asking = stand.browser(), stand.asking(task(limit=0.3))
    serial = browser.picture()["request"]["serial"]
    asking.join(5)
    second = stand.asking(task(limit=0.5))
    assert browser.post("answer", {"serial": serial, "outcome": "done"}).status_code == 409
    second.join(5)
    assert second.answer is None


def test_a_board_that_nobody_opens_leaves_it_unknown(tmp_path):
    stand = Stand(tmp_path, quick())
    try:
        assert stand.desk.ask(question(limit=0.2)) is None
        assert [each["outcome"] for each in stand.entries("person.answered")] == ["no answer"]
    finally:
        stand.close()


def test_who_cannot_tell_says_so(stand):
    browser, asking = stand.browser(), stand.asking(question())
    serial = browser.picture()["request"]["serial"]
    assert browser.post("answer", {"serial": serial, "known": False, "text": "the window does not open"}).ok
    asking.join(5)
    assert not asking.answer.known
    (answered,) = stand.entries("person.answered")
    assert (answered["outcome"], answered["remark"]) == ("not known", "the window does not open")


def test_a_witness_answers_nothing(stand):
    browser, asking = stand.browser(role="witness"), stand.asking(task(limit=0.5))
    serial = browser.picture()["request"]["serial"]
    refused = browser.post("answer", {"serial": serial, "outcome": "done"})
    assert (refused.status_code, refused.json()["refused"]) == (403, "An operator or the lead does this.")
    asking.join(5)
    assert asking.answer is None


@pytest.mark.parametrize("asked", [task, question])
def test_a_stop_at_the_board_ends_what_is_asked(stand, asked):
    stopped = []
    stand.board._room.stop = lambda: stopped.append(True)
    browser, asking = stand.browser(role="witness"), stand.asking(asked())
    assert browser.post("stop", {"because": "smoke"}).ok
    asking.join(5)
    assert outcome_of(asking.answer) is Answered.ABORTED, "a witness, who answers nothing, is not told to have answered"
    assert stopped == [True]
    (entry,) = stand.entries("person.stopped")
    assert (entry["by"], entry["role"], entry["because"]) == ("Sato", "witness", "smoke")
    assert browser.post("stop", {}).status_code == 409


def test_a_task_that_strikes_production_has_to_be_confirmed():
    striking = task(strikes=True)
    with pytest.raises(NotUsable, match="confirm it first"):
        answer_of({"outcome": "done"}, striking, SATO, NOW)
    assert answer_of({"outcome": "done", "confirmed": True}, striking, SATO, NOW).outcome is TaskOutcome.DONE
    assert answer_of({"outcome": "not possible", "reason": "x"}, striking, SATO, NOW).reason == "x"


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "not one that this request takes"),
        ({"outcome": "perhaps"}, "not one that this request takes"),
        ({"outcome": "not possible", "reason": "  "}, "text is empty"),
        ({"outcome": "done", "at": "25:00"}, "not a time of day"),
        ({"outcome": "done", "at": 5}, "longer than"),
        ({"outcome": "not possible", "reason": "x" * 2001}, "longer than"),
    ],
)
def test_what_does_not_answer_a_task_is_refused_in_one_sentence(sent, sentence):
    with pytest.raises(NotUsable, match=sentence):
        answer_of(sent, task(), SATO, NOW)


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (None, "not one that this request takes"),
        ([1], "not one that this request takes"),
        ([ROW] * 201, "not one that this request takes"),
        ([ROW, ROW], "One line"),
        ([{"version": "16"}], "«up to date» is empty"),
        ([ROW | {"up_to_date": "maybe"}], "«up to date» does not take"),
        ([ROW | {"blocks_copied": "many"}], "«blocks copied» does not take"),
        ([ROW | {"version": "x" * 2001}], "«version» does not take"),
    ],
)
def test_what_does_not_answer_a_question_is_refused_in_one_sentence(rows, sentence):
    with pytest.raises(NotUsable, match=sentence):
        answer_of({"rows": rows}, question(), SATO, NOW)


def test_rows_have_the_fields_that_were_asked_for_and_no_other():
    answer = answer_of({"rows": [ROW | {"more": "x"}]}, question(), SATO, NOW)
    assert answer.rows == ({"version": "16", "blocks_copied": "", "up_to_date": "true"},)
    assert answer_of({"rows": []}, question(), SATO, NOW).rows == ()
    with pytest.raises(NotUsable, match="One line"):
        answer_of({"rows": []}, question(rows=Rows.ONE), SATO, NOW)


@pytest.mark.parametrize(("clock", "earlier"), [("", 0), ("22:05", 30), ("22:00:30", 300), ("23:00", 3600 * 23 + 330)])
def test_a_time_of_day_is_of_the_last_24_hours(clock, earlier):
    assert moment_of(clock, NOW) == NOW - timedelta(seconds=earlier)


def test_an_interrupted_request_is_closed_at_the_board(stand):
    class Interrupted:
        waits = False
        people = ()

        def opened(self, request):
            raise KeyboardInterrupt

        def closed(self, request):
            pass

    stand.desk.attend(Interrupted())
    with pytest.raises(KeyboardInterrupt):
        stand.desk.perform(task())
    until(lambda: stand.board._state.picture.open is None)
    assert len(stand.entries("person.answered")) == 1


def test_a_task_that_nobody_has_answered_is_withdrawn_until_it_is_asked_for_again(stand):
    browser = stand.browser(name="Sato")
    assert stand.desk.perform(task(limit=0.1)) is None
    withdrawn = "Withdrawn, do not do it any more: perform the switchover (S)."
    assert withdrawn in browser.picture()["withdrawn"]
    assert stand.entries("person.asked")[0]["of"] == ["Sato"]
    stand.desk.ask(question(limit=0.1))
    assert withdrawn in browser.picture()["withdrawn"]
    asking = stand.asking(task(limit=0.5))
    assert not browser.picture()["withdrawn"]
    asking.join(5)


def test_an_answer_whose_lines_together_are_too_long_is_refused_and_can_be_shortened(stand):
    browser, asking = stand.browser(), stand.asking(question(rows=Rows.SEVERAL))
    serial = browser.picture()["request"]["serial"]
    long, short = ([ROW | {"version": "x" * 2000}] * n for n in (26, 1))
    refused = browser.post("answer", {"serial": serial, "rows": long})
    assert (refused.status_code, "longer than 50000 characters" in refused.json()["refused"]) == (409, True)
    assert browser.post("answer", {"serial": serial, "rows": short}).ok
    asking.join(5)
    assert len(asking.answer.rows) == 1
