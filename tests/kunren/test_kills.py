"""Kills at chosen instants of drills on a lab in the role of a real site, each of which a sweep of kills had found."""

import pytest

from kunren.exits import Exit
from tests.kunren.killed import KillWhen
from tests.kunren.sweep.instants import KillIn, Stretch
from tests.kunren.sweep.play import KILLED
from tests.kunren.sweep.stage import Stage
from tests.representatives import standing_for_all

LINE_CUT = "4-2-line-cut-automatic"
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    stage = Stage(tmp_path_factory.mktemp("stage") / "lab")
    yield stage
    stage.close()


@pytest.fixture
def killed(stage, tmp_path):
    """The record of a drill that was killed as told."""

    def kill(drill, mode, at):
        record = tmp_path / "record"
        site = ("--site", stage.sites[mode], "--confirm", "tokyo", "--out", record)
        done = stage.command("drill", drill, *site, kills=[at])
        stage.person.idle()
        assert done.returncode == KILLED, done.stdout + done.stderr
        return record

    return kill


def after(change):
    """Right after the first undertaking of a change was noted."""
    return KillWhen((("what", "undertaking"), ("change", change)))


def restored(stage, record):
    done = stage.command("restore", record, "--yes")
    assert done.returncode == Exit.PASSED, done.stdout + done.stderr
    assert stage.truth() == stage.before
    return done.stdout


@pytest.mark.parametrize("mode", standing_for_all(["powershell", "operator"], "powershell"))
def test_a_scenario_that_was_removed_and_not_created_again_is_created(stage, killed, mode):
    record = killed(LINE_CUT, mode, after("create scenario"))
    assert stage.truth()["scenarios"] == []
    told = restored(stage, record)
    assert "✓ end the split brain" in told


@pytest.mark.controls
def test_a_test_is_ended_though_the_event_view_still_shows_the_end_of_another(stage, killed):
    """What people read there of earlier days is no news."""
    test, scenario = stage.at_console.at_console.rha.assured_recovery, "CybozuGaroonHyper-V"
    test.start(scenario, manual=False)
    stage.at_console.until(lambda: stage.at_console.guests() == {"master": "Running", "replica": "Running"})
    stage.at_console.until(lambda: stage.truth() == stage.before)
    record = killed("6-1-assured-recovery", "operator", after("use test guest"))
    assert "✓ end the replica integrity test" in restored(stage, record)


@pytest.mark.parametrize("dutiful", standing_for_all([True, False], True))
def test_a_task_that_was_open_is_told_and_undone_if_somebody_has_done_it_all_the_same(
    stage, killed, monkeypatch, dutiful
):
    monkeypatch.setattr(stage.person, "dutiful", dutiful)
    monkeypatch.setattr(stage.person, "thinks_s", 1.5)
    record = killed("4-1-clean-switchover", "operator", KillIn(Stretch.TASK, after=0.3))
    told = stage.command("status", "--site", stage.sites["operator"])
    assert told.returncode == Exit.NOT_RESTORED
    assert "People had not answered when it ended (" in told.stdout
    monkeypatch.setattr(stage.person, "dutiful", True)
    monkeypatch.setattr(stage.person, "thinks_s", 0.1)
    moved = "✓ switch the virtual machine back to its host" in restored(stage, record)
    assert moved is dutiful
