"""The guide's points as data: whole, in both languages, and refused where they are not."""

import re

import pytest

from guide import Kind, Shown, guide, read_guide

JAPANESE = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")
ONE = """[sections]
"9" = { en = "Nine", ja = "九" }
[points."9.S1"]
kind = "step"
section = "9"
shown = "drill"
en = "Do it"
ja = "実行する"
"""


def test_every_section_of_the_guide_has_points():
    assert {point.section for point in guide().points.values()} == set(guide().sections)


def test_an_id_begins_with_its_section_and_tells_its_kind():
    letters = {Kind.PREREQUISITE: "P", Kind.STEP: "S", Kind.NOTE: "N", Kind.BEHAVIOUR: "B"}
    for point in guide().points.values():
        assert point.id.startswith(f"{point.section}.{letters[point.kind]}"), point.id


def test_every_point_is_one_sentence_of_its_own_in_both_languages():
    texts = [point.text for point in guide().points.values()]
    for language in ("en", "ja"):
        said = [text.in_(language) for text in texts]
        assert len(set(said)) == len(said)
        assert all(bool(JAPANESE.search(text)) == (language == "ja") for text in said)


def test_a_guide_is_read():
    point = read_guide(ONE).points["9.S1"]
    assert (point.kind, point.shown, point.text.en) == (Kind.STEP, Shown.DRILL, "Do it")


@pytest.mark.parametrize(
    ("was", "wrong"), [('section = "9"', 'section = "8"'), ('"step"', '"stop"'), ('"drill"', '"nobody"')]
)
def test_a_point_that_fits_nowhere_is_refused(was, wrong):
    with pytest.raises(ValueError, match=r"9\.S1|stop|nobody"):
        read_guide(ONE.replace(was, wrong))
