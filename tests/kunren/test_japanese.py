"""A run in Japanese says nothing in English, whatever is wrong with the lab; what hosts say stays as it is."""

import re
from socket import create_server

import pytest

from drills.reading import read_drill
from kunren.running.drills import features_folder
from steps.modules import vocabulary
from tests.kunren.conftest import drill_without_browser
from tests.kunren.test_cli import kunren
from tests.kunren.test_real_site import lab, site  # noqa: F401  (fixtures)
from tests.readable import visible_text
from tests.representatives import standing_for_all

SENTENCE = re.compile(r"\b[A-Za-z][a-z']+(?: [A-Za-z][a-z']+,?){3,}")
"""Four English words in a row; names of products have fewer."""
SAME_IN_EVERY_LANGUAGE = re.compile(r"^(verdict|report): .*$", re.MULTILINE)


def closed_port():
    with create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


def edited(site, *pairs):  # noqa: F811
    text = site.read_text(encoding="utf-8")
    for before, after in pairs:
        assert re.search(before, text), before
        text = re.sub(before, after, text)
    site.write_text(text, encoding="utf-8")


def nothing_in_english(*texts):
    for text in texts:
        assert SENTENCE.findall(SAME_IN_EVERY_LANGUAGE.sub("", text)) == []


@pytest.mark.parametrize(
    ("edits", "said"),
    [
        ([(r'(?s)(winrm = "http://127.0.0.1:)\d+(.*)', rf"\g<1>{closed_port()}\2")], "接続が拒否されました"),
        ([('name = "MASTER"', 'name = "TOKYO"'), ('name = "REPLICA"', 'name = "OSAKA"')], "サイト ファイルでは TOKYO"),
        ([('"MASTER"', '"X"'), ('"REPLICA"', '"MASTER"'), ('"X"', '"REPLICA"')], "入れ替わっているか"),
        ([('discovery = "discovery.json"\n', ""), ("\\Z", '[rha]\nby = "powershell"\n')], "検証されておらず"),
        ([("connect = .*", f'connect = "127.0.0.1:{closed_port()}"')], "ガルーンに接続できません"),
    ],
    ids=["no answer", "wrong names", "exchanged", "unconfirmed", "no Garoon"],
)
def test_a_lab_that_is_not_ready(edits, said, site, tmp_path):  # noqa: F811
    edited(site, *edits)
    run = drill_without_browser(tmp_path / "record", "4-1-clean-switchover", "--site", site, "--confirm", "tokyo")
    assert run.code == 3, run.stdout + run.stderr
    assert said in run.stderr
    assert said in run.report
    nothing_in_english(run.stderr, run.stdout, *visible_text(run.report).splitlines())


def test_a_login_that_is_refused(site, tmp_path, monkeypatch):  # noqa: F811
    monkeypatch.setenv("HOST_PASSWORD", "guessed-4711")
    run = drill_without_browser(tmp_path / "record", "2-readiness", "--site", site, "--confirm", "tokyo")
    assert run.code == 3, run.stdout + run.stderr
    assert "ログインを拒否しました" in run.stderr
    nothing_in_english(run.stderr, run.stdout, *visible_text(run.report).splitlines())


def test_mistakes_of_a_site_file(site, tmp_path):  # noqa: F811
    edited(
        site, ('name = "tokyo"', 'name = 7\nlimits = 3\ntime_zone = "Asia/Tokio"\nhour = 1'), ("user = .*", 'user = ""')
    )
    done = kunren("drill", "2-readiness", "--site", site, cwd=tmp_path)
    assert done.returncode == 2
    assert "tokyo.toml: name が数値であり、文字列ではありません。" in done.stderr
    nothing_in_english(done.stderr)


@pytest.mark.parametrize(
    "name",
    standing_for_all(
        ["2-readiness", "4-1-clean-switchover", "4-2-host-failure", "6-1-assured-recovery"], "2-readiness"
    ),
)
def test_a_report_in_japanese_of_a_run_in_english(name, tmp_path):
    """Its steps are told as the feature's twin has them."""
    run = drill_without_browser(tmp_path / "record", name, "--lang", "en")
    assert run.code == 0, run.stdout + run.stderr
    done = kunren("report", run.folder, "--lang", "ja", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    report = visible_text((run.folder / "report.ja.html").read_text(encoding="utf-8"))
    nothing_in_english(*report.splitlines())
    twin = read_drill(features_folder() / "ja" / f"{name}.feature", vocabulary())
    assert all(step.text in report for chapter in twin.chapters for step in chapter.steps)
