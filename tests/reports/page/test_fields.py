"""The 33 fields that auditors ask for: what a record has for each, or that it is missing."""

import json
from dataclasses import fields, replace

import pytest

from journal.annotations import Action, Annotations, Feedback, Finding, PlanUpdated, Severity, SignedOff, SignsAs
from journal.exercise import Approval, ExercisePlan, Objective, Participant
from reports import write
from reports.load import load_record
from reports.page import fields as asked
from reports.page.first_page import particulars
from tests.readable import visible_text
from tests.reports.measured import write_measured
from tests.reports.samples import write_sample
from words import LANGUAGES, words_of

TEXTS = {each.name: f"<{each.name}>" for each in fields(ExercisePlan) if each.default == ""}
LISTS = {each.name: (f"<{each.name}>",) for each in fields(ExercisePlan) if each.default == ()}
PLAN = ExercisePlan(
    **{
        **TEXTS,
        **LISTS,
        "type": "planned failover",
        "form": "test",
        "retention_years": 5,
        "objectives": (Objective(text="Garoon is back", criterion="login", origin="BIA-7"),),
        "participants": (Participant(name="Tanaka", role="DBA", attendance="absent on purpose"),),
        "approvals": (Approval(name="Sato", role="CIO", date="2026-12-01", evidence="CHG-1"),),
    }
)
ABOUT = {"by": "Ito", "role": "operator"}
ADDED = Annotations(
    (
        Finding(id="F1", severity=Severity.MAJOR, text="slow", **ABOUT),
        Action(id="A1", text="tune", owner="Kato", due="2026-12-31", **ABOUT),
        PlanUpdated(text="step 4", **ABOUT),
        Feedback(text="good", **ABOUT),
        *(SignedOff(signs_as=each, date="2026-12-02", **ABOUT) for each in SignsAs),
    ),
    "",
)
AFTER = {"findings", "actions", "updates", "feedback", "review"}


@pytest.fixture(scope="module")
def record(tmp_path_factory):
    folder = tmp_path_factory.mktemp("measured")
    write_measured("measured-en", folder)
    return load_record(folder)


def standings(record, annotations=asked.NONE, language="en"):
    return {each.key: each.standing for each in asked.fields_of(record, words_of(language), annotations)}


def test_there_are_33_and_each_has_a_name_in_both_languages(record):
    found = asked.fields_of(record, words_of("en"))
    assert [each.number for each in found] == list(range(1, 34))
    assert len({each.key for each in found}) == 33
    for language in LANGUAGES:
        assert all(words_of(language)(f"field.of.{each.key}") for each in found)
        assert all(part.name for each in asked.fields_of(record, words_of(language)) for part in each.parts)


def test_a_run_without_a_plan_names_what_is_missing(record):
    found = standings(record)
    missing = {key for key, standing in found.items() if standing == "none"}
    assert missing >= {"reason", "scenario", "participants", "distribution", "retention", *AFTER}
    assert {found[key] for key in ("title", "authorisation", "scope", "targets", "procedure")} <= {"none", "part"}
    assert found["environment"] == found["steps"] == found["rto"] == found["rpo"] == "whole"


def test_a_planned_run_lacks_only_what_comes_after_it_and_what_its_journal_lacks(record):
    planned = replace(record, plan=PLAN)
    assert {key for key, told in standings(planned).items() if key in AFTER and told == "whole"} == set()
    found = standings(planned, ADDED)
    of_journal = {"identity", "objectives", "integrity", "authorisation", "evidence", "scope", "before", "function"}
    assert {key for key, told in found.items() if told != "whole"} <= of_journal


def test_each_key_of_a_plan_has_a_field(record):
    told = {part.told for each in asked.fields_of(replace(record, plan=PLAN), words_of("en")) for part in each.parts}
    shown = " ".join(told)
    unshown = {key for key in (*TEXTS, *LISTS) if f"<{key}>" not in shown}
    assert unshown == {"site", "drills", "type", "form", "objectives", "participants", "approvals"}
    for text in ("Tanaka (DBA, absent on purpose)", "Sato (CIO, 2026-12-01, CHG-1)", "Garoon is back (login, BIA-7)"):
        assert text in shown


def test_the_first_page_names_who_took_part_and_who_approved(record):
    told = {each.name: each.told for each in particulars(replace(record, plan=PLAN), words_of("en"), ADDED)}
    assert told["Participants"] == "Tanaka (DBA, absent on purpose)"
    assert told["Approved by"] == "Sato (CIO, 2026-12-01, CHG-1), Ito (2026-12-02)"
    assert "A1" in told["Open actions"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_shows_them_and_record_json_counts_them(tmp_path, language):
    write_sample("passed-en", tmp_path)
    record = replace(load_record(tmp_path), plan=replace(PLAN, risk="<b>"))
    into = tmp_path / "into"
    into.mkdir()
    written = write(record, tmp_path, into, language)
    page = written.html.read_text(encoding="utf-8")
    told = json.loads(written.record.read_text(encoding="utf-8"))
    whole = sum(each["standing"] == "whole" for each in told["fields"])
    words = words_of(language)
    assert words("field.told", n=whole, all=33) in visible_text(page)
    assert "<b></p>" not in page
    assert told["plan"]["participants"] == [{"name": "Tanaka", "role": "DBA", "attendance": "absent on purpose"}]
    assert len(told["fields"]) == 33
