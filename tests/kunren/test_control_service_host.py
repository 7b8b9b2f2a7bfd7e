"""The Control Service on the replica host, as the guide has it, on the master host, or on a host of its own."""

import json

import pytest

from lab.site.file import load_site
from tests.kunren.commands import run
from tests.kunren.conftest import drill_without_browser, site_with
from tests.kunren.real_lab import real_lab
from tests.kunren.visitor import without_browser

OF_ITS_OWN = '[hosts.control]\nname = "CONTROL"\n'


def simulated(folder, where):
    site = site_with(folder, "")
    text = site.read_text(encoding="utf-8").replace('"replica"\n', f'"{where}"\n')
    if where == "control":
        text = text.replace("[guest]\n", f"{OF_ITS_OWN}[guest]\n")
    site.write_text(text, encoding="utf-8")
    return site


@pytest.fixture(scope="module")
def apart(tmp_path_factory):
    folder = tmp_path_factory.mktemp("apart")
    with real_lab(folder, "--speed", "600", "--site", simulated(folder, "control")) as lab:
        yield lab


@pytest.mark.controls
@pytest.mark.parametrize(("where", "host"), [("master", "MASTER"), ("control", "CONTROL")])
def test_commands_are_sent_to_it_wherever_it_is(tmp_path, where, host):
    drilled = drill_without_browser(
        tmp_path / "record", "4-1-clean-switchover", "--site", simulated(tmp_path, where), "--lang", "en"
    )
    assert drilled.code == 0, drilled.stdout
    assert {call["host"] for call in drilled.entries("call") if call["script"] == "Invoke-RhaCommand"} == {host}
    assert {each["host"] for each in drilled.entries("clock.offset")} >= {"MASTER", "REPLICA", host}


def check(site):
    return run("check", "--site", site, "--lang", "en", before=[without_browser])


def test_a_search_and_a_check_look_at_it(apart):
    site = apart.site("search.toml", edit=lambda text: text.replace("discovery.json", "found.json"))
    found = json.loads(run("discover", "--site", site, "--json").stdout)
    assert found["host"] == "CONTROL"
    assert {(each["what"], each["host"], each["there"]) for each in found["names"]} == {
        ("engine_service", "MASTER", True),
        ("engine_service", "REPLICA", True),
        ("control_service", "CONTROL", True),
        ("event_provider", "CONTROL", True),
    }
    checked = check(site)
    assert "clock of CONTROL" in checked.stdout
    assert "control_missing" not in checked.stdout
    assert "TCP port 8088" not in checked.stdout


def test_a_check_tells_where_it_is_not(apart):
    edit = lambda text: text.replace('name = "CONTROL"', 'name = "OTHER"')  # noqa: E731
    checked = check(apart.site("other.toml", edit=edit))
    assert checked.returncode == 3
    assert (
        "The Control Service host calls itself CONTROL, the site file OTHER: correct hosts.control.name"
        in checked.stdout
    )


def test_it_may_not_answer(apart):
    address = apart.line["hosts"]["control"]["winrm"]
    edit = lambda text: text.replace(address, "http://127.0.0.1:9/wsman")  # noqa: E731
    site = apart.site("far.toml", edit=edit)
    checked = check(site)
    assert checked.returncode == 3
    assert "CONTROL does not answer at http://127.0.0.1:9/wsman" in checked.stdout
    drilled = drill_without_browser(apart.folder / "far", "4-1-clean-switchover", "--site", site, "--confirm", "tokyo")
    assert drilled.code == 3
    assert not [call for call in drilled.entries("call") if call["changes"]]


def test_the_lease_is_kept_there_and_the_guide_is_held_against_it(apart, tmp_path):
    enters = tmp_path / "enters.feature"
    entry = "    Given an entry has been made in Garoon on the master host\n"
    enters.write_text(f"Feature: It makes an entry\n  Scenario: Enter\n{entry}", encoding="utf-8")
    drilled = drill_without_browser(apart.folder / "entered", enters, "--site", apart.site(), "--confirm", "tokyo")
    assert drilled.code == 0, drilled.stdout
    sent = {(call["script"], call["host"]) for call in drilled.entries("call")}
    assert {host for script, host in sent if script in {"Set-Lease", "Invoke-RhaCommand"}} == {"CONTROL"}
    readiness = drill_without_browser(
        apart.folder / "guide", "2-readiness", "--site", apart.site(), "--confirm", "tokyo"
    )
    assert readiness.code == 1
    assert "seen: CONTROL: running" in readiness.stdout
    assert "note: the Control Service responds on CONTROL" in readiness.stdout
    assert "kunren @ CONTROL" in readiness.stdout


def test_a_site_file_with_it_is_asked_for(apart, tmp_path):
    hosts, garoon = apart.line["hosts"], apart.line["garoon"]
    passwords = {"master": "HOST_PASSWORD", "replica": "REPLICA_PASSWORD", "control": "CONTROL_PASSWORD"}
    given = {
        "name": "tokyo",
        "guest": "Garoon",
        "scenario": "CybozuGaroonHyper-V",
        "control": "control",
        "garoon-url": garoon["url"],
        "garoon-connect": garoon["connect"],
        "garoon-user": garoon["user"],
        "garoon-password-from": "GAROON_PASSWORD",
    }
    for role, variable in passwords.items():
        of_host = {"winrm": hosts[role]["winrm"], "user": hosts[role]["user"], "password-from": variable}
        given |= {f"{role}-{key}": text for key, text in of_host.items()}
    options = [part for name, text in given.items() for part in (f"--{name}", text)]
    done = run("init", "--yes", "--lang", "en", *options, tmp_path / "new.toml")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "✓ Login accepted: CONTROL, " in done.stdout
    assert "CONTROL lists no virtual machine" not in done.stdout
    assert load_site(tmp_path / "new.toml").control_host == "CONTROL"
    place = options.index("--control-winrm")
    done = run("init", "--yes", "--lang", "en", *options[:place], *options[place + 2 :], tmp_path / "other.toml")
    assert done.returncode == 2
    assert "hosts.control.winrm is empty" in done.stderr
    assert not (tmp_path / "other.toml").exists()
