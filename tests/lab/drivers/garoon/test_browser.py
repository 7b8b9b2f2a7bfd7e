import os
import signal
import stat
import threading
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Error

from drills.interruption import Stops, stopped_by
from lab.drivers.garoon.browser import GaroonBrowser
from lab.drivers.garoon.browser_driver import BrowserDriver
from lab.drivers.garoon.chromium import check_japanese_font, find_browser
from lab.drivers.garoon.errors import GaroonError
from lab.errors import ConnectionLost, SiteError

SECRET = "himitsu-8613"
PROXIES = ("http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy")
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def garoon(stand):
    with closing(GaroonBrowser(stand.endpoint(), within=timedelta(seconds=10))) as garoon:
        yield garoon


@pytest.fixture
def no_programs(monkeypatch, tmp_path):
    programs = tmp_path / "programs"
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))
    return programs


def program(folder, name, prints=""):
    path = folder / name
    path.write_text(f"#!/bin/sh\necho '{prints}'\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def descendants(pid):
    """Processes below `pid`, by what the kernel says."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {pid}


@pytest.fixture
def told(monkeypatch):
    """An environment with a password and proxies that lead nowhere."""
    monkeypatch.setenv("KUNREN_MASTER_PASSWORD", SECRET)
    for name in PROXIES:
        monkeypatch.setenv(name, "http://127.0.0.1:9")


@pytest.mark.browser
def test_no_process_of_the_browser_knows_a_password_or_a_proxy_and_the_page_comes(stand, told):
    with closing(GaroonBrowser(stand.endpoint(), within=timedelta(seconds=6))) as garoon:
        garoon.log_in()
        environments = {pid: Path(f"/proc/{pid}/environ").read_bytes() for pid in descendants(os.getpid())}
    assert len(environments) >= 3  # node, the browser, its renderer
    for content in environments.values():
        assert SECRET.encode() not in content
        assert b"_proxy=" not in content.lower()


@pytest.mark.browser
def test_a_browser_that_ends_says_nothing_of_garoon_and_another_takes_its_place(garoon):
    marker = garoon.write_marker("検証")
    with pytest.raises(Error, match="crash"):
        garoon._page.goto("chrome://crash")
    with pytest.raises(ConnectionLost, match="The browser has ended"):
        garoon._need(garoon._page, "body", "a page")
    assert garoon.find_marker(marker) == "検証"
    garoon._browser.close()
    with pytest.raises(ConnectionLost, match="The browser has ended"):
        garoon._need(garoon._page, "body", "a page")
    assert garoon.find_marker(marker) == "検証"


@pytest.mark.browser
def test_a_kept_browser_serves_the_next_lab_and_knows_nothing_of_the_last(stand):
    before = descendants(os.getpid())
    with BrowserDriver().kept() as driver:
        with closing(GaroonBrowser(stand.endpoint(), driver=driver)) as garoon:
            garoon.log_in()
            used = garoon._browser
            assert used.contexts[0].cookies()
        assert (used.is_connected(), used.contexts) == (True, [])
        with closing(GaroonBrowser(stand.endpoint(), driver=driver)) as garoon:
            garoon.start()
            assert garoon._browser is used
            garoon._go(garoon._fresh_page(), "", "input")
            assert garoon._page.locator('input[name="_account"]').count(), "nobody is logged in"
    assert descendants(os.getpid()) == before


@pytest.mark.browser
def test_a_browser_that_leads_elsewhere_is_not_kept_for_what_comes_next(stand):
    with BrowserDriver().kept() as driver:
        for elsewhere in ("127.0.0.1:9", "127.0.0.1:10"):
            with closing(GaroonBrowser(replace(stand.endpoint(), connect=elsewhere), driver=driver)) as garoon:
                garoon.start()
                other = garoon._browser
        with closing(GaroonBrowser(stand.endpoint(), driver=driver)) as garoon:
            garoon.log_in()
            assert garoon._browser is not other
        assert not other.is_connected(), "one waits for the next lab, not all that ever were"


def act_until_stopped(garoon, stops, seconds):
    threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGINT)).start()
    with stops.stoppable():
        while True:
            garoon.log_in()


@pytest.mark.browser
def test_a_stop_in_the_midst_of_an_act_comes_after_it_and_leaves_the_browser_well(stand):
    """Playwright would wait for ever for what an exception of a signal handler has taken from it."""
    with BrowserDriver().kept() as driver:
        for turn in range(4):
            stops = Stops(can_stop=False)
            driver.whole = stops.whole
            with closing(GaroonBrowser(stand.endpoint(), driver=driver)) as garoon:
                garoon.log_in()
                with stopped_by(stops), pytest.raises(KeyboardInterrupt):
                    act_until_stopped(garoon, stops, turn * 0.06)
                assert garoon.capture().png.startswith(PNG)


def test_before_a_page_was_opened_there_is_nothing_to_capture(garoon):
    with pytest.raises(GaroonError, match="No page"):
        garoon.capture()


@pytest.mark.browser
def test_without_a_browser_one_sentence_says_what_to_install(garoon, no_programs, monkeypatch):
    monkeypatch.setattr("lab.drivers.garoon.browser_driver.check_japanese_font", lambda: None)
    with pytest.raises(SiteError, match="install chromium-headless-shell") as error:
        garoon.log_in()
    assert "\n" not in str(error.value)


def test_without_a_japanese_font_one_sentence_names_the_package(garoon, no_programs):
    with pytest.raises(SiteError, match="fonts-ipaexfont-gothic") as error:
        garoon.log_in()
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(("listed", "refused"), [("", True), ("IPAexGothic", False)])
def test_the_font_list_decides(no_programs, listed, refused):
    program(no_programs, "fc-list", listed)
    if refused:
        with pytest.raises(SiteError):
            check_japanese_font()
    else:
        check_japanese_font()


def test_the_first_browser_on_the_path_is_taken_and_the_bundled_one_last(no_programs):
    bundled = program(no_programs.parent, "bundled-chrome")
    assert find_browser(str(bundled)) == bundled
    chrome = program(no_programs, "google-chrome")
    assert find_browser(str(bundled)) == chrome
    shell = program(no_programs, "chromium-headless-shell")
    assert find_browser(str(bundled)) == shell


@pytest.mark.browser
def test_a_browser_that_does_not_start_is_one_sentence(garoon, no_programs, monkeypatch):
    program(no_programs, "chromium", "no display")
    monkeypatch.setattr("lab.drivers.garoon.browser_driver.check_japanese_font", lambda: None)
    with pytest.raises(SiteError, match="does not start") as error:
        garoon.log_in()
    assert "\n" not in str(error.value)
