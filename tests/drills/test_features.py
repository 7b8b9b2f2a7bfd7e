"""Features as people mistype them: refused with the line of each mistake, or planned as they are written."""

from pathlib import Path

import pytest

from drills.reading import FeatureWrong, read_drill
from steps.modules import vocabulary

FEATURES = Path(__file__).parent / "features"
VOCABULARY = vocabulary()

REFUSED = {
    "full-width-colon-ja": {3: "looks like «シナリオ:»", 4: "looks like a step"},
    "blank-before-the-colon-ja": {3: "looks like «シナリオ:»", 4: "looks like a step"},
    "missing-colon": {2: "looks like «Scenario» without its colon", 3: "looks like a step"},
    "full-width-tag-ja": {3: "looks like tags, but not with a half-width @"},
    "full-width-background-ja": {3: "looks like «背景:»", 4: "looks like a step"},
    "full-width-colon-after-steps-ja": {6: "it looks like «シナリオ:»"},
    "step-in-small-letters": {4: "looks like a step"},
    "step-below-feature": {2: "looks like a step"},
    "step-below-feature-ja": {3: "looks like a step"},
    "step-below-rule": {3: "looks like a step"},
    "step-below-rule-ja": {4: "looks like a step"},
    "then-below-feature": {2: "looks like a step"},
    "star": {3: "«*» does not say what kind of step it begins; write Given, When or Then"},
    "tag-that-begins-with-an-underscore": {5: "the tag @_draft is not one that pytest can take"},
    "and-without-a-background": {3: "«And» has no step before it"},
    "outline-without-rows-beside-a-scenario": {5: "these examples have no rows"},
    "outline-without-a-table-ja": {6: "these examples have no rows"},
    "outline-of-one-name": {2: "the rows of this outline make 2 scenarios named «the version»"},
    "outline-with-one-table-empty": {5: "these examples have no rows"},
    "outline-without-examples": {2: "the outline «version <v>» has no examples"},
    "outline-without-rows": {5: "these examples have no rows"},
    "two-outlines-of-one-name": {9: "2 scenarios are named «version <v>», here and in line 2"},
    "outline-and-scenario-of-one-name": {9: "«<v>» left in it"},
    "two-outlines-of-one-name-and-an-empty-one": {5: "these examples have no rows", 15: "here and in line 8"},
    "placeholder-in-a-cell": {
        6: "with the row of line 12, is unknown",
        7: "with the row of line 12, is unknown",
        11: "the cell of «name» has a placeholder in it",
    },
    "scenario-with-examples-of-one-name": {3: "the rows of this outline make 2 scenarios named «first»"},
    "versions-that-are-none": {
        3: "«abc», which is not a version",
        6: "«<v>», which is not a version",
        9: "«９９.0», which is not a version",
        12: "«next», which is not a version",
    },
    "engine-versions-that-are-none": {3: "«r99», which is not a version", 6: "«v16.5», which is not a version"},
}
ACCOUNT = "all RHA services run under the same account"
PLANNED = {
    "sentence-that-begins-like-a-step": {"one": [ACCOUNT]},
    "rule-with-a-background": {"one": ["the virtual machine runs on the master host", ACCOUNT]},
    "and-after-a-background": {
        "one": ["the virtual machine runs on the master host", "Garoon is available at its original URL", ACCOUNT]
    },
    "and-after-a-background-ja": {
        "一つ": [
            "仮想マシンがマスタ ホストで実行中である",
            "ガルーンが通常の URL で利用されている",
            "RHA のすべてのサービスが同じアカウントで実行されている",
        ]
    },
    "background-of-all-kinds": {
        "one": [
            "the virtual machine runs on the master host",
            "1 seconds pass",
            ACCOUNT,
            'the Garoon version is "3.5.2" or later',
        ]
    },
    "cell-with-a-bar": {"entry a|b": ['the entry "a|b" is made in Garoon', 'the entry "a|b" is present']},
    "less-than-sign-before-a-placeholder": {
        "event within 3": [
            "the virtual machine runs on the master host",
            'the event "disk < 10 % free" appears within 3 minutes',
        ]
    },
    "less-than-sign-ja": {
        "予定 1": ["ガルーンに予定「負荷 < 80 % の 1」を登録する", "予定「負荷 < 80 % の 1」が反映されている"]
    },
    "less-than-sign-and-a-later-look-ja": {
        "予定 1": ["ガルーンに予定「負荷 < 80 % の 1」を登録する"],
        "照合": ["予定「負荷 < 80 % の 1」が反映されている"],
    },
    "markup-as-a-name": {"markup": ['the entry "<b>" is made in Garoon', 'the entry "<b>" is present']},
    "backgrounds-of-rules": {
        "before the rule": ["the virtual machine runs on the master host", ACCOUNT],
        "in the rule": [
            "the virtual machine runs on the master host",
            "Garoon is available at its original URL",
            ACCOUNT,
        ],
        "in the other rule": ["the virtual machine runs on the master host", ACCOUNT],
    },
    "names-that-are-one-python-name": {
        "a-b": ['the Garoon version is "3.5.2" or later'],
        "a b": [ACCOUNT],
        "a.b": ["the engine runs as a service on both hosts"],
        "一": [ACCOUNT],
        "二": [ACCOUNT],
    },
}


def mistakes_of(path):
    """What is said of each line of a feature that is refused."""
    with pytest.raises(FeatureWrong) as wrong:
        read_drill(path, VOCABULARY)
    found = {}
    for said in str(wrong.value).splitlines():
        place, _, text = said.partition(": ")
        assert place.startswith(f"{path}, line ")
        found.setdefault(int(place.rpartition(" ")[2]), []).append(text)
    return found


def test_every_feature_here_is_expected_to_be_refused_or_planned():
    assert {path.stem for path in FEATURES.glob("*.feature")} == set(REFUSED) | set(PLANNED)


@pytest.mark.parametrize("name", REFUSED)
def test_a_mistyped_feature_is_refused_with_the_line_of_each_mistake(name):
    found = mistakes_of(FEATURES / f"{name}.feature")
    assert set(found) == set(REFUSED[name])
    for line, said in REFUSED[name].items():
        assert any(said in each for each in found[line]), found


@pytest.mark.parametrize("name", PLANNED)
def test_a_feature_is_planned_as_it_is_written(name):
    drill = read_drill(FEATURES / f"{name}.feature", VOCABULARY)
    assert {chapter.name: [step.text for step in chapter.steps] for chapter in drill.chapters} == PLANNED[name]


WITHIN = {
    "en": "Feature: f\n  Scenario: s\n    When the switchover is performed and confirmed\n"
    "    Then the switchover begins within {} minutes\n",
    "ja": "# language: ja\n機能: f\n  シナリオ: s\n"
    "    もし スイッチオーバーを実行し、確認のダイアログで［はい］を選ぶ\n"
    "    ならば {} 分以内にスイッチオーバーが始まる\n",
}


@pytest.mark.parametrize("language", WITHIN)
@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("-5", "which is not a number of minutes in plain digits; write a whole number of minutes from 1 to 10080"),
        ("+5", "plain digits"),
        ("007", "plain digits"),
        ("0x10", "plain digits"),
        ("0b10", "plain digits"),
        ("5.5", "plain digits"),
        ("1e3", "plain digits"),
        ("1_000", "plain digits"),
        ("1,000", "plain digits"),
        ("²", "plain digits"),
        ("十", "plain digits"),
        ("1０", "which is not in half-width digits; write 10"),
        ("１０", "which is not in half-width digits; write 10"),
        ("٣", "plain digits"),
        ("0", "which this step cannot mean"),
        ("10081", "which this step cannot mean"),
        ("1000000000000000", "which this step cannot mean"),
        ("9" * 150, "which this step cannot mean"),
    ],
)
def test_a_number_that_a_step_cannot_mean_is_refused(tmp_path, language, number, said):
    path = tmp_path / "f.feature"
    path.write_text(WITHIN[language].format(number), encoding="utf-8")
    (told,) = (text for texts in mistakes_of(path).values() for text in texts)
    assert f"says «{number}», " in told
    assert said in told


def test_a_number_without_end_is_told_in_part(tmp_path):
    path = tmp_path / "f.feature"
    path.write_text(WITHIN["en"].format("9" * 5000), encoding="utf-8")
    (told,) = mistakes_of(path)[4]
    assert "…», which this step cannot mean" in told
    assert len(told) < 1000


@pytest.mark.parametrize("language", WITHIN)
@pytest.mark.parametrize("number", [1, 10, 10080])
def test_a_number_within_bounds_is_planned_as_that_number(tmp_path, language, number):
    path = tmp_path / "f.feature"
    path.write_text(WITHIN[language].format(number), encoding="utf-8")
    step = read_drill(path, VOCABULARY).chapters[0].steps[-1]
    assert step.values == {"minutes": number}


STEPS = {
    "When -5 seconds pass": "plain digits",
    "When 0 seconds pass": "cannot mean",
    "When 99999999999 seconds pass": "cannot mean",
    "Then no switchover takes place for -5 minutes": "plain digits",
    "Then data loss is limited to entries made in the last -5 seconds before the fault": "plain digits",
    "When 9999999999 minutes pass without operator action": "cannot mean",
    'Then the event " " appears within 3 minutes': "neither a letter nor a digit",
    'Then a mail with the text "。" arrives within 3 minutes': "neither a letter nor a digit",
    'When the entry " a" is made in Garoon': "begins or ends with a blank",
    'Then the error em166 "x" appears within 3 minutes': "write two capitals and five digits",
    'Then Kunren refuses the action under guide point "9.X9", and no action has been sent to a host': (
        "not a point of the guide"
    ),
    "Then Garoon in the test virtual machine responds at localhost": "not a web address",
    "Then the third host has not been rebooted": "says «third»; the step knows «master»",
    'When the "full" replica integrity test is started and confirmed': "says «full»; the step knows «manual»",
    'Given the replication scenario runs, starts switchover "never", and the replica host monitors the master host': (
        "says «never»; the step knows «automatically»"
    ),
    "When all RHA services run under the same account": "is known, but as Then and not as When",
}


@pytest.mark.parametrize("step", STEPS)
def test_a_placeholder_that_means_nothing_is_refused_before_the_run(tmp_path, step):
    path = tmp_path / "f.feature"
    path.write_text(f"Feature: f\n  Scenario: s\n    {step}\n", encoding="utf-8")
    assert STEPS[step] in mistakes_of(path)[3][0]


def test_nothing_may_be_lost_is_a_number_as_well(tmp_path):
    path = tmp_path / "f.feature"
    text = "data loss is limited to entries made in the last 0 seconds before the fault"
    path.write_text(f"Feature: f\n  Scenario: s\n    Then {text}\n", encoding="utf-8")
    assert read_drill(path, VOCABULARY).chapters[0].steps[0].values == {"seconds": 0}


TAGS = {
    "@_draft": "not one that pytest can take",
    "@ドラフト!": "not one that pytest can take",
    "@not": "not one that pytest can take",
    "@skip": "means something to pytest",
    "@Guide:2.P1": "names no point of the guide",
    "@guid:2.P1": "names no point of the guide",
    "@guide": "names no point of the guide",
    "@guide:9.X9": "has no point «9.X9»",
}


@pytest.mark.parametrize("tag", TAGS)
def test_a_tag_that_would_do_nothing_is_refused(tmp_path, tag):
    path = tmp_path / "f.feature"
    path.write_text(f"Feature: f\n  {tag}\n  Scenario: s\n    Then {ACCOUNT}\n", encoding="utf-8")
    assert TAGS[tag] in mistakes_of(path)[2][0]


def test_a_tag_of_ones_own_is_left_alone(tmp_path):
    path = tmp_path / "f.feature"
    path.write_text(f"Feature: f\n  @nightly @guide:2.P4 @夜間\n  Scenario: s\n    Then {ACCOUNT}\n", encoding="utf-8")
    assert read_drill(path, VOCABULARY).guide == ("2.P4",)


READINESS = (Path(__file__).parents[2] / "features" / "ja" / "2-readiness.feature").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "content",
    [
        READINESS.encode("utf-8-sig"),
        READINESS.replace("\n", "\r\n").encode(),
        READINESS.replace("\n", "\r\n").encode("utf-8-sig"),
        READINESS.replace("\n", "\r").encode(),
    ],
    ids=["BOM", "CRLF", "BOM and CRLF", "CR"],
)
def test_byte_order_marks_and_line_ends_of_other_systems_make_no_difference(tmp_path, content):
    path = tmp_path / "f.feature"
    path.write_bytes(READINESS.encode())
    plain = read_drill(path, VOCABULARY)
    path.write_bytes(content)
    other = read_drill(path, VOCABULARY)
    assert (other.title, other.description, other.chapters) == (plain.title, plain.description, plain.chapters)


@pytest.mark.parametrize(
    ("encoding", "said"),
    [("cp932", "is not UTF-8 text; save it as UTF-8"), ("utf-16", "is UTF-16; save it as UTF-8")],
)
def test_another_encoding_is_named(tmp_path, encoding, said):
    path = tmp_path / "f.feature"
    path.write_bytes(READINESS.encode(encoding))
    with pytest.raises(FeatureWrong, match=said):
        read_drill(path, VOCABULARY)


def test_the_first_line_that_is_not_gherkin_is_told(tmp_path):
    path = tmp_path / "f.feature"
    path.write_text(
        f"Feature: f\n  Scenario: s\n    Then {ACCOUNT}\n  one\n  Scenario: t\n  two\n  three\n", encoding="utf-8"
    )
    found = mistakes_of(path)
    assert set(found) == {4}
    assert found[4][0].startswith("«one» is not Gherkin: expected ")


@pytest.mark.parametrize("first", ["", "＃ language: ja\n", "#langage: ja\n"])
def test_a_japanese_feature_without_its_language_is_told_how_to_begin(tmp_path, first):
    path = tmp_path / "f.feature"
    path.write_text(f"{first}機能: f\n  シナリオ: s\n    ならば x\n", encoding="utf-8")
    (told,) = mistakes_of(path)[1 + first.startswith("#")]
    assert told.endswith("a feature in Japanese begins with the line «# language: ja».")


def test_a_file_that_ends_too_early_is_told_so(tmp_path):
    path = tmp_path / "f.feature"
    path.write_text(f"Feature: f\n  Scenario: s\n    Then {ACCOUNT}\n  @nightly\n", encoding="utf-8")
    ((told,),) = mistakes_of(path).values()
    assert told.startswith("this is not Gherkin: the file ends, expected a tag or ")


@pytest.mark.parametrize("title", ["Background", "Scenario", "Rule"])
def test_a_step_in_the_line_of_a_name_is_refused(tmp_path, title):
    path = tmp_path / "f.feature"
    lines = ["Feature: f", "  Scenario: s", f"    Then {ACCOUNT}"]
    lines.insert(1, f"  {title}: Given the virtual machine runs on the master host")
    if title == "Scenario":
        lines.insert(2, f"    Then {ACCOUNT}")
    path.write_text("\n".join(lines), encoding="utf-8")
    assert "looks like a step; write it in a line of its own" in mistakes_of(path)[2][0]


def test_text_below_a_name_that_is_read_as_a_step_is_told_so(tmp_path):
    path = tmp_path / "f.feature"
    path.write_text("# language: ja\n機能: f\n  シナリオ: s\n    かつては手動で確認した。\n", encoding="utf-8")
    told = " ".join(mistakes_of(path)[4])
    assert "«かつ» has no step before it" in told
    assert "a description must not have a line that begins with a step's keyword" in told


def test_all_mistakes_are_told_but_not_without_end(tmp_path):
    path = tmp_path / "f.feature"
    path.write_text(
        "Feature: f\n" + "".join(f"\n  Scenario: s{n}\n    Then x{n}\n" for n in range(30)), encoding="utf-8"
    )
    with pytest.raises(FeatureWrong) as wrong:
        read_drill(path, VOCABULARY)
    lines = str(wrong.value).splitlines()
    assert len(lines) == 21
    assert lines[-1].endswith("10 more mistakes are not listed.")
