"""`kunren annotate`: what people add to a record is chained to it, and the sealed run stays as it was."""

import errno
import os
import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from journal.annotations import (
    FILE,
    LOCK,
    AnnotationsUnreadable,
    Feedback,
    Finding,
    Severity,
    SignsAs,
    Status,
    annotate,
    read_annotations,
)
from journal.seal import JOURNAL
from journal.verification import read_journal
from kunren.records.verify import verify
from lab.model.signing import PrivateKey
from tests.kunren.sealed import offline, restored, write_record
from tests.kunren.test_cli import kunren
from tests.reports.journals import lines_of, rewrite
from words import words_of

ADDED = (
    ("finding", "Nobody was told", "--severity", "major", "--step", "12", "--role", "auditor"),
    ("action", "Send a mail", "--owner", "田中", "--due", "2026-12-31", "--finding", "F1"),
    ("action", "Ring the users", "--owner", "鈴木", "--due", "2027-01-31"),
    ("status", "A1", "done", "--comment", "revision 4"),
    ("feedback", "It took \x1b[31mlong\nenough"),
    ("plan-update", "Chapter 4-1 names the mail", "--document", "BCP-12, revision 4"),
    ("sign-off", "--as", "approver", "--date", "2026-12-01", "--comment", "良好"),
)


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture(scope="module")
def sealed(tmp_path_factory):
    return write_record(tmp_path_factory.mktemp("sealed") / "record")


@pytest.fixture
def folder(sealed, tmp_path):
    return restored(sealed, tmp_path / "record")


def add(folder, kind, *arguments, by="佐藤"):
    return kunren("annotate", kind, folder, *arguments, "--by", by, "--lang", "en", cwd=folder.parent)


def head_of(folder):
    return read_journal(folder / JOURNAL).journal.head


def annotations(folder):
    return read_annotations(folder, head_of(folder))


def test_what_people_add_can_be_read_and_the_sealed_run_stays_sealed(folder):
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    for each in ADDED:
        done = add(folder, *each)
        assert (done.returncode, done.stderr, done.stdout.count("\n")) == (0, "", 2), done.stderr
        assert f"The sealed report does not show it; `kunren report {folder} --out DIR`" in done.stdout
    assert {path: path.read_bytes() for path in before} == before
    found = annotations(folder)
    assert [each.what for each in found.entries] == [
        *("finding", "action", "action", "action.status", "feedback", "plan.updated", "signed.off")
    ]
    [finding] = found.findings
    assert (finding.id, finding.severity, finding.step, finding.by, finding.role) == (
        *("F1", Severity.MAJOR, "12"),
        *("佐藤", "auditor"),
    )
    assert [(each.id, each.status, each.finding) for each in found.actions] == [
        ("A1", Status.DONE, "F1"),
        ("A2", Status.OPEN, ""),
    ]
    assert [each.id for each in found.open_actions] == ["A2"]
    assert [(each.signs_as, each.date) for each in found.sign_offs] == [(SignsAs.APPROVER, "2026-12-01")]
    listed = kunren("annotate", "list", folder, "--lang", "ja", cwd=folder).stdout
    assert "2. 佐藤: 是正措置 A1（担当 田中、期限 2026-12-31）: Send a mail\n" in listed
    assert "未完了の是正措置: A2" in listed
    found = verify(folder, None, rendering=False)
    assert found.code == 0
    assert "7 annotations follow from the run" in "\n".join(found.lines(words_of("en")))
    assert offline()(folder)[0] == 0


def test_a_signed_annotation_says_by_whose_key(folder):
    assert kunren("key", "new", "sato", cwd=folder).returncode == 0
    assert add(folder, "feedback", "fine", "--sign", "sato").returncode == 0
    assert add(folder, "feedback", "fine").returncode == 0
    annotate(folder, head_of(folder), lambda _: Feedback(by="x", text="y"), PrivateKey.new())
    said = "\n".join(verify(folder, None, rendering=False).lines(words_of("en")))
    assert "1 of them are signed with the key of sato" in said
    assert "1 of them are not signed" in said
    assert "1 of them are signed with a key that is unknown here" in said
    lines = (folder / FILE).read_bytes().splitlines(keepends=True)
    for other in (lines[0].replace(b"fine", b"fime"), lines[0].replace(b', "sig"', b', "sig" ')):
        (folder / FILE).write_bytes(other)
        assert verify(folder, None, rendering=False).code == 1
    refused = add(folder, "feedback", "fine", "--sign", "nobody")
    assert (refused.returncode, "The key nobody cannot be used" in refused.stderr) == (2, True)


@pytest.mark.parametrize("many", [60, pytest.param(1500, marks=pytest.mark.controls)])
def test_whatever_is_done_to_annotations_is_noticed(folder, many):
    for text in ("one", "two", "three", "four"):
        annotate(folder, head_of(folder), lambda _, text=text: Feedback(by="sato", text=text), None)
    look, head = offline(), head_of(folder)
    whole = (folder / FILE).read_bytes()
    *first, last = whole.splitlines(keepends=True)
    chance = random.Random(many)
    flips = []
    for _ in range(many):
        at = chance.randrange(len(whole) - len(last))  # what is last in a chain shows no change unless it is signed
        flips.append(whole[:at] + bytes([whole[at] ^ chance.randrange(1, 256)]) + whole[at + 1 :])
    one, two, three = first
    moved = (
        [two, three, last],
        [one, three, last],
        [two, one, three, last],
        [one, one, two, three, last],
        [*first, b"x"],
    )
    for content in (*flips, *(b"".join(each) for each in moved), whole[:-1], b"[\n", b"\n"):
        (folder / FILE).write_bytes(content)
        with pytest.raises(AnnotationsUnreadable):
            read_annotations(folder, head)
    assert verify(folder, None, rendering=False).code == 1
    assert look(folder)[0] == 1


def test_annotations_of_another_record_do_not_follow_from_this_one(folder, tmp_path):
    other = restored(folder, tmp_path / "other")
    rewrite(other, lines_of(other)[:-1])
    for each in ("seal.json", "seal.sig", "seal.pem", "record.json"):
        (other / each).unlink()
    assert add(other, "feedback", "fine").returncode == 0, "a record that was cut short can be annotated"
    (folder / FILE).write_bytes((other / FILE).read_bytes())
    assert verify(folder, None, rendering=False).code == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("action", "x", "--owner", "y", "--due", "soon"), "'soon' is not a date"),
        (("action", "x", "--owner", " ", "--due", "2026-12-31"), "is blank"),
        (("action", "x", "--owner", "y", "--due", "2026-12-31", "--finding", "F9"), "There is no F9; known are: none."),
        (("status", "A1", "done"), "There is no A1"),
        (("sign-off", "--as", "reviewer", "--date", "2026-02-30"), "is not a date"),
        (("feedback", ""), "is blank"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_sentence(folder, arguments, said):
    done = add(folder, *arguments)
    assert (done.returncode, said in done.stderr, done.stderr.count("\n")) == (2, True, 1), done.stderr
    assert not (folder / FILE).exists()


def test_nothing_is_added_to_a_record_or_to_annotations_that_were_changed(folder):
    assert add(folder, "feedback", "fine").returncode == 0
    written = (folder / FILE).read_bytes()
    (folder / FILE).write_bytes(written.replace(b'"n": 1', b'"n": 2'))
    done = add(folder, "feedback", "more")
    assert (done.returncode, "Line 1 of annotations.jsonl was changed" in done.stderr) == (2, True)
    (folder / FILE).write_bytes(written)
    (folder / "VERIFY.md").write_text("trust me")
    done = add(folder, "feedback", "more")
    assert (done.returncode, "VERIFY.md is not the file that was sealed" in done.stderr) == (2, True)
    assert (folder / FILE).read_bytes() == written


def test_a_kind_of_a_newer_kunren_is_said_to_be_one(folder):
    annotate(folder, head_of(folder), lambda _: Feedback(by="sato", text="x"), None)
    (folder / FILE).write_bytes((folder / FILE).read_bytes().replace(b'"feedback"', b'"tremor"'))
    with pytest.raises(AnnotationsUnreadable, match="use a newer Kunren"):
        annotations(folder)


def test_a_disk_that_is_full_or_read_only_leaves_what_was_there(folder, monkeypatch):
    annotate(folder, head_of(folder), lambda _: Feedback(by="sato", text="x"), None)
    before = (folder / FILE).read_bytes()

    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("journal.annotations.write_bytes", full)
    done = add(folder, "feedback", "more")
    assert (done.returncode, "Nothing was added" in done.stderr, done.stderr.count("\n")) == (2, True, 1)
    assert (folder / FILE).read_bytes() == before
    assert not (folder / LOCK).exists()


def test_of_two_at_once_none_is_lost(folder):
    head = head_of(folder)

    def numbered(so_far):
        return Finding(by="sato", id=f"F{len(so_far.findings) + 1}", severity=Severity.MINOR, text="x")

    def added(_):
        while True:
            with suppress(AnnotationsUnreadable):
                return annotate(folder, head, numbered, None)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(added, range(12)))
    assert [each.id for each in annotations(folder).findings] == [f"F{n}" for n in range(1, 13)]
    (folder / LOCK).touch()
    done = add(folder, "feedback", "more")
    assert (done.returncode, "If that is left over, remove it" in done.stderr) == (2, True)
