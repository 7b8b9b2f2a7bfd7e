"""The report as Markdown: what a ticket has to tell, and nothing that a host could make of it."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from lab.model.text import one_line
from reports.load import load_record
from reports.page import summary as summaries
from reports.page.summary import MOST_BYTES, plain, summary
from tests.reports.samples import HOSTILE, SAMPLES, write_sample
from words import words_of

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
HARMLESS = {"inline", "text", "html_inline", "strong_open", "strong_close", "code_inline", "softbreak", "hardbreak"}
STRUCTURE = re.compile(r"(heading|paragraph|bullet_list|list_item|table|thead|tbody|tr|th|td)_(open|close)|html_block")


def told(name, folder, language="en"):
    write_sample(name, folder)
    return summary(load_record(folder, first=True), words_of(language))


def tokens(markdown):
    for token in READER.parse(markdown):
        yield token
        yield from token.children or ()


def shown(markdown):
    return "".join(each.content for each in tokens(markdown) if each.type in {"text", "code_inline"})


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("name", SAMPLES)
def test_a_summary_has_no_markup_but_its_own(name, language, tmp_path):
    markdown = told(name, tmp_path, language)
    for each in tokens(markdown):
        assert each.type in HARMLESS or STRUCTURE.fullmatch(each.type), each
        assert each.type not in {"html_inline", "html_block"} or each.content.strip() == "<!-- -->", each
    assert "SIMULATED" in next(iter(markdown.splitlines()))
    assert one_line(HOSTILE) in shown(markdown) or not name.startswith("hostile")


def test_a_summary_tells_what_failed_where_and_what_is_left(tmp_path):
    markdown = told("failed-en", tmp_path)
    assert markdown.startswith("# ✕ Planned switchover – Failed – SIMULATED\n")
    assert re.search(r'^- Step 9 "Then .+" \(guide 4-1\.S1.+\) failed: expected', markdown, re.MULTILINE)
    assert "\n- ✕ Lab restored: No\n" in markdown
    assert re.search(r"^\| Journal \| SHA-256 `[0-9a-f]{64}` \|$", markdown, re.MULTILINE)
    assert "\n- ✕ Garoon moves to the replica host and stays at its URL (4-1.S1" in markdown


@given(st.text(st.characters(codec="utf-8"), max_size=60))
@example("1. one")
@example("- a\n# b")
@example("www.example.com https://example.com a@example.com @everyone :tada: ~~x~~ ==y==")
@example("<!-- --> | a | `` ` `` [x](javascript:alert(1)) ![y](z) &lt; $x^2$ \\")
def test_any_text_is_shown_as_it_is(text):
    found = list(tokens(f"- {plain(text)}"))
    assert {each.type for each in found if each.type not in {"text", "html_inline", "inline", "text_special"}} <= {
        f"{part}_{end}" for part in ("bullet_list", "list_item", "paragraph") for end in ("open", "close")
    }
    assert "".join(each.content for each in found if each.type == "text").split() == one_line(text).split()


def test_a_summary_of_a_large_run_fits_and_says_that_it_goes_on(tmp_path, monkeypatch):
    whole = told("passed-en", tmp_path)
    assert MOST_BYTES < 1_024_000
    monkeypatch.setattr(summaries, "MOST_BYTES", 500)
    cut = summary(load_record(tmp_path, first=True), words_of("en"))
    assert len(cut.encode()) < 700 < len(whole.encode())
    assert "the rest is in the report" in cut
