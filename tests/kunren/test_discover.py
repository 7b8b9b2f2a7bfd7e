"""`kunren discover` against a served lab that is called real, whose commands are as guessed, renamed or missing."""

import json

import pytest

from tests.kunren.commands import run
from tests.kunren.conftest import drill_without_browser, site_with
from tests.kunren.real_lab import real_lab

OTHER_NAMES = """
renamed_commands = {"Get-Scenario" = "Get-RhaScenario", "Get-ScenarioStatistics" = "Get-Stats"}
renamed_parameters = {"Switchover-Scenario.RunReverse" = "RR"}
missing_commands = ["Suspend-Scenario", "Get-ScenarioEvent"]
"""


def discover(site, *arguments):
    done = run("discover", "--site", site, *arguments)
    assert "Traceback" not in done.stderr
    return done


def verdicts(done):
    return {each["operation"]: each for each in json.loads(done.stdout)["operations"]}


@pytest.fixture(scope="module")
def as_guessed(tmp_path_factory):
    with real_lab(tmp_path_factory.mktemp("guessed"), "--speed", "600") as lab:
        (lab.folder / "discovery.json").unlink()
        yield lab


@pytest.fixture(scope="module")
def otherwise(tmp_path_factory):
    folder = tmp_path_factory.mktemp("otherwise")
    with real_lab(folder, "--speed", "600", "--site", site_with(folder, OTHER_NAMES)) as lab:
        (lab.folder / "discovery.json").unlink()
        yield lab


def test_a_site_with_the_commands_of_the_profile_confirms_them_all(as_guessed):
    site = as_guessed.site()
    done = discover(site, "--replace")
    assert done.returncode == 0, done.stderr
    assert "19 operations confirmed, 0 different, 0 missing" in done.stdout
    assert "service CAARCserveRHAEngine" in done.stdout
    assert "event provider CA ARCserve RHA, log Application" in done.stdout
    assert "REPLICA: listening on 8088, 25000\n" in done.stdout
    assert "confirmed\tservice of the Control Service\tCAARCserveRHAControlService\tREPLICA\n" in done.stdout
    written = json.loads((site.parent / "discovery.json").read_text(encoding="utf-8"))
    assert (written["version"], written["host"]) == (1, "REPLICA")
    assert written["snap_ins"] == ["SimulatedRHA"]


def test_nothing_is_written_over_and_no_host_asked(as_guessed):
    site = as_guessed.site("again.toml", edit=lambda text: text.replace("discovery.json", "kept.json"))
    kept = site.parent / "kept.json"
    kept.write_text("mine", encoding="utf-8")
    done = discover(site)
    assert done.returncode == 2
    assert "exists already" in done.stderr
    assert kept.read_text(encoding="utf-8") == "mine"
    assert discover(site, "--replace").returncode == 0
    assert json.loads(kept.read_text(encoding="utf-8"))["digest"]


def test_what_is_renamed_or_missing_is_told_with_what_is_near(otherwise):
    done = discover(otherwise.site(), "--json", "--replace")
    assert done.returncode == 4
    found = verdicts(done)
    assert {name: each["verdict"] for name, each in found.items() if each["verdict"] != "confirmed"} == {
        "list_scenarios": "different",
        "statistics": "different",
        "switch_over": "different",
        "suspend_scenario": "missing",
        "list_events": "missing",
    }
    assert found["list_scenarios"]["nearest"] == ["Get-RhaScenario"]
    assert found["statistics"]["nearest"] == ["Get-Stats"]
    assert "no parameter -RunReverse" in found["switch_over"]["why"]
    assert "-RR" in found["switch_over"]["why"]


def test_it_is_told_in_japanese_too(otherwise):
    done = discover(otherwise.site("ja.toml"), "--replace", "--lang", "ja")
    assert "操作: 確認済み 14、相違 3、なし 2" in done.stdout


def test_a_host_that_does_not_answer_is_not_ready_and_nothing_is_written(as_guessed):
    address = as_guessed.line["hosts"]["replica"]["winrm"]
    site = as_guessed.site("far.toml", edit=lambda text: text.replace(address, "http://127.0.0.1:9/wsman"))
    site.write_text(site.read_text(encoding="utf-8").replace("discovery.json", "far.json"), encoding="utf-8")
    assert discover(site).returncode == 3
    assert not (site.parent / "far.json").exists()
    assert not (site.parent / "far-rha.toml").exists()


def test_a_corrected_profile_is_confirmed_and_the_rest_is_done_by_people(tmp_path):
    site = site_with(tmp_path, OTHER_NAMES)
    assert discover(site).returncode == 4
    profile = tmp_path / "site-rha.toml"
    text = profile.read_text(encoding="utf-8")
    assert "# Missing on REPLICA:" in text
    assert "# near: Get-RhaScenario -Name" in text
    text = text.replace('command = "Get-Scenario"', 'command = "Get-RhaScenario"')
    text = text.replace('run_reverse = "RunReverse"', 'run_reverse = "RR"')
    profile.write_text(text, encoding="utf-8")
    files = 'profile = "site-rha.toml"\ndiscovery = "site-discovery.json"'
    named = site.read_text(encoding="utf-8").replace('profile = "arcserve_rha"', files)
    site.write_text(f'{named}\n[rha]\nby = "mixed"\n', encoding="utf-8")
    done = discover(site, "--replace", "--json")
    assert verdicts(done)["list_scenarios"]["verdict"] == "confirmed"
    assert verdicts(done)["switch_over"]["verdict"] == "confirmed"
    drilled = drill_without_browser(tmp_path / "record", "4-1-clean-switchover", "--site", site)
    assert drilled.code == 0, drilled.stdout
    assert {call["script"] for call in drilled.entries("call")} >= {"Invoke-RhaCommand"}
    assert {each["operation"] for each in drilled.entries("person.asked")} == {"list_events"}


def test_commands_of_the_other_powershell_are_told_and_not_used(tmp_path):
    site = site_with(tmp_path, "rha_bits = 32\n")
    done = discover(site, "--json")
    assert done.returncode == 4
    found = verdicts(done)["list_scenarios"]
    assert (found["verdict"], found["nearest"]) == ("different", [])
    assert "only in the PowerShell with 32 bits" in found["why"]
    assert json.loads((tmp_path / "site-discovery.json").read_text(encoding="utf-8"))["commands"] == {}


def test_a_file_that_was_changed_is_refused(tmp_path):
    site = site_with(tmp_path, "")
    assert discover(site).returncode == 0
    file = tmp_path / "site-discovery.json"
    file.write_text(file.read_text(encoding="utf-8").replace("Get-Scenario", "Get-Other"), encoding="utf-8")
    named = 'profile = "arcserve_rha"\ndiscovery = "site-discovery.json"'
    site.write_text(site.read_text(encoding="utf-8").replace('profile = "arcserve_rha"', named), encoding="utf-8")
    done = run("drill", "2-readiness", "--site", site)
    assert done.returncode == 2
    assert "was changed after it was written" in done.stderr
