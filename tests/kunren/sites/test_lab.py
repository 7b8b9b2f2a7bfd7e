"""`kunren lab --json`, and real WinRM clients in other processes that list, stop and see guests."""

import json
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
import requests
import winrm
from pypsrp.client import Client

from tests.kunren.commands import Command
from tests.kunren.conftest import REPOSITORY, site_with


@contextmanager
def served(*arguments):
    with Command("lab", "--json", *arguments) as lab:
        try:
            yield json.loads(next(lab.lines()))
            lab.send_signal(signal.SIGINT)
            assert lab.wait(timeout=20) == 0
        finally:
            lab.kill()


@pytest.fixture(scope="module")
def lab():
    with served("--speed", "600") as line:
        yield line


def pywinrm(host):
    return winrm.Session(
        host["winrm"],
        auth=(host["user"], host["password"]),
        transport="ntlm",
        message_encryption="always",
        ca_trust_path=None,
        proxy=None,
    )


def pypsrp(host):
    return Client(
        "127.0.0.1",
        port=urlsplit(host["winrm"]).port,
        username=host["user"],
        password=host["password"],
        ssl=False,
        auth="negotiate",
    )


def test_the_line_is_what_the_contract_says(lab):
    assert set(lab) == {"hosts", "guest", "garoon", "manager"}
    assert {host["name"] for host in lab["hosts"].values()} == {"MASTER", "REPLICA"}
    assert set(lab["guest"]) == {"name", "user", "password"}
    assert set(lab["hosts"]) == {"master", "replica"}
    assert set(lab["hosts"]["master"]) == {"name", "winrm", "user", "password"}
    assert lab["garoon"]["url"] == "http://cybozu.ca.com/scripts/cbgrn/grn.exe"
    assert set(lab["garoon"]) == {"url", "connect", "user", "password"}


def test_pywinrm_lists_the_guests(lab):
    listed = pywinrm(lab["hosts"]["master"]).run_ps("Get-VM")
    assert (listed.status_code, listed.std_err) == (0, b"")
    assert b"Garoon Running" in listed.std_out


def test_pywinrm_may_use_basic_too(lab):
    host = lab["hosts"]["replica"]
    session = winrm.Session(
        host["winrm"], auth=(host["user"], host["password"]), transport="basic", ca_trust_path=None, proxy=None
    )
    assert session.run_ps("(Get-VM).Count").status_code == 0


def test_pypsrp_reads_json(lab):
    output, _, failed = pypsrp(lab["hosts"]["master"]).execute_ps(
        'Get-VM Garoon | Select-Object Name, @{n="State";e={"$($_.State)"}} | ConvertTo-Json -Compress'
    )
    assert not failed
    assert json.loads(output) == {"Name": "Garoon", "State": "Running"}


def test_garoon_answers_at_its_url_through_the_address_given(lab):
    url = urlsplit(lab["garoon"]["url"])
    answer = requests.get(
        f"http://{lab['garoon']['connect']}{url.path}", headers={"Host": url.hostname}, timeout=10, proxies={"http": ""}
    )
    assert answer.status_code == 200
    assert "_account" in answer.text
    assert "SIMULATED" in answer.text


def test_a_guest_stopped_by_one_client_is_off_for_another_and_its_garoon_is_gone():
    with served("--speed", "600") as lab:
        stopped = pywinrm(lab["hosts"]["master"]).run_ps("Stop-VM Garoon -TurnOff -Force; (Get-VM Garoon).State")
        assert (stopped.status_code, stopped.std_out.strip()) == (0, b"Off")
        seen, _, failed = pypsrp(lab["hosts"]["master"]).execute_ps('"$((Get-VM Garoon).State)"')
        assert (failed, seen.strip()) == (False, "Off")
        address, port = lab["garoon"]["connect"].split(":")
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((address, int(port)), timeout=5)


def test_a_port_in_use_is_said(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        site = site_with(tmp_path, f"garoon_port = {taken.getsockname()[1]}\n")
        done = subprocess.run(
            [sys.executable, "-m", "kunren", "lab", "--site", str(site)],
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
    assert done.returncode == 3
    assert len(done.stderr.splitlines()) == 1
    assert site.read_text().split()[-1] in done.stderr


def test_a_killed_lab_is_swept_by_the_next_and_an_ended_one_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    command = [sys.executable, "-m", "kunren", "lab", "--json"]
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as lab:
        first = json.loads(lab.stdout.readline())
        lab.kill()
    [left] = tmp_path.iterdir()
    with served() as second:
        [running] = tmp_path.iterdir()
        assert running != left
        assert second["hosts"]["master"]["password"] != first["hosts"]["master"]["password"]
    assert list(tmp_path.iterdir()) == []
