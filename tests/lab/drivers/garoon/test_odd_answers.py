"""Whatever Garoon answers its API with, a visitor understands it or raises an error of the lab."""

from contextlib import closing
from datetime import timedelta
from xml.sax.saxutils import escape, quoteattr

import pytest

from lab.drivers.garoon.http import GaroonHttp
from lab.errors import LabError
from lab.logins import RefusedLogins
from lab.model.garoon import Marker
from lab.simulator.garoon.exchange import Response
from tests.garoon_stand import START

NASTY = (
    *("", " ", "x", "-1", "0", "+5", "1.5", "0x10", "1_000", "９", "\u0661", "9" * 18, "9" * 19, "9" * 5000),
    *("\ufffd\u202e", "語" * 5000, "--", "a:b", "<&>", "2012-02-30T00:00:00Z", "0001-01-01", "9999-12-31T23:59:59Z"),
)
SOUND = (
    '<?xml version="1.0" encoding="UTF-8"?><soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope">'
    "<soap:Header/><soap:Body><x><returns>"
    "<schedule_event id={id} public_type={public} plan={plan} detail={title}>"
    "<members><member><user id={user}/></member>"
    "</members><when><datetime start={starts} end={starts}/></when></schedule_event><user_id>{text}</user_id>"
    '<application code="schedule" status={status}/></returns></x></soap:Body></soap:Envelope>'
)
GOOD = {
    "id": "7",
    "public": "private",
    "plan": "",
    "title": "訓練",
    "user": "3",
    "starts": "2036-11-29T03:00:00Z",
    "text": "3",
    "status": "active",
}
ENDS = START + timedelta(days=1)
QUESTIONS = {
    "user": lambda garoon: garoon.user_id(),
    "write": lambda garoon: garoon.write_marker("訓練"),
    "find": lambda garoon: garoon.find_marker(Marker(7, "訓練")),
    "remove": lambda garoon: garoon.remove_marker(Marker(7, "訓練")),
    "between": lambda garoon: garoon.events_between(START, ENDS),
    "own": lambda garoon: garoon.own_appointments(START, ENDS),
    "examine": lambda garoon: garoon.examine(),
}


class Odd:
    """Answers every request with one text, whatever was asked."""

    content = b""

    def answer(self, _request):
        return Response(body=self.content)


@pytest.mark.parametrize("question", QUESTIONS)
def test_any_field_of_an_answer_may_be_odd(stand, question):
    odd = Odd()
    stand.front.point_at(odd)
    for field in GOOD:
        for value in NASTY:
            told = GOOD | {field: value}
            quoted = {name: quoteattr(each) for name, each in told.items()}
            odd.content = SOUND.format(**(quoted | {"text": escape(told["text"])})).encode()
            with closing(
                GaroonHttp(stand.endpoint(), stand.clock, within=timedelta(seconds=10), logins=RefusedLogins())
            ) as garoon:
                try:
                    QUESTIONS[question](garoon)
                except LabError as error:
                    str(error).encode()


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe", b"<a>", b"<a/>", b"null", b"<!DOCTYPE a><a/>", "語".encode("cp932"), b"<a>" * 20000, b"\x00"],
    ids=lambda content: repr(content[:12]),
)
def test_an_answer_may_be_anything_at_all(stand, question, content):
    odd = Odd()
    odd.content = content
    stand.front.point_at(odd)
    with closing(GaroonHttp(stand.endpoint(), stand.clock, within=timedelta(seconds=10))) as garoon:
        try:
            QUESTIONS[question](garoon)
        except LabError as error:
            str(error).encode()
