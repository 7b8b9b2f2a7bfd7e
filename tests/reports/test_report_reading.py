"""What a report shows to those who read it and to those who hear it: marks, names, zones, captions, languages."""

import json
import re
from itertools import pairwise

import pytest

from reports.load import load_record
from tests.reports.journals import rewritten, several
from tests.reports.pages import page_of, part, shown
from tests.reports.samples import SWITCH_BACK, write_sample


@pytest.mark.parametrize("language", ["en", "ja"])
def test_no_level_of_headings_is_left_out(sample, language):
    _, page = page_of(sample, language)
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels


def test_every_table_has_a_caption_and_can_be_scrolled_by_the_keyboard(sample):
    html, page = page_of(sample)
    tables = [attrs for tag, attrs in page.tags if tag == "table"]
    assert tables
    assert len(re.findall("<table[^>]*>\\s*<caption>[^<]+</caption>", html)) == len(tables)
    scrolled = [attrs for tag, attrs in page.tags if attrs.get("class") == "wide"]
    assert all(attrs.get("tabindex") == "0" for attrs in scrolled)


def test_every_picture_says_which_it_is_and_when_it_was_taken(sample):
    _, page = page_of(sample)
    alternatives = [attrs["alt"] for tag, attrs in page.tags if tag == "img"]
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
    (colour,) = re.findall(rf"{name}: (#[0-9a-f]{{6}})", html)
    assert contrast(colour, "#ffffff") >= 4.5


def test_japanese_of_hosts_is_marked_as_such_in_an_english_report_alone(tmp_path):
    write_sample("passed-en", tmp_path)
    html, _ = page_of(tmp_path, "en")
    assert '<td class="message" lang="ja">スイッチオーバーが完了しました。</td>' in html
    html, _ = page_of(tmp_path, "ja")
    assert '<td class="message">スイッチオーバーが完了しました。</td>' in html


def test_the_words_of_the_first_page_are_in_the_language_of_the_report(tmp_path):
    write_sample("passed-en", tmp_path)
    html, _ = page_of(tmp_path, "ja")
    assert '<div class="saying">' in html
    assert '<span class="took" lang="ja">' in html


def test_no_two_regions_have_one_name(tmp_path):
    several(tmp_path, "passed-en")
    _, page = page_of(tmp_path)
    names = [attrs["aria-label"] for _, attrs in page.tags if attrs.get("role") == "region"]
    assert len(names) == 2
    assert len(set(names)) == 2


def test_an_entry_that_is_gone_after_the_restoration_is_not_marked_as_a_failure(tmp_path):
    write_sample("passed-ja", tmp_path)
    html, page = page_of(tmp_path)
    assert "✓ 存在しない（想定どおり）" in shown(page)
    assert "no such entry" not in html
    assert '<circle class="symbol gone"' in html


def test_an_entry_that_is_gone_where_it_should_be_there_is(tmp_path):
    write_sample("failed-en", tmp_path)
    rewritten(
        tmp_path,
        lambda entry: entry | {"outcome": "no such entry"} if entry.get("act") == "find" else entry,
    )
    _, page = page_of(tmp_path)
    assert "✕ no such entry" in shown(page)
    assert "not there, as it should be" not in shown(page).replace("entry not there, as it should be", "")


def test_acts_of_the_restoration_that_had_nothing_to_do_are_folded_away(tmp_path):
    write_sample("passed-en", tmp_path)
    html, page = page_of(tmp_path)
    folded = part(html, "1 checks with nothing to do", "</details>")
    assert "wait for the scenario to settle" in folded
    assert html.count("wait for the scenario to settle") == 1
    assert f"{SWITCH_BACK}: waits for" in shown(page)


def test_why_the_lab_was_left_alone_is_told(tmp_path):
    write_sample("passed-en", tmp_path)
    reason = {"because": "another operator moved the guest"}
    rewritten(tmp_path, lambda entry: entry | reason if entry.get("outcome") == "nothing to do" else entry)
    assert "nothing to do: another operator moved the guest" in shown(page_of(tmp_path)[1])


def test_a_failed_act_of_the_restoration_is_named_on_the_first_page_with_what_is_left(tmp_path):
    write_sample("failed-en", tmp_path)
    html, _ = page_of(tmp_path)
    alarms = part(html, '<div class="alarms">', "</div>")
    assert SWITCH_BACK in alarms
    assert "was not switched over: it is not running" in alarms
    assert "MASTER/Garoon: Running → Off" in alarms


def test_a_passed_step_shows_what_was_expected_and_seen(tmp_path):
    write_sample("passed-en", tmp_path)
    html, _ = page_of(tmp_path)
    checks = part(html, "1 expectation and what was seen", "</details>")
    assert "<dd>the guest is off on the master</dd>" in checks
    assert "<dd>Off</dd>" in checks
    told = json.loads((tmp_path / "record.json").read_text(encoding="utf-8"))
    steps = told["drills"][0]["chapters"][0]["steps"]
    assert steps[4]["checks"] == [{"expected": "the guest is off on the master", "seen": "Off"}]


def test_the_first_page_says_who_ran_it_and_times_carry_the_zone(tmp_path):
    write_sample("passed-en", tmp_path)
    html, page = page_of(tmp_path)
    kicker = part(html, '<p class="kicker">', "</p>")
    assert "2026-01-15 12:04:05 (UTC+09:00)" in kicker
    assert "sato on drill-01" in kicker
    for fact in ("kunren drill 4-1-clean-switchover", "Asia/Tokyo", "51fe" * 16, "16.0.2", "Garoon 3.7.0 (Garoon)"):
        assert fact in shown(page)


def test_a_drill_of_the_night_bears_the_date_of_the_site(tmp_path):
    write_sample("passed-en", tmp_path)
    rewritten(
        tmp_path,
        lambda entry: (
            {**entry, "wall": entry["wall"].replace("2026-01-15T03", "2026-01-14T17")}
            | ({"time_zone": "+09:00"} if entry["what"] == "run.began" else {})
        ),
    )
    assert "2026-01-15 02:04:05 (UTC+09:00)" in part(page_of(tmp_path)[0], '<p class="kicker">', "</p>")


def test_a_journal_of_before_has_nobody_named_and_is_told_in_its_labs_zone(tmp_path):
    write_sample("passed-en", tmp_path)
    new = ("time_zone", "operator", "digests")
    rewritten(tmp_path, lambda entry: {name: value for name, value in entry.items() if name not in new})
    record = load_record(tmp_path)
    assert (record.operator, record.digests, record.time_zone) == (None, None, "")
    kicker = part(page_of(tmp_path)[0], '<p class="kicker">', "</p>")
    assert "2026-01-15 12:04:05 (UTC+09:00)" in kicker
    assert "drill-01" not in kicker


def test_of_several_drills_each_that_failed_is_named_and_linked_on_the_first_page(tmp_path):
    several(tmp_path, "failed-en")
    html, page = page_of(tmp_path)
    saying = part(html, '<div class="saying">', "</div>")
    assert re.findall(r'<a href="#([^"]+)">([^:]+):', saying) == [
        ("trouble", "4-1 Switchover in good health"),
        ("trouble-2", "Again"),
    ]
    ids = [attrs["id"] for tag, attrs in page.tags if tag == "li" and "id" in attrs]
    assert ids == ["trouble", "trouble-2"]
    assert html.count('<a href="#drill-2">again</a>') > 0


def test_pictures_before_and_after_are_of_one_page_or_not_set_side_by_side(tmp_path):
    write_sample("passed-en", tmp_path)
    assert "Garoon before and after" not in shown(page_of(tmp_path)[1])

    def same_page(entry):
        if entry["what"] != "evidence" or not entry["address"]:
            return entry
        return entry | {"address": "http://cybozu.ca.com/grn.exe/view?event=" + str(entry["id"])}

    rewritten(tmp_path, same_page)
    html, _ = page_of(tmp_path)
    pair = part(html, '<div class="pair">', "</section>")
    assert re.findall(r"<h4>([^<]+)", pair) == ["Before", "After"]
    assert len(re.findall("<img", pair)) == 2
