"""The three real clients against a host that runs the embedded PowerShell."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from pypsrp.client import Client
from pypsrp.powershell import PowerShell, PSInvocationState, RunspacePool
from pypsrp.wsman import WSMan
from winrm.exceptions import WinRMOperationTimeoutError

from powershell import PowerShell as Engine
from tests.lab.simulator.winrm.winrm_stand import ACCOUNT, encoded, protocol, session

LOGIN = {"ssl": False, "no_proxy": True, "username": ACCOUNT.user, "password": ACCOUNT.password}


@pytest.fixture
def engine(clock):
    return Engine((), clock, "MASTER")


@pytest.fixture
def pool(listener):
    with WSMan("127.0.0.1", port=listener.port, **LOGIN) as wsman, RunspacePool(wsman) as opened:
        yield opened


def test_run_ps_evaluates_its_script(listener):
    response = session(listener).run_ps("$vm = 'Garoon'; \"<$vm>\"; 6 * 7; exit 9")
    assert (response.std_out, response.std_err, response.status_code) == (b"<Garoon>\r\n42\r\n", b"", 9)


def test_an_error_of_a_script_is_on_stderr_and_in_the_exit_code(listener):
    response = session(listener).run_ps("throw 'no such guest'")
    assert b"no such guest" in response.std_err
    assert response.status_code == 1


def test_cmd_hands_a_command_to_powershell(listener):
    response = session(listener).run_cmd("powershell", ["-NoProfile", "-Command", '"1, 2 | ForEach-Object { $_ * 2 }"'])
    assert (response.std_out, response.status_code) == (b"2\r\n4\r\n", 0)


def test_a_loop_over_stdin_answers_line_by_line_in_japanese_and_in_no_time(listener, clock):
    script = """
        [Console]::InputEncoding = [Console]::OutputEncoding = [Text.Encoding]::UTF8
        while ($null -ne ($line = [Console]::In.ReadLine())) {
            $text = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($line))
            [Console]::Out.WriteLine("<$text>")
        }
    """
    client = protocol(listener)
    shell = client.open_shell(codepage=65001)
    command = client.run_command(shell, "powershell", ["-EncodedCommand", encoded(script)])
    before = clock.now()
    for line, answer in ((b"6KiT57e0\n", "<訓練>\r\n"), (b"YQ==\n", "<a>\r\n")):
        client.send_command_input(shell, command, line)
        assert client.get_command_output_raw(shell, command)[0].decode() == answer
    assert clock.now() == before
    with pytest.raises(WinRMOperationTimeoutError):
        client.get_command_output_raw(shell, command)
    assert clock.now() - before == timedelta(seconds=20)
    client.send_command_input(shell, command, b"", end=True)
    assert client.get_command_output(shell, command) == (b"", b"", 0)


def test_an_endless_loop_meets_the_time_out_and_is_ended_by_terminate(listener, clock):
    client = protocol(listener, operation_timeout_sec=2, read_timeout_sec=30)
    shell = client.open_shell()
    command = client.run_command(shell, "powershell", ["-EncodedCommand", encoded("while ($true) { }")])
    before = clock.now()
    with pytest.raises(WinRMOperationTimeoutError):
        client.get_command_output_raw(shell, command)
    assert timedelta(seconds=2) <= clock.now() - before < timedelta(seconds=3)
    client.cleanup_command(shell, command)
    for thread in threading.enumerate():
        if command in thread.name:
            thread.join(10)
            assert not thread.is_alive()


def test_start_sleep_takes_lab_time_only(listener, clock):
    before = clock.now()
    assert session(listener).run_ps("Start-Sleep 300; 'up'").std_out == b"up\r\n"
    assert clock.now() - before == timedelta(seconds=300)


def test_execute_ps_brings_formatted_text(listener):
    with Client("127.0.0.1", port=listener.port, **LOGIN) as client:
        output, _, _ = client.execute_ps("[pscustomobject]@{ Name = 'Garoon'; State = 'Running' }")
    assert output.split() == ["Name", "State", "----", "-----", "Garoon", "Running"]


def test_a_runspace_keeps_its_variables_between_pipelines(pool):
    PowerShell(pool).add_script("$kept = 5").invoke()
    assert PowerShell(pool).add_script("$kept + 1").invoke() == [6]


def test_pipelines_of_commands_with_parameters(pool):
    pipeline = PowerShell(pool).add_cmdlet("Write-Output").add_parameter("InputObject", [3, 1, 2])
    assert pipeline.add_cmdlet("Sort-Object").add_parameter("Descending").invoke() == [3, 2, 1]


def test_errors_over_psrp_carry_their_ids(pool):
    pipeline = PowerShell(pool).add_script("Write-Error 'first'; throw 'second'")
    pipeline.invoke()
    assert pipeline.state == PSInvocationState.FAILED
    assert [str(error) for error in pipeline.streams.error] == ["first", "second"]
    assert pipeline.streams.error[0].fq_error.startswith("Microsoft.PowerShell.Commands.WriteErrorException")


def test_what_is_outside_the_subset_is_refused_by_name(pool):
    pipeline = PowerShell(pool).add_script("Get-Process")
    pipeline.invoke()
    assert [error.fq_error for error in pipeline.streams.error] == ["OutsideSubset"]


def test_exit_ends_the_pipeline_and_not_the_pool(pool):
    pipeline = PowerShell(pool).add_script("'before'; exit 3; 'after'")
    assert pipeline.invoke() == ["before"]
    assert PowerShell(pool).add_script("'on'").invoke() == ["on"]


def test_an_endless_pipeline_is_stopped(pool):
    pipeline = PowerShell(pool).add_script("while ($true) { Start-Sleep 1; 'x' }")
    pipeline.begin_invoke()
    pipeline.poll_invoke(timeout=2)
    pipeline.stop()
    assert PowerShell(pool).add_script("'on'").invoke() == ["on"]
