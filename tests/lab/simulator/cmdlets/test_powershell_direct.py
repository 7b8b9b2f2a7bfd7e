"""PowerShell Direct from a simulated host into its guest."""

import pytest

from lab.drivers.garoon.http import GaroonHttp
from lab.drivers.powershell_direct import GuestChannel, GuestRequest
from lab.drivers.relay import GuestRelay
from lab.model.endpoints import GaroonEndpoint, Login
from lab.model.limits import Limits
from lab.scripts import load_script
from lab.simulator.cmdlets import powershell_of
from lab.simulator.cmdlets.powershell_direct import SECURE_STRING, Secret
from lab.simulator.garoon.application import GaroonApplication
from lab.simulator.garoon.installation import install
from lab.simulator.garoon.settings import GaroonSettings
from powershell import DotNetObject, PipelineCommand, PSCustomObject, TerminatingError
from tests.lab.scripted import ScriptedSession
from tests.lab.simulator.cmdlets.conftest import Answer, Hosts
from tests.lab.simulator.premises import SCENARIO, empty_premises

GAROON = GaroonSettings()
LOGIN = Login("Administrator", "guest-2012")
CREDENTIAL = """
$secret = New-Object -TypeName System.Security.SecureString
foreach ($character in '%s'.ToCharArray()) { $secret.AppendChar($character) }
$credential = New-Object System.Management.Automation.PSCredential '%s', $secret
"""
IN_GUEST = CREDENTIAL % (LOGIN.password, LOGIN.user) + "Invoke-Command -VMName Garoon -Credential $credential "


@pytest.fixture
def hosts(tmp_path):
    lab = empty_premises(tmp_path)
    lab.world.guest_login = LOGIN
    install(lab.world.hosts["MASTER"].disk_folder("Garoon"), lab.clock, GAROON)
    lab.world.applications["Garoon"] = lambda disk: GaroonApplication(disk, lab.clock, GAROON)
    lab.world.begin()
    yield Hosts(lab)
    lab.world.close()


def error_of(answer):
    """Its id, and the text behind what -ErrorAction Stop says first."""
    [(error_id, message)] = answer.errors
    return error_id.split(",")[0], message


def test_a_script_block_runs_in_the_guest_and_not_on_the_host(hosts):
    answer = hosts.run(IN_GUEST + "{ param($a) @{ Name = $env:COMPUTERNAME; Got = $a } } -ArgumentList 'x'")
    assert answer.errors == []
    [told] = answer.outputs
    assert (told.get("Name"), told.get("Got")) == ("CYBOZU", "x")
    assert told.members["pscomputername"].value == "Garoon"


def test_the_guest_knows_nothing_of_the_hosts_variables_and_commands(hosts):
    answer = hosts.run(IN_GUEST + '{ @{ Seen = "$credential" } }')
    assert answer.outputs[0].get("Seen") == ""
    assert "OutsideSubset" in str(hosts.run(IN_GUEST + "{ Get-VM }").errors)


def test_without_a_virtual_machine_invoke_command_is_the_engines_own(hosts):
    assert hosts.run("$x = 2; Invoke-Command { param($y) $x * $y } -ArgumentList 3").outputs == [6]


RIGHT = (LOGIN.password, LOGIN.user)


@pytest.mark.parametrize(
    ("login", "machine", "error_id", "words"),
    [
        (("wrong", LOGIN.user), "Garoon", "PSSessionStateBroken", "The credential is invalid."),
        ((LOGIN.password, "Nobody"), "Garoon", "PSSessionStateBroken", "The credential is invalid."),
        (RIGHT, "DC1", "InvalidVMState", "The virtual machine DC1 is not in running state."),
        (
            RIGHT,
            "Nobody",
            "InvalidVMNameNotSingle",
            "The input VMName Nobody does not resolve to a single virtual machine.",
        ),
    ],
)
def test_what_does_not_connect_says_why(hosts, login, machine, error_id, words):
    script = f"{CREDENTIAL % login}Invoke-Command -VMName {machine} -Credential $credential {{ 1 }}"
    found, message = error_of(hosts.run(script))
    assert found == error_id
    assert words in message


def test_a_guest_that_has_not_booted_does_not_answer_yet(hosts):
    hosts.run("Start-VM DC1")
    script = CREDENTIAL % RIGHT + "Invoke-Command -VMName DC1 -Credential $credential { 1 }"
    error_id, message = error_of(hosts.run(script))
    assert error_id == "PSSessionStateBroken"
    assert "A failure occurred while attempting to connect to the target virtual machine." in message


def test_an_error_of_the_guest_keeps_its_id_on_the_host(hosts):
    assert error_of(hosts.run(IN_GUEST + "{ throw 'no' }")) == ("no", "no")


@pytest.mark.parametrize("output", ["1", "'text'", "Get-Date", "@{ Date = Get-Date }"])
def test_what_cannot_come_back_as_it_would_is_refused_loudly(hosts, output):
    assert error_of(hosts.run(IN_GUEST + f"{{ {output} }}"))[0] == "OutsideSubset"


def test_no_connection_leaves_the_guest(hosts):
    script = IN_GUEST + "{ New-Object System.Net.Sockets.TcpClient 'cybozu.ca.com', 80 }"
    assert error_of(hosts.run(script))[0] == "OutsideSubset"


def test_an_unused_port_refuses(hosts):
    error_id, message = error_of(hosts.run(IN_GUEST + "{ New-Object System.Net.Sockets.TcpClient 'localhost', 81 }"))
    assert error_id == "ConstructorInvokedThrowException"
    assert "actively refused it 127.0.0.1:81" in message


def test_the_channel_closes_under_its_mutation(tmp_path):
    lab = empty_premises(tmp_path, mutations=("guest-channel-closed",))
    lab.world.begin()
    error_id, message = error_of(Hosts(lab).run(IN_GUEST + "{ @{} }"))
    assert error_id == "PSSessionStateBroken"
    assert "A failure occurred" in message


class HostLine(ScriptedSession):
    """A session that runs scripts in a simulated host's engine."""

    def __init__(self, lab, host):
        super().__init__(host=host)
        self.engine = powershell_of(lab.world, lab.rha, host, lab.clock)

    def run(self, call, *, within):
        arguments = tuple(
            (name, PSCustomObject(value) if isinstance(value, dict) else value)
            for name, value in call.arguments.items()
        )
        for name, password in call.secrets.items():
            secret = Secret()
            secret.text = password
            arguments = (*arguments, (name, DotNetObject(SECURE_STRING, {"secret": secret})))
        answer = Answer()
        command = PipelineCommand(load_script(call.script).text, is_script=True, parameters=arguments)
        try:
            self.engine.open_runspace().invoke([command], answer)
        except TerminatingError as error:
            answer.error(error.record)
        assert answer.errors == []
        self.answers = [[dict(row.items()) for row in answer.outputs]]
        return super().run(call, within=within)


def channel(lab, host):
    return GuestChannel(lambda: HostLine(lab, host), "Garoon", LOGIN, Limits())


def test_the_whole_answer_of_garoon_comes_back(hosts):
    raw = channel(hosts.lab, "MASTER").exchange(
        80, GuestRequest("GET", "/scripts/cbgrn/grn.exe", "Host: localhost\r\nConnection: close\r\n")
    )
    head, _, body = raw.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert f"Content-Length: {len(body)}".encode() in head
    assert "模擬" in body.decode()


def test_what_is_entered_in_the_test_guest_stays_there(hosts):
    lab = hosts.lab
    lab.replicate()
    lab.rha.start_integrity_test(SCENARIO, manual=True)
    lab.wait(120)
    relays = {host: GuestRelay(channel(lab, host)) for host in ("MASTER", "REPLICA")}
    visitors = {
        host: GaroonHttp(
            GaroonEndpoint(
                url="http://localhost/scripts/cbgrn/grn.exe",
                connect=relay.address,
                user=GAROON.login_name,
                password=GAROON.password,
            ),
            lab.clock,
        )
        for host, relay in relays.items()
    }
    marker = visitors["REPLICA"].write_marker("in the test")
    assert visitors["REPLICA"].find_marker(marker) == "in the test"
    assert visitors["MASTER"].find_marker(marker) is None
    assert all(layer.sound for layer in visitors["REPLICA"].examine())
    for host, relay in relays.items():
        visitors[host].close()
        relay.close()
