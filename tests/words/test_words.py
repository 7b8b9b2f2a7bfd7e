from datetime import timedelta

import pytest

from words import LANGUAGES, Quoted, sentence, words_of


@pytest.mark.parametrize(
    ("seconds", "en", "ja"),
    [
        (0, "0 s", "0秒"),
        (0.0804, "80 ms", "80ミリ秒"),
        (2.54, "2.5 s", "2.5秒"),
        (9.99, "10 s", "10秒"),
        (60, "1 min", "1分"),
        (3725.4, "1 h 2 min 5 s", "1時間2分5秒"),
        (36000, "10 h", "10時間"),
        (94329.6, "1 d 2 h 12 min", "1日2時間12分"),
        (447482564, "14 y 69 d", "14年69日"),
    ],
)
def test_lengths_of_time_are_said_as_people_say_them(seconds, en, ja):
    assert [words_of(language).length(timedelta(seconds=seconds)) for language in LANGUAGES] == [en, ja]


@pytest.mark.parametrize(
    ("seconds", "least", "most"),
    [
        (0, "0 s", "0 s"),
        (0.0004, "0 s", "1 ms"),
        (0.9991, "999 ms", "1.0 s"),
        (2.34, "2.3 s", "2.4 s"),
        (0.3, "300 ms", "300 ms"),
        (9.95, "9.9 s", "10 s"),
        (59.001, "59 s", "1 min"),
        (447.9, "7 min 27 s", "7 min 28 s"),
        (3600.5, "1 h", "1 h 1 s"),
        (86399.5, "23 h 59 min 59 s", "1 d"),
        (86401, "1 d", "1 d 1 min"),
    ],
)
def test_the_least_is_never_said_longer_and_the_most_never_shorter_than_it_is(seconds, least, most):
    words = words_of("en")
    assert (words.at_least(seconds), words.at_most(seconds)) == (least, most)


def test_a_length_between_two_is_said_as_both_or_as_the_one_that_is_known():
    words = words_of("en")
    assert words.between(2.0, 61.0) == "2.0 s – 1 min 1 s"
    assert words.between(0.0, 0.0) == "0 s"
    assert words.between(2.0, None) == "2.0 s or more"


@pytest.mark.parametrize(("seconds", "said"), [(5.0, "5 s"), (0.5, "0.5 s"), (600.0, "10 min"), (0.0, "0 s")])
def test_what_somebody_has_set_is_said_as_they_set_it(seconds, said):
    assert words_of("en").given(seconds) == said


def test_values_are_never_taken_for_patterns():
    assert "{0.__class__}" in words_of("en")("verdict.not_ready", text="{0.__class__}")


def test_another_language_is_refused():
    with pytest.raises(ValueError, match="no words for the language 'de'"):
        words_of("de")


def test_a_sentence_is_told_with_its_values_in_the_language_of_its_reader():
    lost = sentence("alarm.restoration", act=sentence("figure.restoration"), error=Quoted("Access is denied."))
    assert str(lost) == lost.in_("en") == 'During restoration, "Lab restored" failed: Access is denied.'
    assert lost.in_("ja") == "復元中に「復元」が失敗しました: Access is denied."


def test_several_values_are_told_one_after_another():
    several = sentence("alarm.left", differences=(Quoted("a"), sentence("report.none"), timedelta(seconds=3)))
    assert several.in_("ja") == "元に戻っていないもの: a、なし、3.0秒"


def test_equal_sentences_are_one():
    assert len({sentence("report.none"), sentence("report.none"), sentence("report.real")}) == 2
