"""Golden exchanges; the answers in golden/ have the shape recorded from package 4.2.3."""

from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lab.plain_xml import UnreadableXml, descendant, parse
from tests.lab.simulator.garoon.visitor import BASE, Visitor

GOLDEN = Path(__file__).parent / "golden"
SCHEMA = "http://schemas.cybozu.co.jp/schedule/2008"
SCHEDULE, BASE_MODULE, UTIL = "cbpapi/schedule", "cbpapi/base", "util_api/util"


def new_event(title="Normal Event", plan="社内MTG", memo="概要\n説明", member=2):
    return (
        f'<schedule_event xmlns="" id="dummy" version="dummy" event_type="normal" plan={quoteattr(plan)}'
        f' detail={quoteattr(title)} description={quoteattr(memo, {chr(10): "&#xA;"})} public_type="public">'
        f'<members xmlns="{SCHEMA}"><member><user id="{member}"/></member></members>'
        f'<when xmlns="{SCHEMA}"><datetime start="2012-09-26T04:00:00Z" end="2012-09-26T04:30:00Z"/></when>'
        "</schedule_event>"
    )


@pytest.fixture
def visitor(stand):
    return Visitor(stand.application)


def code_of(response):
    found = descendant(parse(response.body), "code")
    return found.text if found is not None else None


@pytest.mark.parametrize(
    ("name", "module", "api", "parameters"),
    [
        ("application-status", BASE_MODULE, "BaseGetApplicationStatus", ""),
        ("login-user-id", UTIL, "UtilGetLoginUserId", ""),
        ("add-events", SCHEDULE, "ScheduleAddEvents", new_event()),
        ("events-by-id", SCHEDULE, "ScheduleGetEventsById", "<event_id>416</event_id>"),
        ("no-such-event", SCHEDULE, "ScheduleGetEventsById", "<event_id>99999</event_id>"),
        ("remove-events", SCHEDULE, "ScheduleRemoveEvents", "<event_id>416</event_id>"),
    ],
)
def test_the_answer_is_the_golden_one(visitor, name, module, api, parameters):
    response = visitor.soap(module, api, parameters)
    assert response.status == 200
    assert response.content_type == 'application/soap+xml; charset="utf-8"'
    assert response.body.decode() == (GOLDEN / f"{name}.xml").read_text("utf-8")


def test_a_wrong_password_is_a_fault_with_status_200(visitor):
    response = visitor.soap(SCHEDULE, "ScheduleGetEventsById", "<event_id>416</event_id>", password="wrong")
    assert response.status == 200
    assert response.body.decode() == (GOLDEN / "wrong-password.xml").read_text("utf-8")


def test_an_answer_names_the_user_and_sets_a_session(visitor):
    response = visitor.soap(UTIL, "UtilGetLoginUserId")
    assert ("X-Cybozu-User", "2") in response.headers
    assert visitor.cookie.startswith("CBSESSID=")


def test_the_wsdl_needs_no_login_and_names_the_endpoints(visitor):
    wsdl = visitor.get("", "WSDL").body
    addresses = [each.get("location") for each in parse(wsdl).iter() if each.tag.endswith("}address")]
    assert addresses == [f"http://cybozu.ca.com{BASE}/{path}/api" for path in (BASE_MODULE, SCHEDULE, UTIL)]


def test_by_cookie_a_write_needs_the_request_token_and_a_read_does_not(visitor):
    visitor.soap(UTIL, "UtilLogin", "<login_name>kunren</login_name><password>drill-2012</password>", user="")
    assert code_of(visitor.soap(SCHEDULE, "ScheduleGetEventsById", "<event_id>416</event_id>", user="")) is None
    assert code_of(visitor.soap(SCHEDULE, "ScheduleAddEvents", new_event(), user="")) == "SIMULATED"
    token = descendant(parse(visitor.soap(UTIL, "UtilGetRequestToken", user="").body), "request_token").text
    parameters = f"<request_token>{token}</request_token>{new_event()}"
    assert code_of(visitor.soap(SCHEDULE, "ScheduleAddEvents", parameters, user="")) is None
    visitor.soap(UTIL, "UtilLogout", user="")
    assert code_of(visitor.soap(UTIL, "UtilGetLoginUserId", user="")) == "FW00007"


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        (new_event(member=4711), "GRN_SCHD_13021"),
        (new_event().replace("04:30:00Z", "03:30:00Z"), "GRN_SCHD_13012"),
        (new_event().replace("2012-09-26T04:30:00Z", "yesterday"), "GRN_SCHD_13012"),
    ],
)
def test_an_event_that_makes_no_sense_is_a_fault_with_its_code(visitor, parameters, code):
    assert code_of(visitor.soap(SCHEDULE, "ScheduleAddEvents", parameters)) == code


def test_a_read_only_disk_is_a_fault(stand):
    stand.boot(read_only=True)
    visitor = Visitor(stand.application)
    assert code_of(visitor.soap(SCHEDULE, "ScheduleAddEvents", new_event())) == "PHP00002"
    assert code_of(visitor.soap(SCHEDULE, "ScheduleGetEventsById", "<event_id>416</event_id>")) is None


def test_events_of_a_span_are_those_of_the_user(visitor):
    span = '<parameters start="2012-09-25T00:00:00+09:00" end="2012-09-26T00:00:00+09:00"/>'
    for api, expected in (("ScheduleGetEvents", 2), ("ScheduleGetEventVersions", 2)):
        body = visitor.soap(SCHEDULE, api).body  # without a start: refused
        assert b"GRN_SCHD_13012" in body
        envelope = (
            f"<e:Envelope xmlns:e='x'><e:Header><UsernameToken><Username>kunren</Username>"
            f"<Password>drill-2012</Password></UsernameToken></e:Header><e:Body><{api}>{span}</{api}></e:Body></e:Envelope>"
        )
        found = visitor.ask("POST", f"{SCHEDULE}/api", body=envelope.encode()).body
        assert found.count(b'version="') - found.count(b"<?xml version") == expected


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<",
        b"\xff\xfe",
        b"<Envelope/>",
        b"<Envelope><Body/></Envelope>",
        b"<Envelope><Body><NoSuchApi/></Body></Envelope>",
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><Envelope><Body><x>&b;</x></Body></Envelope>',
    ],
)
def test_an_invalid_call_is_a_fault_and_never_a_traceback(visitor, body):
    response = visitor.ask("POST", f"{SCHEDULE}/api", body=body)
    assert (response.status, code_of(response)) == (200, "SIMULATED")


def test_a_document_type_is_refused_in_any_encoding():
    with pytest.raises(UnreadableXml, match="declares a type"):
        parse("<?xml version='1.0' encoding='utf-16'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>".encode("utf-16"))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"), min_size=1))
def test_every_title_comes_back_as_it_was_written(visitor, title):
    title = "".join(char for char in title if char >= " " and not "\x7f" <= char <= "\x9f")
    added = visitor.soap(SCHEDULE, "ScheduleAddEvents", new_event(title=title, plan=""))
    number = descendant(parse(added.body), "schedule_event").get("id")
    read = visitor.soap(SCHEDULE, "ScheduleGetEventsById", f"<event_id>{number}</event_id>")
    event = descendant(parse(read.body), "schedule_event")
    assert event.get("detail") == title
    assert [child.tag for child in event] == [f"{{{SCHEMA}}}members", f"{{{SCHEMA}}}when"]
