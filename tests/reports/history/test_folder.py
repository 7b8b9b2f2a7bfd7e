"""A folder with everything in it that people leave there: each record is listed, and says why it does not count."""

import json
import shutil

import pytest

from journal.reader import read_journal
from reports.history.index import FILE, VERSION, Index, IndexUnusable
from reports.history.summary import Standing
from reports.load import JOURNAL
from tests.kunren.sealed import write_record
from tests.reports.history.folders import FIRST, add, history_of, reason, standings
from tests.reports.journals import lines_of, rewrite


def changed(folder, change):
    """As one who knows the format would hide it."""
    rewrite(folder, [change(line) for line in lines_of(folder)])


def test_each_record_of_a_mixed_folder_is_listed_and_says_why_it_does_not_count(tmp_path):
    for day, name in enumerate(("good", "broken", "unreadable", "newer", "twin", "other/deep")):
        add(tmp_path, name, day)
    add(tmp_path, "elsewhere", 9, site="osaka")
    add(tmp_path, "tomorrow", 900)
    shutil.copytree(tmp_path / "good", tmp_path / "zz-copy")
    add(tmp_path, "twin-2", 4, record="R-twin", template="slower-en")
    broken = tmp_path / "broken" / JOURNAL
    broken.write_bytes(broken.read_bytes().replace(b'"passed"', b'"failed"', 1))
    (tmp_path / "unreadable" / JOURNAL).write_bytes(b"no journal\n")
    changed(tmp_path / "newer", lambda line: line | ({"schema": 2} if "schema" in line else {}))
    (tmp_path / "no-record").mkdir()
    (tmp_path / "linked").symlink_to(tmp_path / "good")
    (tmp_path / "loop").symlink_to(tmp_path)
    found = history_of(tmp_path)
    assert standings(found) == {
        "good": "counted",
        "zz-copy": "copy",
        "linked": "copy",
        "broken": "altered",
        "unreadable": "unreadable",
        "newer": "newer",
        "tomorrow": "future",
        "twin": "altered",
        "twin-2": "altered",
        "other/deep": "counted",
        "elsewhere": "counted",
    }
    assert "does not follow from the line before" in reason(found, "broken")
    assert "newer Kunren" in reason(found, "newer")
    assert [(each.site, len(each.listed)) for each in found.courses] == [("osaka", 1), ("tokyo", 2)]


def test_a_journal_without_a_chain_counts_and_says_that_nothing_shows_whether_it_was_changed(tmp_path):
    journal = add(tmp_path, "old") / JOURNAL
    lines = ({name: value for name, value in line.items() if name != "prev"} for line in lines_of(tmp_path / "old"))
    journal.write_text("".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines), encoding="utf-8")
    (old,) = history_of(tmp_path).listed
    assert old.counts
    assert ["not chained" in str(each) for each in old.reading.remarks] == [True]


def test_a_record_that_was_changed_and_chained_anew_is_altered_and_its_figures_no_longer_count(tmp_path):
    add(tmp_path, "kept", 0)
    folder = add(tmp_path, "changed", 1)
    was = history_of(tmp_path)
    changed(folder, lambda line: line | ({"outcome": "skipped"} if line.get("outcome") == "passed" else {}))
    found = history_of(tmp_path)
    assert (standings(was)["changed"], standings(found)) == ("counted", {"kept": "counted", "changed": "altered"})
    known = next(each.known for each in found.listed if each.place == "changed")
    assert known.sha256 == next(each.reading.sha256 for each in was.listed if each.place == "changed")
    assert known.sha256[:16] in reason(found, "changed")
    assert [each.n for each in found.series["tokyo", found.courses[0].environment]] == [1]


def test_a_record_that_vanished_stays_in_the_list_and_one_that_moved_is_the_same(tmp_path):
    gone, moved = add(tmp_path, "gone", 0), add(tmp_path, "moved", 1)
    history_of(tmp_path)
    shutil.rmtree(gone)
    moved.rename(tmp_path / "archive")
    for _ in range(2):
        found = history_of(tmp_path)
        assert standings(found) == {"archive": "counted", "gone": "vanished"}
    lost = found.amiss[0]
    assert (lost.reading.site, lost.reading.record) == ("tokyo", "R-gone")


def test_the_record_of_a_run_that_goes_on_is_not_altered(tmp_path):
    folder = add(tmp_path, "run")
    journal = folder / JOURNAL
    whole = journal.read_bytes()
    journal.write_bytes(b"".join(whole.splitlines(keepends=True)[:150]))
    assert history_of(tmp_path).folder.read == 1
    journal.write_bytes(whole)
    found = history_of(tmp_path)
    assert standings(found) == {"run": "counted"}
    assert found.listed[0].known.sha256 == read_journal(journal).sha256


def test_only_what_changed_is_read_again_unless_all_is_asked_for(tmp_path):
    for name in ("a", "b"):
        add(tmp_path, name)
    reads = [history_of(tmp_path).folder.read for _ in range(2)]
    (tmp_path / "b" / "record.json").write_text("{}")
    reads += [history_of(tmp_path, thorough=each).folder.read for each in (False, True)]
    assert reads == [2, 0, 1, 2]


def test_an_index_of_another_version_is_made_again_and_still_knows_what_vanished(tmp_path):
    add(tmp_path, "here")
    gone = add(tmp_path, "gone")
    history_of(tmp_path)
    shutil.rmtree(gone)
    with Index(tmp_path / FILE) as index:
        index._base.execute(f"PRAGMA user_version = {VERSION + 1}")
        index.keep("here", "look", json.dumps({"strange": 1}), "[]")
        index.commit()
    found = history_of(tmp_path)
    assert (found.folder.read, standings(found)) == (1, {"here": "counted", "gone": "vanished"})


def test_a_seal_that_is_gone_is_missed_and_evidence_that_was_exchanged_too(tmp_path):
    sealed, spoilt = write_record(tmp_path / "sealed"), add(tmp_path, "spoilt", 1)
    before = history_of(tmp_path)
    for name in ("seal.json", "seal.sig", "seal.pem"):
        (sealed / name).unlink()
    picture = min((spoilt / "evidence").iterdir())
    picture.write_bytes(b"another")
    quick, thorough = history_of(tmp_path), history_of(tmp_path, thorough=True)
    assert standings(before)["sealed"] == "altered"  # record.json of that sample is another's
    assert "sealed when the index had it" in reason(quick, "sealed")
    assert (standings(quick)["spoilt"], standings(thorough)["spoilt"]) == ("counted", "altered")
    assert picture.name in reason(thorough, "spoilt")


@pytest.mark.parametrize(
    "change", [{"began": None}, {"actions": [{"id": "A1", "text": "x", "owner": "y", "due": "?"}]}]
)
def test_what_the_index_could_not_have_read_is_read_again(tmp_path, change):
    add(tmp_path, "one")
    history_of(tmp_path)
    with Index(tmp_path / FILE) as index:
        kept = index.kept()["one"]
        index.keep("one", kept.look, json.dumps({**kept.reading.to_json(), **change}), "[]")
        index.commit()
    assert history_of(tmp_path).folder.read == 1


@pytest.mark.parametrize("content", [b"photographs", b"SQLite format 3\0" + bytes(100)])
def test_a_file_that_is_not_an_index_is_left_alone(tmp_path, content):
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(IndexUnusable):
        history_of(tmp_path)
    assert (tmp_path / FILE).read_bytes() == content


def test_an_index_that_leads_elsewhere_or_runs_things_of_its_own_is_refused(tmp_path):
    index = tmp_path / "of" / FILE
    index.parent.mkdir()
    with Index(index) as made:
        made._base.execute("CREATE TRIGGER known AFTER INSERT ON known BEGIN DELETE FROM known; END")
        made.commit()
    (tmp_path / "link").symlink_to(index)
    for path in (index, tmp_path / "link"):
        with pytest.raises(IndexUnusable):
            Index(path)


def test_a_record_whose_journal_tells_nothing_any_more_is_listed_with_its_site_and_its_day(tmp_path):
    record = add(tmp_path, "run", 0)
    history_of(tmp_path)
    (record / "journal.jsonl").write_bytes(b"")
    (found,) = history_of(tmp_path).listed
    assert (found.standing, found.reading.site, found.reading.began) == (Standing.ALTERED, "tokyo", FIRST)
    shutil.rmtree(record)
    assert f"The record of the run of {FIRST.date()} is not there" in reason(history_of(tmp_path), "run")
