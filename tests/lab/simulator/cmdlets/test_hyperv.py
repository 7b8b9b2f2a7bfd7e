"""Get-VM, Start-VM and Stop-VM on the simulated hosts."""

from datetime import timedelta

import pytest

from lab.simulator.hosts.hyperv import HyperV
from tests.lab.simulator.cmdlets.conftest import Hosts
from tests.lab.simulator.premises import premises

OUTSIDE = "OutsideSubset"
NOT_FOUND = 'Hyper-V was unable to find a virtual machine with name "Exchange".'


def test_get_vm_lists_the_guests_of_the_host_it_runs_on_by_name(hosts):
    script = 'Get-VM | ForEach-Object { "$($_.Name) $($_.State) $($_.Heartbeat)" }'
    assert hosts.text(script) == ["DC1 Off ", "Garoon Running OkApplicationsUnknown"]
    assert hosts.text(script, "REPLICA") == []


def test_a_guest_tells_its_uptime_adapters_and_addresses(hosts):
    script = (
        "$vm = Get-VM Garoon; $a = $vm.NetworkAdapters[0]; "
        '"$($vm.Uptime.Days) $($a.SwitchName) $($a.MacAddress) $($a.IPAddresses)"'
    )
    assert hosts.text(script) == ["1 本番ネットワーク 00155D0A0A10 192.0.2.10"]


def test_a_question_takes_its_time(hosts):
    hosts.run("Get-VM")
    assert hosts.lab.clock.monotonic() == pytest.approx(0.08)


def test_a_name_without_a_guest_is_an_error_a_pattern_without_one_is_not(hosts):
    answer = hosts.run('Get-VM Exchange, garoon | ForEach-Object { "$($_.Name)" }')
    assert answer.outputs == ["Garoon"]
    assert answer.errors == [("InvalidParameter,Microsoft.HyperV.PowerShell.Commands.GetVM", NOT_FOUND)]
    assert hosts.text("Get-VM Ex*") == []
    assert hosts.text('(Get-VM -Name "*r*").Name') == ["Garoon"]


def test_a_guest_is_found_by_its_id_and_prints_as_hyper_v_prints_it(hosts):
    text = "VirtualMachine (Name = 'Garoon') [Id = '5f0b6f2e-7d1c-4c39-9a53-3c1e2f7d9a10']"
    assert hosts.text('$vm = Get-VM -Id (Get-VM Garoon).Id; "$vm"') == [text]


def test_start_vm_returns_when_the_guest_runs_and_its_object_stays_live(hosts):
    script = '$vm = Get-VM DC1; "$($vm.State)"; Start-VM DC1; "$($vm.State) $($vm.Heartbeat)"'
    assert hosts.text(script) == ["Off", "Running NoContact"]
    assert hosts.lab.clock.monotonic() == pytest.approx(2.08)


def test_starting_what_runs_is_worth_a_warning(hosts):
    answer = hosts.run("Start-VM Garoon")
    assert answer.warnings == ["The virtual machine is already in the specified state."]
    assert answer.errors == []


def test_stop_vm_waits_for_the_guest(hosts):
    assert hosts.text('Get-VM Garoon | Stop-VM -Passthru | ForEach-Object { "$($_.State)" }') == ["Off"]
    assert hosts.lab.clock.monotonic() == pytest.approx(20.08)


def test_turning_off_does_not_wait_for_the_guest(hosts):
    hosts.run("Stop-VM -Name Garoon -TurnOff -Confirm:$false")
    assert hosts.lab.state("MASTER") == "Off"
    assert hosts.lab.clock.monotonic() == pytest.approx(0.5)


def test_a_guest_that_is_not_heard_of_is_shut_down_by_force_only(hosts):
    hosts.run("Start-VM DC1")
    refused = hosts.run("Stop-VM DC1").errors
    assert [error_id for error_id, _ in refused] == ["InvalidOperation,Microsoft.HyperV.PowerShell.Commands.StopVM"]
    assert hosts.lab.state("MASTER", "DC1") == "Running"
    assert hosts.run("Stop-VM DC1 -Force").errors == []
    assert hosts.lab.state("MASTER", "DC1") == "Off"


def test_a_state_the_action_does_not_fit_is_refused_in_hyper_vs_words(hosts):
    hosts.lab.hyperv.shut_down("Garoon", "MASTER")
    ((error_id, message),) = hosts.run("Start-VM Garoon").errors
    assert error_id == "InvalidState,Microsoft.HyperV.PowerShell.Commands.StartVM"
    assert "The operation cannot be performed while the virtual machine is in its current state." in message


def test_an_adapter_is_taken_off_its_switch_and_hung_on_another(hosts):
    assert hosts.text("Disconnect-VMNetworkAdapter -VMName Garoon") == []
    assert hosts.lab.at_the_url() is None
    assert hosts.text('"$((Get-VMNetworkAdapter -VMName Garoon).Connected)"') == ["False"]
    hosts.run("Get-VM Garoon | Get-VMNetworkAdapter | Connect-VMNetworkAdapter -SwitchName 本番ネットワーク")
    assert hosts.lab.at_the_url() is not None


def test_a_switch_that_is_not_there_is_an_error(hosts):
    ((error_id, message),) = hosts.run("Connect-VMNetworkAdapter Garoon -SwitchName 検証ネットワーク").errors
    assert error_id == "InvalidParameter,Microsoft.HyperV.PowerShell.Commands.ConnectVMNetworkAdapter"
    assert message == 'Hyper-V was unable to find a virtual switch with name "検証ネットワーク".'
    ((error_id, _),) = hosts.run("Get-VMSwitch 検証ネットワーク").errors
    assert error_id == "InvalidParameter,Microsoft.HyperV.PowerShell.Commands.GetVMSwitch"


def test_the_switches_of_the_replica_and_their_types(hosts):
    script = 'Get-VMSwitch | ForEach-Object { "$($_.Name) $($_.SwitchType)" }'
    assert set(hosts.text(script, "REPLICA")) == {
        "本番ネットワーク External",
        "検証ネットワーク External",
        "テスト内部ネットワーク Internal",
    }
    assert hosts.text('"$((Get-VMSwitch -SwitchType Internal).Name)"', "REPLICA") == ["テスト内部ネットワーク"]


def test_the_heartbeat_service_tells_what_it_hears(hosts):
    script = '"$((Get-VMIntegrationService -VMName {} -Name Heartbeat).PrimaryStatusDescription)"'
    assert hosts.text(script.format("Garoon")) == ["OK"]
    hosts.lab.hyperv.start("DC1", "MASTER")
    hosts.lab.wait(5)
    assert hosts.text(script.format("DC1")) == ["No Contact"]


def test_the_host_tells_its_name(hosts):
    assert hosts.text("(Get-VMHost).Name", "REPLICA") == ["REPLICA"]


@pytest.mark.parametrize(
    "script",
    [
        "Stop-VM Garoon -Save",
        "Start-VM Garoon -WhatIf",
        "Start-VM Garoon -Confirm",
        "Get-VM -ComputerName REPLICA",
        "Save-VM Garoon",
        "(Get-VM Garoon).ReplicationState",
        "Get-VMNetworkAdapter -VMName Garoon -Name Other",
    ],
)
def test_what_hyper_v_can_and_the_lab_cannot_is_refused_loudly_and_changes_nothing(hosts, script):
    assert [error_id for error_id, _ in hosts.run(script).errors] == [OUTSIDE]
    assert hosts.lab.state("MASTER") == "Running"


def test_a_parameter_hyper_v_does_not_have_is_not_found(hosts):
    ((error_id, _),) = hosts.run("Get-VM -Nmae Garoon").errors
    assert error_id == "NamedParameterNotFound,Microsoft.HyperV.PowerShell.Commands.GetVM"


def test_hyper_v_cannot_read_a_guest_that_has_just_been_taken_off_or_registered(tmp_path):
    hosts = Hosts(premises(tmp_path, hyperv_trips=timedelta(seconds=20)))
    hyperv = HyperV(hosts.lab.world)
    adapters = hosts.lab.world.hosts["MASTER"].registrations["DC1"].adapters
    hyperv.unregister("DC1", "MASTER")
    script = 'Get-VM -ErrorAction SilentlyContinue | ForEach-Object { "$($_.Name)" }'
    for act in (lambda: None, lambda: hyperv.register("DC1", "MASTER", adapters)):
        act()
        answer = hosts.run("Get-VM")
        assert [each for each, _ in answer.errors] == ["ObjectNotFound,Microsoft.HyperV.PowerShell.Commands.GetVM"]
        assert hosts.text(script) == ["Garoon"]
    hosts.lab.clock.spend(timedelta(seconds=20))
    assert hosts.text('Get-VM | ForEach-Object { "$($_.Name)" }') == ["DC1", "Garoon"]


def test_a_login_without_rights_sees_no_guest_and_no_error(tmp_path):
    hosts = Hosts(premises(tmp_path, unprivileged=True))
    assert hosts.text("Get-VM") == []
    script = "whoami.exe /groups /fo csv /nh | ConvertFrom-Csv -Header a, b, Sid, d | ForEach-Object { $_.Sid }"
    assert hosts.text(script) == ["S-1-1-0", "S-1-5-32-544", "S-1-16-8192"]


def test_states_whose_numbers_differ_between_versions_of_windows_are_refused(hosts):
    kind = "[Microsoft.HyperV.PowerShell.VMState]"
    assert hosts.text(f'"$([int]{kind}::FastSaved) $({kind}::Off)"') == ["32779 Off"]
    for script in (f"{kind}::OffCritical", f"{kind}'RunningCritical'", f"{kind}32785", f"[enum]::GetNames({kind})"):
        assert [error_id for error_id, _ in hosts.run(script).errors] == [OUTSIDE]
    script = "(Get-VM Garoon).State -eq 'RunningCritical'; (Get-VM Garoon).State -eq 'Running'"
    assert hosts.text(script) == [False, True]
