import json
import re
import time
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from journal.course import Outcome
from reports import write_reports
from reports.load import load_record
from reports.page.html import render
from tests.reports.journals import rewritten, several
from tests.reports.measured import MEASURED, write_measured
from tests.reports.pages import Page, page_of, part, shown, without_script
from tests.reports.samples import HOSTILE, SAMPLES, SWITCHED_BACK, write_sample
from words import words_of


@pytest.fixture(params=[*SAMPLES, *MEASURED])
def sample(request):
    """The name of a sample, whose report is written once for all that only read it."""
    return request.param


@cache
def page_of_sample(name, language):
    with TemporaryDirectory() as folder:
        (write_measured if name in MEASURED else write_sample)(name, Path(folder))
        return page_of(Path(folder), language)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_report_is_well_formed_and_needs_nothing_else(sample, language):
    _, page = page_of_sample(sample, language)
    names = {tag for tag, _ in page.tags}
    assert names.isdisjoint({"link", "iframe", "object", "embed", "form", "base"})
    assert [attrs for tag, attrs in page.tags if tag == "script"] == [{}]
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    for tag, attrs in page.tags:
        assert not [name for name in attrs if name.startswith("on")], tag
        assert "src" not in attrs
        if tag == "image":
            assert attrs["href"].startswith("data:image/png;base64,")
        else:
            assert attrs.get("href", "#")[1:] in {"", *ids}


@pytest.mark.parametrize("language", ["en", "ja"])
def test_hostile_text_is_shown_and_does_nothing(language, tmp_path):
    write_sample("hostile-ja", tmp_path)
    html = write_reports(tmp_path, language).html.read_text(encoding="utf-8")
    shown = HOSTILE.replace("\u202e", "[U+202E]").replace("\x1b", "[U+001B]")
    assert "".join(Page(html).text).count(shown) >= 12
    for raw in ("<script", "<img src=x", "]]>", "<!--", "\u202e", "\x1b"):
        assert raw not in without_script(html)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_hostile_answers_to_probes_are_shown_and_do_nothing(language, tmp_path):
    write_measured("spiteful-ja", tmp_path)
    html = write_reports(tmp_path, language).html.read_text(encoding="utf-8")
    shown = HOSTILE.replace("\u202e", "[U+202E]").replace("\x1b", "[U+001B]")
    assert "".join(Page(html).text).count(shown) >= 10
    for raw in ("<script", "<img src=x", "]]>", "<!--", "\u202e", "\x1b"):
        assert raw not in without_script(html)


def test_every_page_of_a_simulated_record_says_so(tmp_path):
    write_sample("passed-ja", tmp_path)
    html = write_reports(tmp_path).html.read_text(encoding="utf-8")
    assert '@top-right { content: "模擬環境 SIMULATED"; } }' in html
    assert '<div class="simulated-print" aria-hidden="true">SIMULATED</div>' in html
    path = tmp_path / "journal.jsonl"
    path.write_text(
        path.read_text(encoding="utf-8")
        .replace('"environment": "simulated"', '"environment": "real"')
        .replace(" (SIMULATED)", "")
    )
    assert "SIMULATED" not in write_reports(tmp_path).html.read_text(encoding="utf-8")


def test_an_identifier_from_outside_stays_a_string_on_every_page(tmp_path):
    write_sample("passed-ja", tmp_path)
    identifier = '"; } </style><script>alert(1)</script>\\'
    hostile = replace(load_record(tmp_path, first=True), id=identifier)
    html = render(hostile, tmp_path, words_of("en"))
    assert [attrs for tag, attrs in Page(html).tags if tag == "script"] == [{}]
    written = re.search(r'@top-left \{ content: "([^"]*)"; \}', html)
    assert written
    assert re.sub(r"\\([0-9a-f]+) ", lambda each: chr(int(each[1], 16)), written[1]) == identifier


def test_steps_that_were_not_run_are_listed(tmp_path):
    write_sample("interrupted-ja", tmp_path)
    html = write_reports(tmp_path).html.read_text(encoding="utf-8")
    listed = html[html.index('<ul class="unrun">') :]
    assert re.findall(r"(\d+)\. <b>", listed[: listed.index("</ul>")]) == ["7", "8", "9", "10", "11", "12"]


def test_drills_of_one_run_each_have_their_own_part_and_clock(tmp_path):
    several(tmp_path, "passed-en")
    made = write_reports(tmp_path)
    html = made.html.read_text(encoding="utf-8")
    assert made.verdict.outcome is Outcome.UNKNOWN
    assert "<h1>3 drills</h1>" in html
    assert "The run did not reach step 1" in html
    assert html.count('<svg class="picture"') == 2
    ids = [attrs["id"] for _, attrs in Page(html).tags if "id" in attrs]
    assert len(ids) == len(set(ids))


def test_a_report_is_written_in_less_than_half_a_second(tmp_path):
    write_sample("passed-ja", tmp_path)
    began = time.process_time()
    write_reports(tmp_path)
    assert time.process_time() - began < 0.5


def test_an_entry_that_is_gone_after_the_restoration_is_not_marked_as_a_failure(tmp_path):
    write_sample("passed-ja", tmp_path)
    html, page = page_of(tmp_path)
    assert "✓ 存在しない（想定どおり）" in shown(page)
    assert "no such entry" not in html
    assert '<circle class="symbol gone"' in html


def test_an_entry_that_is_gone_where_it_should_be_there_is(tmp_path):
    write_sample("failed-en", tmp_path)

    def gone(entry):
        """When the lab has been put back nobody looks."""
        if entry.get("act") != "find":
            return entry
        return entry | {"outcome": "no such entry"} if entry["by"] == "browser" else None

    rewritten(tmp_path, gone)
    _, page = page_of(tmp_path)
    assert "✕ no such entry" in shown(page)
    assert "absent, as expected" not in shown(page).replace("entry absent, as expected", "")


def test_acts_of_the_restoration_that_had_nothing_to_do_are_folded_away(tmp_path):
    write_sample("passed-en", tmp_path)
    html, page = page_of(tmp_path)
    folded = part(html, "3 checks with nothing to do", "</details>")
    assert "wait for the scenario to settle" in folded
    assert html.count("wait for the scenario to settle") == 1
    assert f"{SWITCHED_BACK}: waiting for" in shown(page)


def test_why_the_lab_was_left_alone_is_told(tmp_path):
    write_sample("passed-en", tmp_path)
    reason = {"because": "another operator moved the guest"}
    rewritten(tmp_path, lambda entry: entry | reason if entry.get("outcome") == "nothing to do" else entry)
    assert "nothing to do: another operator moved the guest" in shown(page_of(tmp_path)[1])


def test_a_passed_step_shows_what_was_expected_and_seen(tmp_path):
    write_sample("passed-en", tmp_path)
    html, _ = page_of(tmp_path)
    assert "<li>Garoon off on MASTER → off on MASTER, heartbeat None</li>" in html
    told = json.loads((tmp_path / "record.json").read_text(encoding="utf-8"))
    steps = told["drills"][0]["chapters"][0]["steps"]
    assert steps[4]["checks"] == [{"expected": "Garoon off on MASTER", "seen": "off on MASTER, heartbeat None"}]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_no_level_of_headings_is_left_out(sample, language):
    _, page = page_of_sample(sample, language)
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels


def test_every_table_has_a_caption_and_can_be_scrolled_by_the_keyboard(sample):
    html, page = page_of_sample(sample, sample[-2:])
    tables = [attrs for tag, attrs in page.tags if tag == "table"]
    assert tables
    assert len(re.findall("<table[^>]*>\\s*<caption>[^<]+</caption>", html)) == len(tables)
    scrolled = [attrs for tag, attrs in page.tags if attrs.get("class") == "wide"]
    assert all(attrs.get("tabindex") == "0" for attrs in scrolled)


def test_every_picture_says_which_it_is_and_when_it_was_taken(sample):
    _, page = page_of_sample(sample, sample[-2:])
    alternatives = [attrs["aria-label"] for tag, attrs in page.tags if attrs.get("class") == "image"]
    assert alternatives or sample in MEASURED
    assert all(re.search(r"\d+, \d\d:\d\d:\d\d", each) for each in alternatives)


def contrast(one, other):
    def luminance(colour):
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_numbers_of_steps_can_be_read(tmp_path):
    write_sample("passed-en", tmp_path)
    html, _ = page_of(tmp_path)
    (name,) = re.findall(r"\.ordinal {[^}]*color: var\((--\w+)\)", html)
    inks = re.findall(rf"{name}: (#[0-9a-f]{{6}})", html)
    papers = re.findall(r"--paper: (#[0-9a-f]{3,6})", html)
    assert len(inks) == len(papers) == 2, "by day and by night"
    assert all(contrast(ink, paper.replace("#fff", "#ffffff")) >= 4.5 for ink, paper in zip(inks, papers, strict=True))


def test_japanese_of_hosts_is_marked_as_such_in_an_english_report_alone(tmp_path):
    write_sample("passed-en", tmp_path)
    html, _ = page_of(tmp_path, "en")
    assert '<td><span lang="ja">スイッチオーバーが完了しました。</span></td>' in html
    html, _ = page_of(tmp_path, "ja")
    assert "<td>スイッチオーバーが完了しました。</td>" in html


def test_the_words_of_the_first_page_are_in_the_language_of_the_report(tmp_path):
    write_sample("passed-en", tmp_path)
    html, _ = page_of(tmp_path, "ja")
    assert '<div class="saying">' in html
    assert '<span class="text" lang="en">' in html
    assert '<span class="took">' in html


def test_no_two_regions_have_one_name(tmp_path):
    several(tmp_path, "passed-en")
    _, page = page_of(tmp_path)
    names = [attrs["aria-label"] for _, attrs in page.tags if attrs.get("role") == "region"]
    assert len(names) == 3
    assert len(set(names)) == 3


def test_the_first_page_says_who_ran_it_and_times_carry_the_zone(tmp_path):
    write_sample("passed-en", tmp_path)
    html, page = page_of(tmp_path)
    kicker = part(html, '<p class="kicker">', "</p>")
    assert "2026-01-15 12:04:05 (UTC+09:00)" in kicker
    assert "sato on drill-01" in part(html, '<dl class="particulars">', "</dl>")
    for fact in ("kunren drill 4-1-clean-switchover", "UTC+09:00", "16.0.2", "Garoon 3.5.2 (cybozu.ca.com)"):
        assert fact in shown(page)
