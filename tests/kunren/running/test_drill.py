"""Drills of the simulated lab, run as a user runs them."""

import ast
import getpass
import hashlib
import inspect
import json
import platform
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from lab.site.file import simulated_site
from steps.modules import vocabulary
from tests.kunren.conftest import PASSWORD_OF_A_LAB, REPOSITORY, SIMULATED, drill, drill_without_browser
from tests.representatives import standing_for_all

RECORD = re.compile('"record": "SIM-simulated-[0-9a-f-]+", ')
LINK = re.compile('"prev": "[0-9a-f]+", ')
REGISTERED = re.compile(', "preregistration": "[0-9a-f]+"')
WALL = re.compile(r'"wall[a-z_]*": ("[^"]*"|[0-9.]+)')
COMMAND_LINE = re.compile(r'"command_line": \[[^]]*\]')
PICTURE = re.compile(r'("kind": "screenshot".*)("sha256": "[0-9a-f]+", "bytes": [0-9]+)')


def normalised(run):
    """The journal without what two runs with one seed may differ in."""
    text = RECORD.sub("", LINK.sub("", WALL.sub('"wall": 0', (run.folder / "journal.jsonl").read_text())))
    return PICTURE.sub(r"\1", COMMAND_LINE.sub("", REGISTERED.sub("", text))).splitlines()


def lab_time(run):
    first, last = run.journal[0], run.journal[-1]
    began = next(entry for entry in run.journal if entry["what"] == "state")
    assert first["n"] == 1
    return datetime.fromisoformat(last["at"]) - datetime.fromisoformat(began["at"])


@pytest.mark.browser
def test_the_clean_switchover_passes(clean_switchover):
    assert clean_switchover.code == 0, clean_switchover.stdout + clean_switchover.stderr
    assert "report: " in clean_switchover.stdout
    assert clean_switchover.not_passed() == []
    assert clean_switchover.entries("restore.ended")[0]["restored"] is True


@pytest.mark.browser
def test_it_passes_in_japanese(clean_switchover_ja):
    assert clean_switchover_ja.code == 0, clean_switchover_ja.stdout + clean_switchover_ja.stderr
    assert "スイッチオーバーを実行する" in clean_switchover_ja.stdout


@pytest.mark.browser
def test_ten_minutes_of_lab_time_cost_less_than_ten_seconds_of_one_core(clean_switchover):
    assert lab_time(clean_switchover) >= timedelta(minutes=10)
    assert clean_switchover.cpu_seconds < 10


@pytest.mark.browser
def test_both_languages_command_and_see_the_same(clean_switchover, clean_switchover_ja):
    def calls(run):
        return [(call["host"], call["script"], call["outcome"]) for call in run.entries("call")]

    assert calls(clean_switchover) == calls(clean_switchover_ja)


@pytest.mark.browser
@pytest.mark.controls
def test_one_seed_leaves_one_journal_but_for_wall_clock_and_pictures(clean_switchover, tmp_path):
    """The one in a Python with hashes of its own, the other in a process divided from another."""
    again = drill(tmp_path / "record", "4-1-clean-switchover")
    assert normalised(again) == normalised(clean_switchover)


@pytest.mark.browser
def test_one_seed_leaves_one_journal_but_for_the_wall_clock(clean_switchover_ja, tmp_path):
    again = drill_without_browser(tmp_path / "record", "4-1-clean-switchover", "--lang", "ja", probed=True)
    assert normalised(again) == normalised(clean_switchover_ja)


@pytest.mark.browser
def test_the_record_says_simulated_wherever_it_is_read(clean_switchover):
    assert clean_switchover.entries("run.began")[0]["environment"] == "simulated"
    assert clean_switchover.report.count("SIMULATED") >= 2


@pytest.mark.browser
def test_no_password_reaches_the_record(clean_switchover):
    for path in clean_switchover.folder.rglob("*"):
        if path.is_file():
            assert not PASSWORD_OF_A_LAB.search(path.read_bytes()), path


@pytest.mark.browser
@pytest.mark.controls
def test_creating_the_scenario_passes(tmp_path):
    run = drill_without_browser(tmp_path / "record", "3-create-scenario")
    assert run.code == 0, run.stdout + run.stderr
    assert run.not_passed() == []
    assert run.entries("restore.ended")[0]["restored"] is True


@pytest.mark.browser
@pytest.mark.parametrize("language", standing_for_all(["en", "ja"], "ja"))
def test_host_maintenance_passes_and_reports_that_it_started_the_guest(tmp_path, language):
    run = drill_without_browser(tmp_path / "record", "6-2-host-maintenance", "--lang", language)
    assert run.code == 0, run.stdout + run.stderr
    assert run.not_passed() == []
    assert run.entries("restore.ended")[0]["restored"] is True
    refused, started = run.entries("note")
    assert "6-2.S1-S4" in refused["text"]
    assert ("the drill starts it" if language == "en" else "訓練で起動する") in started["text"]
    commanded = [
        call["script"] for call in run.entries("call") if call["changes"] and call["script"] != "Invoke-RhaCommand"
    ]
    assert commanded == ["Restart-Host", "Start-Machine", "Restart-Host", "Restart-Host"]


HALFWAY = """Feature: A reboot in the middle of which the drill fails

  Scenario: Reboot
    Given the replication scenario runs from the master host to the replica host
    When host maintenance is started for the {role} host and confirmed
    Then the event "再起動の準備ができました。" appears for every prepared scenario within 15 minutes
    When the operator reboots the management OS of the {role} host
    Then the scenario is not running yet
"""


@pytest.mark.browser
@pytest.mark.parametrize("role", standing_for_all(["master", "replica"], "replica"))
def test_a_drill_that_fails_while_a_host_goes_down_waits_for_it_and_puts_the_lab_back(tmp_path, role):
    feature = tmp_path / "halfway.feature"
    feature.write_text(HALFWAY.format(role=role))
    run = drill_without_browser(tmp_path / "record", feature)
    assert run.code == 1, run.stdout + run.stderr
    acts = {act["act"]: act["outcome"] for act in run.entries("restore.act")}
    assert acts["wait for the hosts to answer"] == acts["end the host maintenance"] == "done"
    assert run.entries("restore.ended")[0]["restored"] is True


@pytest.mark.browser
def test_a_question_costs_what_the_resident_needs_and_no_more(clean_switchover):
    calls = clean_switchover.entries("call")
    hosts = {call["host"] for call in calls}
    create_and_command = 2
    trips = sum(call["round_trips"] for call in calls)
    assert trips == 2 * len(calls) + create_and_command * len(hosts)


@pytest.mark.browser
def test_every_passed_then_says_what_was_expected_and_seen(clean_switchover):
    plan = {each["drill"]: each for each in clean_switchover.journal[0]["drills"]}
    judged = 0
    for ended in clean_switchover.entries("step.ended"):
        text = plan[ended["drill"]]["chapters"][ended["chapter"]]["steps"][ended["step"]]["text"]
        if vocabulary().matching("then", text, "en"):
            assert ended["checks"], text
            judged += 1
        assert all(check["expected"] and check["seen"] for check in ended["checks"]), text
    assert judged >= 10


def called_in(function):
    calls = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
    return {getattr(each, "attr", getattr(each, "id", "")) for each in calls}


def judging(files, known):
    """The functions of these files that call one that is known to judge, or one another that do."""
    nodes = [node for file in files for node in ast.walk(ast.parse(Path(file).read_text(encoding="utf-8")))]
    calls = [(node.name, called_in(node)) for node in nodes if isinstance(node, ast.FunctionDef)]
    while more := {name for name, called in calls if called & known} - known:
        known = known | more
    return known


def test_every_then_of_the_vocabulary_judges_by_observation():
    """Keeps expected and seen states; by itself, or by what it asks of a noun."""
    nouns = judging(REPOSITORY.glob("drills/nouns/*.py"), frozenset({"expect", "until", "throughout"}))
    assert nouns.isdisjoint({"now", "told", "log_in", "make_entry", "synchronization"})
    for phrase in vocabulary().phrases:
        step = inspect.unwrap(phrase.function)
        assert phrase.kind != "then" or step.__name__ in judging([inspect.getfile(step)], nouns), phrase.en


@pytest.mark.browser
def test_a_record_says_who_ran_it_with_what(clean_switchover):
    began = clean_switchover.journal[0]
    out = str(clean_switchover.folder)
    assert began["operator"] == {
        "login": getpass.getuser(),
        "controller": platform.node(),
        "command_line": ["kunren", "drill", "4-1-clean-switchover", "--out", out],
        "confirmed": None,
    }
    assert began["time_zone"] == "+09:00"
    assert began["digests"]["site_file"] == hashlib.sha256(SIMULATED.read_bytes()).hexdigest()
    assert began["digests"]["discovery_file"] is None
    folder = REPOSITORY / "lab" / "scripts"
    assert began["digests"]["scripts"] == {
        file.stem: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.glob("*.ps1")
    }
    called = {call["script"]: call["script_sha256"] for call in clean_switchover.entries("call")}
    assert called.items() <= began["digests"]["scripts"].items()


@pytest.mark.browser
def test_a_record_says_which_products_were_there_once_a_drill(clean_switchover):
    products = [(each["name"], each["host"]) for each in clean_switchover.entries("product")]
    assert products == [
        ("Arcserve RHA engine", "MASTER"),
        ("Arcserve RHA engine", "REPLICA"),
        ("Garoon", "cybozu.ca.com"),
    ]
    assert all(each["version"] for each in clean_switchover.entries("product"))


@pytest.mark.browser
def test_the_objectives_are_fixed_before_the_run_with_a_digest_over_them_and_the_drills(clean_switchover):
    began = clean_switchover.journal[0]
    fixed = {"rpo_s": simulated_site().objectives.rpo_s, "rto_s": simulated_site().objectives.rto_s}
    plan = {"plan": [drill["sha256"] for drill in began["drills"]]}
    canonical = json.dumps(plan | fixed, separators=(",", ":"))
    digest = hashlib.sha256(canonical.encode("ascii")).hexdigest()
    assert began["objectives"] == {**fixed, "sha256": digest}
