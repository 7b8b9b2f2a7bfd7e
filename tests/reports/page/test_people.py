"""What people did and said in a run, in the report and in record.json."""

import hashlib
import json
from importlib import resources

import jsonschema
import pytest

from journal.course import Outcome
from reports import judge, write_reports
from reports.judge import Fact
from reports.load import load_record
from reports.page.people import people_of
from tests.reports.pages import page_of, part, shown, unmarked
from tests.reports.peopled import LEAD, PHOTO, SAID, WITNESS, write_peopled
from tests.reports.samples import write_sample

SCHEMA = json.loads(resources.files("reports").joinpath("schema", "record.schema.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def peopled(tmp_path_factory):
    folder = tmp_path_factory.mktemp("peopled")
    write_peopled(folder)
    return folder


def test_who_took_part_is_told_with_role_answers_notes_and_attestation(peopled):
    lead, witness = people_of(load_record(peopled, first=True)).participants
    assert ((lead.name, lead.role.value), (witness.name, witness.role.value)) == (LEAD, WITNESS)
    assert (lead.answered, lead.noted, lead.attested) == (23, 1, [])
    assert (witness.answered, witness.noted, witness.attested) == (0, 1, ["立ち会いました。"])
    assert lead.joined


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "ja",
            [
                "佐藤 花子（訓練責任者）",
                "シナリオの作成",
                "実施済み",
                "依頼から 20秒",
                "方向: レプリカ ホストからマスタ ホストへ",
            ],
        ),
        (
            "en",
            [
                "佐藤 花子 (lead)",
                "create the scenario",
                "done",
                "after 20 s",
                "direction: from the replica host to the",
            ],
        ),
    ],
)
def test_each_task_and_question_stands_with_times_person_and_typed_answer(peopled, language, told):
    html, _ = page_of(peopled, language)
    section = part(unmarked(html), '<section class="people" id="people">', "</section>")
    for text in told:
        assert text in section
    assert section.count('<div class="answered">') == 23
    assert "22:01:21" in section
    assert "22:01:41" in section
    assert "backward" not in section


def test_a_note_has_its_picture_and_its_digest_and_markup_stays_text(peopled):
    html, page = page_of(peopled, "en")
    section = part(unmarked(html), '<section class="people" id="people">', "</section>")
    digest = hashlib.sha256((peopled / "evidence" / f"{PHOTO:04}-photo.png").read_bytes()).hexdigest()
    assert digest in section
    assert '<use href="#i' in section
    assert "&lt;b&gt;予定どおり&lt;/b&gt;" in section
    assert f"Suzuki Ken (witness): {SAID}" in shown(page)


def test_an_answer_that_did_not_count_is_told_as_that(peopled):
    html, _ = page_of(peopled, "en")
    section = part(unmarked(html), '<section class="people" id="people">', "</section>")
    late = section[section.index("Answers that did not count") :]
    assert "Suzuki Ken (witness) answered second or too late, which does not count (create the scenario)" in late
    assert "ボタンが灰色" in late
    assert "1 answer of people did not count" in html


def test_pauses_are_told_with_who_held_and_who_went_on(peopled):
    html, _ = page_of(peopled, "en")
    section = part(unmarked(html), '<section class="people" id="people">', "</section>")
    assert "held by 佐藤 花子" in section
    assert "continued by 佐藤 花子" in section
    assert "1 min 35 s" in section


def test_record_json_carries_the_same(peopled):
    record = json.loads(write_reports(peopled, first=True).record.read_text(encoding="utf-8"))
    jsonschema.validate(record, SCHEMA)
    people = record["people"]
    assert [each["name"] for each in people["participants"]] == [LEAD[0], WITNESS[0]]
    assert len(people["requests"]) == 23
    created = next(each for each in people["requests"] if each["operation"] == "create_scenario")
    assert (created["step"], created["outcome"], created["by"], created["took"]) == (1, "done", LEAD[0], 20.0)
    assert created["asked"]["lab"] < created["answered"]["lab"]
    assert people["notes"][0]["picture"]["file"] == f"evidence/{PHOTO:04}-photo.png"
    assert (people["pauses"][0]["took"], people["pauses"][0]["went_on"]) == (95.0, LEAD[0])
    assert [each["remark"] for each in people["late"]] == ["ボタンが灰色"]
    assert people["stops"] == []


def test_a_picture_that_was_changed_since_is_not_shown(tmp_path):
    write_peopled(tmp_path)
    photo = tmp_path / "evidence" / f"{PHOTO:04}-photo.png"
    photo.write_bytes(photo.read_bytes()[:-1] + b"x")
    html, _ = page_of(tmp_path, "en")
    section = part(unmarked(html), '<section class="people" id="people">', "</section>")
    assert '<use href="#i' not in section
    assert "does not match its recorded SHA-256" in section


def test_an_attested_step_is_of_another_class_than_one_that_was_done_or_observed(peopled):
    [drill] = load_record(peopled, first=True).drills
    facts = {step.number: judge.fact(step) for step in drill.steps}
    assert set(facts.values()) == set(Fact)
    assert facts[1] is Fact.ATTESTED, "people have run the scenario"
    assert facts[3] is Fact.DONE, "an entry in Garoon"
    assert facts[7] is Fact.OBSERVED
    html, page = page_of(peopled, "en")
    attested = [each for each in facts.values() if each is Fact.ATTESTED]
    classes = [attributes.get("class", "") for tag, attributes in page.tags if tag == "li"]
    assert classes.count("step passed attested") == len(attested)
    assert unmarked(html).count("attested by 佐藤 花子</span>") >= len(attested)
    record = json.loads((peopled / "record.json").read_text(encoding="utf-8"))
    assert record["figures"]["attested"] == len(attested)
    steps = [step for chapter in record["drills"][0]["chapters"] for step in chapter["steps"]]
    assert {step["number"]: step.get("fact") for step in steps} == {n: fact.value for n, fact in facts.items()}


def test_a_step_that_did_not_pass_is_no_fact(tmp_path):
    write_sample("failed-en", tmp_path)
    [drill] = load_record(tmp_path, first=True).drills
    for step in drill.steps:
        assert (judge.fact(step) is None) is (judge.step(step) is not Outcome.PASSED)


def test_a_run_without_people_has_no_such_part(tmp_path):
    write_sample("passed-en", tmp_path)
    html, _ = page_of(tmp_path)
    assert '<section class="people" id="people">' not in html
    assert "people" not in json.loads((tmp_path / "record.json").read_text(encoding="utf-8"))
