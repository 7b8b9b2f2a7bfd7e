"""Ansible's winrm connection, raw: the third client, and the one people use."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from lab.simulator.winrm.listener import WinRmListener
from powershell import PowerShell
from tests.lab.simulator.winrm.winrm_stand import ACCOUNT

pytestmark = [
    pytest.mark.ansible,
    pytest.mark.skipif(importlib.util.find_spec("ansible") is None, reason="needs ansible-core"),
]


def ansible(
    listener, command: str, folder: Path, *, password: str = ACCOUNT.password, shell_type: str = "cmd"
) -> subprocess.CompletedProcess[str]:
    inventory = folder / "inventory.ini"
    variables = {
        "ansible_host": "127.0.0.1",
        "ansible_port": listener.port,
        "ansible_user": ACCOUNT.user,
        "ansible_password": password,
        "ansible_connection": "winrm",
        "ansible_winrm_scheme": "http",
        "ansible_winrm_transport": "ntlm",
        "ansible_winrm_message_encryption": "always",
        "ansible_shell_type": shell_type,
    }
    inventory.write_text("master " + " ".join(f"{name}={value}" for name, value in variables.items()), "utf-8")
    environment = {"HOME": str(folder), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "ANSIBLE_NOCOLOR": "1"}
    return subprocess.run(
        [sys.executable, "-m", "ansible", "adhoc", "master", "-i", str(inventory), "-m", "raw", "-a", command],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_raw_runs_a_command(listener, tmp_path):
    ran = ansible(listener, "say 訓練 by Ansible", tmp_path)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "CHANGED | rc=0" in ran.stdout
    assert "訓練 by Ansible" in ran.stdout


def test_raw_is_refused_with_a_wrong_password(listener, engine, tmp_path):
    ran = ansible(listener, "hostname", tmp_path, password="guess")
    assert "UNREACHABLE!" in ran.stdout
    assert engine.ran == []


def test_raw_runs_in_the_embedded_powershell(clock, tmp_path):
    host = WinRmListener(PowerShell((), clock, "MASTER"), "MASTER", ACCOUNT, clock)
    host.open()
    try:
        ran = ansible(host, "$name = '訓練'; \"<$name>\"; 6 * 7", tmp_path, shell_type="powershell")
    finally:
        host.close()
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert ran.stdout.split() == ["master", "|", "CHANGED", "|", "rc=0", ">>", "<訓練>", "42"]
