"""Acceptance after a patch: differences that are expected, causes before consequences, the last runs, the document."""

import hashlib
import json
import shutil
from dataclasses import replace
from datetime import date

import pytest

from kunren.exits import Stop
from kunren.records.acceptance import last_passed, read_expected, write
from kunren.records.compare import compare_folders
from reports.acceptance import Tolerance, Verdict, compare
from reports.acceptance.as_json import to_json
from reports.acceptance.differences import Cause, Expected, differences, rule
from reports.acceptance.document import html, markdown
from reports.acceptance.result import Pair, Remark, Surrounding
from reports.acceptance.sheet import FOLLOWS, Held, Sheet
from reports.acceptance.spread import Part, Standing, spreads
from reports.load import load_record
from tests.kunren.conftest import drill_without_browser, site_with
from tests.kunren.golden import PAIRS
from tests.kunren.records.test_compare import VALIDATOR
from tests.kunren.test_cli import kunren
from tests.reports.compared import MONTH, START, TWINS, held, later, otherwise, written
from tests.reports.drawings import page_picture
from words import words_of

DRILL = "4-1-clean-switchover"
COMPLETED = "スイッチオーバーが完了しました"
SAID = Expected(
    difference="events", who="Sato", why="release notes", until=date(2026, 12, 31), drill=DRILL, texts=(COMPLETED,)
)
SLOWER = Expected(difference="time", who="Sato", why="new host", until=date(2026, 12, 31), step=START)
BEFORE = 'windows_build = "14393.5006"\n'
PATCHED = (
    'windows_build = "20348.3091"\nboot_seconds = 90\nheartbeat_seconds = 90\n'
    f'event_texts = {{ switchover_completed = "{COMPLETED}。（警告: 0 件）" }}\n'
)
FILE = 'accept = [{{difference = "{}", texts = ["{}"], who = "Sato", why = "notes", until = "2026-12-31"}}]'


def patched(lines):
    """Another build of Windows, and another text of one event; of `slower-en` the guest starts slower as well."""
    text = json.dumps(later(lines)).replace("10.0.14393", "10.0.20348")
    found = json.loads(text)
    for line in found:
        if line.get("kind") == "switchover_completed":
            line |= {"kind": "", "message": line["message"].replace("しました。", "しましたが、警告があります。")}
    return found


@pytest.fixture(scope="module")
def after_patch(tmp_path_factory):
    folder = tmp_path_factory.mktemp("patch")
    return held(written(folder / "after", "slower-en", patched), written(folder / "before", change=list))


def document(found, *expected, folders=None):
    held_so = Held(acceptance=found, ruling=rule(found, expected), folders=folders or Pair("b", "r"))
    return Sheet(held_so, words_of("en"))


def test_pictures_that_differ_stand_side_by_side_and_an_altered_one_is_not_shown(tmp_path):
    other = page_picture(99)
    files = []

    def repainted(lines):
        last = [line for line in lines if line["what"] == "evidence"][-1]
        last |= {"sha256": hashlib.sha256(other).hexdigest(), "bytes": len(other)}
        files.append(last["file"])
        return later(lines)

    for name, change in (("before", list), ("after", repainted)):
        written(tmp_path / name, change=change)
    (tmp_path / "after" / files[0]).write_bytes(other)
    folders = Pair(str(tmp_path / "before"), str(tmp_path / "after"))

    def shown():
        sheet = document(held(*(load_record(tmp_path / name) for name in ("after", "before"))), folders=folders)
        return sheet.pictures, "".join(html(sheet, words_of("en"))).count("<img")

    found, images = shown()
    assert (len(found.pairs), found.differing, images) == (1, 1, 2)
    assert found.same > 0
    (tmp_path / "before" / files[0]).write_bytes(b"altered")
    found, images = shown()
    assert (found.pairs[0].data.baseline, images) == ("", 1)


def told(sheet):
    return {table.name: [row.cells for row in table.rows] for table in sheet.tables}


def test_a_document_after_a_patch_tells_the_build_the_slower_boot_and_the_accepted_text_and_nothing_else(after_patch):
    sheet = document(after_patch, SAID)
    tables = told(sheet)
    assert sheet.verdict == "slower"
    assert list(tables) == ["environment", "drills", "differences", "accepted"]
    assert [cells[0] for cells in tables["environment"]] == ["Windows of both hosts", "site file"]
    assert [(cells[1], *cells[4:]) for cells in tables["drills"]] == [("slower", "1", "1")]
    ((where, before, after, verdict),) = tables["differences"]
    assert f"step {START}" in where
    assert (before, after, verdict) == ("5.1 s – 16 s", "25 s – 37 s", "slower")
    ((_, before, after, *agreed),) = tables["accepted"]
    assert "警告" not in before
    assert "警告" in after
    assert agreed == ["Sato", "2026-12-31", "release notes"]
    page, text = ("".join(form(sheet, words_of("en"))) for form in (html, markdown))
    for each in ("release notes", "10.0.20348", "SIMULATED", "Sign-off", "Approver"):
        assert each in page
        assert each in text


def test_where_all_is_accepted_that_is_a_verdict_of_its_own(after_patch):
    ruling = rule(after_patch, (SAID, SLOWER))
    assert (ruling.verdict, ruling.causes, ruling.unused) == (Verdict.ACCEPTED, (), ())


@pytest.mark.parametrize(
    "change",
    [
        {"until": date(2026, 2, 13)},
        {"step": START + 1},
        {"drill": "5-switchback"},
        {"texts": ("警告",)},
        {"difference": "actions"},
    ],
)
def test_an_acceptance_covers_what_it_names_until_its_last_day(after_patch, change):
    other = Expected(**({name: getattr(SAID, name) for name in SAID.__slots__} | change))
    ruling = rule(after_patch, (other,))
    assert ruling.verdict is Verdict.DIFFERENT
    assert (ruling.expired if "until" in change else ruling.unused) == (other,)


def test_what_is_unknown_is_accepted_by_nobody(tmp_path):
    def unknown(lines):
        last = [line for line in lines if line["what"] == "step.ended"][-1]
        last["outcome"] = "unknown"
        return patched(lines)

    found = held(written(tmp_path / "after", change=unknown), written(tmp_path / "before", change=list))
    outcome = Expected(difference="outcome", who="Sato", why="so", until=date(2026, 12, 31))
    assert rule(found, (SAID, outcome)).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize("name", PAIRS)
def test_differences_come_to_the_verdict_of_their_drill(name, tmp_path):
    found = PAIRS[name](tmp_path)
    for drill in found.drills:
        verdicts = [each.verdict for each in differences(drill, found.tolerance)]
        assert min(verdicts, key=list(Verdict).index) is drill.verdict


def test_what_follows_from_a_failure_stands_below_it(tmp_path):
    found = held(written(tmp_path / "after", "failed-en"), written(tmp_path / "before", change=list))
    first, *others = rule(found).causes
    assert first.difference.what == "outcome"
    assert first.consequences
    assert all(isinstance(each, Cause) and not each.consequences for each in others)
    assert all(each.step is None or each.verdict is Verdict.UNKNOWN for each in first.consequences)


def test_the_baseline_is_the_last_run_that_passed_and_one_run_has_no_spread(tmp_path, capsys):
    written(tmp_path / "runs" / "a", change=list)
    written(tmp_path / "runs" / "b", change=later)
    written(tmp_path / "runs" / "failed", "failed-en", lambda lines: later(lines, MONTH * 1.5))
    record = written(tmp_path / "record", "slower-en", lambda lines: later(lines, MONTH * 2))
    written(tmp_path / "runs" / "future", change=lambda lines: later(lines, MONTH * 3))
    shutil.copytree(tmp_path / "runs" / "a", tmp_path / "runs" / "copy")
    written(tmp_path / "runs" / "altered", change=lambda lines: later(lines, MONTH * 1.6))
    journal = tmp_path / "runs" / "altered" / "journal.jsonl"
    journal.write_bytes(journal.read_bytes().replace(b"Server 2016", b"Server 2019"))
    (tmp_path / "runs" / "no").mkdir()
    (tmp_path / "runs" / "no" / "journal.jsonl").write_text("no", encoding="utf-8")
    passed = last_passed(tmp_path / "runs", tmp_path / "record", 5)
    assert "1 that could not be read, 1 altered, 2 that did not pass" in capsys.readouterr().err
    assert [path.name for path, _ in passed] == ["b", "a"]
    found = held(record, passed[0][1])
    for runs, spread in ((passed, "2"), (passed[:1], "1")):
        several = Held(
            acceptance=found, ruling=rule(found), folders=Pair("b", "r"), passed=tuple(run for _, run in runs)
        )
        rows = told(Sheet(several, words_of("en")))["spread"]
        assert {cells[1] for cells in rows} == {spread}
        assert {cells[5] for cells in rows} <= ({"no spread"} if spread == "1" else {"within", "longer than each of 2"})
        assert rows[0][0] == "whole drill"
        assert rows[1][0].startswith("chapter 1, ")
        VALIDATOR.validate(json.loads(to_json(found, several.ruling, several.spreads)))
    with pytest.raises(Stop, match="no baseline"):
        last_passed(tmp_path / "runs", tmp_path / "runs" / "a", 5)


def test_times_are_held_against_all_passed_runs_and_one_run_has_no_spread(tmp_path):
    usual = written(tmp_path / "usual", change=lambda lines: later(lines, MONTH * 2))
    slow = written(tmp_path / "slow", "slower-en")
    record = written(tmp_path / "record", "slower-en", lambda lines: later(lines, MONTH * 3))

    def against(*passed):
        return compare(record, usual, Tolerance(), TWINS, passed)

    assert against(usual).verdict is Verdict.SLOWER
    assert against(usual, slow).verdict is Verdict.SAME, "it has taken as long before"
    (drill,) = slow.drills
    of_another_text = replace(slow, drills=(replace(drill, sha256="0" * 64),))
    found = against(usual, of_another_text)
    assert (found.verdict, found.among) == (Verdict.SLOWER, 1), "whose steps are others"
    for passed, found in (
        ((usual,), Standing.ALONE),
        ((usual, usual), Standing.LONGER),
        ((usual, slow), Standing.WITHIN),
    ):
        standing = {(each.part, each.of): each.standing for each in spreads(Pair(usual, record), passed)}
        assert standing[Part.STEP, str(START)] is found


def test_a_run_from_the_future_is_told_and_is_no_baseline(tmp_path):
    written(tmp_path / "runs" / "usual", change=list)
    written(tmp_path / "runs" / "soon", change=lambda lines: later(lines, MONTH * 1200))
    written(tmp_path / "record", change=lambda lines: later(lines, MONTH * 1201))
    ((baseline, _),) = last_passed(tmp_path / "runs", tmp_path / "record", 5)
    assert baseline.name == "usual"
    remarks = compare_folders(tmp_path / "record", baseline, Tolerance()).remarks
    assert (remarks[Remark.FUTURE].baseline, remarks[Remark.FUTURE].record[:3]) == ("—", "212")
    with pytest.raises(Stop, match="not a folder that can be read"):
        last_passed(tmp_path / "nowhere", tmp_path / "record", 5)


def checked(build, *updates, **more):
    """The master host was asked for its build and its updates."""
    said = {"build": build, "updates": dict.fromkeys(updates, ""), "quotas": {}, "excluded": None, "addresses": []}
    said |= {"programs": {}, "disks": {}, "free": {}, "hardware": None}
    said |= {"system": {"os": "Windows", "os_version": "10.0", "integration_services": build}, **more}

    def change(lines):
        place = next(number for number, line in enumerate(lines) if line["what"] == "host")
        asked = {key: lines[place][key] for key in ("at", "wall", "host")} | {"what": "host.checked"} | said
        return [*lines[: place + 1], asked, *lines[place + 1 :]]

    return change


def test_what_the_preflight_check_read_of_hosts_is_compared(tmp_path):
    machine = {"model": "Maker R 1", "processors": 16, "memory": 2**36}
    before = written(tmp_path / "before", change=checked("14393.1", "KB1", computer=machine))
    after = written(tmp_path / "after", change=checked("14393.2", "KB1", "KB2", computer=machine | {"processors": 8}))
    told_of = {each.what: each.told for each in held(after, before).surroundings}
    assert told_of[Surrounding.BUILD] == Pair("14393.1", "14393.2")
    assert told_of[Surrounding.UPDATES] == Pair("–", "KB2")
    assert told_of[Surrounding.INTEGRATION] == Pair("14393.1", "14393.2")
    assert told_of[Surrounding.GUEST] == Pair("Windows 10.0", "Windows 10.0")
    assert told_of[Surrounding.COMPUTER] == Pair("Maker R 1, 16 CPU, 64 GiB", "Maker R 1, 8 CPU, 64 GiB")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (FILE.format("weather", "x"), "weather"),
        ('accept = [{difference = "time", why = "so", until = "2026-12-31"}]', "who"),
        ('accept = [{difference = "time", who = "S", why = "so", until = "soon"}]', "not a date"),
    ],
)
def test_a_mistake_in_a_file_of_acceptances_is_one_sentence(tmp_path, text, said):
    (tmp_path / "accept.toml").write_text(text, encoding="utf-8")
    with pytest.raises(Stop, match=said):
        read_expected(tmp_path / "accept.toml")


def test_the_command_accepts_writes_the_document_and_leaves_other_files_alone(tmp_path):
    written(tmp_path / "base", change=list)
    written(tmp_path / "after", change=patched)
    (tmp_path / "accept.toml").write_text(FILE.format("events", COMPLETED), encoding="utf-8")
    call = ("compare", "after", "base", "--accept", "accept.toml", "--changes", "--to", "md")
    done = kunren(*call, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Verdict: ≈ accepted with remarks" in done.stdout
    assert "accepted with remarks" in (tmp_path / "comparison.md").read_text(encoding="utf-8")
    (tmp_path / "mine.md").write_text("mine", encoding="utf-8")
    held_here = held(load_record(tmp_path / "after"), load_record(tmp_path / "base"))
    with pytest.raises(Stop, match=r"mine\.md"):
        write(
            Held(acceptance=held_here, ruling=rule(held_here), folders=Pair("b", "r")),
            words_of("en"),
            "md",
            tmp_path / "mine.md",
        )
    assert (tmp_path / "mine.md").read_text(encoding="utf-8") == "mine"


def test_other_actions_are_not_hidden_by_an_accepted_event(tmp_path):
    found = held(
        written(tmp_path / "after", change=lambda lines: otherwise(later(lines))),
        written(tmp_path / "before", change=list),
    )
    ruling = rule(found, (SAID,))
    assert ruling.accepted
    assert {each.difference.what for each in ruling.causes} >= {"actions"}
    assert ruling.verdict is Verdict.DIFFERENT


@pytest.mark.controls
def test_a_run_after_a_simulated_patch_is_told_in_a_document_that_says_just_that(tmp_path):
    (tmp_path / "patched").mkdir()
    unpatched = site_with(tmp_path, BEFORE)
    patched_site = site_with(tmp_path / "patched", PATCHED)
    run = ("4-1-clean-switchover", "--lang", "en")
    before = drill_without_browser(tmp_path / "before", *run, "--site", unpatched, probed=True)
    after = drill_without_browser(tmp_path / "after", *run, "--site", patched_site, probed=True)
    assert (before.code, after.code) == (0, 0), after.stderr
    found = compare_folders(after.folder, before.folder, Tolerance())
    event = Expected(difference="events", who="Sato", why="release notes", until=date(9999, 12, 31), drill=DRILL)
    tables = told(document(found, event))
    changed = {cells[0]: cells[2] for cells in tables["environment"]}
    for each in ("Windows of both hosts", "build of both hosts", "integration services of the guest"):
        assert "20348" in changed[each]
    assert "machine of both hosts" not in changed
    assert len(tables["accepted"]) == 1
    first, *others = tables["differences"]
    assert first[3] == "slower"
    assert COMPLETED in first[0]
    assert all(cells[0].startswith(FOLLOWS) and cells[3] == "slower" for cells in others)
