import re
import time

import pytest

from lab.model.record import Outcome
from reports import write_reports
from tests.reports.measured import write_measured
from tests.reports.journals import several
from tests.reports.pages import Page
from tests.reports.samples import HOSTILE, write_sample


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_report_is_well_formed_and_needs_nothing_else(sample, language):
    page = Page(write_reports(sample, language).html.read_text(encoding="utf-8"))
    names = {tag for tag, _ in page.tags}
    assert names.isdisjoint({"script", "link", "iframe", "object", "embed", "form", "base"})
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    for tag, attrs in page.tags:
        assert not [name for name in attrs if name.startswith("on")], tag
        assert attrs.get("src", "data:image/png;base64,").startswith("data:image/png;base64,")
        assert attrs.get("href", "#").startswith("#")
        assert attrs.get("href", "#")[1:] in {"", *ids}


@pytest.mark.parametrize("language", ["en", "ja"])
def test_hostile_text_is_shown_and_does_nothing(language, tmp_path):
    write_sample("hostile-ja", tmp_path)
    html = write_reports(tmp_path, language).html.read_text(encoding="utf-8")
    shown = HOSTILE.replace("\u202e", "[U+202E]").replace("\x1b", "[U+001B]")
    assert "".join(Page(html).text).count(shown) >= 12
    for raw in ("<script", "<img src=x", "]]>", "<!--", "\u202e", "\x1b"):
        assert raw not in html


@pytest.mark.parametrize("language", ["en", "ja"])
def test_hostile_answers_to_probes_are_shown_and_do_nothing(language, tmp_path):
    write_measured("spiteful-ja", tmp_path)
    html = write_reports(tmp_path, language).html.read_text(encoding="utf-8")
    shown = HOSTILE.replace("\u202e", "[U+202E]").replace("\x1b", "[U+001B]")
    assert "".join(Page(html).text).count(shown) >= 10
    for raw in ("<script", "<img src=x", "]]>", "<!--", "\u202e", "\x1b"):
        assert raw not in html


def test_every_page_of_a_simulated_record_says_so(tmp_path):
    write_sample("passed-ja", tmp_path)
    html = write_reports(tmp_path).html.read_text(encoding="utf-8")
    assert '@page { @top-right { content: "模擬環境 SIMULATED"; } }' in html
    assert '<div class="simulated-print" aria-hidden="true">SIMULATED</div>' in html
    path = tmp_path / "journal.jsonl"
    path.write_text(path.read_text(encoding="utf-8").replace('"environment": "simulated"', '"environment": "real"'))
    assert "SIMULATED" not in write_reports(tmp_path).html.read_text(encoding="utf-8")


def test_the_first_page_says_where_it_failed_and_what_was_seen_instead(tmp_path):
    write_sample("failed-en", tmp_path)
    text = " ".join("".join(Page(write_reports(tmp_path).html.read_text(encoding="utf-8")).text).split())
    assert (
        'Step 9 "Then the appointment is there" (guide 4-1.S1, 4-1.S3, 4-1.S4, 4-1.S5) failed: expected the '
        "appointment “An appointment made on the master”; "
        "seen instead: Garoon says that there is no such appointment (id 1043)"
    ) in text


def test_steps_that_were_not_run_are_listed(tmp_path):
    write_sample("interrupted-ja", tmp_path)
    html = write_reports(tmp_path).html.read_text(encoding="utf-8")
    listed = html[html.index('<ul class="unrun">') :]
    assert re.findall(r"(\d+)\. <b>", listed[: listed.index("</ul>")]) == ["7", "8", "9", "10", "11", "12"]


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda picture: picture.unlink(), "is missing from the record"),
        (lambda picture: picture.write_bytes(picture.read_bytes()[:-1] + b"\0"), "is not the one that was kept"),
    ],
)
def test_a_missing_or_altered_picture_is_said_and_not_shown(spoil, sentence, tmp_path):
    write_sample("passed-en", tmp_path)
    before = write_reports(tmp_path).html.read_text(encoding="utf-8").count("<img")
    spoil(tmp_path / "evidence" / "0002-screenshot.png")
    html = write_reports(tmp_path).html.read_text(encoding="utf-8")
    assert sentence in html
    assert "2 of 3 files as they were kept" in html
    assert html.count("<img") == before - 1


@pytest.mark.parametrize("path", ["../secret.png", "/etc/hostname", "evidence/../journal.jsonl", "evidence/link"])
def test_a_path_that_leads_out_of_the_record_is_never_opened(path, tmp_path):
    record = tmp_path / "record"
    write_sample("passed-en", record)
    (tmp_path / "secret.png").write_bytes((record / "evidence" / "0002-screenshot.png").read_bytes())
    (record / "evidence" / "link").symlink_to(tmp_path / "secret.png")
    journal = record / "journal.jsonl"
    journal.write_text(journal.read_text(encoding="utf-8").replace("evidence/0002-screenshot.png", path))
    assert "lies outside the record. It was not opened." in write_reports(record).html.read_text(encoding="utf-8")


def test_drills_of_one_run_each_have_their_own_part_and_clock(tmp_path):
    several(tmp_path, "passed-en")
    made = write_reports(tmp_path)
    html = made.html.read_text(encoding="utf-8")
    assert made.verdict.outcome is Outcome.UNKNOWN
    assert "<h1>3 drills</h1>" in html
    assert "The run did not get to step 1" in html
    assert html.count('<svg class="picture"') == 2
    ids = [attrs["id"] for _, attrs in Page(html).tags if "id" in attrs]
    assert len(ids) == len(set(ids))


def test_a_report_is_written_in_less_than_half_a_second(tmp_path):
    write_sample("passed-ja", tmp_path)
    began = time.process_time()
    write_reports(tmp_path)
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize(("name", "links"), [("failed-en", 1), ("interrupted-ja", 1), ("passed-en", 0)])
def test_the_first_sentence_leads_to_the_step_that_it_is_about(name, links, tmp_path):
    write_sample(name, tmp_path)
    page = Page(write_reports(tmp_path, "en").html.read_text(encoding="utf-8"))
    assert len([attrs for tag, attrs in page.tags if tag == "a" and attrs.get("href") == "#trouble"]) == links
    assert len([attrs for tag, attrs in page.tags if tag == "li" and attrs.get("id") == "trouble"]) == links
