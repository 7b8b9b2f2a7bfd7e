"""The declared subset: its document, and that what lies outside is refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from powershell.catalogue import windows_commands
from powershell.cmdlets import ALIASES, GENERAL_CMDLETS
from tests.powershell.engine_under_test import run_script
from tests.powershell.subset import rewritten

DOCUMENT = Path(__file__).parents[2] / "docs" / "powershell.md"


def test_the_document_is_current():
    page = DOCUMENT.read_text(encoding="utf-8")
    assert page == rewritten(page), "run python -m tests.powershell.subset docs/powershell.md"


@pytest.mark.parametrize(
    ("script", "construct"),
    [
        ("Get-Process", "Get-Process"),
        ("Get-NetAdapter -Name x", "Get-NetAdapter"),
        ("gps", "gps"),
        ("'x' | Sort-Object -Culture de-DE", "-Culture"),
        ("1 | Format-Table -ShowError", "-ShowError"),
        ("Get-VM | Format-Table Name -GroupBy State", "-GroupBy"),
        ("1 | Format-Table @{ e = { $_ }; width = 3 }", "the key width"),
        ("Add-Member -InputObject (Get-VM)[0] Garoon 1", "Add-Member Garoon"),
        ("Get-VM | gm", "gm"),
        ("Write-Host x; Get-Content x -Wait", "Get-Content"),
        ("1..3 | ForEach-Object -Parallel { $_ }", "-Parallel"),
        ("Set-StrictMode -Version 2; Get-VM | Where-Object Nope", "Set-StrictMode"),
        ("Join-Path C:\\VMs x", "Join-Path"),
        ("'{\"a\":1,}' | ConvertFrom-Json", "JSON"),
        ("Get-Date 2026-01-02 -UFormat %Z", "-UFormat"),
    ],
)
def test_what_windows_has_and_the_engine_has_not_is_refused_by_name(script, construct):
    ended_by = run_script(script).ended_by
    assert ended_by is not None
    assert ended_by.id == "OutsideSubset"
    assert construct in ended_by.message


def test_the_refusal_names_the_line():
    ended_by = run_script("'first'\n'second'\nGet-Process").ended_by
    assert ended_by is not None
    assert ended_by.message.startswith("line 3: ")


def test_a_command_that_exists_nowhere_is_unknown():
    errors = run_script("Get-Nothing").errors
    assert [error.id for error in errors] == ["CommandNotFoundException"]


def test_every_parameter_of_windows_is_either_declared_or_refused():
    for cmdlet in GENERAL_CMDLETS:
        known = windows_commands().get(cmdlet.name.lower())
        declared = {parameter.name.lower() for parameter in cmdlet.parameters} | {n.lower() for n in cmdlet.outside}
        assert known is None or {name.lower() for name in known.parameters} <= declared, cmdlet.name


def test_aliases_lead_to_commands_that_exist():
    names = {cmdlet.name.lower() for cmdlet in GENERAL_CMDLETS} | set(windows_commands()) | {"mkdir", "clear-host"}
    assert {target for target in ALIASES.values() if target.lower() not in names} == set()
