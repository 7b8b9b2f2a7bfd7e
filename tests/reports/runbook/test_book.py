"""What a runbook holds: a click path for every step that people perform, symptoms where drills see them."""

from dataclasses import replace

import pytest

from drills.reading import read_drill
from guide import Kind, guide
from kunren.running.drills import choose
from reports.runbook.blocks import Place
from reports.runbook.making import DECISIONS, Known, make
from reports.runbook.paths import NoClickPath, _paths, by_hand, click_path, watched
from reports.runbook.symptoms import all_symptoms
from steps.modules import vocabulary
from tests.kunren.test_mutations import CAUGHT_BY
from words import words_of

NAMES = {"master": "HV1", "replica": "HV2", "guest": "GAROON", "scenario": "S", "garoon_url": "http://garoon/"}
KNOWN = Known(place=Place(names=NAMES, control="HV2"))


def book_of(*drills, language="en", known=KNOWN):
    return make(choose(drills, language, None), known, words_of(language))


@pytest.fixture(scope="module")
def whole():
    return book_of(*DECISIONS)


def without_click_path(drill):
    """Points that people perform, shown by a chapter of theirs, and no step of the drill says how."""
    (told,) = make([drill], KNOWN, words_of("en")).procedures
    people = [chapter for chapter in told.chapters if chapter.blocks]
    performed = {point for each in people for block in each.blocks for act in block.acts for point in act.points}
    shown = dict.fromkeys(point for each in people for point in each.points)
    return [point for point in shown if guide().points[point].kind is Kind.STEP and point not in performed]


def test_every_step_that_a_drill_can_say_has_a_click_path_and_no_other():
    assert {phrase.text("en") for phrase in vocabulary().phrases} == set(_paths())


@pytest.mark.parametrize("name", DECISIONS)
def test_every_point_that_people_perform_has_its_clicks(name):
    assert not (without_click_path(*choose([name], "en", None)))


def test_a_feature_that_shows_a_point_which_no_step_performs_is_noticed():
    (drill,) = choose(["4-1-clean-switchover"], "en", None)
    first, *others = drill.chapters
    changed = replace(first, guide=(*first.guide, "6-2.S5"))
    assert without_click_path(replace(drill, chapters=(changed, *others))) == ["6-2.S5"]


def test_nothing_is_performed_that_its_chapter_does_not_say(whole):
    """A procedure beside expectations only looks: what changes something is done at the step that says so."""
    looking = {each.title.en for each in watched(guide().points)}
    for drill, told in zip(choose(DECISIONS, "en", None), whole.procedures, strict=True):
        actions = [step for chapter in drill.chapters for step in chapter.steps if step.kind == "when"]
        said = {
            each.title.en for step in actions for shown in ((), drill.guide) for each in click_path(step, "", shown).do
        }
        acts = {act.title for chapter in told.chapters for block in chapter.blocks for act in block.acts}
        assert acts <= said | looking, drill.name


def test_a_switchover_with_the_option_leads_back_where_the_chapter_does():
    (told,) = book_of("5-switchback-with-option").procedures
    there, back = (told.chapters[number].blocks[0] for number in (2, 4))
    assert [act.points for act in there.acts] == [("4-1.S1",), ("4-1.S2",)]
    assert [act.points for act in back.acts] == [("5-2.S5-S6",)]
    assert any("to HV1 begins" in each for each in back.acts[0].shows)
    assert [there.undo, back.undo] == ["Procedure 5-switchback.", ""]
    assert {click.text for click in back.acts[0].clicks} & {
        "In the dialog, set [Run Reverse Replication Scenario after Switchover]: on."
    }


def test_a_step_without_a_click_path_is_refused_in_one_sentence(monkeypatch):
    known = {phrase: table for phrase, table in _paths().items() if phrase != "a new entry can be made"}
    monkeypatch.setattr("reports.runbook.paths._paths", lambda: known)
    with pytest.raises(
        NoClickPath, match=r"^4-1-clean-switchover: line 40, “a new entry can be made”, has no click path"
    ):
        book_of("4-1-clean-switchover")


@pytest.mark.parametrize("name", ["interlocks", "interlocks-business-hours"])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_drill_that_only_kunren_performs_is_refused_in_one_sentence(name, language):
    with pytest.raises(NoClickPath) as refused:
        book_of(name, language=language)
    told = refused.value.in_(language)
    assert told.startswith(name)
    assert "Kunren" in told


def test_both_languages_have_the_same_steps(whole):
    japanese = book_of(*DECISIONS, language="ja")
    shape = [
        [
            (chapter.number, chapter.points, [(len(block.acts), len(block.expected)) for block in chapter.blocks])
            for procedure in book.procedures
            for chapter in procedure.chapters
        ]
        for book in (whole, japanese)
    ]
    assert shape[0] == shape[1]
    assert len(whole.decisions) == len(DECISIONS)


def test_a_chapter_that_kunren_performs_alone_is_told_and_left_out(whole):
    (maintenance,) = [each for each in whole.procedures if each.id == "6-2-host-maintenance"]
    assert [each.number for each in maintenance.chapters if not each.blocks] == [1]
    assert maintenance.chapters[0].alone


def test_what_leads_to_a_fault_is_only_for_drills_and_what_follows_is_not(whole):
    (failure,) = [each for each in whole.procedures if each.id == "4-2-host-failure"]
    assert [each.only_in_drills for each in failure.chapters[0].blocks] == [True, True, True, False]
    assert failure.chapters[0].blocks[2].undo == "Power on the master host"


def test_what_only_drills_need_is_marked_and_where_to_begin_is_told(whole):
    drills = {drill.name: drill for drill in choose(DECISIONS, "en", None)}
    marked = {
        each.id: [
            drills[each.id].chapters[chapter.number - 1].name
            for chapter in each.chapters
            if chapter.blocks and all(block.only_in_drills for block in chapter.blocks)
        ]
        for each in whole.procedures
    }
    assert {name: chapters for name, chapters in marked.items() if chapters} == {
        "4-2-line-cut-manual": ["Changes made while the link was cut reach the replica host"],
        "4-2-manual-switchover": [
            "Configure notification before the run",
            "A stopped guest is restarted with manual switchover too",
        ],
        "5-switchback": ["Work on the replica host"],
        "6-2-host-maintenance": [
            "No reboot takes place without the operator",
            "A reboot without host maintenance causes a resynchronisation",
        ],
    }
    begins = {each.procedure: each.begin for each in whole.decisions}
    assert (begins["4-2-host-failure"], begins["5-switchback"]) == ("begin at 1.4", "begin at 3.1")
    assert not begins["4-1-clean-switchover"]


def test_a_mutation_is_told_by_what_is_seen_at_the_step_that_detects_it(whole):
    drills = {drill.name: drill for drill in choose((), "en", None)}
    for symptom in all_symptoms().values():
        name, text, _ = CAUGHT_BY[symptom.mutation]
        chapters = drills[name].chapters
        phrases = {step.phrase.text("en") for chapter in chapters for step in chapter.steps if step.text == text}
        assert symptom.at or (symptom.drill, {symptom.step}) == (name, phrases), symptom.mutation
    told = {
        trouble.seen
        for each in whole.procedures
        for chapter in each.chapters
        for block in chapter.blocks
        for trouble in block.troubles
    }
    assert {each.seen.en for each in all_symptoms().values()} <= told


def test_every_mutation_that_people_can_see_has_a_symptom():
    people = {name for name in CAUGHT_BY if _by_people(*CAUGHT_BY[name][:2])}
    assert people <= set(all_symptoms())


def _by_people(name, text):
    if name not in DECISIONS:
        return False
    (drill,) = choose([name], "en", None)
    numbers = [number for number, each in enumerate(drill.chapters, 1) if text in {step.text for step in each.steps}]
    return set(numbers) <= set(by_hand(drill)) and "RHA PowerShell" not in text


def test_a_feature_of_ones_own_is_told_without_words_of_its_own(tmp_path):
    own = tmp_path / "ours.feature"
    own.write_text("Feature: Ours\n  Scenario: Stop it\n    When the scenario is stopped\n", encoding="utf-8")
    book = make([read_drill(own, vocabulary())], KNOWN, words_of("en"))
    assert [(each.seen, each.procedure) for each in book.decisions] == [("Ours", "ours")]
    assert "[Stop]" in book.procedures[0].chapters[0].blocks[0].acts[0].clicks[1].text
