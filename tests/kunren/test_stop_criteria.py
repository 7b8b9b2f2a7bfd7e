"""A drill is stopped, and its lab restored, when its time is over or its site would bear what is seen no longer."""

import time
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from drills.interruption import Stops, stopped_by
from kunren.exits import Exit
from kunren.running.performing import RunOptions, _within_limits
from lab.model.stopping import StopCriteria
from lab.simulator.serving import SimulatedLab
from lab.site.file import simulated_site
from lab.site.profile import load_profile
from tests.kunren.conftest import SELDOM_PROBED, drill_without_browser
from tests.kunren.test_cli import kunren
from tests.representatives import standing_for_all

OFTEN_PROBED = SELDOM_PROBED.replace("interval_seconds = 60", "interval_seconds = 20")


class Written:
    def __init__(self):
        self.entries, self.watch = [], None

    def write(self, entry):
        self.entries.append(entry)


def under(stops, **limits):
    site = simulated_site()
    return RunOptions(
        site=replace(site, limits=replace(site.limits, **limits), stop=StopCriteria()), language="en", stops=stops
    )


def test_when_the_time_for_a_drill_is_over_its_steps_are_stopped():
    stops, journal = Stops(), Written()
    given = under(stops, drill=timedelta(milliseconds=50))
    with stopped_by(stops), pytest.raises(KeyboardInterrupt), _within_limits(given, journal), stops.stoppable():
        time.sleep(20)
    [note] = journal.entries
    assert note.text.in_("en").startswith("The time for this drill, ")
    assert (stops.asked, stops.asked_again, stops.because) == (True, False, note.text)


def test_a_restoration_under_way_is_given_its_time():
    stops, journal = Stops(), Written()
    given = under(stops, drill=timedelta(milliseconds=50))
    with stopped_by(stops), _within_limits(given, journal), stops.held_until_restored():
        time.sleep(0.3)
    assert (stops.asked, journal.entries, journal.watch) == (False, [], None)


@dataclass(frozen=True)
class EngineStops:
    """The engine's service of the master host, `after` so long."""

    after: timedelta

    def __call__(self):
        begin, engine = SimulatedLab.__init__, load_profile("arcserve_rha").engine_service.name

        def begun(lab, *arguments, **options):
            begin(lab, *arguments, **options)
            services = lab.world.hosts["MASTER"].services
            lab.world.timeline.after(
                self.after, lambda: services.update({engine: replace(services[engine], running=False)})
            )

        SimulatedLab.__init__ = begun


def stopped(folder, drill, criterion, *arguments, before=(), text=OFTEN_PROBED):
    site = folder / "site.toml"
    site.write_text(f"stop.{criterion}\n{text}", encoding="utf-8")
    return drill_without_browser(folder / "record", drill, *arguments, "--site", site, before=before)


CASES = [
    (
        "4-2-guest-failure",
        "guest_silent_minutes = 1",
        "heartbeat of the virtual machine Garoon for more than 1 min",
        (),
    ),
    ("6-1-assured-recovery", "spool_blocks = 1", "blocks wait in the spool, more than 1", ()),
    (
        "6-1-assured-recovery",
        "engine_stopped_minutes = 1",
        "of MASTER has been stopped for more than 1 min",
        [EngineStops(timedelta(minutes=3))],
    ),
]


def expect_stopped(run, why):
    assert run.code in {Exit.STOPPED, Exit.NOT_RESTORED}, run.stdout + run.stderr
    [ended] = run.entries("drill.ended")
    assert (ended["reason"], why in ended["text"]) == ("interrupted", True), ended
    assert [note["text"] for note in run.entries("note") if why in note["text"]] == [ended["text"]]
    assert why in run.stdout
    assert why in run.report
    assert run.entries("restore.ended"), "the lab is restored and compared"


@pytest.mark.parametrize(("drill", "criterion", "why", "before"), standing_for_all(CASES, CASES[0]))
def test_what_a_site_bears_no_longer_stops_the_drill_and_the_lab_is_restored(tmp_path, drill, criterion, why, before):
    expect_stopped(stopped(tmp_path, drill, criterion, before=before), why)


def test_users_who_wait_too_long_stop_the_drill_and_the_reason_is_told_in_japanese_as_well(tmp_path):
    run = stopped(tmp_path, "4-2-host-failure", "garoon_unavailable_minutes = 2", "--lang", "ja")
    expect_stopped(run, "利用者がガルーンを利用できない状態が 2 分を超えた")
    assert "訓練は途中で中止されました。" in run.report
    assert run.code == Exit.STOPPED
    assert kunren("report", run.folder, "--lang", "en", cwd=tmp_path).returncode == 0
    english = (run.folder / "report.en.html").read_text(encoding="utf-8")
    assert "unavailable to users for more than 2 min" in english


@pytest.mark.controls
def test_a_drill_that_is_borne_goes_on(tmp_path):
    borne = stopped(tmp_path, "4-2-host-failure", "garoon_unavailable_minutes = 30")
    assert borne.code == Exit.PASSED, borne.stdout


def test_a_site_that_watches_nothing_is_asked_nothing_more(clean_switchover):
    """Both hosts are asked for their services before the drill and after it."""
    assert [each["script"] for each in clean_switchover.entries("call")].count("Get-WindowsService") == 4
