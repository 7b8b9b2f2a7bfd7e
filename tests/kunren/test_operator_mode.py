"""Drills in operator mode, in which people do and look up at the manager what no command is sent for."""

import json
import re
from importlib import resources

import jsonschema
import pytest

from lab.simulator.operator import SimulatedOperator
from lab.site.built_in import SIMULATED
from tests.kunren.conftest import SELDOM_PROBED, drill_without_browser

SCHEMA = resources.files("reports").joinpath("schema", "record.schema.json")
CHANGES = ["create_scenario", "run_scenario", "switch_over"]


@pytest.fixture(scope="module")
def operated(tmp_path_factory):
    folder = tmp_path_factory.mktemp("operated")
    site = folder / "site.toml"
    site.write_text(f'{SIMULATED.read_text(encoding="utf-8")}\n[rha]\nby = "operator"\n', encoding="utf-8")
    return drill_without_browser(folder / "record", "4-1-clean-switchover", "--site", site)


def test_a_switchover_passes_though_no_command_of_rha_is_sent(operated):
    assert operated.code == 0, operated.stdout
    assert not [call for call in operated.entries("call") if call["script"] == "Invoke-RhaCommand"]
    tasks = [each["operation"] for each in operated.entries("person.asked") if each["kind"] == "task"]
    assert tasks[: len(CHANGES)] == CHANGES


def test_each_request_has_its_answer_with_name_role_and_time(operated):
    asked, answered = operated.entries("person.asked"), operated.entries("person.answered")
    assert [each["number"] for each in asked] == [each["number"] for each in answered] == [*range(1, len(asked) + 1)]
    assert {(each["by"], each["role"]) for each in answered} == {("SIMULATED operator", "operator")}
    assert all(each["done"] for each in answered)


def test_people_are_asked_once_in_each_step_that_waits(operated):
    step, asked = None, []
    for entry in map(json.loads, (operated.folder / "journal.jsonl").read_text(encoding="utf-8").splitlines()):
        if entry["what"] == "step.began":
            step = (entry["chapter"], entry["step"])
        elif entry["what"] == "person.asked" and "awaited" in entry and step:
            asked.append(step)
        elif entry["what"] == "restore.began":
            step = None
    assert len(asked) == len(set(asked)) >= 3


def test_a_step_that_people_have_attested_is_told_as_that_everywhere(operated):
    assert re.search(r"verdict: passed, \d+ steps attested by people", operated.stdout)
    record = json.loads((operated.folder / "record.json").read_text(encoding="utf-8"))
    jsonschema.validate(record, json.loads(SCHEMA.read_text(encoding="utf-8")))
    steps = [step for chapter in record["drills"][0]["chapters"] for step in chapter["steps"]]
    attested = {step["text"]["en"]: step["attested"] for step in steps if "attested" in step}
    assert attested["the switchover is performed and confirmed"] == ["SIMULATED operator"]
    assert "Garoon is available at its original URL" not in attested
    page = (operated.folder / "report.html").read_text(encoding="utf-8")
    assert page.count("attested by SIMULATED operator") == len(attested)


def test_faults_are_brought_about_and_ended_by_people(tmp_path):
    site = tmp_path / "site.toml"
    site.write_text(f'{SIMULATED.read_text(encoding="utf-8")}\n[rha]\nby = "operator"\n', encoding="utf-8")
    run = drill_without_browser(tmp_path / "record", "4-2-line-cut-manual", "--site", site)
    assert run.code == 0, run.stdout
    tasks = [each["operation"] for each in run.entries("person.asked") if each["kind"] == "task"]
    assert [each for each in tasks if "line_cut" in each] == ["line_cut", "end_line_cut"]
    (begun,) = [each for each in run.entries("undertaking") if each["change"] == "inject fault"]
    assert begun["host"] == "MASTER"


def operated_by(folder, settings, drill="4-1-clean-switchover"):
    site = folder / "site.toml"
    site.write_text(f'rha.by = "operator"\n{SELDOM_PROBED}{settings}\n', encoding="utf-8")
    return drill_without_browser(folder / "record", drill, "--site", site)


def test_where_nobody_answers_nothing_is_touched(tmp_path):
    run = operated_by(tmp_path, "operator_absent = true")
    assert run.code == 3, run.stdout
    assert not run.entries("undertaking")
    assert "no answer within 10 minutes" in run.stdout + run.stderr


def test_an_answer_that_cannot_be_true_is_contradicted_and_fails_the_step(tmp_path):
    run = operated_by(tmp_path, "operator_errs = true")
    assert run.code in {1, 5}, run.stdout
    (failed,) = [each for each in run.entries("step.ended") if each["outcome"] == "failed"]
    assert "but Garoon runs on MASTER and not on REPLICA" in str(failed["error"])


def test_a_slow_operator_is_waited_for_and_the_lab_is_restored(tmp_path):
    run = operated_by(tmp_path, "operator_seconds = 200")
    assert run.code in {0, 1}, run.stdout
    assert run.entries("restore.ended")[0]["restored"] is True
    took = [each["took_s"] for each in run.entries("person.answered")]
    assert min(took) >= 200


def test_a_step_judged_by_what_people_say_has_its_own_answer(tmp_path):
    site = tmp_path / "site.toml"
    site.write_text(f'rha.by = "operator"\n{SELDOM_PROBED}', encoding="utf-8")
    run = drill_without_browser(tmp_path / "record", "6-1-assured-recovery", "--chapter", "1", "--site", site)
    record = json.loads((run.folder / "record.json").read_text(encoding="utf-8"))
    steps = {step["text"]["en"]: step for step in record["drills"][0]["chapters"][0]["steps"]}
    assert steps['its product column shows "HA AR"']["attested"] == ["SIMULATED operator"]


def performing_one_switchover():
    opened, asked = SimulatedOperator.opened, []

    def once(self, request):
        if request.request.operation == "switch_over":
            asked.append(request)
            return opened(self, request) if len(asked) == 1 else None
        return opened(self, request)

    SimulatedOperator.opened = once


def test_a_switchback_that_nobody_performs_leaves_the_scenario_that_leads_back(tmp_path):
    site = tmp_path / "site.toml"
    site.write_text(f'rha.by = "operator"\n{SELDOM_PROBED}', encoding="utf-8")
    name, before = "4-1-clean-switchover", [performing_one_switchover]
    run = drill_without_browser(tmp_path / "record", name, "--site", site, before=before)
    assert run.code == 5, run.stdout
    tasks = [each["operation"] for each in run.entries("person.asked") if each["kind"] == "task"]
    assert tasks[-1] == "switch_over"
