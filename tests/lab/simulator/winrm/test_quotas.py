"""How many shells and operations a user may have, and how long an idle shell lives."""

from __future__ import annotations

from datetime import timedelta

import pytest
from winrm.exceptions import WinRMError

from lab.simulator.winrm import shells
from tests.lab.simulator.winrm.winrm_stand import protocol


def test_the_thirty_first_shell_is_refused_until_one_is_closed(listener):
    client = protocol(listener)
    opened = [client.open_shell() for _ in range(shells.MAX_SHELLS_PER_USER)]
    with pytest.raises(WinRMError, match="maximum number of 30 concurrent shells"):
        client.open_shell()
    client.close_shell(opened[0], close_session=False)
    assert client.open_shell()


def test_a_shell_kept_for_long_runs_into_the_operations_quota(listener, monkeypatch):
    monkeypatch.setattr(shells, "MAX_OPERATIONS_PER_USER", 3)
    client = protocol(listener)
    shell = client.open_shell()
    for _ in range(3):
        command = client.run_command(shell, "hostname")
        client.get_command_output(shell, command)
        client.cleanup_command(shell, command)
    with pytest.raises(WinRMError, match="maximum number of 3 concurrent operations"):
        client.run_command(shell, "hostname")
    client.close_shell(shell, close_session=False)
    fresh = client.open_shell()
    assert client.run_command(fresh, "hostname")


def test_an_idle_shell_is_taken_away_after_two_hours(listener, clock):
    client = protocol(listener)
    shell = client.open_shell()
    clock.sleep(timedelta(hours=2))
    assert client.run_command(shell, "hostname")
    clock.sleep(timedelta(hours=2, seconds=1))
    with pytest.raises(WinRMError, match="invalid selectors"):
        client.run_command(shell, "hostname")


def test_a_client_may_ask_for_a_shorter_idle_time(listener, clock):
    client = protocol(listener)
    shell = client.open_shell(idle_timeout="PT300S")
    clock.sleep(timedelta(seconds=301))
    with pytest.raises(WinRMError, match="invalid selectors"):
        client.run_command(shell, "hostname")


def test_a_deleted_shell_and_a_finished_command_are_unknown(listener):
    client = protocol(listener)
    shell = client.open_shell()
    command = client.run_command(shell, "hostname")
    client.get_command_output(shell, command)
    client.cleanup_command(shell, command)
    with pytest.raises(WinRMError, match="invalid selectors"):
        client.get_command_output(shell, command)
    client.close_shell(shell, close_session=False)
    with pytest.raises(WinRMError, match="invalid selectors"):
        client.close_shell(shell)
