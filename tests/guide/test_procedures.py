"""The procedures as data: one for every step, the same in both languages, reviewed, and with nothing to spare."""

import re
import string
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from guide import Kind, Wording, guide
from guide.procedures import (
    SUBJECT,
    Role,
    Source,
    choices,
    digest,
    fault_by_hand,
    forbidden,
    procedure_for,
    procedures,
    read_procedure,
    remedies,
)
from lab.model.faults import Fault
from lab.model.replication import Direction
from lab.model.tasks import WAS_BEGUN
from lab.site.profile import SUPPORTED_OPERATIONS, load_profile
from tests.grouped import expect_each

FOLDER = Path(__file__).parents[2] / "guide"
JAPANESE = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")
QUOTED = re.compile(r"\([^()]*\)")
"""Where an English text may quote the Japanese product."""
SITE = {"master": "HV1", "replica": "HV2", "guest": "GAROON", "scenario": "S", "garoon_url": "http://garoon/"}
WITHOUT_A_PLACE = {"server_type", "product", "after"}
"""Parameters of operations that are the same in every drill, or only ask for less of what a person sees whole."""

NOTHING_TO_AVOID = {"3.N16b", "6-2.N6"}
"""Notes that reassure, or tell of another way."""


def of_every_procedure(check):
    """As one test, of every procedure; `expect_each` tells of which it does not hold."""
    return lambda: expect_each(procedures().values(), check)


def tables(name):
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def texts(procedure):
    yield procedure.title
    yield from (click.text for click in procedure.clicks)
    yield from (*procedure.expects, *procedure.stop.when, procedure.stop.then)
    yield from (avoid.text for avoid in procedure.avoid)
    for remedy in procedure.remedies:
        yield from (remedy.seen, remedy.do)


def places(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def unreviewed(points):
    """What a person has to read again because the guide's text changed, and what to write then."""
    pinned = [("procedures.toml", each.id, each.reviewed[0]) for each in procedures().values() if each.reviewed]
    pinned += [("terms.toml, [avoid]", each.note, each.reviewed) for each in forbidden().values()]
    return [
        f'{name}: the point has changed. Read it against guide/{file}, then set reviewed = "{digest(points[name])}".'
        for file, name, reviewed in pinned
        if reviewed != digest(points[name])
    ]


def test_every_step_of_the_guide_has_a_procedure_and_every_other_procedure_a_name_of_its_own():
    steps = {point.id for point in guide().points.values() if point.kind is Kind.STEP}
    assert {point for each in procedures().values() for point in each.points} == steps
    assert {each.id for each in procedures().values() if not each.points}.isdisjoint(guide().points)


def test_every_procedure_was_reviewed_against_the_text_of_its_point():
    assert not unreviewed(guide().points)


@pytest.mark.parametrize("name", ["4-1.S4", "4-1.N3"])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_changed_point_asks_for_a_review_and_says_how(name, language):
    point = guide().points[name]
    changed = replace(point, text=replace(point.text, **{language: "Changed"}))
    [told] = unreviewed({**guide().points, name: changed})
    assert name in told
    assert f'reviewed = "{digest(changed)}"' in told


@of_every_procedure
def test_a_procedure_is_told_in_both_languages(procedure):
    for text in texts(procedure):
        assert text.en
        assert not JAPANESE.search(QUOTED.sub("", text.en))
        assert JAPANESE.search(text.ja)
        assert not set("[]") & set(text.ja)
        assert not set("［］「」") & set(text.en)


@of_every_procedure
def test_an_instruction_is_a_sentence(procedure):
    assert procedure.clicks
    assert procedure.expects
    assert procedure.stop.when
    for text in (*(click.text for click in procedure.clicks), *procedure.expects, *procedure.stop.when):
        assert text.en.endswith(".")
        assert text.ja.endswith("。")


@of_every_procedure
def test_the_places_of_a_text_are_known_and_the_same_in_both_languages(procedure):
    for text in texts(procedure):
        assert places(text.en) == places(text.ja)
        assert places(text.en) <= {*SUBJECT, *choices()}


@of_every_procedure
def test_what_is_to_be_avoided_is_a_note_of_the_guide(procedure):
    assert {guide().points[avoid.note].kind for avoid in procedure.avoid} <= {Kind.NOTE}


def test_every_other_note_says_what_is_to_be_avoided():
    notes = {point.id for point in guide().points.values() if point.kind is Kind.NOTE}
    assert set(forbidden()) == notes - NOTHING_TO_AVOID


@of_every_procedure
def test_a_host_that_is_named_is_told(procedure):
    if procedure.role is Role.NAMED:
        assert any("{host}" in click.text.ja for click in procedure.clicks)


@pytest.mark.parametrize(
    ("part", "changed"),
    [
        ("clicks", ["Click [Yes].", "Click [Yes]."]),
        ("clicks", ["Click [No]."]),
        ("clicks", ["Click it."]),
        ("stop", []),
    ],
)
def test_a_procedure_whose_languages_differ_is_refused(part, changed):
    table = tables("procedures")["stop-scenario"]
    table["ja"] |= {"clicks": ["［はい］をクリックする。"], "stop": ["処理中である。"]}
    table["en"] |= {"clicks": ["Click [Yes]."], "stop": ["It is in progress."]}
    assert read_procedure("x", table)
    table["en"][part] = changed
    with pytest.raises(ValueError, match=r"^x: "):
        read_procedure("x", table)


def test_a_label_that_is_not_listed_is_refused():
    table = tables("procedures")["stop-scenario"]
    table["ja"]["clicks"] = ["［いいえ］をクリックする。"]
    table["en"]["clicks"] = ["Click [No]."]
    with pytest.raises(ValueError, match="［いいえ］ of rha"):
        read_procedure("x", table)


def test_nothing_is_listed_that_no_procedure_uses():
    every = procedures().values()
    assert {each.id for procedure in every for each in procedure.remedies} == set(remedies())
    assert {each.note for procedure in every for each in procedure.avoid} == set(forbidden())
    assert {
        (procedure.window.product, label.text.ja)
        for procedure in every
        for click in procedure.clicks
        for label in click.labels
    } == {(product, label) for product, labels in tables("terms")["labels"].items() for label in labels}
    assert {procedure.window.id for procedure in every} == set(tables("terms")["windows"])
    assert {procedure.stop.call.value for procedure in every} == set(tables("terms")["calls"])
    assert {place for each in every for text in texts(each) for place in places(text.ja)} == {*SUBJECT, *choices()}


def test_a_source_is_a_section_of_the_guide_or_an_address():
    for labels in tables("terms")["labels"].values():
        for label, table in labels.items():
            for source in (table["en_source"], table["ja_source"]):
                section = source.removeprefix("guide ")
                assert not source or section in guide().sections or source.startswith("https://"), label
    for remedy in remedies().values():
        cited = remedy.reference.split(", ")
        assert (remedy.source is Source.GUIDE) == set(cited).issubset(guide().sections), remedy.id
        assert remedy.source is Source.GUIDE or remedy.reference.startswith(("https://", "Administration guide")), (
            remedy.id
        )


def test_labels_without_a_source_are_told():
    assert procedures()["4-1.S1"].unverified("ja") == ()
    assert procedures()["4-1.S1"].en_verified
    assert procedures()["stop-scenario"].unverified("ja") == ("停止",)
    assert procedures()["stop-scenario"].en_verified
    assert procedures()["remove-scenario"].unverified("en") == ("Remove",)
    assert not procedures()["remove-scenario"].en_verified


@pytest.mark.parametrize("direction", [each.value for each in Direction])
def test_every_operation_has_a_procedure_that_tells_what_was_chosen(direction):
    expect_each(SUPPORTED_OPERATIONS, lambda operation: expect_told(operation, direction))


def expect_told(operation, direction):
    told = {place for click in procedure_for(operation, direction).clicks for place in places(click.text.ja)}
    parameters = load_profile("arcserve_rha").operations[operation].parameters
    assert {"scenario" if name == "name" else name for name in parameters} - WITHOUT_A_PLACE <= told


def test_no_other_operation_and_no_other_fault_is_listed():
    assert set(tables("operations")["operations"]) == {*SUPPORTED_OPERATIONS, WAS_BEGUN, "notification_mail"}
    assert set(tables("operations")["faults"]) == {fault.name.lower() for fault in Fault}


@pytest.mark.parametrize(
    ("operation", "forward", "backward"),
    [
        ("run_scenario", ("3.S14", "3.S15", "3.S16"), ("5-1.S1", "5-1.S2", "5-1.S3")),
        ("switch_over", ("4-1.S1", "4-1.S2"), ("5-2.S5-S6",)),
        ("prepare_reboot", ("6-2.S1-S4",), ("6-2.S1-S4",)),
        ("stop_scenario", (), ()),
    ],
)
def test_the_direction_decides(operation, forward, backward):
    assert procedure_for(operation).points == forward
    assert procedure_for(operation, "backward").points == backward


def test_steps_of_one_operation_are_one_procedure():
    run = procedure_for("run_scenario")
    steps = [procedures()[point] for point in run.points]
    assert run.id == "run_scenario"
    assert run.title == steps[0].title
    assert run.clicks == tuple(click for step in steps for click in step.clicks)
    assert run.expects == steps[-1].expects
    assert {each.note for each in run.avoid} == {each.note for step in steps for each in step.avoid}
    assert len({each.id for each in run.remedies}) == len(run.remedies)
    assert procedure_for("create_scenario").title.en == "Create the scenario"


@pytest.mark.parametrize("fault", Fault)
def test_a_fault_is_begun_and_ended_by_hand(fault):
    by_hand = fault_by_hand(fault.name)
    assert by_hand.begin.id != by_hand.end.id


def test_places_are_filled_in_both_languages():
    switch = procedure_for("switch_over").filled({**SITE, "scenario": "{master}", "run_reverse": "on"})
    assert switch.clicks[0].text.ja == "シナリオ ビューでシナリオ「{master}」を選択し、実行中であることを確かめる。"
    assert switch.clicks[2].text == Wording(
        "Set [Run Reverse Replication Scenario after Switchover]: on.",
        "［スイッチオーバー後のリバースレプリケーション シナリオの実行］を設定する：オン。",
    )


@of_every_procedure
def test_without_a_choice_a_place_reads_as_the_guide_has_it(procedure):
    for text in texts(procedure.filled(SITE)):
        assert not {"{", "}"} & {*text.en, *text.ja}


def test_a_choice_without_a_value_may_name_the_subject():
    assert "「GAROON」" in procedures()["3.S7"].filled(SITE).clicks[1].text.ja


def test_a_missing_name_and_a_value_without_a_place_are_refused():
    with pytest.raises(KeyError, match="replica"):
        procedures()["4-1.S1"].filled({"master": "HV1"})
    with pytest.raises(ValueError, match="no place for slave"):
        procedures()["4-1.S1"].filled({**SITE, "slave": "HV3"})
