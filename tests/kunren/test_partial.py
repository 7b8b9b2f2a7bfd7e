"""A drill begun in the middle: what came before is brought about, left out of the record's passes, and no pass."""

import pytest

from kunren.running.drills import choose
from tests.kunren.conftest import drill_without_browser
from tests.kunren.test_cli import kunren, refused


@pytest.mark.browser
@pytest.mark.controls
def test_a_drill_begun_at_its_last_chapter_brings_the_switchover_about_and_has_not_passed(tmp_path):
    run = drill_without_browser(tmp_path / "record", "4-1-clean-switchover", "--from", "Continue working in Garoon")
    assert run.code == 4, run.stdout + run.stderr
    assert "verdict: unknown, partial run, lab restored" in run.stdout
    assert {outcome for _, outcome, _ in run.not_passed()} == {"skipped"}
    assert [entry["chapter"] for entry in run.entries("chapter.began")] == [4]
    assert [chapter["left_out"] for chapter in run.entries("run.began")[0]["drills"][0]["chapters"]] == [
        *4 * [True],
        False,
    ]
    assert run.entries("restore.ended")[0]["restored"] is True
    assert "so the drill cannot pass" in run.report


@pytest.mark.browser
@pytest.mark.controls
def test_one_chapter_alone_can_fail(tmp_path):
    site = tmp_path / "site.toml"
    from kunren.controls import mutated_site
    from lab.simulator.mutations.catalogue import CATALOGUE

    site.write_text(mutated_site(CATALOGUE["master-guest-keeps-running"]), encoding="utf-8")
    run = drill_without_browser(tmp_path / "record", "4-1-clean-switchover", "--chapter", "2", "--site", site)
    assert run.code == 5, run.stdout + run.stderr
    assert "verdict: failed, partial run, lab not restored" in run.stdout
    assert "SPLIT BRAIN" in run.stdout, "which of the two guests is turned off is for people to decide"


@pytest.mark.browser
@pytest.mark.controls
@pytest.mark.parametrize("chapter", [5, 10, 14, 16])
def test_every_stage_of_creating_the_scenario_can_be_begun_at(tmp_path, chapter):
    run = drill_without_browser(tmp_path / "record", "3-create-scenario", "--chapter", chapter, "--lang", "ja")
    assert run.code == 4, run.stdout + run.stderr
    assert {outcome for _, outcome, _ in run.not_passed()} == {"skipped"}
    assert run.entries("restore.ended")[0]["restored"] is True


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("4-1-clean-switchover", "--from", "6"), "choose 1 to 5"),
        (("4-1-clean-switchover", "--from", "Go on working"), "did you mean «Continue working in Garoon»"),
        (("4-1-clean-switchover", "--from", "1", "--chapter", "2"), "exclude each other"),
        (("--from", "2"), "need exactly one drill; name it"),
    ],
)
def test_a_chapter_that_cannot_be_is_one_sentence(tmp_path, arguments, said):
    refused(kunren("drill", *arguments, cwd=tmp_path), 2, said)


def test_the_chapters_of_a_drill_are_listed(tmp_path):
    listed = kunren("drill", "--list", "4-1-clean-switchover", cwd=tmp_path).stdout
    assert "4-1-clean-switchover\t5\tContinue working in Garoon" in listed


CHAPTERS = [(each.name, number) for each in choose((), "en", None) for number, _ in enumerate(each.chapters, 1)]
ALWAYS = {("4-2-host-failure", 2), ("5-switchback", 7), ("6-1-assured-recovery", 3)}
UNKNOWN = {
    ("5-switchback", 4): [],
    ("5-switchback", 6): [],
    ("6-1-assured-recovery", 3): [],
    ("6-2-host-maintenance", 4): [],
    ("4-2-host-failure", 2): ["there was none"],
    ("5-switchback", 7): [],
}
"""Chapters for which the others have been brought about, and one for which they cannot be, with what is said of it."""


SKIPPED = {("5-switchback", 7): ["the entry «made on the replica host» was not made in this drill"]}
"""What a chapter looks for that only a chapter before it makes; it goes on without."""


def unmarked(chapter):
    return pytest.param(*chapter, marks=() if chapter in ALWAYS else pytest.mark.controls)


@pytest.mark.browser
@pytest.mark.parametrize(("name", "number"), [unmarked(chapter) for chapter in CHAPTERS])
def test_a_chapter_alone_accuses_nobody_and_leaves_nothing_behind(name, number, tmp_path):
    run = drill_without_browser(tmp_path / "record", name, "--chapter", number)
    assert run.code == 4, run.stdout + run.stderr
    assert run.entries("restore.ended")[0]["restored"] is True
    begun = {(each["chapter"], each["step"]) for each in run.entries("step.began")}
    ended = [each for each in run.entries("step.ended") if (each["chapter"], each["step"]) in begun]
    assert {each["outcome"] for each in ended} <= {"passed", "unknown", "skipped"}
    if (name, number) in UNKNOWN:
        assert [seen for _, outcome, seen in run.not_passed() if outcome == "unknown"] == UNKNOWN[name, number]
        skipped = [each["error"]["text"] for each in ended if each["outcome"] == "skipped"]
        assert skipped == SKIPPED.get((name, number), [])
