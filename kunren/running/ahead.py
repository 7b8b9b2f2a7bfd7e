"""The browser of a single simulated drill starts while the rest of the program is loaded."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress

from drills.interruption import Stops
from lab.drivers.garoon.browser_driver import BrowserDriver
from lab.errors import SiteError


class BrowserAhead:
    """A browser that was begun before it is known whether the drill can be; `close` ends one that nobody took."""

    def __init__(self) -> None:
        self._resources = ExitStack()
        self._driver = self._resources.enter_context(BrowserDriver().kept())

    def begin(self, url: str) -> None:
        """What keeps a browser from starting is told by the drill, which tries again."""
        with ThreadPoolExecutor(1) as loader:
            loaded = loader.submit(_load_the_rest)
            with suppress(SiteError):
                self._driver.begin(url)
            loaded.result()

    @contextmanager
    def taken(self, stops: Stops) -> Iterator[BrowserDriver]:
        self._driver.whole = stops.whole
        with self._resources.pop_all():
            yield self._driver

    def close(self) -> None:
        self._resources.close()


def _load_the_rest() -> None:
    import kunren.running.drill  # noqa: PLC0415
    import kunren.running.permission  # noqa: PLC0415
    import kunren.running.plan  # noqa: F401, PLC0415
    from lab.opening import load_simulator  # noqa: PLC0415

    load_simulator()
