"""What a user does in the browser, whom it trusts, and what it does with a page that does not come whole."""

import threading
import time
from contextlib import closing
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lab.drivers.garoon import browser
from lab.drivers.garoon.browser import GaroonBrowser
from lab.drivers.garoon.chromium import helper_environment
from lab.drivers.garoon.errors import GaroonError
from lab.drivers.garoon.tls_relay import TlsRelay
from lab.errors import HostUnreachable
from lab.model.garoon import comes_back_unchanged
from lab.simulator.garoon.application import GaroonApplication
from lab.simulator.garoon.exchange import Response
from tests.lab.test_tls import NAME, TROUBLES, authority, other, said, trouble  # noqa: F401  (fixtures)
from tests.lab.tls_premises import Certificate, TlsFront
from tests.representatives import standing_for_all

pytestmark = pytest.mark.browser
WITHIN = timedelta(seconds=6)
PNG = b"\x89PNG\r\n\x1a\n"
HTTPS = f"https://{NAME}/scripts/cbgrn/grn.exe"


def test_a_helper_is_handed_what_it_needs_and_nothing_else():
    given = {"PATH": "/bin", "LC_ALL": "C", "XDG_CACHE_HOME": "/c", "AWS_SECRET": "x", "no_proxy": "x", "PW": "x"}
    assert set(helper_environment(given)) == {"PATH", "LC_ALL", "XDG_CACHE_HOME"}


class Stalling:
    """Hands on what the application answers with `markup` put in, and answers /stalled never."""

    def __init__(self, application, markup):
        self.application = application
        self.markup = markup.encode()
        self.released = threading.Event()

    def answer(self, request):
        if request.path.startswith("/stalled"):
            self.released.wait(60)
            return Response(status=404)
        response = self.application.answer(request)
        if "html" in response.content_type:
            return Response(
                status=response.status,
                headers=response.headers,
                content_type=response.content_type,
                body=response.body.replace(b"</head>", self.markup + b"</head>"),
            )
        return response


@pytest.fixture
def stalling(stand):
    """Puts markup into every page of the stand."""
    made = []

    def put(markup):
        made.append(Stalling(stand.application, markup))
        stand.front.point_at(made[-1])

    yield put
    for each in made:
        each.released.set()


IMAGE = "<img src=/stalled/picture.png?session=1>"
FONT = "<style>@font-face{font-family:S;src:url(/stalled/font.woff2)}*{font-family:S !important}</style>"
SCRIPT = "<script src=/stalled/script.js></script>"


class Counting:
    """Hands on what the application answers, and keeps the paths it was asked for."""

    def __init__(self, application):
        self.application = application
        self.paths = []

    def answer(self, request):
        self.paths.append(request.path.partition("?")[0])
        return self.application.answer(request)


@pytest.fixture
def counting(stand):
    counting = Counting(stand.application)
    stand.front.point_at(counting)
    return counting


def test_an_entry_is_looked_for_in_the_window_that_is_open_and_asked_for_anew(stand, counting, driver):
    with closing(GaroonBrowser(stand.endpoint(), driver=driver, within=WITHIN)) as garoon:
        marker = garoon.write_marker("予定")
        page = garoon._page
        for _ in range(2):
            counting.paths.clear()
            assert garoon.find_marker(marker) == "予定"
            assert sorted(path.rpartition("/")[2] for path in counting.paths) == ["garoon.css", "view"]
        assert garoon._page is page
        garoon.log_in()
        assert garoon._page is not page
        assert page.is_closed()


def test_an_entry_is_looked_for_in_a_fresh_window_where_the_open_one_leads_nowhere(stand, driver):
    with closing(GaroonBrowser(stand.endpoint(), driver=driver, within=WITHIN)) as garoon:
        marker = garoon.write_marker("予定")
        garoon._page.route("**", lambda route: route.abort("connectionreset"))
        assert garoon.find_marker(marker) == "予定"
        stand.shut_down()
        with pytest.raises(HostUnreachable):
            garoon.find_marker(marker)


LATER = "<script>addEventListener('load', () => { %s; setTimeout(() => { %s }, 400) })</script>"
FIELD = "document.querySelector('input[name=_account]')"
COVER = "document.getElementById('cover')"
PUT_COVER = (
    "document.body.insertAdjacentHTML('beforeend', '<div id=cover style=position:fixed;inset:0;z-index:9></div>')"
)


@pytest.mark.parametrize(
    ("at_first", "then"),
    [
        (f"{FIELD} && ({FIELD}.disabled = true)", f"{FIELD} && ({FIELD}.disabled = false)"),
        (f"{FIELD} && ({FIELD}.readOnly = true)", f"{FIELD} && ({FIELD}.readOnly = false)"),
        (PUT_COVER, f"{COVER}.remove()"),
    ],
)
def test_a_field_or_button_that_cannot_be_used_yet_is_waited_for(stand, stalling, driver, at_first, then):
    stalling(LATER % (at_first, then))
    with closing(GaroonBrowser(stand.endpoint(), driver=driver, within=WITHIN)) as garoon:
        marker = garoon.write_marker("予定")
        assert garoon.find_marker(marker) == "予定"


@pytest.mark.parametrize(
    "markup",
    [
        f"<script>addEventListener('load', () => {FIELD}.disabled = true)</script>",
        f"<script>addEventListener('load', () => {FIELD}.readOnly = true)</script>",
        "<style>input[name=_account] { display: none !important }</style>",
    ],
)
def test_a_login_field_that_never_takes_keys_is_no_login(stand, stalling, driver, markup):
    stalling(markup)
    within = timedelta(seconds=2)
    with (
        closing(GaroonBrowser(stand.endpoint(), driver=driver, within=within)) as garoon,
        pytest.raises(GaroonError, match="log in"),
    ):
        garoon.log_in()


@pytest.mark.parametrize("markup", standing_for_all([IMAGE, FONT], IMAGE))
def test_a_page_of_which_an_image_or_a_font_does_not_come_is_used(stand, stalling, markup, driver, monkeypatch):
    monkeypatch.setattr(browser, "PART_FOR_ALL", 1 / 20)  # each page is waited for that long, in vain
    stalling(markup)
    with closing(GaroonBrowser(stand.endpoint(), driver=driver, within=WITHIN)) as garoon:
        marker = garoon.write_marker("訓練")
        assert garoon.find_marker(marker) == "訓練"
        capture = garoon.capture()
    assert capture.png.startswith(b"\x89PNG")
    assert "the picture is not of the whole page, which still waits for http://cybozu.ca.com/stalled/" in str(
        capture.trouble
    )
    assert "session" not in str(capture.trouble)


def test_a_page_that_holds_back_what_is_needed_is_said_to_have_answered(stand, stalling, driver):
    stalling(SCRIPT)
    window = closing(GaroonBrowser(stand.endpoint(), driver=driver, within=timedelta(seconds=3)))
    with window as garoon, pytest.raises(GaroonError) as caught:
        garoon.log_in()
    assert "answered, but was not ready to show within 3 s" in str(caught.value)
    assert "still waits for http://cybozu.ca.com/stalled/script.js" in str(caught.value)


def test_a_picture_that_cannot_be_taken_costs_a_sentence_and_no_error(stand, monkeypatch, driver):
    with closing(GaroonBrowser(stand.endpoint(), driver=driver, within=WITHIN)) as garoon:
        garoon.log_in()
        page = garoon._page

        def refuse(**_):
            page.locator("#nowhere").click(timeout=1)

        monkeypatch.setattr(page, "screenshot", refuse)
        capture = garoon.capture()
    assert capture.png == b""
    assert str(capture.trouble).startswith("no picture could be taken (")
    assert capture.url.endswith("/portal/index")


def test_a_password_is_not_typed_into_another_site(stand, driver):
    typed = []

    class Leading:
        def answer(self, request):
            if request.headers["host"].startswith("localhost"):
                typed.append(request.body)
                return Response(body=b'<form method=post><input name="_account"><input name="_password"></form>')
            return Response(status=302, headers=(("Location", f"http://localhost:{stand.front.port}/x"),))

    stand.front.point_at(Leading())
    window = closing(GaroonBrowser(stand.endpoint(), driver=driver, within=WITHIN))
    with window as garoon, pytest.raises(GaroonError, match="is another site: no password was entered there"):
        garoon.log_in()
    assert not any(typed)


def test_with_the_sites_authority_garoon_is_used_over_tls(stand, tmp_path, authority, driver):  # noqa: F811
    issued = Certificate(tmp_path, "x", NAME, issuer=authority)
    with closing(TlsFront(issued.server_context(), stand.front.port)) as front:
        endpoint = stand.endpoint(
            url=HTTPS, connect=f"127.0.0.1:{front.port}", certificate_authority=str(authority.file)
        )
        with closing(GaroonBrowser(endpoint, driver=driver, within=WITHIN)) as garoon:
            marker = garoon.write_marker("訓練")
            assert garoon.find_marker(marker) == "訓練"
            assert garoon.capture().url.startswith(HTTPS)


def test_garoon_behind_bad_tls_is_told_with_its_cause_and_key(stand, trouble, driver):  # noqa: F811
    name, context, pem = trouble
    front = TlsFront(context, stand.front.port) if context else None
    port = front.port if front else stand.front.port
    endpoint = stand.endpoint(url=HTTPS, connect=f"127.0.0.1:{port}", certificate_authority=pem)
    window = closing(GaroonBrowser(endpoint, driver=driver, within=WITHIN))
    with window as garoon, pytest.raises(HostUnreachable) as caught:
        garoon.log_in()
    assert str(caught.value).startswith(f"Garoon answers at {HTTPS}, but ")
    if pem:  # Kunren has looked itself; without, the browser's own word tells self-signed and unknown apart no more
        assert all(part in str(caught.value) for part in said(name, "garoon", "url")), str(caught.value)
    else:
        assert "garoon.certificate_authority" in str(caught.value)
    if front:
        front.close()


def test_the_relay_shows_its_own_certificate_to_none_but_its_browser(stand, tmp_path, authority, driver):  # noqa: F811
    """A browser without the pin does not take it."""
    issued = Certificate(tmp_path, "x", NAME, issuer=authority)
    with closing(TlsFront(issued.server_context(), stand.front.port)) as front:
        endpoint = stand.endpoint(
            url=HTTPS, connect=f"127.0.0.1:{front.port}", certificate_authority=str(authority.file)
        )
        with closing(TlsRelay(endpoint)) as relay:
            unpinned = stand.endpoint(url=HTTPS, connect=relay.address)
            window = closing(GaroonBrowser(unpinned, driver=driver, within=WITHIN))
            with window as garoon, pytest.raises(HostUnreachable, match=r"garoon\.certificate_authority"):
                garoon.log_in()


def test_closing_the_window_leaves_no_relay(stand, tmp_path, authority, driver):  # noqa: F811
    issued = Certificate(tmp_path, "x", NAME, issuer=authority)
    with closing(TlsFront(issued.server_context(), stand.front.port)) as front:
        endpoint = stand.endpoint(
            url=HTTPS, connect=f"127.0.0.1:{front.port}", certificate_authority=str(authority.file)
        )
        with closing(GaroonBrowser(endpoint, driver=driver, within=WITHIN)) as garoon:
            garoon.log_in()
        until = time.monotonic() + 5
        while any("tls relay" in each.name for each in threading.enumerate()) and time.monotonic() < until:
            threading.Event().wait(0.01)
        assert not [each.name for each in threading.enumerate() if "tls relay" in each.name]


@pytest.fixture
def garoon(stand, driver):
    with closing(GaroonBrowser(stand.endpoint(), driver=driver, within=timedelta(seconds=10))) as garoon:
        yield garoon


def test_a_picture_is_a_png_of_the_page_at_the_original_url(garoon, stand):
    garoon.log_in()
    portal = garoon.capture()
    assert portal.png.startswith(PNG)
    assert portal.url == f"{stand.endpoint().url}/portal/index"
    assert "SIMULATED" in portal.title


def test_after_a_find_the_browser_is_on_the_page_of_the_entry(garoon):
    marker = garoon.write_marker("訓練")
    garoon.find_marker(marker)
    assert f"schedule/view?event={marker.event_id}" in garoon.capture().url


def test_a_session_that_ended_while_the_form_was_open_is_a_refusal(garoon, stand):
    class Rebooting:
        inner = stand.application

        def answer(self, request):
            if b"title" in request.body:
                self.inner = GaroonApplication(stand.disk, stand.clock, stand.settings)
            return self.inner.answer(request)

    stand.clock.instant += timedelta(seconds=1)  # a boot of another instant hands out other sessions
    stand.front.point_at(Rebooting())
    with pytest.raises(GaroonError, match="the login page"):
        garoon.write_marker("訓練")
    assert stand.disk.writes == 0


def test_a_page_that_never_comes_is_unreachable_after_the_time_allowed(stand, driver):
    released = threading.Event()

    class Silent:
        def answer(self, request):
            released.wait(20)
            return stand.application.answer(request)

    stand.front.point_at(Silent())
    with closing(GaroonBrowser(stand.endpoint(), driver=driver, within=timedelta(seconds=1))) as garoon:
        with pytest.raises(HostUnreachable, match="within 1 s"):
            garoon.log_in()
        released.set()


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=st.text(max_size=60).filter(comes_back_unchanged))
def test_any_title_comes_back_through_the_browser(garoon, title):
    assert garoon.find_marker(garoon.write_marker(title)) == title
