from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lab.simulator.garoon.database import Database
from lab.simulator.garoon.exchange import ApplicationClosed
from tests.garoon_stand import START
from tests.lab.simulator.garoon.visitor import BASE, Seen, Visitor, error_code, location

PAGES = [
    ("portal/index", ""),
    ("schedule/index", ""),
    ("schedule/personal_day", "bdate=2012-9-25&uid=2"),
    ("schedule/view", "event=416"),
    ("schedule/view", "event=99999"),
    ("schedule/view", "event=" + "9" * 40),
    ("schedule/add", "bdate=nonsense"),
    ("schedule/delete", "event=416"),
    ("no/such/page", ""),
]


@pytest.fixture
def visitor(stand):
    return Visitor(stand.application)


@pytest.fixture
def user(visitor):
    assert visitor.log_in().status == 302
    return visitor


@pytest.mark.parametrize("page", ["", "index", "portal/index", "schedule/view"])
def test_without_a_session_every_page_is_the_login_page(visitor, page):
    seen = Seen(visitor.get(page).body.decode())
    assert {"_account", "_password", "_system", "page", "login-submit"} <= set(seen.fields)


def test_a_login_answers_302_to_the_portal_with_the_session_cookie(visitor):
    response = visitor.log_in()
    assert (response.status, location(response)) == (302, f"{BASE}/portal/index")
    assert visitor.cookie.startswith("CBSESSID=")
    assert len(visitor.cookie) == len("CBSESSID=") + 32


def test_a_wrong_password_is_a_login_page_with_status_200_and_fw00007(visitor):
    response = visitor.log_in(password="wrong")
    assert (response.status, error_code(response)) == (200, "FW00007")
    assert visitor.cookie == ""


def test_a_visitor_reaches_the_page_that_was_asked_for_after_the_login(visitor):
    wanted = Seen(visitor.get("schedule/view", "event=416").body.decode()).fields["page"]
    assert location(visitor.log_in(page=wanted)) == f"{BASE}/schedule/view?event=416"


@pytest.mark.parametrize(
    "page", ["//elsewhere.example/", "http://elsewhere.example", "command_logout", "x\r\nSet-Cookie: a"]
)
def test_the_login_leads_nowhere_else(visitor, page):
    assert location(visitor.log_in(page=page)) == f"{BASE}/portal/index"


def test_a_line_break_in_the_wanted_page_stays_in_its_header(visitor):
    assert "\r" not in location(visitor.log_in(page="schedule/view?event=1\r\nX: y"))


@pytest.mark.parametrize(("page", "query"), PAGES)
def test_every_page_is_well_formed_and_says_that_it_is_simulated(user, page, query):
    html = user.get(page, query).body.decode()
    assert Seen(html).texts["title"][0].startswith("[SIMULATED]")
    assert "シミュレーション" in html


def test_pages_after_a_login_name_the_user_in_a_header(user):
    assert ("X-Cybozu-User", "2") in user.get("portal/index").headers
    assert ("X-Frame-Options", "SAMEORIGIN") in user.get("portal/index").headers


@pytest.mark.parametrize(
    "path", [f"{BASE}/api/v1/schedule/events", f"{BASE}x", "/", "/cbgrn/grn/../application.py", "/cbgrn/grn/x.css"]
)
def test_what_this_version_does_not_have_is_404(user, path):
    assert user.get("", path=path).status == 404


def test_the_style_is_served_outside_the_program(visitor):
    response = visitor.get("", path="/cbgrn/grn/garoon.css")
    assert (response.status, response.content_type) == (200, "text/css; charset=UTF-8")


def test_a_command_is_not_done_by_a_get(user):
    assert user.get("schedule/command_add").status == 404


def test_an_added_appointment_is_shown_on_its_page_and_day(user):
    response = user.add("切替前の予定")
    number = location(response).partition("event=")[2].partition("&")[0]
    assert Seen(user.get("schedule/view", f"event={number}").body.decode()).texts["h2"] == ["切替前の予定"]
    assert f"event={number}" in user.get("schedule/personal_day", "bdate=2012-09-25").body.decode()


@pytest.mark.parametrize(
    ("menu", "title", "shown"), [("会議", "定例", "会議:定例"), ("-----", "", "--"), ("会議", "", "会議")]
)
def test_the_heading_joins_menu_and_title(user, menu, title, shown):
    page = location(user.add(title, menu=menu)).removeprefix(BASE + "/")
    assert Seen(user.get("schedule/view", page.partition("?")[2]).body.decode()).texts["h2"] == [shown]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"end_day": 24}, "GRN_SCHD_13006"),
        ({"end_hour": 21}, "GRN_SCHD_13012"),
        ({"end_hour": "x"}, "GRN_SCHD_13011"),
        ({"start_year": 99999}, "GRN_SCHD_13011"),
        ({"selected_users_sUID": ""}, "GRN_SCHD_13021"),
        ({"selected_users_sUID": 4711}, "GRN_SCHD_13021"),
    ],
)
def test_an_entry_that_makes_no_sense_is_refused_with_its_code(user, changes, code):
    assert error_code(user.add("訓練", **changes)) == code


def test_a_ticket_is_good_once_and_for_its_own_form_and_session(user, stand):
    ticket = user.add_form()["csrf_ticket"]
    assert location(user.add("一回目"))  # draws a newer ticket, so the first is stale
    stale = user.post("schedule/command_add", {"csrf_ticket": ticket, "title": "二回目"})
    assert "有効期限" in stale.body.decode()
    other = Visitor(stand.application)
    other.log_in()
    foreign = other.post("schedule/command_delete", {"csrf_ticket": user.add_form()["csrf_ticket"], "event": "416"})
    assert "有効期限" in foreign.body.decode()
    assert "有効期限" in user.post("schedule/command_add", {"title": "なし"}).body.decode()


def test_a_deleted_appointment_is_gone_with_its_code(user):
    fields = Seen(user.get("schedule/delete", "event=416").body.decode()).fields
    response = user.post("schedule/command_delete", {"csrf_ticket": fields["csrf_ticket"], "event": fields["event"]})
    assert location(response).startswith(f"{BASE}/schedule/personal_day")
    assert error_code(user.get("schedule/view", "event=416")) == "GRN_SCHD_13001"


def test_a_private_appointment_is_shown_to_its_attendees_only(user, stand):
    number = location(user.add("秘密", private=1)).partition("event=")[2].partition("&")[0]
    assert "秘密 (非公開)" in user.get("schedule/view", f"event={number}").body.decode()
    event = Database(stand.disk, stand.clock).event(int(number))
    assert [each.login_name for each in Database(stand.disk, stand.clock).users() if event.readable_by(each)] == [
        "kunren"
    ]


def test_log_out_ends_the_session(user):
    user.post("command_logout", {"logout": "Logout"})
    assert "_account" in Seen(user.get("portal/index").body.decode()).fields


def test_a_reboot_ends_every_session_and_keeps_the_data(user, stand):
    number = location(user.add("切替前")).partition("event=")[2].partition("&")[0]
    stand.clock.instant = START + timedelta(minutes=5)
    stand.boot()
    after = Visitor(stand.application, user.cookie)
    assert "_account" in Seen(after.get("portal/index").body.decode()).fields
    after.log_in()
    assert Seen(after.get("schedule/view", f"event={number}").body.decode()).texts["h2"] == ["切替前"]


def test_on_a_read_only_disk_the_login_works_and_writing_shows_an_error_page_with_status_200(stand):
    stand.boot(read_only=True)
    visitor = Visitor(stand.application)
    assert visitor.log_in().status == 302
    response = visitor.add("訓練")
    assert (response.status, error_code(response)) == (200, "PHP00002")
    assert stand.disk.writes == 0


def test_a_closed_application_answers_nothing(stand, visitor):
    stand.application.close()
    with pytest.raises(ApplicationClosed):
        visitor.get("")


def test_an_invalid_form_is_refused(user):
    assert user.ask("POST", "schedule/command_add", body="タイトル".encode()).status == 400
    assert user.ask("POST", "schedule/command_add", body=b"a=b&" * 600).status == 400


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    title=st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1).filter(lambda text: text == text.strip())
)
def test_no_title_becomes_markup(user, title):
    page = location(user.add(title)).removeprefix(BASE + "/").partition("?")[2]
    for where, element in (("view", "h2"), ("delete", "td"), ("personal_day", "a"), ("index", "a")):
        seen = Seen(user.get(f"schedule/{where}", page).body.decode())
        assert title in [text.strip() for text in seen.texts[element]]
        assert "script" not in seen.tags
