"""`kunren clean` on a running lab: what a drill that was killed has left in Garoon is listed, then removed."""

import os
import signal
import time
from unittest import mock

import pytest

from lab.clock import SystemClock
from lab.drivers.garoon.http import GaroonHttp
from lab.model.endpoints import GaroonEndpoint
from tests.kunren.commands import REPOSITORY, Command, run
from tests.kunren.sites.test_lab import served
from tests.kunren.test_real_site import SITE, confirm_every_guess
from tests.kunren.visitor import without_browser
from tests.under_way import entries_so_far

MEASURED = """
Feature: Something is entered
  Scenario: An entry is made while users are measured
    Given Garoon is available at its original URL
    And the availability of Garoon is measured at every layer from now on
    When another entry is made in Garoon
    And 600 seconds pass
    Then Garoon has remained available at its original URL
"""


@pytest.fixture(scope="module")
def lab():
    with served("--speed", "600") as line:
        passwords = {
            "HOST_PASSWORD": line["hosts"]["master"]["password"],
            "GAROON_PASSWORD": line["garoon"]["password"],
        }
        with mock.patch.dict(os.environ, passwords):
            yield line


@pytest.fixture
def site(lab, tmp_path):
    confirm_every_guess(tmp_path)
    file = tmp_path / "tokyo.toml"
    quick = "[measurement]\ninterval_seconds = 1\ntimeout_seconds = 1\n"
    file.write_text(SITE.format(garoon=lab["garoon"], **lab["hosts"]) + quick, encoding="utf-8")
    return file


def clean(site, *arguments):
    return run("clean", "--site", site, "--lang", "en", *arguments)


def a_drill_under_way(site, tmp_path):
    """Started, and seen to have written entries and canaries."""
    feature = tmp_path / "measured.feature"
    feature.write_text(MEASURED, encoding="utf-8")
    words = ("--site", site, "--confirm", "tokyo", "--lang", "en", "--out", tmp_path / "record")
    drill = Command("drill", feature, *words, before=[os.setsid, without_browser])
    journal, until = tmp_path / "record" / "journal.jsonl", time.monotonic() + 60
    while not _has_entered(journal):
        if drill.poll() is not None or time.monotonic() > until:
            os.killpg(drill.pid, signal.SIGKILL)
            pytest.fail(f"the drill has not entered anything: {drill.wait()}")
        time.sleep(0.2)
    return drill


def _has_entered(journal):
    entries = entries_so_far(journal)
    made = [each for each in entries if each["what"] == "garoon" and each["act"] == "write" and each["outcome"] == "ok"]
    return bool(made) and len([each for each in entries if "canary" in each]) > 3


@pytest.mark.browser
def test_what_a_killed_drill_left_is_listed_and_removed_and_others_entries_stay(lab, site, tmp_path):
    visitor = GaroonHttp(GaroonEndpoint(**lab["garoon"]), SystemClock())
    others = visitor.write_marker("避難訓練 2026-11-30 08:14:13 #1")
    drill = a_drill_under_way(site, tmp_path)
    try:
        busy = clean(site, "--confirm", "tokyo")
        assert busy.returncode == 3, busy.stdout + busy.stderr
        assert "a drill of this site is in progress" in busy.stderr
    finally:
        os.killpg(drill.pid, signal.SIGKILL)
        drill.wait()

    listed = clean(site, "--list")
    assert listed.returncode == 0, listed.stderr
    kinds = [line.partition(" «")[0].rpartition(" ")[0] for line in listed.stdout.splitlines()]
    assert kinds.count("found entry of a drill") == 1
    assert kinds.count("found canary entry") > 3
    assert len(kinds) == kinds.count("found canary entry") + 1

    silent = clean(site)
    assert (silent.returncode, silent.stdout) == (2, listed.stdout)
    assert "confirm with --confirm 'tokyo'. Nothing was removed." in silent.stderr

    removed = clean(site, "--confirm", "tokyo")
    assert removed.returncode == 0, removed.stderr
    assert removed.stdout.count("\nremoved ") == len(kinds)
    again = clean(site, "--confirm", "tokyo")
    assert again.stdout == f"Garoon holds no entries of drills by {lab['garoon']['user']}.\n"
    assert visitor.find_marker(others) == others.title
    visitor.remove_marker(others)
    visitor.close()


def _now():
    from datetime import UTC, datetime

    return datetime.now(UTC)


def test_a_site_that_permits_no_changes_is_listed_only(site):
    site.write_text(site.read_text(encoding="utf-8").replace("changes = true\ndrills = true", ""), encoding="utf-8")
    done = clean(site)
    assert done.returncode == 0, done.stderr


def test_a_simulated_site_has_nothing_to_clean():
    done = clean(REPOSITORY / "lab" / "site" / "simulated.toml")
    assert done.returncode == 2
    assert "simulated site; its entries end with the run" in done.stderr


def test_a_wrong_password_is_told_once_and_nothing_is_touched(site):
    with mock.patch.dict(os.environ, {"GAROON_PASSWORD": "wrong"}):
        done = clean(site)
    assert done.returncode == 3
    assert len(done.stderr.splitlines()) == 1
    assert "does not accept the login" in done.stderr
