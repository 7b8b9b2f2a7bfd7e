"""Playwright and the Chromium browsers it starts, shared by one lab after another."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from urllib.parse import urlsplit

from playwright._impl import transport
from playwright.sync_api import Browser, Error, Playwright, sync_playwright

from lab.drivers.garoon.chromium import ARGUMENTS, check_japanese_font, find_browser, helper_environment, sandboxed
from lab.drivers.garoon.page import has_ended
from lab.drivers.garoon.sight import reason_of
from lab.errors import SiteError
from lab.scratch import ScratchFolder
from words import sentence, told

STARTS_WITHIN = 30_000
"""Milliseconds until a browser that does not start is given up."""


class BrowserDriver:
    """Playwright, of which a thread can run only one: browsers share it, and it ends with the last of them."""

    def __init__(self, whole: Callable[[], AbstractContextManager[None]] = nullcontext) -> None:
        """An exception of a signal handler in the midst of Playwright leaves it waiting for ever: acts are `whole`."""
        self.whole = whole
        self._playwright: Playwright | None = None
        self._users = 0
        self._scratch: ScratchFolder | None = None
        self._idle: tuple[Sequence[str], Browser] | None = None
        self._port: socket.socket | None = None

    @property
    def environment(self) -> dict[str, str]:
        """The environment of the driver and its browsers; their temporary files are swept if they are killed."""
        return helper_environment() | ({"TMPDIR": str(self._scratch.path)} if self._scratch is not None else {})

    @property
    def port(self) -> int:
        """A loopback port for Garoon in one lab after another: a browser that leads there stays of use; 0: none."""
        return 0 if self._port is None else self._port.getsockname()[1]

    @contextmanager
    def kept(self) -> Iterator[BrowserDriver]:
        """Keeps the driver, a browser and the port, once begun, through one lab after another."""
        self._users += 1
        self._port = socket.socket()
        try:
            self._port.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._port.bind(("127.0.0.1", 0))
            yield self
        finally:
            self._port.close()
            self._port = None
            self.release()

    def acquire(self) -> None:
        if self._playwright is None:
            try:
                # Elsewhere the way there is long already, and Chromium's socket has to fit into 104 bytes.
                self._scratch = ScratchFolder("browser") if sys.platform == "linux" else None
                with _told_what_it_needs(self.environment):
                    self._playwright = sync_playwright().start()
            except Exception as error:  # Playwright says with a bare Exception that its driver has gone
                self._clear()
                raise SiteError(sentence("errors.garoon.no_driver", error=told(error))) from error
        self._users += 1

    def browser(self, arguments: Sequence[str], within: float) -> Browser:
        """One that knows nothing yet, to those who have acquired; `take_back` gives it to the next if it can."""
        assert self._playwright is not None, "acquired"
        if self._idle is not None and self._idle[0] == arguments and self._idle[1].is_connected():
            (_, browser), self._idle = self._idle, None
            return browser
        check_japanese_font()
        chromium = self._playwright.chromium
        return chromium.launch(
            executable_path=find_browser(chromium.executable_path),
            headless=True,
            handle_sigint=False,  # a terminal sends Ctrl-C to all: the driver stays until it is told to stop
            chromium_sandbox=sandboxed(),
            args=arguments,
            env={**self.environment},
            timeout=within,
        )

    def begin(self, url: str) -> None:
        """Starts, while kept, a browser that leads from the URL to `port`."""
        arguments = (*ARGUMENTS, leading(url, f"127.0.0.1:{self.port}"))
        self.acquire()
        try:
            self.take_back(self.browser(arguments, STARTS_WITHIN), arguments)
        except Error as error:
            raise SiteError(sentence("errors.garoon.no_browser", reason=reason_of(error))) from error
        finally:
            self.release()

    def take_back(self, browser: Browser, arguments: Sequence[str]) -> None:
        """Without its windows: each had a context of its own, and what was seen in it ends with it."""
        if not browser.is_connected():
            return
        try:
            for context in browser.contexts:
                context.close()
        except Error as error:  # a signal to the whole group has ended it, which is heard of only now
            if not has_ended(error):
                raise
            return
        if self._users == 1:
            browser.close()
            return
        self._end_idle()
        self._idle = (arguments, browser)

    def release(self) -> None:
        self._users -= 1
        if self._users == 0 and self._playwright is not None:
            self._end_idle()
            driver, self._playwright = self._playwright, None
            driver.stop()
            self._clear()

    def _end_idle(self) -> None:
        idle, self._idle = self._idle, None
        if idle is not None and idle[1].is_connected():
            idle[1].close()

    def _clear(self) -> None:
        if self._scratch is not None:
            self._scratch.close()
            self._scratch = None


def leading(url: str, connect: str) -> str:
    """The argument by which a browser connects there for the URL."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return f"--host-resolver-rules=MAP {parts.hostname}:{port} {connect}"


@contextmanager
def _told_what_it_needs(environment: dict[str, str]) -> Iterator[None]:
    """The driver's process, and with it all that it starts, inherits no secret and no proxy of this one's."""
    names = vars(transport)
    given = names["get_driver_env"]

    def needed() -> dict[str, str]:
        own = {name: value for name, value in given().items() if name.startswith("PW_")}
        return {**environment, **own, "PW_TEST_SCREENSHOT_NO_FONTS_READY": "1"}

    names["get_driver_env"] = needed
    try:
        yield
    finally:
        names["get_driver_env"] = given
