"""pypsrp against the listener: WinRS processes and PowerShell remoting, over NTLM and SPNEGO."""

from __future__ import annotations

import pytest
from pypsrp.client import Client
from pypsrp.exceptions import AuthenticationError, WSManFaultError
from pypsrp.powershell import PowerShell, PSInvocationState, RunspacePool
from pypsrp.shell import Process, SignalCode, WinRS
from pypsrp.wsman import WSMan

from tests.lab.simulator.winrm.winrm_stand import ACCOUNT, ASCII_ACCOUNT

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:pypsrp")


@pytest.fixture(params=["ntlm", "negotiate"])
def connect(request, listener):
    def connect_to(**more):
        settings = {"auth": request.param, "username": ACCOUNT.user, "password": ACCOUNT.password} | more
        return WSMan("127.0.0.1", port=listener.port, ssl=False, no_proxy=True, **settings)

    return connect_to


def test_a_winrs_process_over_each_kind_of_login(connect):
    with connect() as wsman, WinRS(wsman) as shell:
        process = Process(shell, "powershell", ["-Command", "say", "hello;complain no;exit 4"])
        process.invoke()
        process.signal(SignalCode.CTRL_C)
    assert (process.stdout, process.stderr, process.rc) == (b"hello\n", b"no\n", 4)


def test_a_wrong_password_is_refused(connect):
    with connect(password="guess") as wsman, pytest.raises(AuthenticationError):
        WinRS(wsman).open()


def test_the_service_tells_its_envelope_limit(connect):
    with connect() as wsman:
        wsman.update_max_payload_size()
        assert wsman.max_envelope_size == 500 * 1024


def test_basic_without_encryption_where_it_is_allowed(opened):
    host = opened(account=ASCII_ACCOUNT, allow_unencrypted=True)
    login = {"auth": "basic", "encryption": "never", "username": "kunren", "password": ASCII_ACCOUNT.password}
    with WSMan("127.0.0.1", port=host.port, ssl=False, no_proxy=True, **login) as wsman, WinRS(wsman) as shell:
        process = Process(shell, "hostname")
        process.invoke()
    assert process.stdout == b"MASTER\r\n"


def test_execute_ps_brings_output_and_errors(listener):
    with Client(
        "127.0.0.1", port=listener.port, ssl=False, no_proxy=True, username="kunren", password=ACCOUNT.password
    ) as client:
        output, streams, had_errors = client.execute_ps("say 訓練;complain broken")
    assert output == "訓練"
    assert [str(error) for error in streams.error] == ["broken"]
    assert not had_errors  # which pypsrp says of a pipeline that failed only


def test_a_pool_runs_pipeline_after_pipeline_with_typed_output_and_streams(connect):
    with connect() as wsman, RunspacePool(wsman) as pool:
        for number in (1, 2):
            pipeline = PowerShell(pool).add_script(f"number {number};warn careful;say done")
            assert pipeline.invoke() == [number, "done"]
            assert [str(record.message) for record in pipeline.streams.warning] == ["careful"]
            assert not pipeline.had_errors


def test_a_terminating_error_fails_the_pipeline(connect):
    with connect() as wsman, RunspacePool(wsman) as pool:
        pipeline = PowerShell(pool).add_script("say before;throw it is over")
        pipeline.invoke()
        assert pipeline.state == PSInvocationState.FAILED
        assert pipeline.output == ["before"]
        assert "it is over" in str(pipeline.streams.error[-1])


def test_an_object_of_many_fragments_arrives_whole(connect):
    with connect() as wsman, RunspacePool(wsman) as pool:
        (text,) = PowerShell(pool).add_script("flood 300000").invoke()
    assert len(text) == 300_000


def test_a_script_of_many_fragments_arrives_whole(connect):
    with connect() as wsman, RunspacePool(wsman) as pool:
        (text,) = PowerShell(pool).add_script("say " + "訓練" * 150_000).invoke()
    assert text == "訓練" * 150_000


def test_a_running_pipeline_is_stopped_and_its_pool_goes_on(connect, clock):
    with connect(operation_timeout=5) as wsman, RunspacePool(wsman) as pool:
        pipeline = PowerShell(pool).add_script("loop")
        pipeline.begin_invoke()
        pipeline.poll_invoke(timeout=5)
        assert pipeline.state == PSInvocationState.RUNNING
        pipeline.stop()
        before = clock.now()
        assert PowerShell(pool).add_script("say on").invoke() == ["on"]
        assert clock.now() == before


def test_pipeline_input_is_refused_by_name(connect):
    with connect() as wsman, RunspacePool(wsman) as pool:
        pipeline = PowerShell(pool).add_script("say no")
        pipeline.invoke(["input"])
        assert "outside the simulated subset" in str(pipeline.streams.error[-1])


def test_invalid_creation_data_is_a_fault(connect, monkeypatch):
    with connect() as wsman:
        pool = RunspacePool(wsman)
        monkeypatch.setattr(pool._fragmenter, "fragment_multiple", lambda *_, **__: [b"no fragment at all"])
        with pytest.raises(WSManFaultError, match="parameter for the operation is not valid"):
            pool.open()
