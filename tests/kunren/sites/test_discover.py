"""`kunren discover` against a served lab that is called real, whose commands are as guessed, renamed or missing."""

import json
import os
import re
from unittest import mock

import pytest

from lab.site.discovery import digest_of
from tests.kunren.commands import run
from tests.kunren.conftest import MOVES, drill_without_browser, site_with
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


def name(site, lines):
    """Adds lines to its [replication], of which a profile replaces that which was named."""
    text = site.read_text(encoding="utf-8")
    if "profile" in lines:
        text = text.replace('profile = "arcserve_rha"\n', "")
    site.write_text(text.replace("[replication]\n", f"[replication]\n{lines}\n"), encoding="utf-8")


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
    for arguments, why in (((), "exists already"), (("--replace",), "is not a discovery file and is not replaced")):
        done = discover(site, *arguments)
        assert done.returncode == 2
        assert why in done.stderr
        assert kept.read_text(encoding="utf-8") == "mine"
    assert "it is a pipe, a socket or a device" in discover(site, "--replace", "--out", "/dev/null").stderr
    kept.write_text('{"damaged": ', encoding="utf-8")
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
    moves = tmp_path / "moves.feature"
    moves.write_text(MOVES, encoding="utf-8")
    drilled = drill_without_browser(tmp_path / "record", moves, "--site", site)
    assert drilled.code == 0, drilled.stdout
    assert {call["script"] for call in drilled.entries("call")} >= {"Invoke-RhaCommand"}
    assert {each["operation"] for each in drilled.entries("person.asked")} == {"list_events"}


def test_commands_of_32_bits_alone_are_used_there(tmp_path):
    site = site_with(tmp_path, "rha_bits = 32\n")
    done = discover(site, "--json")
    assert done.returncode == 0, done.stdout
    assert json.loads(done.stdout)["bits"] == 32
    assert json.loads((tmp_path / "site-discovery.json").read_text(encoding="utf-8"))["bits"] == 32
    name(site, 'discovery = "site-discovery.json"')
    drilled = drill_without_browser(tmp_path / "record", "2-readiness", "--site", site)
    assert drilled.code == 0, drilled.stdout
    assert {call["script"] for call in drilled.entries("call")} >= {"Invoke-RhaCommand"}


def test_where_no_resident_starts_there_people_perform_them(tmp_path):
    site = site_with(tmp_path, "rha_bits = 32\nnarrow_fails = true\n")
    done = discover(site)
    assert done.returncode == 4
    assert (
        "Kunren cannot work in the PowerShell with 32 bits: Get-HostFacts on REPLICA ended its PowerShell"
        in done.stdout
    )
    assert "stop the scenario\tStop-Scenario\tit exists only in the PowerShell with 32 bits" in done.stdout
    assert json.loads((tmp_path / "site-discovery.json").read_text(encoding="utf-8"))["commands"] == {}
    name(site, 'discovery = "site-discovery.json"')
    listed = run("drill", "--list", "--site", site)
    assert "3-create-scenario\tCreate and run the Hyper-V scenario\tby people" in listed.stdout


def test_a_snap_in_that_cannot_be_loaded_offers_nothing(tmp_path):
    done = discover(site_with(tmp_path, "half_registered = true\n"))
    assert done.returncode == 4
    assert "could not be loaded: SimulatedRHA: Cannot load PowerShell snap-in SimulatedRHA" in done.stdout
    assert "0 operations confirmed, 0 different, 19 missing" in done.stdout
    assert json.loads((tmp_path / "site-discovery.json").read_text(encoding="utf-8"))["snap_ins"] == []


def test_of_two_snap_ins_with_one_command_people_name_the_right_one(tmp_path):
    site = site_with(tmp_path, 'second_snap_in = ["Get-Scenario"]\n')
    done = discover(site)
    assert done.returncode == 4
    assert "several snap-ins or modules have it (OtherRHA, SimulatedRHA)" in done.stdout
    profile = tmp_path / "site-rha.toml"
    name(site, 'discovery = "site-discovery.json"\nprofile = "site-rha.toml"')
    text = profile.read_text(encoding="utf-8")
    profile.write_text(re.sub("(?m)^snap_ins = .*", 'snap_ins = ["SimulatedRHA"]', text), encoding="utf-8")
    assert discover(site, "--replace").returncode == 0
    profile.write_text(re.sub("(?m)^snap_ins = .*", 'snap_ins = ["SimulatdRHA"]', text), encoding="utf-8")
    assert (
        "names SimulatdRHA, which is neither a registered snap-in nor a module; near: SimulatedRHA"
        in discover(site, "--replace").stdout
    )


def test_a_parameter_that_is_demanded_beyond_the_profile_confirms_nothing(tmp_path):
    site = site_with(tmp_path, 'demanded_parameters = {"Stop-Scenario" = "Reason"}\njapanese = true\n')
    done = discover(site, "--lang", "ja")
    assert done.returncode == 4
    assert "Stop-Scenario\tパラメータ -Reason も必須です、近いもの: Stop-Scenario -Reason -Name" in done.stdout
    assert "（「Stop-Scenario を実行します（模擬）。」）" in done.stdout
    assert "（CA ARCserve RHA エンジン）" in done.stdout


def test_help_is_kept_and_is_not_long(tmp_path):
    assert discover(site_with(tmp_path, "japanese = true\n")).returncode == 0
    found = json.loads((tmp_path / "site-discovery.json").read_text(encoding="utf-8"))["found"]
    helped = {each["name"]: each for each in found["offers"][0]["commands"]}["Stop-Scenario"]
    assert helped["synopsis"] == "Stop-Scenario を実行します（模擬）。"
    assert helped["syntax"] == "Stop-Scenario [-Name <String>]"


CONNECTION = """
command = "Connect-XO"
parameters = { host = "Host", credential = "Credentials" }
values = { Protocol = "http" }
"""


@pytest.fixture
def connected(tmp_path):
    """A site whose commands want a connection first, which its profile has."""
    site = site_with(tmp_path, 'connection_command = "Connect-XO"\n')
    done = discover(site)
    assert "REPLICA has a command that looks as if it connected: Connect-XO -Host -Credentials -Protocol" in done.stdout
    profile = tmp_path / "site-rha.toml"
    text = profile.read_text(encoding="utf-8")
    assert 'command = "Connect-XO", parameters = { host = "Host", credential = "Credentials" }' in text
    profile.write_text(text.replace("[connection]\n", f"[connection]{CONNECTION}"), encoding="utf-8")
    return site


def test_a_connection_is_made_before_commands_that_want_one(tmp_path, connected):
    site = connected
    name(site, 'discovery = "site-discovery.json"')
    alone = drill_without_browser(tmp_path / "alone", "2-readiness", "--site", site)
    assert alone.code == 3
    assert "コントロール サービスに接続されていません。" in alone.stdout
    assert "The site has the command Connect-XO, which may have to connect first" in alone.stdout
    name(site, 'profile = "site-rha.toml"')
    done = discover(site, "--replace", "--json")
    assert done.returncode == 0, done.stdout
    assert verdicts(done)["connect"]["command"] == "Connect-XO"
    drilled = drill_without_browser(tmp_path / "record", "2-readiness", "--site", site)
    assert drilled.code == 0, drilled.stdout
    sent = [call["arguments"] for call in drilled.entries("call") if call["script"] == "Invoke-RhaCommand"]
    assert {each["Connection"]["Command"] for each in sent} == {"Connect-XO"}
    assert {each.get("Secret", "●●●") for each in sent} == {"●●●"}


def test_a_connection_that_is_not_confirmed_leaves_all_to_people(tmp_path, connected):
    profile = tmp_path / "site-rha.toml"
    text = profile.read_text(encoding="utf-8").replace(
        '"Credentials" }\nvalues = { Protocol', '"Protocol" }\nvalues = { Other'
    )
    profile.write_text(text, encoding="utf-8")
    name(connected, 'discovery = "site-discovery.json"\nprofile = "site-rha.toml"')
    found = verdicts(discover(connected, "--replace", "--json"))["connect"]
    assert found["verdict"] == "different"
    assert "no parameter -Other" in found["why"]
    listed = run("drill", "--list", "--site", connected)
    assert "4-1-clean-switchover\tPlanned switchover\tby people" in listed.stdout


def test_a_login_that_the_connection_refuses_is_not_tried_for_ever(tmp_path):
    lines = 'connection_command = "Connect-XO"\n'
    with real_lab(tmp_path, "--speed", "600", "--site", site_with(tmp_path, lines)) as lab:
        (lab.folder / "discovery.json").unlink()
        rha = '\n[rha]\nby = "powershell"\nuser = "KUNREN\\\\nobody"\npassword_from = "WRONG_PASSWORD"\n'
        site = lab.site(edit=lambda text: text + rha)
        with mock.patch.dict(os.environ, {"WRONG_PASSWORD": "kanarienvogel-0815"}):
            discover(site)
            profile = site.with_name("tokyo-rha.toml")
            text = profile.read_text(encoding="utf-8").replace("[connection]\n", f"[connection]{CONNECTION}")
            profile.write_text(text, encoding="utf-8")
            named = site.read_text(encoding="utf-8").replace('"arcserve_rha"', '"tokyo-rha.toml"')
            site.write_text(named, encoding="utf-8")
            assert discover(site, "--replace").returncode == 0
            run_ = drill_without_browser(
                lab.folder / "wrong", "4-1-clean-switchover", "--site", site, "--confirm", "tokyo"
            )
    assert run_.code == 3
    assert (
        "Connect-XO on REPLICA has not connected to the Control Service as KUNREN\\nobody (ログインできません"
        in run_.stdout
    )
    assert [call for call in run_.entries("call") if call["changes"]] == []
    files = [each for each in lab.folder.rglob("*") if each.is_file()]
    assert files
    assert not [each for each in files if b"kanarienvogel-0815" in each.read_bytes()]


@pytest.mark.controls
def test_another_version_of_the_product_is_another_product(tmp_path):
    site = site_with(tmp_path, "")
    discover(site)
    with real_lab(tmp_path, "--speed", "600", "--site", site_with(tmp_path, 'rha_version = "18.0.1"\n')) as lab:
        here = lab.site(edit=lambda text: text.replace("discovery.json", "site-discovery.json"))
        checked = run("check", "--site", here, "--lang", "en")
        assert checked.returncode == 3
        assert "made with CAARCserveRHAControlService 16.0.2 on REPLICA, which has 18.0.1 now" in checked.stdout
        drilled = drill_without_browser(
            lab.folder / "stale", "4-1-clean-switchover", "--site", here, "--confirm", "tokyo"
        )
        assert drilled.code == 3
        assert [call for call in drilled.entries("call") if call["changes"]] == []
        stranger = lab.site("stranger.toml", names=("MASTER", "RENAMED"))
        done = discover(stranger, "--out", lab.folder / "none.json")
        assert done.returncode == 3
        assert "RENAMED calls itself REPLICA" in done.stderr
        assert not (lab.folder / "none.json").exists()


OF_OTHERS = [
    ("host", "ELSEWHERE", "is from ELSEWHERE, and the Control Service of this site is on REPLICA"),
    ("hosts", ["REPLICA", "THIRD"], "is of the hosts REPLICA, THIRD, and this site has MASTER, REPLICA"),
    ("version", 99, "has version 99, which this Kunren does not know"),
]


def test_a_file_of_another_site_or_kunren_is_refused_before_any_host_is_asked(tmp_path):
    site = site_with(tmp_path, "")
    assert discover(site).returncode == 0
    file = tmp_path / "site-discovery.json"
    own = json.loads(file.read_text(encoding="utf-8"))
    name(site, 'discovery = "site-discovery.json"')
    for key, value, said in OF_OTHERS:
        content = {**own, key: value}
        file.write_text(json.dumps({**content, "digest": digest_of(content)}), encoding="utf-8")
        for command in (("check",), ("drill", "2-readiness")):
            done = run(*command, "--site", site, "--lang", "en")
            assert done.returncode == 2
            assert said in done.stderr
    file.write_text(json.dumps(own).replace("Get-Scenario", "Get-Other"), encoding="utf-8")
    done = run("drill", "2-readiness", "--site", site)
    assert done.returncode == 2
    assert "was changed after it was written" in done.stderr


def test_all_mistakes_of_a_corrected_profile_are_told_at_once(tmp_path):
    site = site_with(tmp_path, "")
    discover(site)
    profile = tmp_path / "site-rha.toml"
    text = profile.read_text(encoding="utf-8")
    text = text.replace('command = "Get-Scenario"', 'comand = "Get-Scenario"')
    text = text.replace("[operations.stop_scenario]", "[operations.stop_scenaro]")
    text = text.replace("[connection]\n", '[connection]\nparameters = { password = "P" }\n')
    profile.write_text(text, encoding="utf-8")
    name(site, 'profile = "site-rha.toml"')
    for lang, said in (
        ("en", ("write command if that was meant", "write stop_scenario if", "write host, credential if")),
        ("ja", ("command のことであれば", "stop_scenario のことであれば", "host, credential のことであれば")),
    ):
        done = run("discover", "--site", site, "--lang", lang)
        assert done.returncode == 2
        assert all(each in done.stderr for each in said)
        assert ("the name of" in done.stderr) is (lang == "en")
