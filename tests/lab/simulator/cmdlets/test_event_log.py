"""Get-WinEvent on the simulated hosts, and Hyper-V's commands while its service is stopped."""

from datetime import timedelta

import pytest

from lab.model.faults import Fault
from lab.simulator.faults import SimulatedFaults
from lab.simulator.hosts.host import LoggedEvent

PRODUCT = "CA ARCserve RHA"
NONE_FOUND = "No events were found that match the specified selection criteria."


@pytest.fixture
def logged(hosts):
    world = hosts.lab.world
    for minutes, provider, message in (
        (0, PRODUCT, "一"),
        (30, "Other", "二"),
        (60, PRODUCT, "三"),
    ):
        time = world.now() + timedelta(minutes=minutes)
        world.hosts["MASTER"].event_log.append(
            LoggedEvent(log="Application", provider=provider, level=2, time=time, message=message)
        )
    return hosts


@pytest.mark.parametrize(
    ("arguments", "messages"),
    [
        ("-LogName Application", ["三", "二", "一"]),
        ("Application -MaxEvents 1", ["三"]),
        ("-FilterHashtable @{ LogName = 'Application'; ProviderName = 'CA ARC*' }", ["三", "一"]),
        (
            "-FilterHashtable @{ LogName = 'Application'; StartTime = (Get-Date).AddMinutes(30) }",
            ["三", "二"],
        ),
    ],
)
def test_events_come_newest_first(logged, arguments, messages):
    assert logged.text(f"Get-WinEvent {arguments} | ForEach-Object {{ $_.Message }}") == messages


def test_an_event_tells_what_it_is(logged):
    script = '$e = Get-WinEvent Application -MaxEvents 1; "$($e.RecordId) $($e.Level) $($e.LevelDisplayName)"'
    assert logged.text(script) == ["3 2 Error"]


def test_an_answer_without_events_is_an_error(hosts):
    answer = hosts.run("Get-WinEvent -LogName Application")
    assert answer.errors == [("NoMatchingEventsFound,Microsoft.PowerShell.Commands.GetWinEventCommand", NONE_FOUND)]


def test_a_log_that_is_not_there_and_a_filter_outside_the_subset_are_refused(hosts):
    assert "NoMatchingLogsFound" in hosts.run("Get-WinEvent -LogName Nothing").errors[0][0]
    assert hosts.run("Get-WinEvent -FilterHashtable @{ LogName = 'Application'; Level = 2 }").errors != []


@pytest.mark.parametrize(
    "command", ["Get-VM", "Get-VMSwitch", "Start-VM DC1", "Stop-VM Garoon -TurnOff", "Get-VMNetworkAdapter Garoon"]
)
def test_without_its_service_hyperv_answers_nothing(hosts, command):
    faults = SimulatedFaults(hosts.lab.world, "Garoon")
    faults.begin(Fault.HYPERV_SERVICE_STOPPED)
    [(error_id, message)] = hosts.run(command).errors
    assert error_id.startswith("ObjectNotFound,Microsoft.HyperV.PowerShell.Commands.")
    assert "Verify that the Virtual Machine Management service on the computer is running." in message
    assert hosts.text("(Get-Service vmms).Status.ToString()") == ["Stopped"]
    assert hosts.lab.state("MASTER") == "Running"
    faults.end(Fault.HYPERV_SERVICE_STOPPED)
    assert hosts.run(command.replace("DC1", "DC1 -Confirm:$false")).errors == []


@pytest.mark.parametrize(("provider", "error"), [(PRODUCT, "NoMatchingEventsFound"), ("x", "NoMatchingProvidersFound")])
def test_a_provider_that_has_written_nothing_is_known_and_another_is_not(hosts, provider, error):
    script = f"Get-WinEvent -FilterHashtable @{{ LogName = 'Application'; ProviderName = '{provider}' }}"
    [(error_id, _)] = hosts.run(script).errors
    assert error_id == f"{error},Microsoft.PowerShell.Commands.GetWinEventCommand"
