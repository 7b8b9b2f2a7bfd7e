"""The browser of a single simulated drill starts while the rest of the program is loaded."""

import os
from contextlib import closing

import pytest

from drills.interruption import Stops
from kunren.running.ahead import BrowserAhead
from lab.drivers.garoon.browser_driver import leading
from lab.drivers.garoon.chromium import ARGUMENTS
from tests.lab.drivers.garoon.test_browser import descendants

URL = "http://garoon.example/scripts/cbgrn/grn.exe"


@pytest.mark.browser
def test_the_first_lab_is_given_the_browser_that_was_begun():
    before, stops = descendants(os.getpid()), Stops(can_stop=False)
    ahead = BrowserAhead()
    ahead.begin(URL)
    with ahead.taken(stops) as driver:
        assert driver.whole == stops.whole
        driver.acquire()
        begun = driver._idle[1]
        arguments = (*ARGUMENTS, leading(URL, f"127.0.0.1:{driver.port}"))
        assert driver.browser(arguments, 10_000) is begun
        driver.take_back(begun, arguments)
        driver.release()
    assert descendants(os.getpid()) == before


@pytest.mark.browser
def test_a_browser_that_no_drill_takes_ends_with_the_command():
    before = descendants(os.getpid())
    with closing(BrowserAhead()) as ahead:
        ahead.begin(URL)
        assert descendants(os.getpid()) > before
    assert descendants(os.getpid()) == before


@pytest.mark.browser
def test_what_keeps_it_from_starting_is_left_to_the_drill_to_tell(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with closing(BrowserAhead()) as ahead:
        ahead.begin(URL)
        assert ahead._driver._idle is None
