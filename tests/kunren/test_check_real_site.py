"""`kunren check` of a site said to be real: its hosts and Garoon are another process's, and it is only asked."""

import json
import os

import pytest

from lab.model.hosts import HostRole
from lab.model.state import LabState
from tests.kunren.commands import run
from tests.kunren.conftest import drill_without_browser, site_with
from tests.kunren.real_lab import SCENARIO, real_lab
from tests.kunren.visitor import without_browser

PASSWORDS = ("HOST_PASSWORD", "REPLICA_PASSWORD", "GAROON_PASSWORD")


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    with real_lab(tmp_path_factory.mktemp("site")) as lab:
        _, found = check(lab)
        assert "no_scenarios" in {each["id"] for each in found["findings"]}, (
            "of this lab before its scenario is created"
        )
        lab.create()
        yield lab


def check(lab, edit=lambda text: text, **settings):
    """The findings by id, and the whole answer; no password is told, and nothing is changed."""
    before = state(lab)
    done = run("check", "--site", lab.site(edit=edit, **settings), "--json", before=[without_browser])
    assert state(lab) == before
    assert not any(os.environ[name] in done.stdout + done.stderr for name in PASSWORDS)
    assert done.stderr == ""
    found = json.loads(done.stdout)
    assert done.returncode == (0 if found["ready"] else 3)
    return {each["id"]: each for each in found["findings"]}, found


def state(lab):
    """Of guests and scenarios, as the administrator sees them."""
    hosts, rha = lab.at_console.hosts, lab.at_console.rha
    return LabState(
        machines={role.value: tuple(map(pulse, hosts[role].hyperv.machines())) for role in HostRole},
        scenarios=rha.replication.scenarios(),
    )


def pulse(machine):
    return machine.name, machine.state, machine.heartbeat


def without(line):
    return lambda text: text.replace(line, "")


def errors(found):
    return {each["id"] for each in found["findings"] if each["severity"] == "error"}


def test_a_site_is_ready_though_its_scenario_does_not_run_and_its_clocks_are_off(lab):
    findings, found = check(lab)
    assert found["ready"]
    assert not found["simulated"]
    assert {"not_running", "clock_behind"} <= findings.keys()
    assert "no_scenarios" not in findings
    assert findings["connect"]["severity"] == "note"


def test_no_permission_is_needed(lab):
    _, found = check(lab, without("[permissions]\nchanges = true\ndrills = true\n"))
    assert found["ready"]


def test_where_people_are_asked_in_a_drill_the_rest_is_looked_at_now(lab):
    findings, found = check(lab, without('discovery = "discovery.json"\n'))
    assert found["ready"]
    assert findings["by_people"]["severity"] == "note"
    assert {"licence", "last_test"} <= {each["id"] for each in found["not_checked"]}
    assert "not_running" not in findings


def test_without_people_an_unconfirmed_command_is_an_error(lab):
    findings, found = check(
        lab, lambda text: without('discovery = "discovery.json"\n')(text) + '[rha]\nby = "powershell"\n'
    )
    [name] = errors(found)
    assert "Get-Scenario" in findings[name]["seen"]


def test_a_scenario_of_another_name_is_told_with_its_state(lab):
    findings, found = check(lab, scenario="CybozuGaroonHyperV")
    assert errors(found) == {"other_scenarios"}
    assert f"there is {SCENARIO} (" in findings["other_scenarios"]["seen"]


def test_exchanged_hosts_and_a_guest_elsewhere_are_told_at_once(lab):
    _, found = check(lab, lambda text: text.replace('"Garoon"', '"DC1"'), names=("REPLICA", "MASTER"))
    assert {"exchanged", "guest_elsewhere"} <= errors(found)


def test_one_host_under_two_addresses_is_told_and_no_drill_begins(lab, tmp_path):
    hosts = lab.line["hosts"]
    by_name = hosts["master"]["winrm"].replace("127.0.0.1", "localhost")

    def twice(text):
        return text.replace(hosts["replica"]["winrm"], by_name).replace("REPLICA_PASSWORD", "HOST_PASSWORD")

    findings, found = check(lab, lambda text: twice(text).replace('"replica"\n', '"master"\n'))
    assert errors(found) == {"one_windows"}
    assert findings["one_windows"]["seen"].startswith("hosts.master and hosts.replica of the site file lead to one W")
    site = lab.site(edit=twice)
    for refused in (
        drill_without_browser(tmp_path / "record", "4-1-clean-switchover", "--site", site, "--confirm", "tokyo"),
        run("status", "--site", site),
        run("discover", "--site", site, "--out", tmp_path / "discovery.json"),
    ):
        assert getattr(refused, "code", None) or refused.returncode == 3
        assert "lead to one Windows" in refused.stderr


def test_a_wrong_password_of_garoon_is_not_ready(lab, monkeypatch):
    monkeypatch.setenv("GAROON_PASSWORD", "guessed-4711")
    findings, found = check(lab)
    assert errors(found) == {"login_refused"}
    assert "does not accept the login of" in findings["login_refused"]["seen"]


def test_a_host_that_refuses_the_login_does_not_hide_the_other(lab, monkeypatch):
    monkeypatch.setenv("HOST_PASSWORD", "guessed-4711")
    _, found = check(lab)
    assert errors(found) == {"host_login_refused"}
    assert {each["host"] for each in found["findings"] if each["id"] == "clock_behind"} == {"REPLICA"}


def test_a_name_that_leads_nowhere_is_told(lab):
    nowhere = lab.line["garoon"]["connect"].replace("127.0.0.1", "garoon.invalid")
    findings, found = check(lab, lambda text: text.replace(lab.line["garoon"]["connect"], nowhere))
    assert "unresolved" in errors(found)
    assert "garoon.invalid" in findings["unresolved"]["seen"]


def test_a_drill_that_changes_something_is_not_begun_on_unfit_hosts(tmp_path):
    unfit = site_with(tmp_path, 'unfit = ["clustered", "full-disk"]\n')
    with real_lab(tmp_path, "--site", unfit) as lab:
        given = ("--site", lab.site(), "--confirm", "tokyo")
        acting = drill_without_browser(tmp_path / "acting", "4-1-clean-switchover", *given)
        assert acting.code == 3
        assert "is a role of a failover cluster" in acting.stderr
        assert [entry["script"] for entry in acting.entries("call") if entry["changes"]] == []
        asking = drill_without_browser(tmp_path / "asking", "2-readiness", *given)
        assert asking.code == 0, asking.stdout + asking.stderr
        notes = [note["text"] for note in asking.entries("note")]
        for part in ("is a role of a failover cluster", "Only 1.0 GiB are free on C: of REPLICA"):
            assert sum(part in note for note in notes) == 1
