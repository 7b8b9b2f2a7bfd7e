"""The search for Arcserve RHA: in another process of a real PowerShell, and in both of a simulated host's."""

import base64
import json
from dataclasses import replace

import pytest

from lab.drivers.rha.search import LOOKS_LIKE_RHA, PORTS, PROVIDERS
from lab.scripts import load_script
from lab.simulator.cmdlets import powershell_of
from tests.lab.embedded_powershell import EmbeddedResident
from tests.lab.real_powershell import Resident, engine
from tests.lab.simulator.premises import premises

PRODUCT = """
function Get-Scenario {
    [CmdletBinding()] param([Parameter(Mandatory = $true)][Alias('ScenarioName')][string]$Name, [switch]$All)
}
"""
OTHERS = """
function Get-PSSnapin {
    [CmdletBinding()] param([switch]$Registered)
    [pscustomobject]@{ Name = "XO$([char]0x8a13)"; Vendor = 'v'; ModuleName = 'c:\\x.dll'; Version = '1' }
    [pscustomobject]@{ Name = 'Overhaul'; Vendor = 'Perhaps'; ModuleName = 'c:\\inbox\\y.dll'; Version = '1' }
}
function Add-PSSnapin { [CmdletBinding()] param([string]$Name) throw "cannot load $Name" }
function Get-State { [CmdletBinding()] param([int]$Number) }
"""


def decoded(text):
    return json.loads(base64.b64decode(text))


@pytest.fixture
def real(tmp_path):
    """A PowerShell that finds another one by the name of Windows', with a module of the product and one that is not."""
    (tmp_path / "powershell.exe").symlink_to(engine())
    for name, text in (("ArcserveRha", PRODUCT), ("Other", OTHERS)):
        folder = tmp_path / "modules" / name
        folder.mkdir(parents=True)
        (folder / f"{name}.psm1").write_text(text)
    resident = Resident()
    separator = "+ [IO.Path]::PathSeparator +"
    paths = (
        f"$env:PATH = '{tmp_path}' {separator} $env:PATH; "
        f"$env:PSModulePath = '{tmp_path / 'modules'}' {separator} $env:PSModulePath"
    )
    assert resident.ask(paths).error is None
    yield resident
    resident.close()


@pytest.mark.pwsh
@pytest.mark.skipif(engine() is None, reason="no PowerShell on this machine")
def test_a_process_of_its_own_tells_what_it_offers(real):
    given = {"Pattern": LOOKS_LIKE_RHA, "Candidate": ["Get-Scenario", "Get-State", "Get-Nothing"]}
    (text,) = real.run("Find-RhaCommand", Bits=64, **given)
    found = decoded(text)
    commands = {each["Name"]: each for each in found["Commands"]}
    assert {name: each["Holder"] for name, each in commands.items()} == {
        "Get-Scenario": "ArcserveRha",
        "Get-State": "Other",
    }
    assert commands["Get-Scenario"]["Sets"][0]["Parameters"] == [
        {"Name": "Name", "Type": "String", "Mandatory": "True", "Aliases": ["ScenarioName"]},
        {"Name": "All", "Type": "SwitchParameter", "Mandatory": "False", "Aliases": []},
    ]
    assert [each["Name"] for each in found["SnapIns"]] == ["XO訓"]
    assert [each["Name"] for each in found["Modules"]] == ["ArcserveRha"]
    assert found["Failures"] == ["XO訓: cannot load XO訓"]
    assert real.run("Find-RhaCommand", Bits=32, **given) == []
    assert real.ask("[bool](Get-Module ArcserveRha)").output == (False,)


@pytest.mark.parametrize("version", ["5.1.14393.206", "4.0"])
@pytest.mark.parametrize("bits", [64, 32])
def test_a_simulated_host_has_the_commands_in_one_of_its_powershells(tmp_path, version, bits):
    lab = premises(tmp_path, rha_bits=bits)
    host = lab.world.hosts["REPLICA"]
    host.windows = replace(host.windows, powershell=version)
    resident = EmbeddedResident(powershell_of(lab.world, lab.rha, "REPLICA", lab.clock))
    given = {"Pattern": LOOKS_LIKE_RHA, "Candidate": ["Get-Scenario"]}
    found = {
        each: decoded(resident.ask(load_script("Find-RhaCommand").text, Bits=each, **given).output[0])
        for each in (64, 32)
    }
    there = resident.ask("[bool](Get-Command Get-Scenario -ErrorAction SilentlyContinue)").output
    given = {"Pattern": LOOKS_LIKE_RHA, "Provider": list(PROVIDERS), "Port": list(PORTS)}
    rows = resident.ask(load_script("Find-Rha").text, **given).output
    resident.close()
    assert [each for each, offer in found.items() if offer["Commands"]] == [bits]
    assert there == (bits == 64,)
    assert {row["Port"] for row in rows if row["Kind"] == "port"} == {"25000", "8088"}
    versions = {row["Name"]: row["Version"] for row in rows if row["Kind"] == "service"}
    assert set(versions.values()) == {"16.0.2"}
    assert len(versions) == 2
