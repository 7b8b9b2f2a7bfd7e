from contextlib import closing
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.drivers.garoon import soap
from lab.drivers.garoon.errors import GaroonError
from lab.drivers.garoon.http import GaroonHttp
from lab.drivers.garoon.reading import read_page
from lab.errors import AnswerUnreadable, AuthenticationRefused
from lab.logins import RefusedLogins
from lab.model.endpoints import GaroonEndpoint
from lab.model.garoon import GaroonLayer, comes_back_unchanged
from lab.plain_xml import descendant, parse
from lab.simulator.garoon.exchange import Response
from tests.garoon_stand import START


def visit(stand, *, logins=None, **changes):
    return closing(GaroonHttp(stand.endpoint(**changes), stand.clock, within=timedelta(seconds=10), logins=logins))


def test_an_examination_of_a_sound_garoon_goes_through_every_layer_and_leaves_nothing(stand):
    with visit(stand) as garoon:
        found = garoon.examine()
    assert [each.layer for each in found] == list(GaroonLayer)
    assert all(each.sound for each in found)
    assert "Garoon 3.5.2" in str(found[-1].seen)
    assert stand.disk.writes == 0


def test_an_examination_ends_at_the_first_layer_that_fails(stand):
    stand.boot(read_only=True)
    (stand.folder / "garoon.sqlite").unlink()
    with visit(stand) as garoon:
        found = garoon.examine()
    assert [(each.layer, each.sound) for each in found][2:] == [(GaroonLayer.LOGIN, False)]


def test_a_refused_login_is_not_a_finding_and_is_tried_once(stand):
    logins, asked = RefusedLogins(), []

    class Counting:
        def answer(self, request):
            asked.append(b"wrong" in request.body)
            return stand.application.answer(request)

    stand.front.point_at(Counting())
    for _ in range(2):
        with visit(stand, password="wrong", logins=logins) as garoon:
            with pytest.raises(AuthenticationRefused, match="FW00007"):
                garoon.examine()
            with pytest.raises(AuthenticationRefused, match="No further login was tried"):
                garoon.write_marker("x")
    assert sum(asked) == 1


def test_an_examination_of_a_guest_that_is_down_is_a_finding_and_no_error(stand):
    stand.shut_down()
    with visit(stand) as garoon:
        (found,) = garoon.examine()
    assert (found.layer, found.sound) == (GaroonLayer.APPLICATION, False)
    assert "cannot be reached" in str(found.seen)


def test_without_its_database_the_application_layer_answers_and_the_login_does_not(stand):
    (stand.folder / "garoon.sqlite").unlink()
    with visit(stand) as garoon:
        found = garoon.examine()
    assert [each.sound for each in found] == [True, True, False]
    assert "PHP00002" in str(found[-1].seen)


def test_status_200_alone_proves_nothing(stand):
    class Kind:
        def answer(self, request):
            return Response(body=b"<html><title>It works</title>")

    stand.front.point_at(Kind())
    with visit(stand) as garoon:
        (found,) = garoon.examine()
        assert not found.sound
        with pytest.raises(GaroonError, match="It works"):
            garoon.log_in()


def test_an_unreadable_answer_to_a_write_leaves_open_what_happened(stand):
    class Garbled:
        def answer(self, request):
            response = stand.application.answer(request)
            return Response(body=b"<html>") if b"ScheduleAddEvents" in request.body else response

    stand.front.point_at(Garbled())
    with visit(stand) as garoon, pytest.raises(AnswerUnreadable):
        garoon.write_marker("訓練")


def test_the_password_is_in_no_sentence_and_no_representation(stand):
    stand.shut_down()
    with visit(stand) as garoon:
        assert "drill-2012" not in repr(stand.endpoint())
        assert "drill-2012" not in garoon.examine()[0].seen.in_("en")


@given(title=st.text().filter(comes_back_unchanged), user=st.text(st.characters(codec="ascii", min_codepoint=32)))
def test_a_request_carries_any_title_and_login_as_data(title, user):
    event = soap.new_event(title, "", 2, START, START + timedelta(hours=1))
    envelope = parse(soap.request("ScheduleAddEvents", event, GaroonEndpoint(url="", user=user, password=user), START))
    assert descendant(envelope, "schedule_event").get("detail") == title
    assert (descendant(envelope, "Username").text or "") == user
    assert descendant(envelope, "datetime").attrib == {"start": "2012-09-25T13:00:00Z", "end": "2012-09-25T14:00:00Z"}


@given(st.binary(max_size=200))
def test_whatever_comes_back_is_an_answer_a_refusal_or_no_soap(content):
    try:
        answer = soap.read_answer(content)
    except (soap.NoSoapAnswer, GaroonError):
        return
    assert answer.body is None or answer.body.tag


@given(st.text(max_size=300))
def test_any_text_is_a_page_in_one_line(html):
    assert "\n" not in str(read_page(html).sight)


def test_a_fault_is_told_with_its_code_and_words():
    fault = (
        b"<e:Envelope xmlns:e='x'><e:Body><e:Fault><e:Reason>r</e:Reason><e:Detail><code>FW00007</code>"
        b"<diagnosis>d</diagnosis><cause>c</cause></e:Detail></e:Fault></e:Body></e:Envelope>"
    )
    with pytest.raises(GaroonError, match=r"d c \(FW00007\)") as error:
        soap.read_answer(fault)
    assert error.value.code == "FW00007"
