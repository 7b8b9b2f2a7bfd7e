"""Cucumber messages, Cucumber's JSON and allure-results have the form of their readers, and the verdict's outcomes."""

import base64
import json
import re
from collections import Counter
from datetime import UTC, datetime

import pytest
from gherkin.parser import Parser
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from journal.course import Outcome
from journal.seen import Condition
from reports import judge
from reports.exports import allure, cucumber_json, messages
from reports.exports.attached import Attachments
from reports.exports.cases import suites
from reports.load import load_record
from tests.reports.journals import several
from tests.reports.samples import SAMPLES, write_sample
from words import words_of

WORDS = words_of("en")
NUMBER, TEXT, BOOLEAN = {"type": "integer", "minimum": 0}, {"type": "string"}, {"type": "boolean"}


def form(required, **optional):
    every = required | optional
    return {"type": "object", "required": list(required), "properties": every, "additionalProperties": False}


def many(items):
    return {"type": "array", "items": items}


def one_of(*values):
    return {"enum": list(values)}


TIME = form({"seconds": NUMBER, "nanos": NUMBER | {"maximum": 999_999_999}})
PLACE = form({"line": NUMBER, "column": NUMBER})
PRODUCT = form({"name": TEXT}, version=TEXT)
NODE = {"id": TEXT, "location": PLACE, "keyword": TEXT}
SCENARIO = form(
    {**NODE, "name": TEXT, "description": TEXT, "tags": many(TEXT), "examples": many(TEXT)}
    | {"steps": many(form({**NODE, "text": TEXT}))}
)
FEATURE = form(
    {"location": PLACE, "tags": many(TEXT), "language": TEXT, "keyword": TEXT, "name": TEXT, "description": TEXT}
    | {"children": many(form({"scenario": SCENARIO}))}
)
STATUS = one_of("UNKNOWN", "PASSED", "SKIPPED", "PENDING", "UNDEFINED", "AMBIGUOUS", "FAILED")
OF_STEP = {"testCaseStartedId": TEXT, "testStepId": TEXT}
MESSAGES = {
    "meta": form(
        {"protocolVersion": TEXT, "implementation": PRODUCT, "runtime": PRODUCT, "os": PRODUCT, "cpu": PRODUCT}
    ),
    "source": form({"uri": TEXT, "data": TEXT, "mediaType": one_of("text/x.cucumber.gherkin+plain")}),
    "gherkinDocument": form({"uri": TEXT, "comments": many(TEXT), "feature": FEATURE}),
    "pickle": form(
        {"id": TEXT, "uri": TEXT, "location": PLACE, "name": TEXT, "language": TEXT, "tags": many(TEXT)}
        | {"astNodeIds": many(TEXT), "steps": many(form({"id": TEXT, "text": TEXT, "astNodeIds": many(TEXT)}))}
    ),
    "testCase": {"required": ["id", "pickleId", "testRunStartedId", "testSteps"]},
    "testRunStarted": form({"id": TEXT, "timestamp": TIME}),
    "testCaseStarted": form({"id": TEXT, "testCaseId": TEXT, "attempt": NUMBER, "timestamp": TIME}),
    "testStepStarted": form({**OF_STEP, "timestamp": TIME}),
    "attachment": form({**OF_STEP, "mediaType": TEXT, "contentEncoding": one_of("IDENTITY", "BASE64"), "body": TEXT}),
    "testStepFinished": form(
        {**OF_STEP, "timestamp": TIME, "testStepResult": form({"status": STATUS, "duration": TIME}, message=TEXT)}
    ),
    "testCaseFinished": form({"testCaseStartedId": TEXT, "timestamp": TIME, "willBeRetried": BOOLEAN}),
    "testRunFinished": form({"testRunStartedId": TEXT, "success": BOOLEAN, "timestamp": TIME}),
}
"""Of what Kunren writes: each object has all that Cucumber's own schema requires, and nothing that it does not know."""
MESSAGE = {"type": "object", "minProperties": 1, "maxProperties": 1} | form({}, **MESSAGES)
CUCUMBER = many(
    form(
        {
            "uri": TEXT,
            "id": TEXT,
            "keyword": TEXT,
            "name": TEXT,
            "description": TEXT,
            "line": NUMBER,
            "tags": many(TEXT),
        }
        | {"elements": many({"required": ["id", "keyword", "name", "type", "line", "steps"]})}
    )
)
RESULT = {
    "required": ["uuid", "historyId", "name", "status", "stage", "start", "stop", "labels", "steps", "attachments"],
    "properties": {
        "status": one_of("failed", "broken", "passed", "skipped"),
        "stage": one_of("finished"),
        "statusDetails": form({"message": TEXT}),
        "labels": many(form({"name": TEXT, "value": TEXT})),
        "attachments": many(form({"name": TEXT, "source": TEXT, "type": TEXT})),
    },
}
WORST = ("FAILED", "PENDING", "SKIPPED", "PASSED")
"""As Cucumber takes the statuses of steps for that of a scenario."""


def valid(schema, value):
    Draft202012Validator(schema).validate(value)
    return value


def loaded(name, folder):
    several(folder, "passed-en") if name == "several" else write_sample(name, folder)
    return load_record(folder)


def outcomes(record):
    return [each.outcome for suite in suites(record, WORDS) for each in suite.cases]


@pytest.mark.parametrize("name", [*SAMPLES, "several"])
def test_messages_are_cucumbers_and_its_scenarios_end_as_the_cases_do(name, tmp_path):
    record = loaded(name, tmp_path)
    told = [valid(MESSAGE, json.loads(line)) for line in messages.stream(record, tmp_path, WORDS)]
    of = {kind: [each[kind] for each in told if kind in each] for kind in MESSAGES}
    parser = Parser()
    for source, document in zip(of["source"], of["gherkinDocument"], strict=True):
        read = parser.parse(source["data"])["feature"]["children"]
        written = document["feature"]["children"]
        assert [each["scenario"]["location"] for each in read] == [each["scenario"]["location"] for each in written]
    steps = {each["testStepId"]: each["testStepResult"]["status"] for each in of["testStepFinished"]}
    ended = [min((steps[step["id"]] for step in case["testSteps"]), key=WORST.index).lower() for case in of["testCase"]]
    told = {Outcome.SKIPPED: "skipped", Outcome.NOT_RUN: "skipped", Outcome.UNKNOWN: "pending"}
    assert ended == [told.get(each, each.value) for each in outcomes(record)]
    assert of["testRunFinished"][0]["success"] == (judge.verdict(record).outcome is Outcome.PASSED)
    pictures = [each for each in of["attachment"] if each["mediaType"] == "image/png"]
    assert all(base64.b64decode(each["body"]).startswith(b"\x89PNG") for each in pictures)
    assert pictures


@pytest.mark.parametrize("name", ["failed-en", "interrupted-ja", "hostile-ja"])
def test_the_json_of_cucumber_knows_only_what_jenkins_reads_and_calls_nothing_unknown_passed(name, tmp_path):
    record = loaded(name, tmp_path)
    (feature,) = valid(CUCUMBER, json.loads(cucumber_json.cucumber_json(record, tmp_path, WORDS)))
    assert feature["name"].startswith("SIMULATED ")
    for case, outcome in zip(feature["elements"], outcomes(record), strict=True):
        statuses = {each["result"]["status"] for each in case["steps"]}
        assert statuses <= {"passed", "failed", "skipped", "pending"}
        assert (statuses == {"passed"}) == (outcome is Outcome.PASSED)
        assert ("pending" in statuses) >= (outcome is Outcome.UNKNOWN)


@pytest.mark.parametrize("name", ["passed-en", "interrupted-ja", "hostile-ja", "several"])
def test_results_for_allure_have_their_attachments_and_the_same_history_in_any_language(name, tmp_path):
    record = loaded(name, tmp_path)
    found = dict(allure.files(record, tmp_path, WORDS))
    results = [valid(RESULT, json.loads(found[each])) for each in found if each.endswith("-result.json")]
    assert Counter(each["status"] for each in results) == Counter(
        allure.STATUS.get(each, "skipped") for each in outcomes(record)
    )
    assert len({each["historyId"] for each in results}) == len(results)
    again = dict(allure.files(record, tmp_path, words_of("ja")))
    assert [json.loads(again[each])["historyId"] for each in again if each.endswith("-result.json")] == [
        each["historyId"] for each in results
    ]
    named = [one for each in results for part in (each, *each["steps"]) for one in part["attachments"]]
    assert {each["source"] for each in named} == {each for each in found if "-attachment." in each}
    assert all(each["start"] <= each["stop"] for each in results)
    assert not any(b"<script>" in found[each["source"]] for each in named)


def test_a_picture_for_which_there_is_no_room_is_told_by_its_place(tmp_path):
    record = loaded("passed-en", tmp_path)
    evidence = next(each for each in record.everything if each.what == "evidence")
    assert evidence.condition is Condition.VERIFIED
    small, enough = (Attachments(record, tmp_path, WORDS, room) for room in (evidence.size - 1, evidence.size))
    assert enough.of(evidence).media_type == "image/png"
    assert evidence.file in small.of(evidence).content.decode()
    assert enough.of(evidence).media_type == "text/plain"


def test_moments_are_the_walls_and_lengths_the_labs(tmp_path):
    record = loaded("passed-en", tmp_path)
    (suite,) = suites(record, WORDS)
    assert record.began.lab.year == 2012
    assert suite.wall(None) == record.drills[0].began.wall
    told = [json.loads(line) for line in messages.stream(record, tmp_path, WORDS)]
    began = next(each["testRunStarted"]["timestamp"]["seconds"] for each in told if "testRunStarted" in each)
    assert datetime.fromtimestamp(began, UTC).year == 2026
    lengths = [each["testStepFinished"]["testStepResult"]["duration"] for each in told if "testStepFinished" in each]
    total = sum(each["seconds"] + each["nanos"] / 1e9 for each in lengths)
    assert total == pytest.approx(sum(each.seconds for each in suite.cases), abs=0.01)


def as_java_reads(written):
    units = re.findall(r"\\u([0-9a-f]{4})|\\?(.)", written, re.DOTALL)
    return b"".join((int(code, 16) if code else ord(plain)).to_bytes(2, "big") for code, plain in units).decode(
        "utf-16-be"
    )


@settings(max_examples=50, deadline=None)
@given(st.text())
def test_a_property_is_read_by_java_as_it_was(text):
    written = allure._property(text)
    assert written.isascii()
    assert "\n" not in written
    assert as_java_reads(written) == text
