"""Drills in operator mode, in which people do and look up at the manager what no command is sent for."""

import json
import re
from functools import partial
from importlib import resources

import jsonschema
import pytest

from drills.dead_journal import left_behind
from lab.model.tasks import TaskOutcome
from lab.model.undertakings import Change
from lab.simulator.operator import SimulatedOperator
from lab.site.built_in import SIMULATED
from reports.coverage import of_record
from reports.load import load_record
from tests.kunren.conftest import MOVES, SELDOM_PROBED, drill_without_browser

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
    assert page.count('<span class="fact">attested by SIMULATED operator<') == sum("attested" in step for step in steps)


def operated_by(folder, settings="", drill="", *arguments, before=()):
    """A short switchover, unless another drill is named."""
    site, short = folder / "site.toml", folder / "short.feature"
    site.write_text(f'rha.by = "operator"\n{SELDOM_PROBED}{settings}\n', encoding="utf-8")
    short.write_text(MOVES, encoding="utf-8")
    return drill_without_browser(folder / "record", drill or short, *arguments, "--site", site, before=before)


@pytest.fixture(scope="module")
def with_a_fault(tmp_path_factory):
    return operated_by(tmp_path_factory.mktemp("fault"), "", "4-2-host-failure")


def test_faults_are_brought_about_and_ended_by_people(with_a_fault):
    tasks = [each["operation"] for each in with_a_fault.entries("person.asked") if each["kind"] == "task"]
    assert [each for each in tasks if "power_cut" in each] == ["power_cut", "end_power_cut"]
    (begun,) = [each for each in with_a_fault.entries("undertaking") if each["change"] == "inject fault"]
    assert begun["host"] == "MASTER"


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
    run = operated_by(tmp_path, "operator_seconds = 200", "3-create-scenario", "--chapter", "1")
    assert run.code in {0, 1, 4}, run.stdout
    assert run.entries("restore.ended")[0]["restored"] is True
    took = [each["took_s"] for each in run.entries("person.answered")]
    assert min(took) >= 200


def test_a_step_judged_by_what_people_say_has_its_own_answer(tmp_path):
    run = operated_by(tmp_path, "", "6-1-assured-recovery", "--chapter", "1")
    record = json.loads((run.folder / "record.json").read_text(encoding="utf-8"))
    steps = {step["text"]["en"]: step for step in record["drills"][0]["chapters"][0]["steps"]}
    assert steps['its product column shows "HA AR"']["attested"] == ["SIMULATED operator"]
    asked = [each["operation"] for each in run.entries("person.asked")]
    assert asked.count("stop_integrity_test") == 1, "they look for its end instead of being asked again to end it"


def performing_one_switchover():
    opened, asked = SimulatedOperator.opened, []

    def once(self, request):
        if request.request.operation == "switch_over":
            asked.append(request)
            return opened(self, request) if len(asked) == 1 else None
        return opened(self, request)

    SimulatedOperator.opened = once


def test_a_switchback_that_nobody_performs_leaves_the_scenario_that_leads_back(tmp_path):
    run = operated_by(tmp_path, before=[performing_one_switchover])
    assert run.code == 5, run.stdout
    tasks = [each["operation"] for each in run.entries("person.asked") if each["kind"] == "task"]
    assert tasks[-1] == "switch_over"


def undertaken(run, change):
    return [each["phase"] for each in run.entries("undertaking") if each["change"] == change]


def test_a_switchover_that_was_done_and_is_called_not_possible_is_undone(tmp_path):
    run = operated_by(tmp_path, "operator_denies = true")
    (failed,) = [each for each in run.entries("step.ended") if each["outcome"] == "failed"]
    assert "a guest has moved since: it was begun" in str(failed["error"])
    assert undertaken(run, "switch over") == ["begun", "begun"], "to the replica, and back"
    (ended,) = run.entries("restore.ended")
    assert (run.code, ended["restored"]) == (1, True), run.stdout


def answering_first(outcome):
    """The first switchover is answered like that, and not performed; an aborted one is, when next people are asked."""
    opened, waiting = SimulatedOperator.opened, []

    def answer(self, request):
        asked = request.request
        if asked.operation == "switch_over" and not waiting:
            waiting.append(asked)
            return self._task_answer(outcome, "the window is closed")
        if outcome is TaskOutcome.ABORTED and len(waiting) == 1:
            waiting.append(self.does(waiting[0]))
        return opened(self, request)

    SimulatedOperator.opened = answer


def test_one_that_was_not_performed_has_not_begun(tmp_path):
    run = operated_by(tmp_path, before=[partial(answering_first, TaskOutcome.NOT_POSSIBLE)])
    assert undertaken(run, "switch over") == ["begun", "not begun"]
    (ended,) = run.entries("restore.ended")
    assert (run.code, ended["restored"]) == (1, True), run.stdout


def test_what_was_aborted_is_asked_for_before_it_is_undone(tmp_path):
    run = operated_by(tmp_path, before=[partial(answering_first, TaskOutcome.ABORTED)])
    assert undertaken(run, "switch over")[:2] == ["begun", "doubtful"]
    asked = [each["operation"] for each in run.entries("person.asked")]
    assert asked.count("was_begun") == 1
    (ended,) = run.entries("restore.ended")
    assert ended["restored"] is True, run.stdout


def never_telling():
    """The switchover is aborted, and performed all the same when nobody looks; nobody tells what became of it."""
    answering_first(TaskOutcome.ABORTED)
    opened = SimulatedOperator.opened

    def answer(self, request):
        told = opened(self, request)
        return None if request.request.operation == "was_begun" else told

    SimulatedOperator.opened = answer


def test_what_may_have_been_begun_and_nobody_tells_is_left_alone(tmp_path):
    run = operated_by(tmp_path, before=[never_telling])
    assert run.code == 5, run.stdout
    left = {each["act"]: each["because"] for each in run.entries("restore.act") if each["outcome"] == "left alone"}
    assert "switch the guest back to the host it was on" in left
    assert "people do not say whether" in str(left)
    tasks = [each["operation"] for each in run.entries("person.asked") if each["kind"] == "task"]
    assert tasks.count("switch_over") == 1
    assert [each.undertaking.change for each in left_behind(run.folder).doubtful] == [Change.SWITCH_OVER]


def steps_of(record):
    return [step for drill in record["drills"] for chapter in drill["chapters"] for step in chapter["steps"]]


def test_what_follows_from_what_people_have_said_is_attested_too(with_a_fault):
    run = with_a_fault
    assert run.code == 0, run.stdout
    record = json.loads((run.folder / "record.json").read_text(encoding="utf-8"))
    jsonschema.validate(record, json.loads(SCHEMA.read_text(encoding="utf-8")))
    attested = {step["text"]["en"] for step in steps_of(record) if "attested" in step}
    assert "the countdown to the switchover has begun" in attested
    assert "the master host no longer responds" not in attested
    assert {each["by"] for each in run.entries("rha.event")} == {"SIMULATED operator"}
    assert record["drills"][0]["restoration"]["attested"] == ["SIMULATED operator"]
    assert "lab restored, its scenario attested by people (SIMULATED)" in run.stdout
    assert run.stdout.splitlines()[-1].endswith("the state of its replication scenario is as people say.")


@pytest.mark.controls
def test_a_point_about_commands_is_not_shown_by_what_people_do(tmp_path):
    run = operated_by(tmp_path, "", "6-2-host-maintenance")
    assert run.code == 0, run.stdout
    standing = {each.point.id: each.standing for each in of_record(load_record(run.folder))}
    assert (standing["6-2.S5"], standing["6-2.N6"]) == ("passed", "unknown")


def leaving_the_switchover_unanswered():
    opened = SimulatedOperator.opened

    def answer(self, request):
        return None if request.request.operation in {"switch_over", "was_begun"} else opened(self, request)

    SimulatedOperator.opened = answer


def test_a_lab_on_which_people_may_still_do_what_they_were_asked_is_not_known_to_be_as_before(tmp_path):
    site = tmp_path / "site.toml"
    site.write_text(f'rha.by = "operator"\n{SELDOM_PROBED}', encoding="utf-8")
    before = [leaving_the_switchover_unanswered]
    run = drill_without_browser(tmp_path / "record", "4-1-clean-switchover", "--site", site, before=before)
    (ended,) = run.entries("restore.ended")
    assert (run.code, ended.get("restored")) == (5, None), run.stdout
    asked = next(each for each in run.entries("person.asked") if each["operation"] == "switch_over")
    told = " ".join(run.stdout.split())
    assert "switch over (CybozuGaroonHyper-V) on REPLICA was asked of SIMULATED operator at " in told
    assert "it may still be done, so have everybody told not to do it any more" in told
    assert asked["of"] == ["SIMULATED operator"]
