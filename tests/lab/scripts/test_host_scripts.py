"""The scripts for hosts: what can be said of their texts, and what they answer in the real engine."""

import base64
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from lab.drivers.winrm.resident import POWERSHELL_OPTIONS
from lab.scripts import RESIDENT, load_script, script_names
from lab.simulator.cmdlets import powershell_of
from lab.simulator.garoon.exchange import Response
from tests.garoon_stand import new_front
from tests.lab.embedded_powershell import EmbeddedResident, embedded
from tests.lab.real_powershell import Resident, engine
from tests.lab.simulator.premises import empty_premises

SCRIPTS = Path(__file__).parents[3] / "lab" / "scripts"
pwsh = [pytest.mark.pwsh, pytest.mark.skipif(engine() is None, reason="no PowerShell on this machine")]


@pytest.mark.parametrize("name", [*script_names(), RESIDENT])
def test_a_script_is_plain_ascii_and_says_what_it_is_for(name):
    content = (SCRIPTS / f"{name}.ps1").read_bytes()
    assert content.isascii()
    assert b"\r" not in content
    assert b"\t" not in content
    assert content.startswith(b"# ")
    assert load_script(name).text.encode() == content


def test_the_residents_command_line_fits_cmd():
    encoded = base64.b64encode(load_script(RESIDENT).text.encode("utf-16-le")).decode()
    assert len(" ".join(("powershell", *POWERSHELL_OPTIONS, "-EncodedCommand", encoded))) < 8191


def test_a_script_that_does_not_exist_is_not_found():
    with pytest.raises(FileNotFoundError):
        load_script("Get-Nothing")


REAL = pytest.param(Resident, id="real", marks=pwsh)
EMBEDDED = pytest.param(EmbeddedResident, id="embedded")


WINDOWS = [
    pytest.param(lambda version=version: embedded(version), id=f"Windows PowerShell {version}")
    for version in ("5.1.14393.206", "4.0")
]


@pytest.fixture(scope="module", params=[REAL, EMBEDDED, *WINDOWS])
def plain(request):
    resident = request.param()
    yield resident
    resident.close()


@pytest.fixture(scope="module")
def host():
    resident = Resident()
    stand_ins = (Path(__file__).parent / "host_stand_ins.ps1").read_text()
    assert resident.ask(stand_ins).error is None
    yield resident
    resident.close()


@pytest.fixture
def tripping(host):
    """Hyper-V fails to read one guest, and says so of another one without a name."""
    broken = """
        $machine = [pscustomobject]@{ Name = 'Broken'; State = 'Off'; Heartbeat = $null; Uptime = [timespan]0 }
        $machine | Add-Member -MemberType ScriptProperty -Name NetworkAdapters -Value { throw 'not to be read' }
        $global:all = $global:guests; $global:guests = @($global:guests) + $machine
        $global:failures = @('the object was not found')
    """
    assert host.ask(broken).error is None
    yield host
    host.ask("$global:guests = $global:all; $global:failures = @()")


class TestResident:
    @pytest.mark.parametrize(
        "text", ["“日本’語” ‘ ‚ ‛ „ ` $x $(1) ' \" & | < >", "\r\n\t\x01\x1e\x7f\u2028\ufeff𠮷", "語" * 100_000, ""]
    )
    def test_any_text_comes_back_unchanged(self, plain, text):
        assert plain.ask("param($Text) $Text", Text=text).output == (text,)

    def test_values_keep_their_kind(self, plain):
        values = {"Number": 3, "Flag": True, "Nothing": None, "List": ["a"], "Empty": []}
        script = "param($Number, $Flag, $Nothing, [string[]]$List, $Empty) $Number; $Flag; $Nothing; , $List; , $Empty"
        assert plain.ask(script, **values).output == (3, True, None, ["a"], [])

    def test_warnings_and_prints_are_stray(self, plain):
        script = "Write-Warning 'w'; Write-Host 'h'; [Console]::Out.WriteLine('o'); [Console]::Write('part'); 1"
        assert plain.ask(script).output == (1,)
        assert plain.conversation.stray == ("WARNING: w", "h", "o", "part")

    def test_a_script_has_a_scope_of_its_own(self, plain):
        plain.ask("$left = 1; function Get-Left { 2 }")
        answer = plain.ask('"$left"; [bool](Get-Command Get-Left -ErrorAction SilentlyContinue)')
        assert answer.output == ("", False)

    @pytest.mark.parametrize(
        ("script", "error_id"),
        [
            ("throw 'x'", "x"),
            ("Write-Error 'x'; 1", "Microsoft.PowerShell.Commands.WriteErrorException"),
            ("Get-Nothing", "CommandNotFoundException"),
            ("param([Parameter()][int]$Number)", "NamedParameterNotFound"),
        ],
    )
    def test_an_error_is_answered_and_the_resident_lives_on(self, plain, script, error_id):
        arguments = {"Other": 1} if "Number" in script else {}
        answer = plain.ask(script, **arguments)
        assert answer.error.error_id == error_id
        assert answer.error.message
        assert answer.output == ()
        assert plain.ask("1").output == (1,)

    def test_a_script_that_does_not_parse_is_an_error_too(self, plain):
        assert "Missing condition in if statement after 'if ('." in plain.ask("if (").error.message
        assert plain.ask("1").output == (1,)

    @pytest.mark.parametrize("engine", [REAL, EMBEDDED])
    def test_exit_ends_the_process(self, engine):
        resident = engine()
        assert resident.ask("exit 3") is None
        resident.close()
        assert resident.exit_code == 3


SECRET = "訓練 ’“ `$(1) 🗾"


class TestSecrets:
    @pytest.fixture
    def host_resident(self, tmp_path):
        lab = empty_premises(tmp_path)
        resident = EmbeddedResident(powershell_of(lab.world, lab.rha, "MASTER", lab.clock))
        yield resident
        resident.close()

    @pytest.fixture(params=[pytest.param("real", marks=pwsh), "simulated host"])
    def resident(self, request, host_resident):
        if request.param != "real":
            yield host_resident
            return
        real = Resident()
        yield real
        real.close()

    def test_a_secret_arrives_as_a_secure_string_and_in_order(self, resident):
        script = "param($Name, $One, $Two) $Name; $One.GetType().FullName; $One.Length; $Two.Length"
        answer = resident.ask(script, Name="n", secrets={"One": SECRET, "Two": "x"})
        assert answer.output == ("n", "System.Security.SecureString", len(SECRET.encode("utf-16-le")) // 2, 1)
        assert resident.ask("param($Name) $Name", Name="next").output == ("next",)


class TestScripts:
    pytestmark = pwsh

    def test_get_machine(self, host):
        adapter = {
            "Name": "ネ",
            "SwitchName": "External",
            "MacAddress": "00155D010203",
            "IPAddresses": ["192.0.2.10", "fe80::1"],
        }
        assert host.run("Get-Machine") == [
            {
                "Name": "Garoon",
                "State": "Monday",  # an enumeration goes by name, whichever it is
                "Heartbeat": "OkApplicationsHealthy",
                "UptimeSeconds": 93784.5,
                "NetworkAdapters": [adapter],
            },
            {
                "Name": "DC1",
                "State": "Off",
                "Heartbeat": "",
                "UptimeSeconds": 0.0,
                "NetworkAdapters": [{"Name": "A", "SwitchName": "", "MacAddress": "", "IPAddresses": []}],
            },
        ]

    def test_get_heartbeat_names_one_guest_and_takes_no_wildcard(self, host):
        assert host.run("Get-Heartbeat", Name="garoon") == [{"State": "Monday", "Heartbeat": "OkApplicationsHealthy"}]
        assert host.run("Get-Heartbeat", Name="Gar*") == []

    def test_actions_name_exactly_one_guest(self, host):
        host.ask("$global:acts.Clear()")
        host.run("Start-Machine", Name="DC1")
        host.run("Stop-Machine", Name="Garoon", TurnOff=False)
        host.run("Stop-Machine", Name="Garoon", TurnOff=True)
        for name in ("*", "Garo?n", "Nobody"):
            for script in ("Start-Machine", "Stop-Machine"):
                assert (
                    host.fail(script, Name=name).message == f"There are 0 virtual machines named {name} on this host."
                )
        assert list(host.ask("$global:acts").output) == [
            "start DC1",
            "stop Garoon TurnOff=False Force=False",
            "stop Garoon TurnOff=True Force=False",
        ]

    def test_restart_host_does_not_ask_for_confirmation(self, host):
        host.ask("$global:acts.Clear()")
        assert host.run("Restart-Host") == []
        assert list(host.ask("$global:acts").output) == ["restart Force=True"]

    def test_get_guest_item_tells_what_one_guest_says(self, host):
        assert host.run("Get-GuestItem", Name="Garoon") == ["<A/>", "<B/>"]
        assert host.run("Get-GuestItem", Name="DC1") == []
        assert "unable to find" in host.fail("Get-GuestItem", Name="Nobody").message

    def test_what_hyper_v_trips_over_does_not_hide_the_other_guests(self, tripping):
        *machines, failure = tripping.run("Get-Machine")
        assert [machine["Name"] for machine in machines] == ["Garoon", "DC1", "Broken"]
        assert machines[2] == {"Name": "Broken", "Error": "Hyper-V did not tell its uptime or its adapters."}
        assert failure == {"Error": "the object was not found"}
        assert tripping.run("Get-Heartbeat", Name="DC1") == [{"State": "Off", "Heartbeat": ""}, failure]
        assert tripping.run("Start-Machine", Name="DC1") == []
        missing = "There are 0 virtual machines named Gone on this host. the object was not found"
        for script in ("Start-Machine", "Stop-Machine"):
            assert tripping.fail(script, Name="Gone").message == missing

    def test_get_rights_tells_the_groups_that_give_them(self, host):
        assert host.run("Get-Rights") == [{"Told": "True", "Groups": ["S-1-5-32-544", "S-1-16-12288"]}]
        host.ask("$global:groups = @()")
        assert host.run("Get-Rights") == [{"Told": "False", "Groups": []}]

    def test_get_switch(self, host):
        assert host.run("Get-Switch") == [{"Name": "External", "SwitchType": "External"}]

    def test_get_host_facts(self, host):
        (facts,) = host.run("Get-HostFacts")
        assert facts["Name"] == "MASTER"
        assert facts["Boot"] == "568 2012-09-25T08:00:03.0000000Z"
        assert facts["OsVersion"] == "6.3.9600"
        assert facts["BootTime"] == "2012-09-25T08:00:00.0000000Z"
        assert facts["PowerShellVersion"].startswith("7.")
        assert len(facts["Clock"]) > 20

    def test_get_windows_service_leaves_out_what_is_not_installed(self, host):
        found = host.run("Get-WindowsService", Name=["VMMS", "nobody"])
        assert found == [
            {"Name": "vmms", "DisplayName": "vmms service", "State": "Running", "StartName": "KUNREN\\svc-rha"}
        ]

    def test_get_host_condition(self, host):
        arguments = {"Guest": "Garoon", "Service": ["VMMS", "Spooler"]}
        assert host.run("Get-HostCondition", **arguments) == [
            {
                "UtcOffsetMinutes": 540,
                "Disks": [{"Name": "C:", "Size": "644245094400", "Free": "5"}],
                "RestartPending": "False",
                "Services": [
                    {"Name": "vmms", "Path": "C:\\Program Files\\vmms.exe", "Version": "6.3.1"},
                    {"Name": "Spooler", "Path": "C:\\Program Files\\Spooler.exe", "Version": ""},
                ],
                "Computers": [{"Model": "Maker R 1", "Processors": "16", "MemoryBytes": "68719476736"}],
                "Guests": [
                    {
                        "Components": [{"Id": "Microsoft:A\\B", "Name": "Heartbeat", "Enabled": "True"}],
                        "Checkpoint": "before",
                        "Clustered": "False",
                        "Processors": "4",
                        "MemoryBytes": "8589934592",
                        "Generation": "2",
                        "Disks": [
                            {"Place": "SCSI 0:1", "Path": "D:\\g.vhdx", "Size": "64", "Used": "36"},
                            {"Place": "SCSI 0:2", "Path": "Disk 3", "Size": "", "Used": ""},
                            {"Place": "IDE 1:0", "Path": "", "Size": "", "Used": ""},
                        ],
                    }
                ],
            }
        ]
        for key in ("RebootPending", "RebootRequired"):
            host.ask(f"$global:pending = '{key}'")
            assert host.run("Get-HostCondition", **arguments)[0]["RestartPending"] == "True"
        host.ask("$global:pending = ''")
        assert host.run("Get-HostCondition", Guest="Nobody", Service=["x"])[0]["Guests"] == []

    def test_port_tells_whether_it_answers_and_warns_nobody(self, host):
        ports = {"25000": "True", "8088": "False", "8088|25000": "True", "8088|443": "False"}
        assert host.run("Test-Port", Address="REPLICA", Port=list(ports)) == [
            {"Port": port, "Answers": answers} for port, answers in ports.items()
        ]
        assert not any("TCP connect" in line for line in host.conversation.stray)

    def test_get_host_setting(self, host):
        (settings,) = host.run("Get-HostSetting", Name="garoon.example")
        assert len(settings.pop("Today")) == 10
        assert settings == {
            "Build": "9600.20000",
            "Updates": [{"Name": "KB1", "Day": "2026-11-10"}, {"Name": "KB2", "Day": ""}],
            "Quotas": [
                {"Name": "MaxMemoryPerShellMB", "Value": "1024"},
                {"Name": "MaxShellsPerUser", "Value": "30"},
                {"Name": "MaxConcurrentOperationsPerUser", "Value": "1500"},
            ],
            "DefenderKnown": "True",
            "Defender": [{"RealTime": "True", "Paths": ["D:\\spool", "C:\\x"]}],
            "Addresses": [{"Address": "192.0.2.10", "Seconds": "3600"}],
            "UpdatesUntold": "",
            "QuotasUntold": "",
            "DefenderUntold": "",
            "AddressesUntold": "",
        }

    def test_what_windows_refuses_to_tell_does_not_hide_the_rest(self, host):
        host.ask("$global:refused = $true")
        (settings,) = host.run("Get-HostSetting", Name="garoon.example")
        host.ask("$global:refused = $false")
        assert settings["Build"] == "9600.20000"
        for part in ("Updates", "Quotas", "Defender", "Addresses"):
            assert settings[part] == []
            assert settings[f"{part}Untold"] == "Access is denied."
        (settings,) = host.run("Get-HostSetting", Name="")
        assert (settings["Addresses"], settings["AddressesUntold"]) == ([], "")

    def test_get_log_entry_tells_what_one_provider_wrote_lately(self, host):
        product = {"LogName": "Application", "ProviderName": "CA ARCserve RHA"}
        (entry,) = host.run("Get-LogEntry", **product, Hours=1)
        assert (entry["Number"], entry["Level"], entry["Message"]) == ("95", "2", "障 5")
        assert len(entry["Time"]) > 20
        assert [entry["Number"] for entry in host.run("Get-LogEntry", **product, Hours=2)] == ["95", "10"]
        assert host.run("Get-LogEntry", LogName="Application", ProviderName="Nobody", Hours=1) == []
        assert host.run("Get-LogEntry", **product, Hours=0) == []
        assert "not an event log" in host.fail("Get-LogEntry", LogName="Nothing", ProviderName="x", Hours=1).message

    def test_invoke_rha_command_answers_with_the_properties_asked_for(self, host):
        names = ["Name", "Guests", "Listed", "One", "None", "Alive", "Blocks", "Time", "Missing"]
        first, second = host.run("Invoke-RhaCommand", Command="Get-Scenario", Parameters={}, Property=names, SnapIn=[])
        assert first == {
            "Name": "S'’",
            "Guests": ["Garoon"],
            "Listed": ["1", "b"],
            "One": ["x"],
            "None": [],
            "Alive": "True",
            "Blocks": "42",
            "Time": "2012-09-25T22:00:00.0000000Z",
            "Missing": None,
        }
        assert second == dict.fromkeys(names) | {"Name": "T"}

    def test_invoke_rha_command_hands_parameters_on_as_data(self, host):
        said = host.run(
            "Invoke-RhaCommand",
            Command="Run-Scenario",
            Parameters={"Name": "x’; exit", "Guest": ["a", "b"], "RunReverse": True},
            Property=[],
            SnapIn=[],
        )
        assert said == ["Scenario x’; exit started, a+b, True"]

    def test_invoke_rha_command_says_what_is_not_there(self, host):
        missing = host.fail("Invoke-RhaCommand", Command="Test-Nothing", Parameters={})
        assert missing.error_id == "RhaCommandMissing"
        wrong = host.fail("Invoke-RhaCommand", Command="Run-Scenario", Parameters={"Nane": "x"})
        assert wrong.error_id.startswith("NamedParameterNotFound")
        refused = host.fail("Invoke-RhaCommand", Command="Stop-Scenario", Parameters={"Name": "x"})
        assert refused.message == "the scenario does not run"


IN_THIS_PROCESS = """
function global:Invoke-Command {
    [CmdletBinding()]
    param(
        [string]$VMName, [pscredential]$Credential, [object[]]$ArgumentList,
        [Parameter(Position = 0)][scriptblock]$ScriptBlock
    )
    if ($Credential.GetNetworkCredential().Password -ne 'right') { throw 'The credential is invalid.' }
    & $ScriptBlock @ArgumentList
}
$env:COMPUTERNAME = 'CYBOZU'
"""
"""PowerShell Direct without its guest: the block runs where it is called."""


class Written:
    """A web site that answers every request with its method, cookie and body, and with a redirect."""

    def answer(self, request):
        body = f"{request.method} {request.cookie('a')} ".encode() + request.body
        headers = (
            ("Set-Cookie", "a=1; expires=Wed, 26 Sep 2012 00:00:00 GMT"),
            ("Set-Cookie", "b=2"),
            ("Location", "/"),
        )
        return Response(status=302, body=body, headers=headers)


@pytest.fixture(scope="class")
def guest():
    resident = Resident()
    assert resident.ask(IN_THIS_PROCESS).error is None
    front = new_front()
    front.point_at(Written())
    yield resident, front.port
    front.close()
    resident.close()


class TestGuestScripts:
    pytestmark = pwsh

    def carried(self, guest, *, method="GET", header="", body=b"", password="right"):
        resident, port = guest
        arguments = {
            "Name": "Garoon",
            "User": "Administrator",
            "Port": port,
            "Method": method,
            "Path": "/x?y=%E8%AA%9E",
            "Header": f"Host: localhost\r\nConnection: close\r\n{header}",
            "Body": base64.b64encode(body).decode(),
        }
        return resident.ask(load_script("Invoke-GuestRequest").text, secrets={"Secret": password}, **arguments)

    def test_the_answer_comes_back_whole_and_unfollowed(self, guest):
        [answer] = self.carried(guest, header="Cookie: a=z\r\n").output
        assert answer["Status"] == "HTTP/1.1 302"
        head, _, body = base64.b64decode(answer["Body"]).partition(b"\r\n\r\n")
        assert head.count(b"Set-Cookie: ") == 2
        assert body == b"GET z "

    def test_a_body_of_any_bytes_arrives(self, guest):
        content = bytes(range(256))
        [answer] = self.carried(guest, method="POST", header="Content-Length: 256\r\n", body=content).output
        assert base64.b64decode(answer["Body"]).endswith(b"POST  " + content)

    def test_a_refused_login_is_an_error(self, guest):
        assert self.carried(guest, password="wrong").error.message == "The credential is invalid."

    def test_the_guest_says_its_name(self, guest):
        login = {"User": "Administrator", "secrets": {"Secret": "right"}}
        assert guest[0].run("Get-GuestName", Name="Garoon", **login) == [{"Name": "CYBOZU"}]

    def test_a_password_is_bound_to_no_parameter_that_windows_could_log(self, tmp_path):
        """Module logging (event 4103) writes down what parameters are bound to, as this trace does."""
        resident = Resident(tmp_path / "trace")
        assert resident.ask(IN_THIS_PROCESS).error is None
        password = "himitsu-8613"
        script = "param($Name, $User, [System.Security.SecureString]$Secret) $Secret.Length; Write-Output $User"
        answer = resident.ask(script, Name="Garoon", User="bound-4711", secrets={"Secret": password})
        assert answer.output == (len(password), "bound-4711")
        resident.ask(load_script("Get-GuestName").text, Name="Garoon", User="x", secrets={"Secret": password})
        resident.close()
        trace = (tmp_path / "trace").read_text(encoding="utf-8")
        assert "bound-4711" in trace  # so that the trace is one
        for form in (password, base64.b64encode(password.encode()).decode(), password[:7]):
            assert form not in trace


# The analyser's picture of 4.0 was taken without Hyper-V; the module has had these since Windows Server 2012.
HYPERV = ("Get-VM", "Start-VM", "Stop-VM", "Get-VMSwitch", "Get-VHD")
SOUGHT_FIRST = ("Get-MpPreference",)
"""Commands that a script looks for before it uses them."""
ANALYSIS = """
    Import-Module PSScriptAnalyzer
    $settings = @{ Rules = @{
        PSUseCompatibleSyntax = @{ Enable = $true; TargetVersions = @('4.0', '5.1') }
        PSUseCompatibleCmdlets = @{ compatibility = @('desktop-4.0-windows', 'desktop-5.1.14393.206-windows') }
    } }
    $found = @(Invoke-ScriptAnalyzer -Path $env:SCRIPTS -Recurse -Settings $settings)
    ConvertTo-Json -InputObject @($found | ForEach-Object { "$($_.ScriptName): $($_.RuleName) $($_.Message)" })
"""


def complaints(folder):
    answer = subprocess.run(
        [engine(), "-NoProfile", "-NonInteractive", "-Command", ANALYSIS],
        env={"PATH": "/usr/bin:/bin", "HOME": str(Path.home()), "SCRIPTS": str(folder), "NO_COLOR": "1"},
        capture_output=True,
        check=True,
        text=True,
    )
    return json.loads(answer.stdout)


class TestCompatibility:
    pytestmark = pwsh

    def test_the_scripts_suit_powershell_4_and_5_1_and_what_does_not_would_have_been_seen(self, tmp_path):
        shutil.copytree(SCRIPTS, tmp_path, dirs_exist_ok=True)
        (tmp_path / "Unfit.ps1").write_text("$x = $null ?? 1\n$y = $true ? 1 : 2\nGet-ComputerInfo\n")
        found = [complaint.split(" ", 2) for complaint in complaints(tmp_path)]
        unfit = {rule for file, rule, _ in found if file == "Unfit.ps1:"}
        assert unfit >= {"PSUseCompatibleSyntax", "PSUseCompatibleCmdlets"}
        known = tuple(f"'{name}'" for name in (*HYPERV, *SOUGHT_FIRST))
        others = [each for each in found if each[0] != "Unfit.ps1:"]
        assert [each for each in others if each[1] != "PSUseCompatibleCmdlets" or not each[2].startswith(known)] == []
