"""How drills would be performed at a site, before anything there is touched."""

import json

import pytest

from kunren.exits import Stop
from kunren.running.drills import choose
from kunren.running.operations import needed
from kunren.running.permission import require_offered, way_of
from lab.site.file import load_site, simulated_site
from lab.site.profile import load_profile
from tests.reports.recorded import recorded

SITE = """
name = "site"
[hosts.master]
name = "HV1"
winrm = "https://hv1.example:5986/wsman"
user = "drill"
password_from = "PASSWORD"
[hosts.replica]
name = "HV2"
winrm = "https://hv2.example:5986/wsman"
user = "drill"
password_from = "PASSWORD"
[guest]
name = "Garoon"
[replication]
scenario = "S"
[garoon]
url = "http://garoon.example/"
user = "drill"
password_from = "PASSWORD"
[permissions]
changes = true
drills = true
"""


def site_with(folder, further="", text=SITE):
    (folder / "site.toml").write_text(text + further, encoding="utf-8")
    return load_site(folder / "site.toml", {"PASSWORD": "aPasswordOfTheTest"})


def ways(folder, further="", text=SITE):
    site = site_with(folder, further, text)
    return {drill.name: str(way_of(site, drill)) for drill in choose((), "en", None)}


def confirmed_but(folder, *missing):
    """The site with a discovery file that confirms every operation but these."""
    profile = load_profile("arcserve_rha")
    commands = {each.command: [*each.parameters.values()] for each in profile.operations.values()}
    for name in missing:
        del commands[profile.operations[name].command]
    (folder / "discovery.json").write_text(json.dumps({"snap_ins": [], "commands": commands}), encoding="utf-8")
    return SITE.replace('scenario = "S"\n', 'scenario = "S"\ndiscovery = "discovery.json"\n')


def test_without_a_discovery_file_people_do_what_no_source_verifies(tmp_path):
    told = ways(tmp_path)
    assert told["2-readiness"].startswith("by people: looked up: the scenario in the manager's scenario view")
    assert told["4-1-clean-switchover"].startswith("by people: perform the switchover; where it is undone: run the")
    assert "by commands: prepare the host for its reboot" in told["6-2-host-maintenance"], "a vendor's page has it"


def test_every_drill_of_the_guide_can_be_performed_with_verified_operations_alone(tmp_path):
    text = SITE.replace('name = "Garoon"\n', 'name = "Garoon"\nuser = "x"\npassword_from = "PASSWORD"\n')
    told = ways(tmp_path, "faults = true\n", text)
    cannot = {name: way for name, way in told.items() if way.startswith("not here")}
    assert set(cannot) == {"interlocks", "interlocks-business-hours"}
    assert all("tests Kunren itself, by attempts that have to be refused" in way for way in cannot.values())


def test_an_operation_that_a_drill_does_not_need_makes_no_difference_to_it(tmp_path):
    told = ways(tmp_path, "", confirmed_but(tmp_path, "scenario_properties", "start_integrity_test"))
    assert told["4-1-clean-switchover"] == told["5-switchback"] == "by commands"
    assert told["3-create-scenario"].startswith("by people: looked up: the properties of the scenario; by commands: ")
    assert told["6-1-assured-recovery"].startswith("not here"), "the site has no login for the guest"


def test_what_is_only_needed_to_undo_is_told_as_that(tmp_path):
    told = ways(tmp_path, "", confirmed_but(tmp_path, "run_scenario"))
    assert told["4-1-clean-switchover"].startswith("by people: where it is undone: run the scenario; by commands: ")


def test_where_people_do_nothing_what_has_no_command_is_named(tmp_path):
    told = ways(tmp_path, '[rha]\nby = "powershell"\n', confirmed_but(tmp_path, "switch_over"))
    assert told["2-readiness"] == "by commands"
    assert "without a confirmed command (perform the switchover)" in told["4-1-clean-switchover"]
    told = ways(tmp_path, 'faults = true\n[rha]\nby = "powershell"\n', confirmed_but(tmp_path))
    assert told["4-2-manual-switchover"].startswith("not here: 4-2-manual-switchover injects faults")


@pytest.mark.parametrize(
    ("further", "told"),
    [
        ("faults = true\n", "by people: inject a fault"),
        ('faults = true\n[rha]\nby = "powershell"\n', "not here: 4-2-host-failure injects faults"),
    ],
)
def test_faults_are_for_people_whom_the_site_file_permits_them(tmp_path, further, told):
    assert ways(tmp_path, further)["4-2-host-failure"].startswith(told)


def test_the_mail_of_a_real_site_is_looked_for_by_people(tmp_path):
    told = ways(tmp_path, "faults = true\n", confirmed_but(tmp_path))["4-2-manual-switchover"]
    assert told.startswith("by people: set the notification; inject a fault; looked up: the mail of the notification;")


def test_a_drill_that_only_waits_for_its_permission_tells_how_it_would_be_performed_as_well(tmp_path):
    permitted = ways(tmp_path, "faults = true\n")
    told = ways(tmp_path)
    first = {name: way.removeprefix(permitted[name]) for name, way in told.items() if way != permitted[name]}
    assert {*first.values()} == {"; first write `faults = true` in [permissions]"}
    assert {*first} == {name for name in told if name.startswith("4-2-")}
    site = site_with(tmp_path)
    with pytest.raises(Stop, match="permit it by `faults = true`"):
        require_offered(site, choose(["4-2-host-failure"], "en", None))


@pytest.mark.parametrize("name", ["switchover-en", "host-failure-ja", "operated-ja"])
def test_what_a_drill_has_asked_for_and_done_is_what_it_needs(tmp_path, name):
    site = simulated_site()
    operation_of = {each.command: operation for operation, each in site.profile.operations.items()}
    lines = recorded(name)
    drills = {drill.name: drill for drill in choose((), "en", None)}
    (began,) = [each for each in lines if each["what"] == "drill.began"]
    drill = drills.get(began["drill"], drills["4-1-clean-switchover"])
    sent = [each["arguments"]["Command"] for each in lines if each.get("script") == "Invoke-RhaCommand"]
    told = [each["operation"] for each in lines if each["what"] == "person.asked"]
    used = {operation_of[command] for command in sent} | set(told)
    created = {
        "create_scenario",
        "run_scenario",
        "stop_scenario",
        "remove_scenario",
    }  # in a lab that is gone with the run
    assert used
    assert used - created <= set(needed(drill, site).every)
