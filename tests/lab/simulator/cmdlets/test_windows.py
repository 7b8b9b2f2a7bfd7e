import pytest


def test_the_host_tells_its_system_and_when_it_was_started(hosts):
    script = '$s = Get-CimInstance Win32_OperatingSystem; "$($s.Version) $($s.CSName)"; $s.LastBootUpTime.ToString("s")'
    assert hosts.text(script) == ["10.0.14393 MASTER", "2012-09-22T09:00:00"]


def test_the_host_knows_its_own_name(hosts):
    assert hosts.text("$env:COMPUTERNAME", "REPLICA") == ["REPLICA"]


def test_services_are_told_with_state_and_account(hosts):
    script = 'Get-CimInstance Win32_Service | ForEach-Object { "$($_.Name) $($_.State) $($_.StartName)" }'
    assert hosts.text(script, "REPLICA") == [
        r"CAARCserveRHAControlService Running KUNREN\svc-rha",
        r"CAARCserveRHAEngine Running KUNREN\svc-rha",
        "vmms Running LocalSystem",
    ]
    assert hosts.text('Get-Service CAA* | ForEach-Object { "$($_.Name) $($_.Status)" }') == [
        "CAARCserveRHAEngine Running"
    ]


def test_a_service_that_is_not_installed_is_an_error_in_windows_words(hosts):
    assert hosts.run("Get-Service nothing").errors == [
        (
            "NoServiceFoundForGivenName,Microsoft.PowerShell.Commands.GetServiceCommand",
            "Cannot find any service with service name 'nothing'.",
        )
    ]
    assert hosts.text("Get-Service nothing*") == []


@pytest.mark.parametrize(
    "script",
    [
        "Get-CimInstance Win32_BIOS",
        "Get-CimInstance Win32_Service -Filter \"Name='vmms'\"",
        "Get-CimInstance -Namespace root/virtualization/v2 Msvm_ComputerSystem",
        "(Get-CimInstance Win32_OperatingSystem).FreePhysicalMemory",
        "(Get-Service vmms).StartType",
        "Stop-Service vmms",
    ],
)
def test_what_windows_can_and_the_lab_cannot_is_refused_loudly(hosts, script):
    assert [error_id for error_id, _ in hosts.run(script).errors] == ["OutsideSubset"]


def test_a_boot_is_known_by_the_process_it_began_with(hosts):
    script = """Get-CimInstance Win32_Process -Filter "Name = 'WININIT.exe'" | ForEach-Object {
        "$($_.Name) $($_.ProcessId) $($_.CreationDate.ToString('s'))"
    }"""
    assert hosts.text(script) == ["wininit.exe 500 2012-09-22T09:00:00"]
    assert hosts.text("Get-CimInstance Win32_Process -Filter \"name='nothing.exe'\"") == []


def test_the_groups_of_the_logon_are_told_as_whoami_tells_them(hosts):
    script = "whoami.exe /groups /fo csv /nh | ConvertFrom-Csv -Header a, b, Sid, d | ForEach-Object { $_.Sid }"
    assert hosts.text(script) == ["S-1-1-0", "S-1-5-32-544", "S-1-16-12288"]
