"""What the page is for its readers: who cannot see it, who follows a link, and servers with a policy of their own."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import pytest

from reports import write_reports
from reports.page import figures
from reports.page.html import JAPANESE, script
from tests.kunren import commands
from tests.reports.journals import several
from tests.reports.measured import write_measured
from tests.reports.pages import VOID, Page, page_of, part, shown
from tests.reports.samples import write_sample

PLACES = r"s1-\d+|c1-\d+|drill-1|restoration-1"


class Spoken(HTMLParser):
    """Texts of a page, each with the language that it is said to be in."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.open, self.texts = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(dict(attrs).get("lang") or (self.open[-1] if self.open else ""))

    def handle_startendtag(self, tag, attrs):
        """A shape."""

    def handle_endtag(self, tag):
        self.open.pop()

    def handle_data(self, data):
        self.texts.append((self.open[-1] if self.open else "", data))


@pytest.mark.parametrize("sample", ["passed-en", "failed-ja", "hostile-ja"])
def test_every_japanese_text_of_an_english_page_is_marked_as_such(sample, tmp_path):
    write_sample(sample, tmp_path)
    html, _ = page_of(tmp_path, "en")
    found = [(language, text) for language, text in Spoken(html).texts if JAPANESE.search(text)]
    assert found
    assert [text for language, text in found if language != "ja"] == []


def test_each_picture_stands_in_the_page_once_and_is_shown_wherever_it_is_evidence(tmp_path):
    write_sample("passed-en", tmp_path)
    html, page = page_of(tmp_path)
    pictures = [attrs["href"] for tag, attrs in page.tags if tag == "image"]
    files = {hashlib.sha256(path.read_bytes()).digest() for path in (tmp_path / "evidence").iterdir()}
    assert {hashlib.sha256(base64.b64decode(each.partition(",")[2])).digest() for each in pictures} == files
    assert len(pictures) == len(files)
    assert html.count('<use href="#i1"/>') > 1


def test_the_policy_of_the_page_allows_its_own_script_alone(tmp_path):
    write_sample("passed-en", tmp_path)
    html, _ = page_of(tmp_path)
    digest = base64.b64encode(hashlib.sha256(script().encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'\">" in html
    assert html.count(script()) == 1
    assert '<div class="find" id="find" hidden>' in html, "without the script there is nothing to find with"


def test_one_click_leads_from_an_event_a_piece_of_evidence_and_a_point_to_where_it_was_seen(tmp_path):
    write_sample("passed-en", tmp_path)
    html, _ = page_of(tmp_path)
    for rows, place in ((r'<tr id="e\d+">', PLACES), (r'<tr id="evidence-\d+">', PLACES)):
        found = re.findall(f"{rows}.*?</tr>", html)
        assert found
        assert all(re.search(f'<a href="#({place})">', row) for row in found)
    assert re.search(r'<tr id="point-4-1.S1".*?<a href="#c1-1"', html)
    assert '<a class="point" href="#point-4-1.S1">' in html


def test_what_failed_is_unfolded_with_what_the_guide_says_to_do_and_what_passed_is_not(tmp_path):
    write_sample("failed-en", tmp_path)
    html, _ = page_of(tmp_path)
    step = html[html.index('<li class="step failed"') :]
    assert step.startswith('<li class="step failed" id="s1-9"><details open>')
    assert "What the guide says to do" in step[: step.index("</li>\n\n<li class")]
    assert re.findall(r'<details class="chapter fold printed (\w+)" id="[^"]+" open>', html) == ["failed"]
    assert '<li class="step passed" id="s1-1"><details><summary>' in html


def test_of_several_drills_those_that_did_not_pass_come_first_and_the_others_are_folded(tmp_path):
    several(tmp_path, "passed-en")
    html, _ = page_of(tmp_path)
    assert re.findall(r'<(\w+) class="drill[^"]*" id="(drill-\d)"', html) == [
        ("details", "drill-1"),
        ("details", "drill-2"),
        ("details", "drill-3"),
    ]
    several(tmp_path, "failed-en")
    assert re.findall(r'<(\w+) class="drill[^"]*" id="(drill-\d)"', page_of(tmp_path)[0])[:1] == [
        ("section", "drill-1")
    ]


@pytest.mark.parametrize(
    ("sample", "told"),
    [
        ("measured-en", "RTO 10 min: met. The outage lasted at most 7 min 41 s."),
        ("open-en", "RTO 10 min: missed. The outage lasted at least 11 min."),
    ],
)
def test_each_objective_is_drawn_against_what_was_measured_and_the_drawing_says_the_result(sample, told, tmp_path):
    write_measured(sample, tmp_path)
    html, page = page_of(tmp_path)
    labels = [attrs.get("aria-label", "") for tag, attrs in page.tags if tag == "svg" and attrs.get("role") == "img"]
    assert told in labels
    charts = [attrs["aria-label"] for tag, attrs in page.tags if attrs.get("class") == "picture"]
    assert charts
    assert all(re.search(r"\. .+", each) for each in charts), "not what it is alone"
    assert "target 10 min" in part(html, '<div class="bars">', "</div>")


def test_the_first_page_names_what_is_missing_and_what_was_not_tested(tmp_path):
    write_sample("interrupted-ja", tmp_path)
    html, _ = page_of(tmp_path, "en")
    particulars = part(html, '<dl class="particulars">', "</dl>")
    for name in ("Approved by", "Open actions"):
        assert f"<div class=missing><dt>{name}</dt><dd>not recorded</dd></div>" in particulars
    assert re.search(r'<dt>Not tested</dt><dd><a href="#unrun">6 steps of the plan, \d+ of 74 points', particulars)


def facts(record):
    steps = [step for drill in record["drills"] for chapter in drill["chapters"] for step in chapter["steps"]]
    return [step.get("fact") for step in steps]


@pytest.mark.parametrize(
    ("sample", "told"), [("passed-en", '<ol class="plain" start="1">'), ("failed-en", "details in journal entries")]
)
def test_of_a_very_large_run_the_journal_alone_has_the_calls_of_what_passed(sample, told, tmp_path, monkeypatch):
    write_sample(sample, tmp_path)
    before = json.loads(write_reports(tmp_path).record.read_text(encoding="utf-8"))
    monkeypatch.setattr(figures, "MOST_CALLS", 3)
    html, page = page_of(tmp_path)
    assert told in html
    assert "a new entry can be made" in shown(page)
    record = json.loads((tmp_path / "record.json").read_text(encoding="utf-8"))
    drill = record["drills"][0]
    kinds = {each["what"] for chapter in drill["chapters"] for step in chapter["steps"] for each in step["activities"]}
    assert kinds
    assert "call" not in kinds
    assert record["figures"] == before["figures"]
    assert facts(record) == facts(before)
    assert "done" in facts(record)


def test_a_folder_needs_no_style_and_no_script_inside_the_page(tmp_path):
    write_sample("passed-en", tmp_path / "record")
    write_reports(tmp_path / "record", first=True)
    before = {path: path.read_bytes() for path in (tmp_path / "record").iterdir() if path.is_file()}
    done = commands.run("report", tmp_path / "record", "--to", "folder", "--lang", "ja")
    assert done.returncode == 0, done.stderr
    folder = tmp_path / "record-report"
    assert f"report: {folder / 'index.ja.html'}" in done.stdout
    page = Page((folder / "index.ja.html").read_text(encoding="utf-8"))
    assert {"style", "script"}.isdisjoint({tag for tag, _ in page.tags})
    assert not [tag for tag, attrs in page.tags if "style" in attrs or any(name.startswith("on") for name in attrs)]
    beside = {attrs["src"] for tag, attrs in page.tags if tag == "img"} | {"style.css", "index.ja.html"}
    assert beside == {path.name for path in folder.iterdir()}
    assert all(attrs["alt"] for tag, attrs in page.tags if tag == "img")
    assert "模擬環境 SIMULATED" in (folder / "style.css").read_text(encoding="utf-8")
    assert {path: path.read_bytes() for path in before} == before
    assert json.loads((tmp_path / "record" / "record.json").read_text(encoding="utf-8"))["language"] == "en"


def test_what_people_add_after_the_run_stands_in_a_report_beside_the_sealed_one_alone(tmp_path):
    record = tmp_path / "record"
    write_sample("passed-en", record)
    own = write_reports(record, first=True).html.read_bytes()
    by = ("--by", "sato", "--lang", "en")
    action = ("action", record, "Mend it", "--owner", "tanaka", "--due", "2026-12-31")
    for arguments in (action, ("sign-off", record, "--as", "approver", "--date", "2026-12-01")):
        added = commands.run("annotate", *arguments, *by)
        assert added.returncode == 0, added.stderr
    assert commands.run("report", record, "--out", tmp_path / "later").returncode == 0
    html = (tmp_path / "later" / "report.html").read_text(encoding="utf-8")
    particulars = part(html, '<dl class="particulars">', "</dl>")
    assert "<dt>Approved by</dt><dd>sato (2026-12-01)</dd>" in particulars
    assert "<dt>Open actions</dt><dd>A1 Mend it (tanaka, 2026-12-31)</dd>" in particulars
    assert "sato signs as approver on 2026-12-01" in part(html, 'id="annotations"', "</section>")
    assert commands.run("report", record).returncode == 0
    assert (record / "report.html").read_bytes() == own
