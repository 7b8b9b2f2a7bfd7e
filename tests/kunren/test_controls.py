"""Negative controls: what counts as caught, and the command that tries every mutation."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from kunren.controls import (
    TOO_BRIEF_FOR_PEOPLE,
    Controls,
    Red,
    Run,
    chosen_mutations,
    judged,
    last_controls,
    mutated_site,
)
from kunren.exits import Stop
from lab.clock import SystemClock
from lab.simulator.mutations.catalogue import CATALOGUE
from lab.site.file import load_site, simulated_site
from lab.site.terms import By
from tests.kunren.conftest import drill
from tests.kunren.test_cli import kunren

pytestmark = pytest.mark.controls

LOST = CATALOGUE["last-second-lost"]
RED = Red(chapter="Go on", guide=("4-1.S5",), step="And it is there", outcome="failed", seen="nothing")


def run(red=RED):
    return Run(drill="d", code=1 if red else 0, outcome="failed" if red else "passed", red=red, record="")


def test_red_first_in_a_chapter_of_its_point_is_caught_and_says_what_was_seen():
    control = judged(LOST, [run()])
    assert (control.caught, str(control.why)) == (True, "d › And it is there: nothing")


@pytest.mark.parametrize(
    ("runs", "why"),
    [
        ([], "no drill covers 4-1.S5"),
        ([run(None)], "no drill detected it: d"),
        ([run(replace(RED, guide=("4-1.S4",)))], "failed first at 4-1.S4"),
        ([run(replace(RED, outcome="unknown"))], "is unknown, not failed"),
        ([run(), run(replace(RED, guide=("4-1.S4",)))], "failed first at 4-1.S4"),
        ([run(Red(chapter="", guide=(), step="", outcome="unknown", seen="no journal"))], "failed first at"),
    ],
)
def test_anything_else_is_not(runs, why):
    control = judged(LOST, runs)
    assert not control.caught
    assert why in str(control.why)


@pytest.mark.parametrize("name", sorted(TOO_BRIEF_FOR_PEOPLE))
def test_what_people_cannot_notice_is_excused_with_the_reason_where_people_look(name):
    mutation = CATALOGUE[name]
    by_people, by_commands = (judged(mutation, [run(None)], by) for by in (By.OPERATOR, By.POWERSHELL))
    assert (by_people.caught, by_people.excused) == (False, True)
    assert "not to be noticed by people: " in str(by_people.why)
    assert not by_commands.excused
    noticed = replace(RED, guide=(mutation.point,))
    assert judged(mutation, [run(noticed)], By.OPERATOR).caught
    elsewhere = judged(mutation, [run(replace(RED, guide=("4-1.S4",)))], By.OPERATOR)
    assert (elsewhere.caught, elsewhere.excused) == (False, False)


def test_a_result_is_sound_when_all_that_can_be_noticed_is():
    excused = judged(CATALOGUE["changes-left-unsent"], [run(None)], By.OPERATOR)
    about = {"date": SystemClock().now(), "whole": False, "drills": {}, "baseline": ()}
    found = Controls(controls=(judged(LOST, [run()]), excused), **about)
    assert (found.caught, found.excused, found.sound) == (1, 1, True)
    assert not Controls(controls=(judged(LOST, [run(None)]),), **about).sound


def test_one_drill_that_notices_is_enough():
    assert judged(LOST, [run(), run(None)]).caught


def test_mutations_are_chosen_by_name_or_all():
    assert chosen_mutations(["last-second-lost"]) == (LOST,)
    assert chosen_mutations([]) == tuple(CATALOGUE.values())
    with pytest.raises(Stop, match='write "last-second-lost"'):
        chosen_mutations(["last-second"])


def test_a_mutated_site_differs_from_the_simulated_one_in_nothing_else(tmp_path):
    (tmp_path / "site.toml").write_text(mutated_site(LOST), encoding="utf-8")
    site = load_site(tmp_path / "site.toml", {})
    assert site.simulation.mutations == (LOST.name,)
    assert site.simulation.model_copy(update={"mutations": ()}) == simulated_site().simulation


def test_a_file_that_is_no_result_is_said(tmp_path):
    assert last_controls(tmp_path) is None
    (tmp_path / "controls.json").write_text("{}")
    with pytest.raises(Stop, match="not a result of `kunren controls`"):
        last_controls(tmp_path)


@pytest.mark.browser
def test_the_command_runs_the_drills_of_the_point_and_keeps_what_it_found(tmp_path):
    done = kunren("controls", "--mutation", "scenario-left-over", "--drill", "3-create-scenario", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    [result] = (tmp_path / "records").glob("controls-*/controls.json")
    facts = json.loads(result.read_text(encoding="utf-8"))
    assert (facts["whole"], facts["sound"], facts["caught"]) == (False, True, 1)
    [mutation] = facts["mutations"]
    assert [each["drill"] for each in mutation["runs"]] == ["3-create-scenario"]
    assert mutation["runs"][0]["red"]["guide"] == ["3.S1-S3"]
    assert [each["outcome"] for each in facts["baseline"]] == ["passed"]
    assert not (tmp_path / "records" / "controls.json").exists(), "a part speaks for nothing"


def test_a_record_folder_in_use_is_left_alone(tmp_path):
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "precious").write_text("")
    assert kunren("controls", "--out", "kept", cwd=tmp_path).returncode == 2


@pytest.mark.browser
def test_a_record_cites_the_last_whole_result_beside_it(tmp_path):
    state = {"date": "2026-11-23T06:00:00+00:00", "caught": 2, "mutations": [{}, {}, {}]}
    (tmp_path / "controls.json").write_text(json.dumps(state))
    made = drill(tmp_path / "record", "3-create-scenario", "--chapter", "1")
    digest = hashlib.sha256(Path(tmp_path / "controls.json").read_bytes()).hexdigest()
    record = json.loads((made.folder / "record.json").read_text())
    assert record["controls"] == {"date": state["date"], "sha256": digest, "caught": 2, "mutations": 3}
    assert f"2 of 3 mutations detected, SHA-256 {digest}" in made.report


def test_in_operator_mode_a_drill_is_operated_and_counts_for_no_whole_result(tmp_path):
    site = mutated_site(LOST, By.OPERATOR)
    assert 'rha.by = "operator"' in site
    (tmp_path / "site.toml").write_text(site, encoding="utf-8")
    assert load_site(tmp_path / "site.toml").by is By.OPERATOR
