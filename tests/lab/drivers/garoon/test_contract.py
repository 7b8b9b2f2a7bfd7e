"""One suite for every implementation of the port, over HTTP and in a browser, against the stand-in."""

from contextlib import closing
from datetime import timedelta

import pytest

from lab.drivers.garoon.browser import GaroonBrowser
from lab.drivers.garoon.errors import GaroonError
from lab.drivers.garoon.http import GaroonHttp
from lab.errors import AuthenticationRefused, ConnectionLost, HostUnreachable, LabError, NotStarted, OperationRefused
from lab.model.garoon import Marker
from lab.simulator.garoon.exchange import Response
from tests.garoon_stand import Dying

WITHIN = timedelta(seconds=10)
HOSTILE = [
    "訓練 2012-09-25 22:00:00 #1",
    "<script>alert(1)</script>",
    '</h2><form id="schedule/add">&amp;&#x20;]]>\'"',
    "--  二重の  空白  --",
    "GRN_SCHD_13001",
    "絵文字🗾と結合文字か\u3099、右から\u202eשלום",
    "長い" * 200,
]


def over_http(stand, _driver, **changes):
    return GaroonHttp(stand.endpoint(**changes), stand.clock, within=WITHIN)


def in_browser(stand, driver, **changes):
    return GaroonBrowser(stand.endpoint(**changes), driver=driver, within=WITHIN)


ONE_OF_BOTH = pytest.mark.parametrize(
    "visit", [over_http, pytest.param(in_browser, marks=[pytest.mark.browser, pytest.mark.controls])], indirect=True
)
"""For what both do with the answers of the same stand: `make controls` tries it in the browser too."""


@pytest.fixture(params=[over_http, pytest.param(in_browser, marks=pytest.mark.browser)])
def visit(request, stand, driver):
    """Opens the implementation under test; every one is closed at the end."""
    opened = []

    def visit(**changes):
        opened.append(request.param(stand, driver, **changes))
        return opened[-1]

    yield visit
    for garoon in opened:
        garoon.close()


def test_an_entry_is_written_found_and_removed(visit, stand):
    garoon = visit()
    garoon.log_in()
    marker = garoon.write_marker("切替前の予定")
    assert stand.disk.writes == 1
    assert garoon.find_marker(marker) == "切替前の予定"
    garoon.remove_marker(marker)
    assert garoon.find_marker(marker) is None
    garoon.remove_marker(marker)
    assert stand.disk.writes == 2


def test_titles_come_back_unchanged_whatever_they_hold(visit):
    garoon = visit()
    for title in HOSTILE if isinstance(garoon, GaroonHttp) else HOSTILE[2:6]:  # an entry is a second of a browser
        assert garoon.find_marker(garoon.write_marker(title)) == title


@pytest.mark.parametrize("title", ["", " x", "x\n", "a\x00b", "a\u2028b", "\ud800", "\ufffe"])
def test_a_title_that_could_not_come_back_is_refused_before_anything_is_asked(visit, stand, title):
    with pytest.raises(OperationRefused, match="would not come back"):
        visit(connect="127.0.0.1:1").write_marker(title)


def test_an_appointment_that_took_over_the_id_is_left_alone(visit):
    garoon = visit()
    marker = garoon.write_marker("本番の予定")
    with pytest.raises(OperationRefused, match="left alone"):
        garoon.remove_marker(Marker(marker.event_id, "訓練の予定"))
    assert garoon.find_marker(marker) == "本番の予定"


def test_a_wrong_password_is_an_authentication_that_was_refused(visit):
    with pytest.raises(AuthenticationRefused, match="FW00007") as refusal:
        visit(password="guessed-7").log_in()
    assert "guessed-7" not in str(refusal.value)


@ONE_OF_BOTH
def test_a_missing_answer_is_told_in_one_sentence(visit, stand):
    stand.shut_down()
    with pytest.raises(HostUnreachable) as unreachable:
        visit().log_in()
    assert "cybozu.ca.com" in str(unreachable.value)
    assert "\n" not in str(unreachable.value)


@ONE_OF_BOTH
def test_what_was_written_is_found_on_the_guest_that_takes_over(visit, stand):
    garoon = visit()
    marker = garoon.write_marker("切替前の予定")
    stand.shut_down()
    with pytest.raises(NotStarted):
        garoon.find_marker(marker)
    stand.clock.instant += timedelta(minutes=5)
    stand.boot()
    assert garoon.find_marker(marker) == "切替前の予定"
    later = garoon.write_marker("切替後の予定")
    assert later.event_id > marker.event_id


@ONE_OF_BOTH
def test_a_reboot_between_two_acts_of_one_visit_only_costs_a_login(visit, stand):
    garoon = visit()
    garoon.log_in()
    stand.shut_down()
    stand.boot()
    assert garoon.find_marker(garoon.write_marker("続き")) == "続き"


def test_a_read_only_database_refuses_the_entry_and_says_so(visit, stand):
    stand.boot(read_only=True)
    garoon = visit()
    garoon.log_in()
    with pytest.raises(GaroonError, match="PHP00002"):
        garoon.write_marker("訓練")


@ONE_OF_BOTH
@pytest.mark.parametrize("answer", ["maintenance", "", "<html><title>IIS</title><h1>500</h1>"])
def test_the_page_of_another_site_is_described(visit, stand, answer):
    class Other:
        def answer(self, request):
            return Response(status=503, body=answer.encode())

    stand.front.point_at(Other())
    with pytest.raises(GaroonError) as error:
        visit().log_in()
    assert answer.partition("<h1>")[2][:3] in str(error.value)
    assert isinstance(error.value, LabError)


@pytest.mark.parametrize("word", [b"command_add", b"ScheduleAddEvents"])
def test_a_guest_that_dies_over_an_entry_leaves_it_open_whether_it_was_made(visit, stand, word):
    garoon = visit()
    garoon.log_in()
    dying = Dying(stand.application, word)
    stand.front.point_at(dying)
    with_this_word = (word == b"ScheduleAddEvents") == isinstance(garoon, GaroonHttp)
    if not with_this_word:
        assert garoon.write_marker("訓練").event_id
        return
    with pytest.raises(ConnectionLost, match="look before acting"):
        garoon.write_marker("訓練")
    assert stand.disk.writes == 1


@ONE_OF_BOTH
def test_the_original_host_name_is_asked_for_whatever_is_connected_to(visit, stand):
    asked = []

    class Noting:
        def answer(self, request):
            asked.append(request.headers["host"])
            return stand.application.answer(request)

    stand.front.point_at(Noting())
    visit().log_in()
    assert set(asked) == {"cybozu.ca.com"}


@ONE_OF_BOTH
def test_closing_twice_is_closing_once(visit):
    garoon = visit()
    garoon.log_in()
    with closing(garoon):
        garoon.close()
