"""Lab time of a client that waits for a process: stalled, computing, sleeping, hung, ended."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from pypsrp.powershell import PowerShell, RunspacePool
from pypsrp.wsman import WSMan
from winrm.exceptions import WinRMOperationTimeoutError

from lab.simulator.timeline import Scaled, SimulatedClock, Timeline
from tests.lab.simulator.winrm.winrm_stand import ACCOUNT, encoded, protocol


@pytest.fixture
def client(listener):
    return protocol(listener, operation_timeout_sec=20, read_timeout_sec=30)


def start(client, script, **more):
    shell = client.open_shell(codepage=65001, **more)
    return shell, client.run_command(shell, "powershell", ["-EncodedCommand", encoded(script)])


def test_a_receive_from_a_stalled_process_spends_its_time_out_at_once(client, clock):
    shell, command = start(client, "echo")
    before = clock.now()
    with pytest.raises(WinRMOperationTimeoutError):
        client.get_command_output_raw(shell, command)
    assert clock.now() - before == timedelta(seconds=20)


def test_output_of_a_stalled_process_is_delivered_in_no_time(client, clock):
    shell, command = start(client, "say ready;echo")
    before = clock.now()
    assert client.get_command_output_raw(shell, command)[0] == b"ready\n"
    client.send_command_input(shell, command, b"one\n")
    assert client.get_command_output_raw(shell, command)[0] == b"<one>\n"
    client.send_command_input(shell, command, b"two\nthr")
    client.send_command_input(shell, command, b"ee\n")
    assert client.get_command_output_raw(shell, command)[0] == b"<two>\n<three>\n"
    assert clock.now() == before


def test_a_command_that_never_answers_costs_the_time_out_each_time(client, clock):
    shell, command = start(client, "hang")
    before = clock.now()
    for _ in range(3):
        with pytest.raises(WinRMOperationTimeoutError):
            client.get_command_output_raw(shell, command)
    assert clock.now() - before == timedelta(seconds=60)


def test_an_endless_loop_meets_its_client_s_time_out_in_simulated_time(client, clock):
    shell, command = start(client, "loop")
    before = clock.now()
    with pytest.raises(WinRMOperationTimeoutError):
        client.get_command_output_raw(shell, command)
    assert clock.now() - before == timedelta(seconds=20)


def test_a_process_does_not_run_on_between_two_receives(client, clock):
    shell, command = start(client, "loop")
    with pytest.raises(WinRMOperationTimeoutError):
        client.get_command_output_raw(shell, command)
    before = clock.now()
    client.cleanup_command(shell, command)
    assert clock.now() == before


def test_terminate_ends_a_running_command_and_leaves_the_shell_usable(client):
    shell, command = start(client, "loop")
    with pytest.raises(WinRMOperationTimeoutError):
        client.get_command_output_raw(shell, command)
    client.cleanup_command(shell, command)
    again = client.run_command(shell, "hostname")
    assert client.get_command_output(shell, again)[0] == b"MASTER\r\n"


def test_work_that_takes_long_is_delivered_once_time_has_passed_and_when_it_ends(client, clock):
    shell, command = start(client, "say early;sleep 5;say late;sleep 5;exit 7")
    before = clock.now()
    received = []
    done = False
    while not done:
        output, _, code, done = client.get_command_output_raw(shell, command)
        received.append((output, (clock.now() - before).total_seconds()))
    assert (received, code) == ([(b"early\n", 5.0), (b"late\n", 10.0)], 7)


def test_what_is_written_after_the_deadline_belongs_to_the_next_receive(client):
    shell, command = start(client, "sleep 60;say late")
    with pytest.raises(WinRMOperationTimeoutError):
        client.get_command_output_raw(shell, command)
    output, _, code, done = client.get_command_output_raw(shell, command)
    assert (output, code, done) == (b"late\n", 0, True)


def test_two_runs_of_the_same_conversation_deliver_the_same_pieces(client, clock):
    def converse():
        shell, command = start(client, "say a;say b;sleep 1;complain c;echo;say d;sleep 30;say e")
        began, pieces, done = clock.now(), [], False
        client.send_command_input(shell, command, b"x\n", end=True)
        while not done:
            try:
                output, errors, _, done = client.get_command_output_raw(shell, command)
            except WinRMOperationTimeoutError:
                output, errors = b"(time-out)", b""
            pieces.append((output, errors, clock.now() - began))
        client.close_shell(shell, close_session=False)
        return pieces

    assert [converse() for _ in range(5)] == [converse()] * 5


def test_deleting_the_shell_ends_what_runs_in_it(client, engine, clock):
    shell, command = start(client, "loop")
    with pytest.raises(WinRMOperationTimeoutError):
        client.get_command_output_raw(shell, command)
    client.close_shell(shell)
    assert not [thread for thread in threading.enumerate() if command in thread.name and not _ended(thread)]


def _ended(thread: threading.Thread) -> bool:
    thread.join(5)
    return not thread.is_alive()


@pytest.fixture
def passing(opened, engine, clock):
    """A host in a lab whose time passes by itself, two hundred times as fast as the wall's."""
    timeline = Timeline(clock.now())
    pace = Scaled(timeline, speed=200)
    engine.clock = SimulatedClock(timeline, pace)
    pace.start()
    yield opened(clock=engine.clock, alarm=timeline.after)
    pace.stop()


def test_where_time_passes_by_itself_a_sleeping_process_meets_the_time_out_too(passing, engine, clock):
    began = clock.now()
    client = protocol(passing, operation_timeout_sec=10, read_timeout_sec=30)
    shell, command = start(client, "say first;sleep 100;say last")
    assert client.get_command_output_raw(shell, command)[0] == b"first\n"
    with pytest.raises(WinRMOperationTimeoutError):
        client.get_command_output_raw(shell, command)
    assert timedelta(seconds=10) <= engine.clock.now() - began < timedelta(seconds=100)
    assert client.get_command_output(shell, command) == (b"last\n", b"", 0)
    assert engine.clock.now() - began >= timedelta(seconds=100)


def test_where_time_passes_by_itself_output_does_not_wait_for_the_process(passing):
    client = protocol(passing)
    shell, command = start(client, "say ready;echo")
    assert client.get_command_output_raw(shell, command)[0] == b"ready\n"
    client.send_command_input(shell, command, b"one\n", end=True)
    assert client.get_command_output(shell, command)[0] == b"<one>\n"


def test_where_time_passes_by_itself_a_pool_runs_pipeline_after_pipeline(passing):
    wsman = WSMan(
        "127.0.0.1", port=passing.port, ssl=False, no_proxy=True, username="kunren", password=ACCOUNT.password
    )
    with wsman, RunspacePool(wsman) as pool:
        for number in range(5):
            assert PowerShell(pool).add_script(f"say {number};sleep 1").invoke() == [str(number)]
