import string
from datetime import timedelta

import pytest

from reports.words import LANGUAGES, words_of

# What only one language has to say: terms that the other shows as the products write them.
PRODUCT_TERMS = ("state.", "restore.", "heartbeat.")


def own_keys(language):
    return {key for key in words_of(language).texts if not key.startswith(PRODUCT_TERMS)}


def places(text):
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)


def test_both_languages_say_the_same_things():
    assert own_keys("en") == own_keys("ja")


@pytest.mark.parametrize("key", sorted(own_keys("en")))
def test_both_languages_have_the_same_places_for_values(key):
    assert places(words_of("en").texts[key]) == places(words_of("ja").texts[key])


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
    ],
)
def test_lengths_of_time_are_said_as_people_say_them(seconds, en, ja):
    assert [words_of(language).length(timedelta(seconds=seconds)) for language in LANGUAGES] == [en, ja]


def test_values_are_never_taken_for_patterns():
    assert "{0.__class__}" in words_of("en")("verdict.not_ready", text="{0.__class__}")


def test_another_language_is_refused():
    with pytest.raises(ValueError, match="no words for the language 'de'"):
        words_of("de")
