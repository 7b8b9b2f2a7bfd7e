"""A page of Kunren's own on paper: a PDF by the Chromium that drills use, without network and without scripts."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Error

from lab.drivers.garoon.browser_driver import STARTS_WITHIN, BrowserDriver
from lab.drivers.garoon.chromium import ARGUMENTS
from lab.drivers.garoon.sight import reason_of
from lab.errors import SiteError
from words import sentence

OLDEST = 131
"""The first Chromium that prints what a page's style puts into the margins."""
SHOWN_WITHIN = 120_000
"""Milliseconds until a page that cannot be shown is given up; one of 40 MB takes 3 s."""
OFFLINE = "--host-resolver-rules=MAP * ~NOTFOUND"


def pdf_of(page: Path) -> bytes:
    """The page of this file with its print style, tagged, with its headings as bookmarks. Raises SiteError."""
    driver, arguments = BrowserDriver(), (*ARGUMENTS, OFFLINE)
    driver.acquire()
    try:
        browser = driver.browser(arguments, STARTS_WITHIN)
        try:
            if int(browser.version.partition(".")[0]) < OLDEST:
                raise SiteError(sentence("errors.printing.too_old", version=browser.version, oldest=OLDEST))
            window = browser.new_context(java_script_enabled=False, offline=True).new_page()
            window.goto(page.resolve().as_uri(), timeout=SHOWN_WITHIN)
            return window.pdf(prefer_css_page_size=True, print_background=True, outline=True, tagged=True)
        finally:
            driver.take_back(browser, arguments)
    except Error as error:
        raise SiteError(sentence("errors.printing.failed", reason=reason_of(error))) from error
    finally:
        driver.release()
