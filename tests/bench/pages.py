"""How large pages are on screen and on paper, and how long Chromium takes: `python -m tests.bench.pages PAGE…`."""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from lab.drivers.garoon.browser_driver import STARTS_WITHIN, BrowserDriver
from lab.drivers.garoon.chromium import ARGUMENTS
from tests.kunren.conftest import drill

SCREEN = {"width": 1280, "height": 900}
DRILL = "4-1-clean-switchover"
WITHIN = 120_000
"""Milliseconds until a page that cannot be shown is given up."""


@dataclass(frozen=True, slots=True)
class Shown:
    """`content` and `load` are milliseconds until something of the page is seen, and all of it is there."""

    screens: float
    content: float
    load: float
    paper: int
    megabytes: float

    def __str__(self) -> str:
        paper = f", {self.paper} A4 pages" if self.paper else ""
        opened = f"first content {self.content:.0f} ms, loaded {self.load:.0f} ms"
        return f"{self.screens:.1f} screens as opened{paper}, {self.megabytes:.2f} MB, {opened}"


@contextmanager
def browser() -> Iterator[object]:
    driver = BrowserDriver()
    driver.acquire()
    try:
        opened = driver.browser(ARGUMENTS, STARTS_WITHIN)
        try:
            yield opened
        finally:
            driver.take_back(opened, ARGUMENTS)
    finally:
        driver.release()


def show(page: Path, *, printed: bool = True) -> Shown:
    with browser() as opened:
        window = opened.new_page(viewport=SCREEN)
        window.goto(page.resolve().as_uri(), timeout=WITHIN)
        height = window.evaluate("document.documentElement.scrollHeight")
        load = window.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
        window.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        content = window.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
        paper = window.pdf(prefer_css_page_size=True, print_background=True) if printed else b""
    sheets = len(re.findall(rb"/Type ?/Page[^s]", paper))
    return Shown(height / SCREEN["height"], content, load, sheets, page.stat().st_size / 1e6)


def main() -> None:
    """Budgets: a drill that passed 2 screens, the whole guide 35 screens, 40 A4 pages and 5 MB."""
    print("pages as people open and print them, 1280 by 900 pixels:")
    with TemporaryDirectory() as scratch:
        for language in ("en", "ja"):
            for name, drills in ((DRILL, (DRILL,)), ("the whole guide", ())):
                run = drill(Path(scratch) / language / name, *drills, "--lang", language)
                assert run.code == 0, run.stdout + run.stderr
                print(f"  {name}, {language}: {show(run.folder / 'report.html')}")


if __name__ == "__main__":
    for each in sys.argv[1:]:
        print(f"{each}: {show(Path(each))}")
