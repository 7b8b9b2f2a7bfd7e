"""`kunren runbook`: what it writes, what it compares with, and what it refuses in one sentence."""

import re
from html import unescape

import pytest
from click.testing import CliRunner

from kunren.cli import main
from kunren.exits import Exit
from reports.load import JOURNAL
from tests.reports.history.folders import NEW, add
from words import words_of

NASTY = "</style><script>alert(1)</script>[x](http://evil) | *b*"
SITE = """name = "tokyo"
language = "en"
[hosts.master]
name = "HV1"
password_from = "NOT_SET"
[hosts.replica]
name = "HV2"
[guest]
name = "Garoon"
[replication]
scenario = "S"
[garoon]
url = "http://garoon.example/"
[runbook]
id = "OPS-17"
revision = "4"
lead = "K. Sato 03-1234-5678"
"""


@pytest.fixture
def kunren(tmp_path, monkeypatch):
    """The command in this process; what it printed."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tokyo.toml").write_text(SITE, encoding="utf-8")

    def run(*arguments, drill="4-1-clean-switchover", code=0):
        done = CliRunner().invoke(main, ["runbook", drill, *map(str, arguments)])
        assert done.exit_code == code, done.output
        return done.output

    return run


@pytest.fixture
def refused(kunren):
    """What it is refused with: one sentence."""

    def run(*arguments, **about):
        (sentence,) = kunren(*arguments, code=Exit.USAGE, **about).splitlines()
        return sentence

    return run


def test_a_site_is_named_with_its_owner_and_whom_to_call_and_needs_no_password(kunren, tmp_path):
    assert kunren("--site", "tokyo.toml", "--to", "md") == "runbook: runbook.md\n"
    told = (tmp_path / "runbook.md").read_text(encoding="utf-8")
    assert "| Document | OPS-17 |" in told
    assert "| Lead of the drill | K. Sato 03-1234-5678 |" in told
    assert "| Owner | ________________ |" in told
    assert "Where: Hyper-V Manager on HV1" in told
    assert "never proven here" in told
    assert "The same by RHA PowerShell: Switchover-Scenario (name not verified)" in told.replace("\\", "")


@pytest.mark.parametrize(("language", "name"), [("en", "&lt;master host&gt;"), ("ja", "〈マスタ ホスト〉")])
def test_without_a_site_names_are_clearly_placeholders(kunren, tmp_path, language, name):
    kunren("--to", "md", "--lang", language)
    told = (tmp_path / "runbook.md").read_text(encoding="utf-8")
    assert name in told
    assert words_of(language)("runbook.placeholders") in told


def test_a_page_needs_nothing_else(kunren, tmp_path):
    kunren("--site", "tokyo.toml")
    page = (tmp_path / "runbook.html").read_text(encoding="utf-8")
    assert not re.search(r"<script|<img|<link|src=|url\(|@import", page)
    assert "<b>[Perform Switchover]</b>" in page
    assert "revision 4" in page.replace("\\20 ", " ")


@pytest.mark.parametrize("form", ["md", "html"])
def test_names_of_a_site_are_text(kunren, tmp_path, form):
    (tmp_path / "tokyo.toml").write_text(SITE.replace('"HV1"', f"'{NASTY}'"), encoding="utf-8")
    kunren("--site", "tokyo.toml", "--to", form)
    told = (tmp_path / f"runbook.{form}").read_text(encoding="utf-8")
    assert "<script" not in told
    assert told.count("</style>") == (form == "html")
    if form == "md":
        assert not re.search(r"(?<!\\)\]\(|http:", told)
        assert r"\*b\*" in told
        assert r" \| " in told
    else:
        assert NASTY in unescape(re.sub("</?b>", "", told))


# -- revisions ---------------------------------------------------------------------------------------------------------


def test_what_has_changed_since_a_revision_is_told_step_by_step(kunren, tmp_path):
    kunren("--site", "tokyo.toml", "--to", "md", "--out", "old.md")
    changed = SITE.replace('"http://garoon.example/"', '"http://new.example/"').replace(
        'revision = "4"', 'revision = "5"'
    )
    (tmp_path / "tokyo.toml").write_text(changed, encoding="utf-8")
    kunren("--site", "tokyo.toml", "--to", "md", "--since", "old.md")
    told = (tmp_path / "runbook.md").read_text(encoding="utf-8")
    assert "Since revision 4 of " in told
    changes = re.findall(r"- (changed|new|left out)\\?: (.*)", told)
    assert (
        "changed",
        "4-1-clean-switchover 5.1 A user opens Garoon at its original URL, retrying for up to 10 minutes",
    ) in [(kind, text.replace("\\", "")) for kind, text in changes]
    assert not [text for _, text in changes if "2.1" in text]


def test_a_revision_that_was_not_raised_is_told_and_one_that_is_the_same_too(kunren, tmp_path):
    kunren("--site", "tokyo.toml", "--to", "md")
    kunren("--site", "tokyo.toml", "--to", "md", "--since", "runbook.md.json")
    assert "- Nothing has changed." in (tmp_path / "runbook.md").read_text(encoding="utf-8")
    (tmp_path / "tokyo.toml").write_text(SITE.replace('"Garoon"', '"Groupware"'), encoding="utf-8")
    kunren("--site", "tokyo.toml", "--to", "md", "--since", "runbook.md")
    assert "the revision is still 4" in (tmp_path / "runbook.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("since", ["", "{", "[]", '{"kunren_runbook": 1}', '{"kunren_runbook": 2}', "[" * 5000])
def test_a_file_that_is_no_revision_is_refused_in_one_sentence(refused, tmp_path, since):
    (tmp_path / "old.md.json").write_text(since, encoding="utf-8")
    assert re.search(r"old\.md\.json does not say what a runbook was", refused("--since", "old.md"))
    assert re.search(r"none\.md\.json cannot be read", refused("--since", "none.md"))
    assert not (tmp_path / "runbook.html").exists()


def test_a_revision_in_the_other_language_is_refused(refused, kunren):
    kunren("--to", "md", "--lang", "ja")
    assert re.search("in the other language", refused("--to", "md", "--lang", "en", "--since", "runbook.md"))


@pytest.mark.parametrize("name", ["runbook.md", "runbook.md.json"])
def test_a_file_of_others_is_not_overwritten(refused, tmp_path, name):
    (tmp_path / name).write_text("mine", encoding="utf-8")
    assert re.search(re.escape(name), refused("--to", "md"))
    assert [each.name for each in tmp_path.glob("runbook*")] == [name]
    assert (tmp_path / name).read_text(encoding="utf-8") == "mine"


# -- what is refused ---------------------------------------------------------------------------------------------------


def test_a_drill_that_only_kunren_performs_is_refused(refused):
    assert re.search("interlocks: line .* has no click path", refused(drill="interlocks"))


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ('name = "HV2"', "hosts.replica.name"),
        ('scenario = "S"', "replication.scenario"),
        ('lead = "K. Sato 03-1234-5678"', "runbook.telephone"),
    ],
)
def test_a_site_file_that_lacks_a_name_is_told_by_its_key(refused, tmp_path, wrong, told):
    (tmp_path / "tokyo.toml").write_text(
        SITE.replace(wrong, 'telephone = "1"' if "lead" in wrong else ""), encoding="utf-8"
    )
    assert re.search(told, refused("--site", "tokyo.toml"))


def test_records_want_a_site(refused):
    assert re.search("--records wants --site", refused("--records", "records"))


# -- records -----------------------------------------------------------------------------------------------------------


def test_usual_times_and_proofs_are_of_the_site_and_never_mixed_with_simulated_ones(kunren, tmp_path, monkeypatch):
    monkeypatch.setattr("kunren.records.history.feature_digests", dict)
    for name, day in (("one", 0), ("two", 1)):
        add(tmp_path / "records", name, day, template="passed-en", build=NEW, real=True)
    told = {}
    for environment in ("", "[simulation]\n"):
        (tmp_path / "tokyo.toml").write_text(SITE + environment, encoding="utf-8")
        kunren("--site", "tokyo.toml", "--records", "records", "--to", "md")
        told[environment] = (tmp_path / "runbook.md").read_text(encoding="utf-8")
    assert told[""].count("(n = 2)") == 3
    assert re.search(r"4-1\.S4: LAPSED, real hosts, 2025-06-02, record two", told[""].replace("\\", ""))
    assert "SIMULATED" not in told[""]
    assert "(n = " not in told["[simulation]\n"]
    kunren("--site", "tokyo.toml", "--to", "md", "--since", "runbook.md")
    (tmp_path / "tokyo.toml").write_text(SITE, encoding="utf-8")
    kunren("--site", "tokyo.toml", "--records", "records", "--to", "md", "--since", "runbook.md")
    assert "- Nothing has changed." in (tmp_path / "runbook.md").read_text(encoding="utf-8")
    assert "4-1.S4: never proven here" in told["[simulation]\n"]
    assert "**SIMULATED**" in told["[simulation]\n"]


def test_a_record_that_was_altered_or_cannot_be_read_is_told_and_does_not_count(kunren, tmp_path, monkeypatch):
    monkeypatch.setattr("kunren.records.history.feature_digests", dict)
    altered = add(tmp_path / "records", "altered", build=NEW, real=True) / JOURNAL
    altered.write_text(
        altered.read_text(encoding="utf-8").replace("HV1", "HV3").replace("MASTER", "MASTEB", 1), encoding="utf-8"
    )
    unreadable = tmp_path / "records" / "unreadable"
    unreadable.mkdir()
    (unreadable / JOURNAL).write_bytes(b"\xff\xfe")
    printed = kunren("--site", "tokyo.toml", "--records", "records", "--to", "md")
    assert len([line for line in printed.splitlines() if "does not count: " in line]) == 2
    told = (tmp_path / "runbook.md").read_text(encoding="utf-8")
    assert "2 records do not count" in told
    assert "(n = " not in told


def test_a_folder_without_records_is_refused(refused):
    assert re.search("nowhere", refused("--site", "tokyo.toml", "--records", "nowhere"))
