"""Kunren's scripts on simulated hosts whose Windows has PowerShell 5.1, and on such with 4.0."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lab.scripts import load_script, script_names
from lab.simulator.cmdlets import powershell_of
from powershell.dialect import Dialect
from powershell.parser import parse
from tests.lab.embedded_powershell import EmbeddedResident
from tests.lab.simulator.premises import premises

WINDOWS = (Dialect.WINDOWS_POWERSHELL_5_1, Dialect.WINDOWS_POWERSHELL_4_0)
VERSIONS = ("5.1.14393.206", "4.0")
LEASE = "{\"a\": 'it''s <&>'}"


@pytest.fixture(params=VERSIONS)
def host(request, tmp_path):
    lab = premises(tmp_path)
    master = lab.world.hosts["MASTER"]
    master.windows = replace(master.windows, powershell=request.param)
    resident = EmbeddedResident(powershell_of(lab.world, lab.rha, "MASTER", lab.clock))
    resident.version = request.param
    yield resident
    resident.close()


def output(host, name, **arguments):
    answer = host.ask(load_script(name).text, **arguments)
    assert answer.error is None, answer.error
    return list(answer.output)


def garoon_of(host):
    return output(host, "Get-Machine")[0]


@pytest.mark.parametrize("dialect", WINDOWS)
@pytest.mark.parametrize("name", [*script_names(), "Resident"])
def test_every_script_parses(name, dialect):
    assert parse(load_script(name).text, dialect).end_block is not None


def test_the_host_tells_its_version(host):
    (facts,) = output(host, "Get-HostFacts")
    assert facts["PowerShellVersion"] == host.version


def test_guests_switches_and_services_are_told(host):
    garoon = garoon_of(host)
    assert garoon["NetworkAdapters"][0]["SwitchName"]
    assert output(host, "Get-Heartbeat", Name=garoon["Name"]) == [
        {"State": garoon["State"], "Heartbeat": garoon["Heartbeat"]}
    ]
    assert output(host, "Get-Switch")
    assert [found["Name"] for found in output(host, "Get-WindowsService", Name=["vmms", "nobody"])] == ["vmms"]
    assert output(host, "Get-Rights")[0]["Told"] == "True"
    assert output(host, "Get-LogEntry", LogName="Application", ProviderName="Nobody", Hours=1) == []


def test_the_condition_of_a_host_and_its_way_to_the_other_are_told(host):
    (condition,) = output(host, "Get-HostCondition", Guest="Garoon", Service=["vmms"])
    assert condition["RestartPending"] == "False"
    assert [disk["Name"] for disk in condition["Disks"]] == ["C:"]
    [guest] = condition["Guests"]
    assert (guest["Checkpoint"], guest["Clustered"], guest["Processors"]) == ("", "False", "2")
    assert [disk["Place"] for disk in guest["Disks"]] == ["IDE 0:0"]
    assert [each["Enabled"] for each in guest["Components"] if each["Name"] == "Guest Service Interface"] == ["False"]
    assert condition["Computers"] == [
        {"Model": "SIMULATED Rack server", "Processors": "16", "MemoryBytes": str(64 * 1024**3)}
    ]
    ports = output(host, "Test-Port", Address="REPLICA", Port=["25000", "443|8088", "443"])
    assert ports == [
        {"Port": "25000", "Answers": "True"},
        {"Port": "443|8088", "Answers": "True"},
        {"Port": "443", "Answers": "False"},
    ]


def test_the_settings_of_a_host_are_told(host):
    (settings,) = output(host, "Get-HostSetting", Name="cybozu.ca.com")
    assert (settings["Today"], settings["Build"]) == ("2012-09-25", "14393.5006")
    assert {each["Name"]: each["Value"] for each in settings["Quotas"]}["MaxMemoryPerShellMB"] == "1024"
    assert settings["Addresses"] == [{"Address": "192.0.2.10", "Seconds": "300"}]
    assert settings["DefenderKnown"] == str(host.version.startswith("5."))
    assert len(settings["Defender"]) == host.version.startswith("5.")
    assert output(host, "Get-HostSetting", Name="")[0]["Addresses"] == []


def test_a_guest_is_stopped_and_started(host):
    garoon = garoon_of(host)
    output(host, "Stop-Machine", Name=garoon["Name"], TurnOff=True)
    assert garoon_of(host)["State"] == "Off"
    output(host, "Start-Machine", Name=garoon["Name"])
    assert garoon_of(host)["State"] != "Off"


def test_a_lease_lies_on_the_host_unchanged(host):
    assert output(host, "Get-Lease")[0]["Text"] == ""
    output(host, "Set-Lease", Expected="", Text=LEASE)
    assert output(host, "Get-Lease")[0]["Text"] == LEASE
    taken = host.ask(load_script("Set-Lease").text, Expected="", Text="other")
    assert taken.error.error_id == "LeaseChanged"


def test_a_command_of_rha_answers(host):
    given = {"Parameters": {}, "Property": ["Name"], "SnapIn": []}
    assert output(host, "Invoke-RhaCommand", Command="Get-Scenario", **given) == []
    answer = host.ask(load_script("Invoke-RhaCommand").text, Command="Get-Nothing", **given)
    assert answer.error.error_id == "RhaCommandMissing"
