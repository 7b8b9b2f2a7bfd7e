"""Garoon as a user sees it, in Chromium; Playwright is imported in this folder only.

Selectors are the names and ids that public end-to-end tests of the real product rely on, never texts of its pages.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import (
    Browser,
    Error,
    Page,
    Request,
    TimeoutError,  # noqa: A004
)

from lab.drivers.garoon.browser_driver import BrowserDriver, leading
from lab.drivers.garoon.chromium import ARGUMENTS
from lab.drivers.garoon.errors import GaroonError, check_same_entry, check_title, login_refused, tls_failed
from lab.drivers.garoon.page import (
    FONTS_ARE_THERE,
    click,
    enter,
    fits_window,
    fonts_are_there,
    has_ended,
    holds,
    text_of,
)
from lab.drivers.garoon.reading import NO_SUCH_EVENT, read_page
from lab.drivers.garoon.sight import address_of, not_shown, reason_of, sight_of, trouble_of
from lab.drivers.garoon.soap import is_number
from lab.drivers.garoon.tls_relay import TlsRelay
from lab.errors import AnswerUnreadable, ConnectionLost, HostUnreachable, SiteError
from lab.logins import RefusedLogins
from lab.model.endpoints import GaroonEndpoint
from lab.model.garoon import Capture, Marker
from lab.tls import tls_trouble
from words import Told, sentence

ACCOUNT = 'input[name="_account"]'
PASSWORD = 'input[name="_password"]'  # noqa: S105 (a selector)
EXPIRED = 'form[name="pwd_expired"]'
SIGNED_IN = (
    '#cloudHeader-userName-grn, #com-header-logout-link, #header span[title], [href*="command_logout"],'
    ' form[action*="command_logout"]'
)
SCHEDULE_LINK = 'a[href*="schedule/add"], a[href*="schedule/view"]'
ADD_FORM = 'form[id="schedule/add"]'
ADD_TITLE = f'{ADD_FORM} input[name="title"]'
ADD_SUBMIT = "#schedule_submit_button a"
EVENT_TITLE = "#event_list h2"
DELETE_LINK = '#main_menu_part a[href*="schedule/delete"]'
DELETE_FORM = 'form[id="schedule/delete"]'
DELETE_ALL = f'{DELETE_FORM} input[id="1"]'
DELETE_SUBMIT = "#schedule_button_save a"
TROUBLE = ".error_code, #msgbox"
WINDOW = {"width": 1280, "height": 800}
AS_IT_IS_NOW = {"Cache-Control": "no-cache"}
"""Every page is asked for anew, also by a window that has seen it before."""
NO_PAGE = "about:blank"
PART_FOR_ALL = 1 / 3
"""Of the time allowed, how much a page may take to come whole before it is used as it is."""
MOST_NAMED = 3


P = ParamSpec("P")
T = TypeVar("T")


def _whole(act: Callable[Concatenate[GaroonBrowser, P], T]) -> Callable[Concatenate[GaroonBrowser, P], T]:
    @wraps(act)
    def performed(browser: GaroonBrowser, /, *arguments: P.args, **named: P.kwargs) -> T:
        with browser.driver.whole():
            return act(browser, *arguments, **named)

    return performed


class GaroonBrowser:
    """One user's browser window, begun on first use. `log_in` opens a fresh one."""

    def __init__(
        self,
        endpoint: GaroonEndpoint,
        *,
        driver: BrowserDriver | None = None,
        within: timedelta = timedelta(seconds=30),
        logins: RefusedLogins | None = None,
    ) -> None:
        self._logins = logins or RefusedLogins()
        self._endpoint = endpoint
        self._base = endpoint.url.rstrip("/")
        self._milliseconds = within.total_seconds() * 1000
        self.driver = driver or BrowserDriver()
        self._arguments: Sequence[str] | None = None
        """Of the browser, from when the driver has been acquired for it."""
        self._browser: Browser | None = None
        self._page: Page | None = None
        self._failed = False
        """Of the last act in the window: its failure may still be on its way to be shown there."""
        self._pending: dict[Request, str] = {}
        self._relay: TlsRelay | None = None

    @_whole
    def start(self) -> None:
        """Starts the browser; SiteError on a machine without a browser or a Japanese font."""
        self._started()

    @_whole
    def log_in(self) -> None:
        page = self._fresh_page()
        self._go(page, "", ACCOUNT)
        self._sign_in(page)

    @_whole
    def write_marker(self, title: str) -> Marker:
        check_title(title)
        page = self._go_signed_in("/schedule/index", SCHEDULE_LINK)
        self._need(page, SCHEDULE_LINK, "schedule")
        self._go(page, "/schedule/add", ADD_SUBMIT)
        self._need(page, ADD_FORM, "new_appointment")
        with self._page_errors(page, "write"):
            enter(page, ADD_TITLE, title)
        self._submit(page, ADD_SUBMIT, "write", EVENT_TITLE)
        number = parse_qs(urlsplit(page.url).query).get("event", [""])[0]
        if is_number(number) and holds(page, EVENT_TITLE):
            return Marker(int(number), title)
        raise self._after_change(page, "write", "entered")

    @_whole
    def find_marker(self, marker: Marker) -> str | None:
        """In the open window, unless its last act failed or its lines lead nowhere any more: then in a fresh one."""
        path = f"/schedule/view?event={marker.event_id}"
        kept = self._page is not None and not self._failed
        if not kept:
            self._fresh_page()
        try:
            page = self._go_signed_in(path, EVENT_TITLE)
        except (HostUnreachable, ConnectionLost):
            if not kept:
                raise
            self._fresh_page()
            page = self._go_signed_in(path, EVENT_TITLE)
        return self._title(page)

    @_whole
    def remove_marker(self, marker: Marker) -> None:
        found = self.find_marker(marker)
        if found is None:
            return
        check_same_entry(marker, found)
        page = self._current()
        with self._page_errors(page, "remove"):
            page.locator(DELETE_LINK).first.click(no_wait_after=True)
            page.wait_for_selector(DELETE_FORM)
            if holds(page, DELETE_ALL):
                page.check(DELETE_ALL)
        self._submit(page, DELETE_SUBMIT, "remove", SIGNED_IN)
        if holds(page, TROUBLE) or not holds(page, SIGNED_IN):
            raise self._after_change(page, "remove", "removed")

    @_whole
    def capture(self) -> Capture:
        """Captures the page; without a picture where the browser cannot take one, as `trouble` then says."""
        page = self._current()
        trouble = self._shown(page)
        try:
            png = page.screenshot(full_page=not fits_window(page))
        except Error as error:
            key = "page.no_picture_partly" if trouble else "page.no_picture"
            png, trouble = b"", sentence(key, reason=reason_of(error), trouble=trouble)
        with self._page_errors(page, "read"):
            return Capture(png, page.url, page.title(), trouble)

    @_whole
    def close(self) -> None:
        """May be called more than once, and on a browser that has already ended."""
        browser, arguments, relay = self._browser, self._arguments, self._relay
        self._browser = self._arguments = self._page = self._relay = None
        try:
            if browser is not None and arguments is not None:
                self.driver.take_back(browser, arguments)
        finally:
            if arguments is not None:
                self.driver.release()
            if relay is not None:
                relay.close()

    def _go_signed_in(self, path: str, needed: str) -> Page:
        """Logs in again where the guest that held the session has restarted."""
        page = self._page if self._page is not None else self._fresh_page()
        self._go(page, path, needed)
        if holds(page, ACCOUNT):
            self._sign_in(page)
            self._go(page, path, needed)
        return page

    def _sign_in(self, page: Page) -> None:
        self._need(page, ACCOUNT, "login")
        self._logins.check(self._base, self._endpoint.user)
        self._check_site(page)
        with self._page_errors(page, "log in"):
            with page.expect_navigation(wait_until="commit"):
                enter(page, ACCOUNT, self._endpoint.user)
                enter(page, PASSWORD, self._endpoint.password)
                page.keyboard.press("Enter")
            self._settle(page, f"{SIGNED_IN}, {EXPIRED}")
        if holds(page, EXPIRED):
            raise GaroonError(sentence("errors.garoon.expired", user=self._endpoint.user), operation="log in")
        if holds(page, ACCOUNT):
            refusal = login_refused(self._endpoint.user, sight_of(page), "log in")
            self._logins.refused(self._base, self._endpoint.user, refusal)
            raise refusal
        self._need(page, SIGNED_IN, "signed_in")

    def _title(self, page: Page) -> str | None:
        with self._page_errors(page, "find"):
            if (shown := text_of(page, EVENT_TITLE)) is not None:
                return shown.strip()
            if NO_SUCH_EVENT in page.content():
                return None
        raise GaroonError(not_shown(page, "appointment"), operation="find")

    def _check_site(self, page: Page) -> None:
        """Refuses to type a password into a page of another site, to which a redirect may have led."""
        asked, shown = urlsplit(self._base), urlsplit(page.url)
        if shown.hostname != asked.hostname or (asked.scheme == "https" and shown.scheme != "https"):
            raise GaroonError(
                sentence("errors.garoon.other_site", base=self._base, url=page.url),
                operation="log in",
            )

    def _submit(self, page: Page, button: str, operation: str, needed: str) -> None:
        """Clicks the button; whether the change was made is then unknown, unless the next page tells."""
        try:
            with page.expect_navigation(wait_until="commit"):
                click(page, button)
            self._settle(page, needed)
        except Error as error:
            self._failed = True
            if holds(page, TROUBLE):
                raise self._after_change(page, operation, "accepted") from error
            raise ConnectionLost(
                sentence("errors.garoon.unanswered_change", reason=reason_of(error)),
                operation=operation,
            ) from error

    def _after_change(self, page: Page, operation: str, expected: str) -> GaroonError | AnswerUnreadable:
        """An error page or the login page is a refusal; anything else leaves open what happened."""
        said = not_shown(page, expected)
        if holds(page, f"{TROUBLE}, {ACCOUNT}") or read_page(page.content()).asks_for_login:
            return GaroonError(said, operation=operation)
        return AnswerUnreadable(said, operation=operation)

    def _need(self, page: Page, selector: str, expected: str) -> None:
        with self._page_errors(page, "read"):
            if holds(page, selector):
                return
        raise GaroonError(not_shown(page, expected), operation="read")

    def _go(self, page: Page, path: str, needed: str) -> None:
        self._pending.clear()
        with self._page_errors(page, "open"):
            page.goto(self._base + path, wait_until="commit")
        with self._page_errors(page, "show"):
            self._settle(page, needed)

    def _settle(self, page: Page, needed: str) -> None:
        """Waits until the page is whole, or, if a part does not come, until it holds what is needed."""
        try:
            page.wait_for_load_state("load", timeout=self._milliseconds * PART_FOR_ALL)
        except TimeoutError:
            page.wait_for_selector(f"{needed}, {ACCOUNT}, {TROUBLE}", state="attached")

    def _shown(self, page: Page) -> Told | None:
        """Waits a little for images and fonts, and says what has not come."""
        try:
            page.wait_for_load_state("load", timeout=self._milliseconds * PART_FOR_ALL)
            if not fonts_are_there(page):
                page.wait_for_function(FONTS_ARE_THERE, timeout=self._milliseconds * PART_FOR_ALL)
        except Error:
            return sentence("page.partly", state=self._waits_for)
        return None

    @property
    def _waits_for(self) -> Told:
        """The addresses that have not been answered in full."""
        addresses = sorted(set(self._pending.values()))
        named = ", ".join(addresses[:MOST_NAMED])
        if len(addresses) > MOST_NAMED:
            return sentence("page.waits_more", addresses=named, n=len(addresses) - MOST_NAMED)
        return sentence("page.waits", addresses=named) if addresses else sentence("page.restless")

    @contextmanager
    def _page_errors(self, page: Page, operation: str) -> Iterator[None]:
        try:
            yield
        except TimeoutError as error:
            self._failed = True
            seconds = f"{self._milliseconds / 1000:.0f}"
            if page.url == NO_PAGE or operation == "open":
                elsewhere = [each for each in self._pending.values() if not each.startswith(self._base)]
                about = {"url": self._base, "seconds": seconds}
                said = sentence("errors.garoon.no_answer", **about)
                if elsewhere:
                    said = sentence("errors.garoon.no_answer_led", **about, elsewhere=elsewhere[-1])
                raise HostUnreachable(said, operation=operation) from error
            raise GaroonError(
                sentence(
                    "errors.garoon.not_ready",
                    url=page.url,
                    operation=sentence(f"page.{operation}"),
                    seconds=seconds,
                    state=self._waits_for,
                    page=sight_of(page),
                ),
                operation=operation,
            ) from error
        except Error as error:
            self._failed = True
            failure = self._relay.failure if self._relay is not None else None
            if isinstance(failure, ssl.SSLError):
                raise tls_failed(self._endpoint, tls_trouble(failure), operation) from error
            if "net::" in error.message and (trouble := trouble_of(error)) is not None:
                raise tls_failed(replace(self._endpoint, certificate_authority=""), trouble, operation) from error
            if "net::" in error.message:
                raise HostUnreachable(
                    sentence("errors.garoon.unreachable", url=self._base, reason=reason_of(error)), operation=operation
                ) from error
            if has_ended(error):
                said = sentence("errors.garoon.browser_ended", reason=reason_of(error))
                raise ConnectionLost(said, operation=operation) from error
            said = sentence(
                "errors.garoon.browser_failed", operation=sentence(f"page.{operation}"), reason=reason_of(error)
            )
            raise GaroonError(said, operation=operation) from error

    def _current(self) -> Page:
        if self._page is None:
            raise GaroonError(sentence("errors.garoon.no_page"), operation="read")
        return self._page

    def _fresh_page(self) -> Page:
        """A context of its own: no cookie and no cache of what was seen before."""
        browser = self._started()
        page, self._page = self._page, None
        try:
            if page is not None:
                page.context.close()
            context = browser.new_context(
                viewport=WINDOW,  # type: ignore[arg-type]
                locale="ja-JP",
                accept_downloads=False,
                extra_http_headers=AS_IT_IS_NOW,
            )
            context.set_default_timeout(self._milliseconds)
            self._page = context.new_page()
        except Error as error:
            raise ConnectionLost(
                sentence("errors.garoon.page_unopened", reason=reason_of(error)), operation="open"
            ) from error
        self._pending, self._failed = {}, False
        self._page.on("request", lambda request: self._pending.update({request: address_of(request)}))
        for ended in ("requestfinished", "requestfailed"):
            self._page.on(ended, lambda request: self._pending.pop(request, None))  # type: ignore[call-overload]
        return self._page

    def _started(self) -> Browser:
        if self._browser is not None and self._browser.is_connected():
            return self._browser
        self.close()
        self.driver.acquire()
        self._arguments = ARGUMENTS
        try:
            if self._endpoint.certificate_authority and urlsplit(self._base).scheme == "https":
                self._relay = TlsRelay(self._endpoint)
            self._arguments = (*ARGUMENTS, *self._mapping())
            self._browser = self.driver.browser(self._arguments, self._milliseconds)
        except Error as error:
            self.close()
            raise SiteError(sentence("errors.garoon.no_browser", reason=reason_of(error))) from error
        except SiteError:
            self.close()
            raise
        return self._browser

    def _mapping(self) -> tuple[str, ...]:
        """The URL stays what users type; only where its name leads is said to the browser."""
        relay = self._relay
        connect = relay.address if relay is not None else self._endpoint.connect
        if not connect:
            return ()
        trusted = () if relay is None else (f"--ignore-certificate-errors-spki-list={relay.pin}",)
        return (leading(self._base, connect), *trusted)
