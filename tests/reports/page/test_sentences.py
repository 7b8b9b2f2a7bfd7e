import re

import pytest

from reports import write_reports
from tests.reports.journals import rewritten, several
from tests.reports.pages import Page, page_of, part, unmarked
from tests.reports.samples import SWITCHED_BACK, write_sample


def test_the_first_page_says_where_it_failed_and_what_was_seen_instead(tmp_path):
    write_sample("failed-en", tmp_path)
    text = " ".join("".join(Page(write_reports(tmp_path).html.read_text(encoding="utf-8")).text).split())
    assert (
        'Step 9 "Then the entry made on the master host is present" (guide 4-1.S1, 4-1.S3, 4-1.S4, 4-1.S5) failed: '
        "expected the entry «訓練 2012-09-25 22:00:18 #1»; seen instead: no such entry"
    ) in text


@pytest.mark.parametrize(("name", "links"), [("failed-en", 1), ("interrupted-ja", 1), ("passed-en", 0)])
def test_the_first_sentence_leads_to_the_step_that_it_is_about(name, links, tmp_path):
    write_sample(name, tmp_path)
    html, page = page_of(tmp_path, "en")
    html = part(html, '<div class="saying">', "</div>")
    led = re.findall(r'<a href="#(s1-\d+)">', html)
    assert len(led) == links
    assert set(led) <= {attrs.get("id") for tag, attrs in page.tags if tag == "li"}


def test_a_failed_act_of_the_restoration_is_named_on_the_first_page_with_what_is_left(tmp_path):
    write_sample("failed-en", tmp_path)
    failed = {"outcome": "failed", "error": "it was not switched over: it is not running"}
    rewritten(tmp_path, lambda entry: entry | failed if entry.get("outcome") == "left alone" else entry)
    html, _ = page_of(tmp_path)
    alarms = part(unmarked(html), '<div class="alarms">', "</div>")
    assert SWITCHED_BACK in alarms
    assert "was not switched over: it is not running" in alarms
    assert "MASTER/Garoon: Running (本番ネットワーク) → Off (本番ネットワーク)" in alarms


def test_of_several_drills_each_that_failed_is_named_and_linked_on_the_first_page(tmp_path):
    several(tmp_path, "failed-en")
    html, page = page_of(tmp_path)
    saying = part(html, '<div class="saying">', "</div>")
    assert re.findall(r'<a href="#([^"]+)">([^:]+):', saying) == [
        ("s1-9", "Planned switchover"),
        ("s2-9", "Again"),
    ]
    assert {"s1-9", "s2-9"} <= {attrs["id"] for tag, attrs in page.tags if tag == "li" and "id" in attrs}
    assert re.search(r'<tr id="e\d+"><td[^>]*>[^<]+</td><td><a href="#s2-\d+">again step\s\d+</a>', html)
