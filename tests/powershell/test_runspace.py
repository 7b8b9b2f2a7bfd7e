"""Runspaces: state between invocations, stopping, the cost of loops, and refusals no script can catch."""

from __future__ import annotations

from datetime import timedelta

import pytest

from powershell.engine import PipelineCommand, TerminatingError
from powershell.errors import PipelineStopped
from powershell.host import PowerShell
from tests.powershell.engine_under_test import StoppedClock

STARTED = StoppedClock().moment


class Collected:
    def __init__(self):
        self.values, self.errors = [], []

    def output(self, value):
        self.values.append(value)

    def error(self, record):
        self.errors.append(record)

    def ignored(self, *_):
        pass

    warning = verbose = debug = information = progress = ignored


@pytest.fixture
def clock():
    return StoppedClock()


@pytest.fixture
def runspace(clock):
    return PowerShell((), clock, "HV1").open_runspace()


def invoke(runspace, *commands):
    streams = Collected()
    runspace.invoke([PipelineCommand(text, is_script=True) for text in commands], streams)
    return streams


def test_variables_and_functions_live_as_long_as_the_runspace(runspace):
    invoke(runspace, "$kept = 5; function Twice($n) { $n * 2 }")
    assert invoke(runspace, "Twice $kept").values == [10]


def test_two_runspaces_of_one_host_share_no_variables(clock):
    engine = PowerShell((), clock, "HV1")
    invoke(engine.open_runspace(), "$kept = 5")
    assert invoke(engine.open_runspace(), "$null -eq $kept").values == [True]


def test_a_command_takes_named_and_positional_parameters_as_values(runspace):
    streams = Collected()
    parameters = ((None, "2012-09-25"), ("Format", "yyyy"))
    runspace.invoke([PipelineCommand("Get-Date", is_script=False, parameters=parameters)], streams)
    assert streams.values == ["2012"]


def test_the_output_of_one_command_is_the_input_of_the_next(runspace):
    assert invoke(runspace, "1, 2, 3", "process { $_ * 2 }").values == [2, 4, 6]


def test_statement_errors_are_reported_and_the_script_goes_on(runspace):
    streams = invoke(runspace, "1 / 0; 'on'")
    assert streams.values == ["on"]
    assert [record.fully_qualified_id for record in streams.errors] == ["RuntimeException"]


def test_throw_ends_the_script_with_a_terminating_error(runspace):
    with pytest.raises(TerminatingError) as caught:
        invoke(runspace, "throw 'over'; 'never'")
    assert caught.value.record.message == "over"


@pytest.mark.parametrize("script", ["try { Get-Process } catch { 'caught' }"])
def test_no_handler_of_a_script_hides_a_refusal(runspace, script):
    with pytest.raises(TerminatingError) as caught:
        invoke(runspace, script)
    assert caught.value.record.error_id == "OutsideSubset"
    assert "line 1" in caught.value.record.message
    assert "Get-Process" in caught.value.record.message


def test_ten_thousand_turns_of_a_loop_cost_a_tenth_of_a_second(runspace, clock):
    invoke(runspace, "foreach ($i in 1..25000) { }")
    assert clock.moment - STARTED == timedelta(milliseconds=200)


def test_start_sleep_spends_the_hosts_time(runspace, clock):
    invoke(runspace, "Start-Sleep -Seconds 90")
    assert clock.moment - STARTED == timedelta(seconds=90)


def test_get_date_is_the_hosts_time(runspace):
    assert invoke(runspace, "(Get-Date).ToString('s')").values == ["2026-11-23T09:00:00"]


class StoppingClock:
    """Somebody stops the runspace as soon as a loop has cost time."""

    runspace = None

    def now(self):
        return STARTED

    def spend(self, _):
        self.runspace.stop()


def test_a_stopped_runspace_leaves_an_endless_loop():
    clock = StoppingClock()
    runspace = clock.runspace = PowerShell((), clock, "HV1").open_runspace()
    with pytest.raises(PipelineStopped):
        invoke(runspace, "while ($true) { }")


def test_endless_recursion_is_refused_not_suffered(runspace):
    with pytest.raises(TerminatingError) as caught:
        invoke(runspace, "function F { F }; F")
    assert caught.value.record.error_id == "OutsideSubset"
