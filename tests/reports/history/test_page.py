"""The page: one file that needs nothing else, and says in words what its pictures show."""

import re

import pytest

from reports.history.page import stream
from reports.history.sheet import Sheet
from tests.reports.history.folders import NEW, OLD, add, history_of, patched
from tests.reports.pages import Page, shown
from words import words_of


@pytest.mark.parametrize("language", ["en", "ja"])
def test_it_needs_nothing_else_and_each_picture_says_its_result(tmp_path, language):
    words = words_of(language)
    add(patched(tmp_path), "simulated", 100)
    sheet = Sheet(history_of(tmp_path), words)
    html = "".join(stream(sheet, words))
    page = Page(html)
    assert not re.search(r"""(src|href)=["'](?!#)""", html)
    pictures = [attrs["aria-label"] for tag, attrs in page.tags if tag == "svg" and attrs.get("role") == "img"]
    assert len(pictures) == sum(len(site.series) for site in sheet.sites)
    assert all("n = " in each for each in pictures)
    text = shown(page)
    assert f"{OLD} → {NEW}" in text
    assert words("history.state.lapsed") in text
    assert words("history.simulated_sentence") in text
    anchors = {attrs["href"][1:] for tag, attrs in page.tags if tag == "a"}
    assert anchors <= {attrs["id"] for _, attrs in page.tags if "id" in attrs}


def test_what_others_wrote_is_text(tmp_path):
    add(tmp_path, "one", site="<script>alert(1)</script>\u202e")
    html = "".join(stream(Sheet(history_of(tmp_path), words_of("en")), words_of("en")))
    assert "<script" not in html
    assert "\u202e" not in html
