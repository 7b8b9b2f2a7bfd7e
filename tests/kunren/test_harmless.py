"""On a site that goes on to exist a drill changes only what the operator has asked for, and undoes only its own."""

import json
from datetime import UTC, datetime

import pytest

from lab.model.replication import Direction, Initiation, ScenarioState
from lab.safety import lease
from lab.site.terms import DAYS
from tests.kunren.conftest import MOVES, drill_without_browser
from tests.kunren.real_lab import SCENARIO, Beside, changes, real_lab
from tests.readable import told
from tests.representatives import standing_for_all

READINESS = "2-readiness"
CREATE = "3-create-scenario"
CLEAN = "4-1-clean-switchover"
CONFIRM = ("--confirm", "tokyo")
pytestmark = pytest.mark.browser


@pytest.fixture
def lab(tmp_path):
    with real_lab(tmp_path, "--speed", "600") as lab:
        yield lab


@pytest.fixture(scope="module")
def unused_lab(tmp_path_factory):
    """For what is refused before anything is changed."""
    with real_lab(tmp_path_factory.mktemp("unused"), "--speed", "600") as lab:
        yield lab


@pytest.fixture
def slow_lab(tmp_path):
    """A lease is renewed there before it is too old."""
    with real_lab(tmp_path, "--speed", "10") as lab:
        yield lab


def untouched(run, code=3):
    assert run.code == code, run.stdout + run.stderr
    assert changes(run) == []
    assert run.entries("undertaking") == []
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize("name", standing_for_all([READINESS, CLEAN], CLEAN))
def test_with_the_guest_legitimately_on_the_replica_nothing_is_moved(name, lab, tmp_path):
    lab.replicate()
    lab.switch_over()
    lab.until(lambda: lab.guests().get("replica") == "Running" and lab.scenario().state is ScenarioState.STOPPED)
    before = (lab.guests(), lab.scenario())
    run = drill_without_browser(tmp_path / "record", name, "--site", lab.site(), *CONFIRM)
    untouched(run)
    assert "The guest Garoon runs on REPLICA, and this drill begins with it on MASTER" in run.stderr
    assert (lab.guests(), lab.scenario()) == before
    assert run.stdout.splitlines()[-1] == "No action was started on the lab."


def test_during_a_synchronisation_replication_is_neither_stopped_nor_waited_for(tmp_path):
    with real_lab(tmp_path, "--speed", "5") as lab:
        lab.create()
        lab.run()
        acts = drill_without_browser(tmp_path / "acts", CLEAN, "--site", lab.site(), *CONFIRM)
        untouched(acts)
        assert (
            "is synchronising, master to replica, switchover automatic: wait until it is running or stopped"
            in acts.stderr
        )
        assert lab.scenario().state is ScenarioState.SYNCHRONIZING


@pytest.mark.parametrize("name", standing_for_all([READINESS, CLEAN], READINESS))
def test_a_wrong_scenario_name_makes_no_second_scenario(name, lab, tmp_path):
    lab.create(switchover=Initiation.MANUAL)
    run = drill_without_browser(tmp_path / "record", name, "--site", lab.site(scenario="CybozuGaroonHyperV"), *CONFIRM)
    untouched(run)
    assert "There is no replication scenario named CybozuGaroonHyperV; there is CybozuGaroonHyper-V" in run.stderr
    assert [each.name for each in lab.at_console.rha.replication.scenarios()] == [SCENARIO]


def test_everything_that_is_wrong_is_told_at_once_and_no_drill_is_red(lab, tmp_path):
    lab.replicate()
    exchanged = lab.site(names=("REPLICA", "MASTER"), scenario="another")
    run = drill_without_browser(tmp_path / "record", CLEAN, "--site", exchanged, *CONFIRM)
    untouched(run)
    said = run.stderr.splitlines()
    assert len(said) == 3
    assert "hosts.master and hosts.replica are exchanged" in said[0]
    assert "There is no replication scenario named another" in run.stderr


def test_a_switchover_of_somebody_else_is_told_and_left_alone(lab, tmp_path):
    lab.replicate()
    feature = tmp_path / "looks.feature"
    looks = "    Then the engine runs as a service on both hosts\n" * 80
    feature.write_text(f"Feature: It only looks\n  Scenario: Again and again\n{looks}", encoding="utf-8")
    beside = Beside(tmp_path / "record", feature, "--site", lab.site(), *CONFIRM)
    beside.await_entry(lambda entry: entry["what"] == "step.ended")
    lab.switch_over()
    lab.until(lambda: lab.guests().get("replica") == "Running")
    code, out, err = beside.ended()
    assert code == 5, out + err
    entries = beside.journal()
    assert [entry for entry in entries if entry["what"] == "call" and entry["changes"]] == []
    assert [entry for entry in entries if entry["what"] == "restore.act"] == []
    assert lab.guests()["replica"] == "Running"
    assert out.splitlines()[-1] == "THE LAB IS NOT AS IT WAS BEFORE."


def test_a_second_run_sees_the_lease_and_begins_nothing(slow_lab, tmp_path):
    lab = slow_lab
    holds = holding(tmp_path)
    first = Beside(tmp_path / "first", holds, "--site", lab.site(), *CONFIRM)
    first.await_entry(lambda entry: entry["what"] == "lease")
    second = drill_without_browser(tmp_path / "second", holds, "--site", lab.site(), *CONFIRM)
    untouched(second)
    assert "Another run drills this site: " in second.stderr
    assert str(tmp_path / "first") in second.stderr
    asks = drill_without_browser(tmp_path / "asks", READINESS, "--site", lab.site(), *CONFIRM)
    assert asks.code == 0, asks.stdout + asks.stderr
    assert changes(asks) == []
    assert any("Another run drills this site meanwhile" in note["text"] for note in asks.entries("note"))
    assert "note: Another run drills this site meanwhile" in asks.stdout
    first.kill()
    assert lab.at_console.safety.lease.other() is None, "its owner is dead, which this machine knows"
    assert lab.at_console.safety.lease.forsaken.record == str(tmp_path / "first")
    third = drill_without_browser(tmp_path / "third", holds, "--site", lab.site(), *CONFIRM)
    untouched(third)
    assert f"`kunren restore {tmp_path / 'first'}` restores the lab" in third.stderr


def test_a_lease_is_taken_over_with_a_reason_and_the_first_run_acts_no_more(slow_lab, tmp_path):
    lab, holds = slow_lab, holding(tmp_path)
    first = Beside(tmp_path / "first", holds, "--site", lab.site(), *CONFIRM, before=[renew_often])
    first.await_entry(lambda entry: entry["what"] == "step.began" and entry["step"] == 1)
    second = Beside(tmp_path / "second", holds, "--site", lab.site(), *CONFIRM, "--takeover", "its operator is away")
    second.await_entry(lambda entry: entry["what"] == "lease")
    answers = [entry["answered"] for entry in second.journal() if entry["what"] == "operator"]
    assert answers == ["its operator is away"]
    code, out, err = first.ended()
    assert code == 5, out + err
    ended = [entry for entry in first.journal() if entry["what"] == "step.ended"][-1]
    assert (ended["outcome"], ended["error"]["kind"]) == ("unknown", "LeaseLost")
    left = [entry for entry in first.journal() if entry["what"] == "restore.act"]
    assert [entry["outcome"] for entry in left] == ["left alone"]
    second.stop()
    code, out, err = second.ended()
    assert code == 130, out + err


def renew_often():
    lease.RENEW_EVERY_S = 2.0


def holding(folder):
    """A drill that enters something, and takes its time."""
    feature = folder / "holds.feature"
    entry = "    Given an entry has been made in Garoon on the master host\n"
    waits = "    When 4 seconds pass\n" * 20
    feature.write_text(f"Feature: It takes its time\n  Scenario: Wait\n{entry}{waits}", encoding="utf-8")
    return feature


@pytest.fixture
def moves(tmp_path):
    feature = tmp_path / "moves.feature"
    feature.write_text(MOVES, encoding="utf-8")
    return feature


@pytest.mark.controls
def test_a_drill_that_moved_the_guest_moves_it_back(lab, moves, tmp_path):
    lab.replicate()
    run = drill_without_browser(tmp_path / "record", moves, "--site", lab.site(), *CONFIRM)
    assert run.code == 0, run.stdout + run.stderr
    assert lab.guests().get("master") == "Running"
    scenario = lab.scenario()
    assert (scenario.state, scenario.direction) == (ScenarioState.RUNNING, Direction.FORWARD)
    [ended] = run.entries("restore.ended")
    assert (ended["restored"], ended["differences"], ended["stays"]) == (True, [], [])


def test_with_stay_a_guest_that_the_drill_moved_is_left_where_it_is(lab, moves, tmp_path):
    lab.replicate()
    stays = drill_without_browser(tmp_path / "stays", moves, "--site", lab.site(), *CONFIRM, "--stay")
    assert stays.code == 0, stays.stdout + stays.stderr
    assert lab.guests()["replica"] == "Running"
    assert "except for what was kept on request" in stays.stdout.splitlines()[-1]
    [ended] = stays.entries("restore.ended")
    assert ended["restored"] is True
    assert {line.partition(":")[0] for line in ended["stays"]} <= {
        "MASTER/Garoon",
        "REPLICA/Garoon",
        f"RHA/{SCENARIO}",
    }
    record = json.loads((stays.folder / "record.json").read_text(encoding="utf-8"))
    assert told(record["drills"][0]["restoration"]["stays"], "en") == ended["stays"]


def wrong_password(text):
    return text.replace('"GAROON_PASSWORD"', '"WRONG"')


def unresolved_name(text):
    lines = [line for line in text.splitlines() if not line.startswith("connect = ")]
    return "\n".join(
        'url = "http://garoon.invalid/cgi-bin/cbgrn/grn.cgi"' if "url = " in line else line for line in lines
    )


def wrong_path(text):
    return text.replace("grn.exe", "grn.old")


def business_hours(text):
    """All day, in a zone in which it is noon."""
    zone = f"{12 - datetime.now(UTC).hour:+03}:00"
    hours = f'begin = "00:00"\nend = "23:59"\ntime_zone = "{zone}"'
    return f"{text}[business_hours]\ndays = {list(DAYS)}\n{hours}\n"


UNFIT = {
    wrong_password: ("Garoon does not accept the login of kunren", "not begun"),
    unresolved_name: (
        "application: Garoon at http://garoon.invalid/cgi-bin/cbgrn/grn.cgi cannot be reached",
        "not ready",
    ),
    wrong_path: ("/scripts/cbgrn/grn.old does not work before the drill: application: status 404", "not ready"),
}


@pytest.mark.parametrize("edit", standing_for_all([*UNFIT], wrong_password))
def test_where_garoon_cannot_be_used_no_drill_is_red(edit, unused_lab, tmp_path, monkeypatch):
    """Nor does the next drill try a login that was refused."""
    monkeypatch.setenv("WRONG", "guessed-4711")
    said, second = UNFIT[edit]
    site = unused_lab.site(f"{edit.__name__}.toml", edit=edit)
    run = drill_without_browser(tmp_path / "record", CREATE, READINESS, "--site", site, *CONFIRM)
    untouched(run)
    [sentence] = run.stderr.splitlines()
    assert said in sentence
    assert [each["reason"] for each in run.entries("drill.ended")] == ["not ready", second]
    assert (f"{READINESS}  not started, because a login was refused" in run.stdout) is (second == "not begun")


@pytest.mark.controls
def test_in_business_hours_nothing_is_begun_that_wants_quiet_ones(unused_lab, tmp_path):
    site = unused_lab.site("hours.toml", edit=business_hours)
    run = drill_without_browser(tmp_path / "record", CREATE, "--site", site, *CONFIRM)
    untouched(run)
    [sentence] = run.stderr.splitlines()
    assert "It is within the site's business hours, in which the guide wants no synchronisation" in sentence


@pytest.mark.controls
def test_after_a_drill_whose_lab_was_not_restored_no_further_one_begins(lab, tmp_path):
    enters = tmp_path / "enters.feature"
    entry = "    Given an entry has been made in Garoon on the master host\n"
    enters.write_text(f"Feature: It leaves an entry\n  Scenario: Enter\n{entry}", encoding="utf-8")
    named = (enters, READINESS, "--site", lab.site(), *CONFIRM)
    run = drill_without_browser(tmp_path / "record", *named, "--restore", "never")
    assert run.code == 5, run.stdout + run.stderr
    because = "the lab is not as it was before, or its state is unknown"
    assert f"{READINESS}  not started, because {because}" in run.stdout
    assert [(each["outcome"], each["because"]) for each in run.entries("restore.act")] == [
        ("left alone", "--restore never")
    ]
    assert [each["drill"] for each in run.entries("drill.began")] == ["enters"]
    assert run.entries("drill.ended")[-1]["reason"] == "not begun"


def test_on_a_real_site_drills_are_named(unused_lab, tmp_path):
    run = drill_without_browser(tmp_path / "record", "--site", unused_lab.site(), *CONFIRM)
    assert (run.code, run.folder.exists()) == (2, False)
    assert "tokyo is a real site: name the drills" in run.stderr


def test_what_only_the_simulator_can_do_is_refused_at_once(unused_lab, tmp_path):
    run = drill_without_browser(
        tmp_path / "record", "4-2-host-failure", "interlocks", "--site", unused_lab.site(), *CONFIRM
    )
    assert (run.code, run.folder.exists()) == (2, False)
    assert "4-2-host-failure injects faults" in run.stderr
    assert "interlocks tests Kunren itself, by attempts that have to be refused" in run.stderr


def test_a_drill_that_logs_on_to_the_guest_is_refused_at_once_without_a_login_of_it(unused_lab, tmp_path):
    run = drill_without_browser(tmp_path / "record", "6-1-assured-recovery", "--site", unused_lab.site(), *CONFIRM)
    assert (run.code, run.folder.exists()) == (2, False)
    assert "6-1-assured-recovery logs on to the guest: set user and password_from in [guest]" in run.stderr


def test_the_plan_is_shown_before_the_operators_word_is_asked_for(unused_lab, tmp_path):
    run = drill_without_browser(tmp_path / "record", CLEAN, "--site", unused_lab.site(), "--lang", "en")
    assert run.code == 2
    assert "changes: the availability of Garoon is measured at every layer from now on" in run.stdout
    assert "\n             the switchover is performed and confirmed\n" in run.stdout
    assert "restoration: reverse synchronisation and a second switchover" in run.stdout
    assert "confirm with --confirm 'tokyo'" in run.stderr


@pytest.mark.controls
def test_a_reverse_synchronisation_that_somebody_stops_is_not_waited_for(moves, tmp_path):
    """The act ends with the seen state, far from its limit of an hour; nothing of theirs is undone."""
    with real_lab(tmp_path, "--speed", "60") as lab:
        lab.replicate()
        beside = Beside(tmp_path / "record", moves, "--site", lab.site(), *CONFIRM)
        beside.await_entry(lambda entry: entry["what"] == "restore.began")
        lab.until(lambda: lab.scenario().state is ScenarioState.SYNCHRONIZING)
        lab.at_console.rha.restoring.stop(SCENARIO)
        code, out, err = beside.ended()
    assert code == 5, out + err
    acts = [told(entry, "en") for entry in beside.journal() if entry["what"] == "restore.act"]
    [act] = [each for each in acts if each.get("because")]
    assert act["act"] == "switch the guest back to the host it was on"
    assert act["because"].endswith("seen: the scenario is stopped (replica to master)")
    assert "left alone: the expected state can no longer be reached" in out
    assert f"RHA/{SCENARIO}: running (master to replica) → stopped (replica to master)" in out
