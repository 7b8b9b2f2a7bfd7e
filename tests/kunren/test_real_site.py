"""A site said to be real: its hosts and Garoon are another process's, and the time is the wall's."""

import hashlib
import json
import os
from unittest import mock
from urllib.parse import urlsplit

import pytest

from lab.site.profile import load_profile
from tests.kunren.conftest import drill, drill_without_browser
from tests.kunren.sites.test_lab import served
from tests.kunren.test_cli import kunren
from tests.lab.counted_logins import Counted
from tests.lab.site.kept import FILE

SITE = """
name = "tokyo"
[hosts.master]
name = "MASTER"
winrm = "{master[winrm]}"
user = "{master[user]}"
password_from = "HOST_PASSWORD"
[hosts.replica]
name = "REPLICA"
winrm = "{replica[winrm]}"
user = "{replica[user]}"
password_from = "HOST_PASSWORD"
[guest]
name = "Garoon"
[replication]
scenario = "CybozuGaroonHyper-V"
control_service = "replica"
profile = "arcserve_rha"
discovery = "discovery.json"
[garoon]
url = "{garoon[url]}"
connect = "{garoon[connect]}"
user = "{garoon[user]}"
password_from = "GAROON_PASSWORD"
[permissions]
changes = true
drills = true
"""


@pytest.fixture(scope="module")
def lab():
    with served("--speed", "600") as line:
        passwords = {
            "HOST_PASSWORD": line["hosts"]["master"]["password"],
            "ALSO_HOST_PASSWORD": line["hosts"]["master"]["password"],
            "GAROON_PASSWORD": line["garoon"]["password"],
        }
        with mock.patch.dict(os.environ, passwords):
            yield line


def confirm_every_guess(folder):
    """Writes the discovery file that a site with all the commands of the profile would have."""
    operations = load_profile("arcserve_rha").operations.values()
    commands = {each.command: [] for each in operations}
    for each in operations:
        commands[each.command] += each.parameters.values()
    discovery = {"snap_ins": [], "commands": commands}
    (folder / "discovery.json").write_text(json.dumps(discovery), encoding="utf-8")


def site_in(folder, lab):
    """With every guess of the profile confirmed, as a discovery of these hosts would confirm it."""
    confirm_every_guess(folder)
    file = folder / "tokyo.toml"
    file.write_text(SITE.format(garoon=lab["garoon"], **lab["hosts"]), encoding="utf-8")
    return file


@pytest.fixture
def site(lab, tmp_path):
    return site_in(tmp_path, lab)


@pytest.fixture(scope="module")
def looked_at(lab, tmp_path_factory):
    """A drill that only looks, in another time zone and with proxies that lead nowhere.

    Its passwords are what a command prints, what the keyring has, and what stands in the environment.
    """
    folder = tmp_path_factory.mktemp("site")
    site = site_in(folder, lab)
    text = site.read_text(encoding="utf-8").replace('"HOST_PASSWORD"', '"command:printenv ALSO_HOST_PASSWORD"', 1)
    text = text.replace('"GAROON_PASSWORD"', '"keyring:kunren/garoon"')
    site.write_text('time_zone = "+05:45"\n' + text, encoding="utf-8")
    kept = folder / "keyring.json"
    kept.write_text(json.dumps({"kunren/garoon": os.environ["GAROON_PASSWORD"]}), encoding="utf-8")
    nowhere = dict.fromkeys(("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"), "http://127.0.0.1:9")
    keyring = {"PYTHON_KEYRING_BACKEND": "tests.lab.site.kept.Kept", FILE: str(kept)}
    with mock.patch.dict(os.environ, nowhere | keyring):
        return drill(folder / "record", "2-readiness", "--site", site, "--confirm", "tokyo")


@pytest.mark.browser
def test_what_hosts_call_simulated_is_simulated_whatever_the_site_file_says(looked_at):
    run = looked_at
    assert run.code == 0, run.stdout + run.stderr
    assert run.not_passed() == []
    assert run.stdout.startswith(" SIMULATED ") or "\n SIMULATED " in run.stdout
    assert "verdict: passed, lab restored (SIMULATED)" in run.stdout
    assert run.entries("run.began")[0]["environment"] == "real"
    assert json.loads((run.folder / "record.json").read_text(encoding="utf-8"))["environment"] == "simulated"
    assert 'class="simulated-strip"' in run.report
    for path in run.folder.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        assert not any(os.environ[name].encode() in content for name in ("HOST_PASSWORD", "GAROON_PASSWORD")), path
    assert not any(os.environ[name] in run.stdout + run.stderr for name in ("HOST_PASSWORD", "GAROON_PASSWORD"))


@pytest.mark.browser
def test_a_clock_that_is_years_off_is_told_and_does_not_harm_the_record(looked_at, tmp_path):
    """The lab's is in 2012."""
    assert all(each["offset_ms"] < -4e11 for each in looked_at.entries("clock.offset"))
    done = kunren("report", looked_at.folder, "--lang", "ja", "--out", tmp_path / "ja", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "遅れている" in (tmp_path / "ja" / "report.html").read_text(encoding="utf-8")


def test_a_guess_that_nothing_confirms_is_not_sent(site, tmp_path):
    text = site.read_text(encoding="utf-8").replace('discovery = "discovery.json"\n', "")
    site.write_text(f'{text}[rha]\nby = "powershell"\n', encoding="utf-8")
    run = drill_without_browser(tmp_path / "record", "2-readiness", "--site", site, "--confirm", "tokyo")
    assert run.code == 3
    assert "Get-Scenario は検証されておらず（guess" in run.stderr
    assert "サイトの探索ファイル（docs/site-file.ja.md）で、" in run.stderr
    assert [call["script"] for call in run.entries("call") if call["changes"]] == []


def test_nothing_is_drilled_without_the_operators_word(site, tmp_path):
    run = drill_without_browser(tmp_path / "record", "2-readiness", "--site", site)
    assert run.code == 2
    assert "--confirm 'tokyo' を指定して確認してください。何も変更していません。" in run.stderr
    assert not run.folder.exists()


def test_a_wrong_password_costs_one_login_in_a_run_of_two_drills(lab, site, tmp_path, monkeypatch):
    ports = {role: urlsplit(lab["hosts"][role]["winrm"]).port for role in ("master", "replica")}
    counters = {role: Counted(port) for role, port in ports.items()}
    text = site.read_text(encoding="utf-8")
    for role, counter in counters.items():
        text = text.replace(lab["hosts"][role]["winrm"], counter.url)
    site.write_text(text, encoding="utf-8")
    monkeypatch.setenv("HOST_PASSWORD", "guessed-4711")
    run = drill_without_browser(
        tmp_path / "record", "2-readiness", "4-1-clean-switchover", "--site", site, "--confirm", "tokyo"
    )
    assert run.code == 3, run.stdout + run.stderr
    assert "のログインを拒否しました" in run.stderr
    assert "アカウントのロックまたは無効化" in run.stderr
    assert "4-1-clean-switchover  実施していません（ログインが拒否されたため）" in run.stdout
    record = json.loads((run.folder / "record.json").read_text(encoding="utf-8"))
    assert [(each["ending"], each["began"]) for each in record["drills"]][1] == ("not begun", None)
    assert "訓練 4-1-clean-switchover は実施していません（ログインが拒否されたため）。" in run.report
    logins = {role: counter.logins for role, counter in counters.items()}
    for counter in counters.values():
        counter.close()
    assert logins["master"] == 1
    assert logins["replica"] <= 1  # a local account of another machine


@pytest.mark.browser
def test_proxy_variables_change_nothing(looked_at):
    assert looked_at.code == 0, looked_at.stdout + looked_at.stderr


@pytest.mark.browser
def test_an_everyday_password_damages_neither_run_nor_record_and_is_warned_of(site, tmp_path):
    """The guest's, which this drill does not use."""
    login = '[guest]\nname = "Garoon"\nuser = "Administrator"\npassword_from = "EVERYDAY"'
    site.write_text(site.read_text(encoding="utf-8").replace('[guest]\nname = "Garoon"', login), encoding="utf-8")
    with mock.patch.dict(os.environ, {"EVERYDAY": "passed"}):
        run = drill_without_browser(tmp_path / "record", "2-readiness", "--site", site, "--confirm", "tokyo")
    assert run.code == 0, run.stdout + run.stderr
    assert "このサイトのパスワードには、4 文字未満のもの、または記録に使われる語と同じものがあり" in run.stderr
    assert {entry["outcome"] for entry in run.entries("step.ended")} == {"passed"}
    began = run.entries("run.began")[0]
    assert began["operator"]["confirmed"] == "tokyo"
    assert (
        began["digests"]["discovery_file"] == hashlib.sha256((site.parent / "discovery.json").read_bytes()).hexdigest()
    )


@pytest.mark.browser
def test_times_are_those_of_the_site(looked_at):
    assert looked_at.journal[0]["time_zone"] == "+05:45"
    assert all(entry[name].endswith("+05:45") for entry in looked_at.journal for name in ("at", "wall"))
