"""Both languages say the same: every phrase is bound, every step of a feature is one phrase, twins are twins."""

from functools import cache
from pathlib import Path

import pytest

from drills.reading import read_drill
from drills.vocabulary import PhraseError, given_
from kunren.running.shipped import features_folder
from steps.modules import vocabulary

ENGLISH = sorted((features_folder() / "en").glob("*.feature"))


@cache
def drill_of(path: Path):
    return read_drill(path, vocabulary())


@cache
def functions_of(path: Path, language: str) -> list[object]:
    return [
        vocabulary().matching(step.kind, step.text, language)[0].function
        for chapter in drill_of(path).chapters
        for step in chapter.steps
    ]


def test_every_feature_has_its_twin():
    japanese = {path.name for path in (features_folder() / "ja").glob("*.feature")}
    assert {path.name for path in ENGLISH} == japanese
    assert ENGLISH


@pytest.mark.parametrize("path", ENGLISH, ids=lambda path: path.stem)
def test_twins_run_through_the_same_step_functions_in_the_same_order(path):
    twin = features_folder() / "ja" / path.name
    assert functions_of(path, "en") == functions_of(twin, "ja")


@pytest.mark.parametrize("path", ENGLISH, ids=lambda path: path.stem)
def test_twins_carry_the_same_guide_points_chapter_by_chapter(path):
    english, japanese = map(drill_of, (path, features_folder() / "ja" / path.name))
    assert [chapter.guide for chapter in english.chapters] == [chapter.guide for chapter in japanese.chapters]
    assert all(chapter.guide for chapter in english.chapters)


def test_every_phrase_is_used_by_a_shipped_drill():
    used = {function for path in ENGLISH for function in functions_of(path, "en")}
    assert {phrase.function for phrase in vocabulary().phrases} == used


def test_words_for_a_placeholder_that_is_not_there_are_refused():
    with pytest.raises(PhraseError, match="no such placeholder"):

        @given_(en="a guest", ja="仮想マシン", words={"state": ["running"]})
        def nothing() -> None: ...


def test_phrases_of_different_placeholders_are_refused():
    with pytest.raises(PhraseError, match="different placeholders"):

        @given_(en='a guest "{name}"', ja="仮想マシン")
        def nothing() -> None: ...


def test_a_placeholder_of_a_type_that_there_is_not_is_refused():
    with pytest.raises(PhraseError, match="of type Hours, which there is not"):

        @given_(en="after {hours:Hours} hours", ja="{hours:Hours} 時間後")
        def nothing(hours: int) -> None: ...


def test_a_placeholder_of_different_types_in_the_two_languages_is_refused():
    with pytest.raises(PhraseError, match="different placeholders"):

        @given_(en="after {minutes:Minutes} minutes", ja="{minutes:Seconds} 分後")
        def nothing(minutes: int) -> None: ...


def test_a_placeholder_that_the_function_does_not_take_is_refused():
    with pytest.raises(PhraseError, match="has minutes, which its function does not take"):

        @given_(en="after {minutes:Minutes} minutes", ja="{minutes:Minutes} 分後")
        def nothing() -> None: ...


def test_a_step_that_calling_would_not_carry_out_is_refused():
    with pytest.raises(PhraseError, match="would not be carried out"):

        @given_(en="a guest", ja="仮想マシン")
        async def nothing() -> None: ...

    with pytest.raises(PhraseError, match="would not be carried out"):

        @given_(en="a guest", ja="仮想マシン")
        def nothing_either():
            yield


def test_a_text_is_recognised_in_any_case():
    assert [phrase.function.__name__ for phrase in vocabulary().matching("when", "60 SECONDS pass", "en")] == [
        "time_passes"
    ]
