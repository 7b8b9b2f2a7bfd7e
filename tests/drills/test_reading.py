"""A drill's text is checked before anything runs; every mistake is one sentence that says where."""

import pytest

from drills.reading import FeatureWrong, read_drill, twin_of
from kunren.running.shipped import features_folder
from steps.modules import vocabulary

GOOD = """Feature: F
  @guide:4-1.S5
  Scenario: S
    Given Garoon is available at its original URL
"""


def written(tmp_path, text, name="my.feature"):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_good_feature_becomes_a_plan(tmp_path):
    drill = read_drill(written(tmp_path, GOOD), vocabulary())
    assert (drill.name, drill.title, drill.language, drill.guide) == ("my", "F", "en", ("4-1.S5",))
    assert [(step.kind, step.keyword, step.text) for step in drill.chapters[0].steps] == [
        ("given", "Given", "Garoon is available at its original URL")
    ]


def test_a_background_is_part_of_every_chapter(tmp_path):
    text = GOOD.replace("  @guide", "  Background:\n    Given the virtual machine runs on the master host\n  @guide", 1)
    drill = read_drill(written(tmp_path, text), vocabulary())
    assert drill.chapters[0].steps[0].text == "the virtual machine runs on the master host"


@pytest.mark.parametrize("path", sorted(features_folder().glob("en/*.feature")), ids=lambda path: path.stem)
def test_a_drill_is_told_in_the_other_language_by_its_twin(path):
    twin = twin_of(read_drill(path, vocabulary()), vocabulary())
    assert (twin.file.parent.name, twin.name) == ("ja", path.stem)
    assert twin_of(twin, vocabulary()).file == path


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("2 分以内", "20 分以内"),
        ("状態が「実行中」である", "状態が「オフ」である"),
        ("@guide:4-1.S1", "@guide:4-1.S2"),
        ("シナリオ:", "しなりお:"),
    ],
)
def test_a_twin_that_says_otherwise_tells_nothing_of_the_drill(tmp_path, text, changed):
    for language in ("en", "ja"):
        (tmp_path / language).mkdir()
        source = features_folder() / language / "4-1-clean-switchover.feature"
        (tmp_path / language / source.name).write_bytes(source.read_bytes())
    drill = read_drill(tmp_path / "en" / source.name, vocabulary())
    assert twin_of(drill, vocabulary()) is not None
    twin = tmp_path / "ja" / source.name
    said = twin.read_text(encoding="utf-8")
    assert text in said
    twin.write_text(said.replace(text, changed, 1), encoding="utf-8")
    assert twin_of(drill, vocabulary()) is None


MISTAKES = {
    "unknown step": (
        GOOD.replace("Garoon is available", "Garoon was available"),
        "unknown; the nearest known steps are «Garoon is",
    ),
    "unknown word": (
        GOOD.replace(
            "Garoon is available at its original URL", 'the virtual machine is "asleep" on the master host'
        ).replace("Given", "Then"),
        "says «asleep»; the step knows «running»",
    ),
    "not Gherkin": ("Hello", "is not Gherkin"),
    "empty": ("", "has no scenario"),
    "no scenario": ("Feature: F\n", "has no scenario"),
    "two of a name": (GOOD + GOOD.partition("\n")[2], "2 scenarios are named «S»"),
    "another language": (
        "# language: fr\nFonctionnalité: F\n  Scénario: S\n    Soit x\n",
        "Kunren's steps speak en and ja",
    ),
    "no steps": (GOOD.replace("    Given Garoon is available at its original URL\n", ""), "has no steps"),
    "an unused table": (GOOD + "      | a | b |\n", "a table or a text below it"),
    "an unused text": (GOOD + '      """\n      a\n      """\n', "a table or a text below it"),
    "no point of the guide": (GOOD.replace("4-1.S5", "4-1.S55"), "has no point «4-1.S55»; `kunren coverage` lists"),
    "not UTF-8": ("機能".encode("cp932"), "is not UTF-8"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_one_sentence(tmp_path, mistake):
    text, said = MISTAKES[mistake]
    with pytest.raises(FeatureWrong) as wrong:
        read_drill(written(tmp_path, text), vocabulary())
    assert said in str(wrong.value)
    assert "my.feature" in str(wrong.value)
    assert "\n" not in str(wrong.value)


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(FeatureWrong, match="cannot be read"):
        read_drill(tmp_path / "none.feature", vocabulary())
