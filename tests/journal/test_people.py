"""What people were asked and have answered, as it is told."""

from datetime import timedelta

import pytest

from journal.people import Answered, PersonAnswered, PersonRelied

NONE = timedelta()
LONG = timedelta(minutes=3, seconds=20)


def answered(outcome, took, **said):
    return PersonAnswered(
        number=1, outcome=outcome, took=took, by="" if outcome is Answered.NO_ANSWER else "Sato", **said
    )


@pytest.mark.parametrize(
    ("entry", "en", "ja"),
    [
        (answered(Answered.DONE, NONE), "Sato: done at once", "Sato: 実施済み（依頼後すぐ）"),
        (
            answered(Answered.NOT_POSSIBLE, LONG, remark="grey"),
            "Sato: not possible, after 3 min 20 s: grey",
            "Sato: 実施できないと回答（依頼から 3分20秒）: grey",
        ),
        (answered(Answered.TOLD, LONG), "Sato answered after 3 min 20 s that there is none", None),
        (answered(Answered.NO_ANSWER, timedelta(minutes=30)), "no answer within 30 min", "30分以内に回答なし"),
        (PersonRelied(by=("Sato",), age=NONE), "This step rests on what Sato has just said.", None),
        (PersonRelied(by=("Sato",), age=LONG), "This step rests on what Sato said 3 min 20 s before.", None),
    ],
)
def test_the_time_of_an_answer_is_told_as_people_count(entry, en, ja):
    assert str(entry.text) == en
    assert ja is None or entry.text.in_("ja") == ja
