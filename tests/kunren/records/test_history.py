"""`kunren history`: what it prints and writes, and how it ends."""

import io
import shutil
from dataclasses import replace

import pytest
from click.testing import CliRunner
from rich.console import Console

from journal.annotations import Action, annotate
from journal.reader import read_journal
from kunren.cli import main
from kunren.exits import Exit, Stop
from kunren.records.history import now, show, site_history
from kunren.records.history_site import of_site
from reports.load import JOURNAL
from tests.kunren import commands
from tests.reports.history.folders import NEW, OLD, add, history_of, patched
from words import words_of

SITE = """name = "tokyo"
[hosts.master]
password_from = "NOT_SET"
[history]
every_days = 90
[history.drills]
"4-2-host-failure" = 0
"""


@pytest.fixture
def kunren(tmp_path, monkeypatch):
    """The command in this process; its exit code and what it printed."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        done = CliRunner().invoke(main, ["history", *arguments])
        return done.exit_code, done.output

    return run


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_lapse_after_a_patch_is_told_as_text_as_a_page_and_in_the_table(tmp_path, language):
    patched(tmp_path / "records")
    words = words_of(language)
    text = commands.run("history", "--lang", language, cwd=tmp_path)
    assert text.returncode == 0, text.stderr
    told = {"text": text.stdout}
    for form in ("html", "csv"):
        assert commands.run("history", "--to", form, "--lang", language, cwd=tmp_path).returncode == 0
        told[form] = (tmp_path / f"history.{form}").read_text(encoding="utf-8")
    for each in told.values():
        assert f"{OLD} → {NEW}" in each
        assert words("history.state.lapsed") in each


def test_the_name_of_a_folder_is_one_line_and_controls_nothing(tmp_path, kunren):
    strange = tmp_path / "records" / "a\n\x1b[31mb"
    strange.mkdir(parents=True)
    (strange / JOURNAL).write_bytes(b"?\n")
    code, text = kunren("--lang", "en")
    assert code == 4
    assert "a [U+001B][31mb  unreadable" in text
    assert "\x1b" not in text


def test_a_terminal_has_tables(tmp_path):
    out = io.StringIO()
    show(history_of(patched(tmp_path)), words_of("en"), Console(file=out, force_terminal=True, width=160))
    assert "Points of the guide" in out.getvalue()
    assert "━" in out.getvalue()


def test_a_site_file_needs_no_password_and_says_what_is_overdue(tmp_path, kunren):
    add(tmp_path / "records", "one", 0, build=OLD, real=True)
    add(tmp_path / "records", "other", 0, site="osaka")
    (tmp_path / "site.toml").write_text(SITE, encoding="utf-8")
    code, text = kunren("--site", "site.toml", "--lang", "en")
    assert code == 0, text
    assert "not shown here: 1." in text
    assert "Overdue drills: 15 (2-readiness, 3-create-scenario, 4-1-clean-switchover" in text
    assert "osaka" not in text
    assert "4-2-host-failure " not in text
    assert kunren("--site", "site.toml", "--require", "drills")[0] == 1
    assert kunren("--require", "drills")[0] == 2


def test_a_runbook_finds_usual_times_and_proofs_of_its_site(tmp_path):
    add(tmp_path / "records", "one", 0, template="host-failure-ja", build=OLD, real=True)
    (tmp_path / "site.toml").write_text(SITE, encoding="utf-8")
    known = of_site(now(), tmp_path / "site.toml")
    found = site_history(tmp_path / "records", replace(known, features={}))
    assert found.proofs["4-2.B1"].last.run.listed.place == "one"
    assert found.times["4-2-host-failure", 1, 1].n == 1
    assert site_history(tmp_path / "records", replace(known, site=("osaka", known.site[1]))).times == {}
    with pytest.raises(Stop):
        site_history(tmp_path / "records", now())


def test_exit_codes_are_for_pipelines(tmp_path, kunren):
    records = tmp_path / "records"
    add(records, "simulated", 0)
    assert kunren("--require", "proofs")[0] == 4
    add(records, "one", 0, build=OLD, real=True)
    gone = add(records, "gone", 1, build=OLD, real=True)
    head = read_journal(records / "one" / JOURNAL).head
    action = Action(by="sato", id="A1", text="Raise the limit", owner="suzuki", due="2025-06-30")
    annotate(records / "one", head, lambda _: action, None)
    assert [kunren(*of)[0] for of in ((), ("--require", "actions"), ("--require", "proofs"))] == [0, 1, 1]
    assert "A1 Raise the limit" in kunren()[1]
    shutil.rmtree(gone)
    assert [kunren(*of)[0] for of in ((), ("--require", "actions"))] == [4, 1]


def test_a_file_of_others_is_not_overwritten_and_its_own_is(tmp_path, kunren):
    add(tmp_path / "records", "one")
    for form in ("html", "csv"):
        theirs = tmp_path / f"theirs.{form}"
        theirs.write_text("<p>Mine", encoding="utf-8")
        code, text = kunren("--to", form, "--out", str(theirs), "--lang", "en")
        assert (code, theirs.read_text(encoding="utf-8")) == (Exit.USAGE, "<p>Mine"), text
        assert [kunren("--to", form)[0] for _ in range(2)] == [0, 0]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nowhere",), "nowhere is not a folder"),
        (("records/one",), "is itself a record"),
        (("--out", "x.html"), "--out needs"),
        (("--index", "records/one/journal.jsonl"), "is not"),
    ],
)
def test_what_cannot_be_is_said_in_one_sentence(tmp_path, kunren, arguments, said):
    add(tmp_path / "records", "one")
    code, text = kunren(*arguments, "--lang", "en")
    assert (code, text.count("\n")) == (2, 1), text
    assert said in text
