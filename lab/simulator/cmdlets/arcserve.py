"""Arcserve RHA's commands over the simulated Control Service, named and worded as the profile has them.

Only the sentences of Suspend-Scenario and Prepare-Reboot are the vendor's; the rest is the profile's guess.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, TypeAlias

from lab.model.notification import Notification
from lab.model.replication import (
    Initiation,
    NetworkMapping,
    Product,
    ReplicationScenario,
    ScenarioPlan,
    SynchronizationMethod,
)
from lab.simulator.cmdlets.lab_host import LabHost
from lab.simulator.rha.installation import RhaRefusal
from lab.simulator.transitions import HyperVRefusal
from lab.site.profile import Operation, RhaProfile
from lab.site.simulation import SimulationSettings
from powershell import (
    Body,
    Cmdlet,
    CommandContext,
    DateTime,
    ErrorRecord,
    Parameter,
    PSCustomObject,
    TypedArray,
    parameters,
)

QUESTION_MS: Final = 150
ACTION_MS: Final = 400
SNAP_IN: Final = "SimulatedRHA"
"""No source names the real one."""
SECOND_SNAP_IN: Final = "OtherRHA"


class Invocation:
    """One call of an operation: parameters and properties by Kunren's names instead of the profile's."""

    def __init__(self, host: LabHost, context: CommandContext, operation: Operation) -> None:
        self.host = host
        self.rha = host.control_service
        self.profile: RhaProfile = host.control_service.profile
        self._context = context
        self._operation = operation

    def get(self, parameter_name: str, default: Any = None) -> Any:
        return self._context.get(self._operation.known_parameters[parameter_name], default)

    def chosen(self, parameter_name: str, choice: str, default: str) -> str:
        """The value a word of the product stands for; a word it does not have is refused."""
        words = self.profile.choices[choice]
        word = self.get(parameter_name)
        if word is None:
            return default
        for value, known in words.items():
            if known.casefold() == word.casefold():
                return value
        raise RhaRefusal(f"{self._operation.known_parameters[parameter_name]} に「{word}」は指定できません。")

    def row(self, **values: Any) -> PSCustomObject:
        return PSCustomObject({self._operation.properties[name]: value for name, value in values.items()})


Act: TypeAlias = Callable[[Invocation], Iterable[Any] | None]


@dataclass(frozen=True, slots=True)
class Declared:
    """An operation: its work, its parameters by Kunren's names with their types, and its duration."""

    act: Act
    parameters: Mapping[str, str]
    milliseconds: int


OPERATIONS: Final[dict[str, Declared]] = {}


def operation(declared: str = "", milliseconds: int = QUESTION_MS) -> Callable[[Act], Act]:
    """Declares the operation of the function's name.

    Parameters are separated by blanks, in order of position: `*` before those that must be given, a type other than
    string behind a colon.
    """
    named = (each.partition(":") for each in declared.split())
    types = {name: type_ or "string" for name, _, type_ in named}

    def declare(act: Act) -> Act:
        OPERATIONS[act.__name__] = Declared(act, types, milliseconds)
        return act

    return declare


@operation("name")
def list_scenarios(call: Invocation) -> Iterator[Any]:
    name = call.get("name")
    if name is None:
        scenarios = call.rha.scenarios()
    else:
        found = call.rha.scenario(name)
        if found is None:
            raise RhaRefusal(f"シナリオ「{name}」が見つかりません。")
        scenarios = (found,)
    for scenario in scenarios:
        yield _scenario_row(call, scenario)


@operation(
    "*name server_type product assured_recovery:switch *master *replica guests:string[] switchover "
    "reverse_replication network_mapping:string[]",
    ACTION_MS,
)
def create_scenario(call: Invocation) -> None:
    plan = ScenarioPlan(
        name=call.get("name"),
        master=call.get("master"),
        replica=call.get("replica"),
        guests=tuple(call.get("guests") or ()),
        product=Product(call.chosen("product", "product", Product.HIGH_AVAILABILITY.value)),
        assured_recovery=bool(call.get("assured_recovery")),
        switchover=Initiation(call.chosen("switchover", "initiation", Initiation.AUTOMATIC.value)),
        reverse_replication=Initiation(call.chosen("reverse_replication", "initiation", Initiation.MANUAL.value)),
        network_mapping=tuple(map(_mapping, call.get("network_mapping") or ())),
    )
    call.rha.create(plan, call.get("server_type", call.profile.server_type))


@operation("*name", ACTION_MS)
def remove_scenario(call: Invocation) -> None:
    call.rha.remove(call.get("name"))


@operation("*name switchover reverse_replication", ACTION_MS)
def set_initiation(call: Invocation) -> None:
    """Sets what is given; the rest stays."""
    scenario = call.rha.scenario(call.get("name"))
    if scenario is None:
        raise RhaRefusal(f"シナリオ「{call.get('name')}」が見つかりません。")
    call.rha.set_initiation(
        scenario.name,
        switchover=Initiation(call.chosen("switchover", "initiation", scenario.switchover.value)),
        reverse_replication=Initiation(
            call.chosen("reverse_replication", "initiation", scenario.reverse_replication.value)
        ),
    )


@operation("*host")
def engine_version(call: Invocation) -> Iterator[Any]:
    engine = call.rha.engine(call.get("host"))
    yield call.row(host=engine.host, version=engine.version, up_to_date=engine.up_to_date)


@operation("*master")
def discover_guests(call: Invocation) -> Iterator[Any]:
    for guest in call.rha.discover(call.get("master")):
        yield call.row(name=guest.name, computer_name=guest.computer_name, state=guest.state, selected=guest.selected)


@operation("*name")
def scenario_properties(call: Invocation) -> Iterator[Any]:
    for each in call.rha.properties(call.get("name")):
        yield call.row(group=each.group, name=each.name, value=each.value, default=each.default)


@operation("*name")
def verify_scenario(call: Invocation) -> Iterator[Any]:
    for finding in call.rha.verify(call.get("name")):
        severity = call.profile.severities[finding.severity].ja[0]
        yield call.row(severity=severity, subject=finding.subject, text=finding.text)


@operation("*name synchronization", ACTION_MS)
def run_scenario(call: Invocation) -> None:
    method = call.chosen("synchronization", "synchronization", SynchronizationMethod.BLOCK.value)
    call.rha.run(call.get("name"), SynchronizationMethod(method))


@operation("*name", ACTION_MS)
def stop_scenario(call: Invocation) -> None:
    call.rha.stop(call.get("name"))


@operation("*name run_reverse:switch", ACTION_MS)
def switch_over(call: Invocation) -> None:
    call.rha.switch_over(call.get("name"), run_reverse=bool(call.get("run_reverse")))


@operation("after:int")
def list_events(call: Invocation) -> Iterator[Any]:
    for event in call.rha.events(call.get("after", 0)):
        yield call.row(
            code=event.code,
            sequence=event.sequence,
            severity=call.profile.severities[event.severity].ja[0],
            source=event.source,
            time=event.time,
            message=event.message,
        )


@operation("*name")
def statistics(call: Invocation) -> Iterator[Any]:
    """The figures of the last run; none before the first."""
    found = call.rha.statistics(call.get("name"))
    if found is not None:
        figures = found.synchronization
        yield call.row(
            method=call.profile.choices["synchronization"][figures.method.value],
            blocks_compared=figures.blocks_compared,
            blocks_copied=figures.blocks_copied,
            started=_instant(figures.started),
            ended=_instant(figures.ended),
            in_spool=found.in_spool,
            replicated=found.replicated,
        )


@operation("*name mail_server recipient event_log:switch", ACTION_MS)
def set_notification(call: Invocation) -> None:
    call.rha.notify(
        call.get("name"),
        Notification(
            mail_server=call.get("mail_server") or "",
            recipient=call.get("recipient") or "",
            event_log=bool(call.get("event_log")),
        ),
    )


@operation("*name *host", ACTION_MS)
def suspend_scenario(call: Invocation) -> Iterator[Any]:
    call.rha.suspend(call.get("name"), call.get("host"))
    yield f"Scenario {call.get('name')} Suspended on {call.get('host')}"


@operation("*name *host", ACTION_MS)
def resume_scenario(call: Invocation) -> Iterator[Any]:
    """No source shows what it prints; this follows Suspend-Scenario's sentence."""
    call.rha.resume(call.get("name"), call.get("host"))
    yield f"Scenario {call.get('name')} Resumed on {call.get('host')}"


@operation("*host", ACTION_MS)
def prepare_reboot(call: Invocation) -> Iterator[Any]:
    yield from call.rha.prepare_reboot(call.get("host"))


@operation("*name manual:switch", ACTION_MS)
def start_integrity_test(call: Invocation) -> None:
    call.rha.start_integrity_test(call.get("name"), manual=bool(call.get("manual")))


@operation("*name", ACTION_MS)
def stop_integrity_test(call: Invocation) -> None:
    call.rha.stop_integrity_test(call.get("name"))


@dataclass(slots=True)
class Connected:
    """Which processes of a host have connected to the Control Service: each has a thread of its own."""

    processes: threading.local = field(default_factory=threading.local)

    @property
    def here(self) -> bool:
        return getattr(self.processes, "connected", False)

    def connect(self) -> None:
        self.processes.connected = True


def arcserve_cmdlets(host: LabHost, bits: int = 64) -> tuple[Cmdlet, ...]:
    """The commands that the settings leave in PowerShell of so many bits, by the names that they give them."""
    settings, operations = host.world.settings, host.control_service.profile.operations
    installed = settings.control_service == "replica" or host.name == host.control_service.home.name
    if bits != settings.rha_bits or not installed or settings.half_registered:
        return ()
    connected = Connected()
    wanted = settings.connection_command
    return (
        *((_connecting(host, wanted, connected),) if wanted else ()),
        *(
            _cmdlet(host, _named(operations[name], settings), declared, connected)
            for name, declared in OPERATIONS.items()
            if operations[name].command not in settings.missing_commands
        ),
    )


def _connecting(host: LabHost, name: str, connected: Connected) -> Cmdlet:
    """A command of no source's: it takes the Control Service's host and the account of the lab."""

    def process(context: CommandContext) -> Iterator[Any]:
        host.spend(ACTION_MS)
        credential = context.get("Credentials")
        given = (credential.fields["user"], credential.fields["password"].fields["secret"].text)
        known = host.world.rha_login
        problem = ""
        if str(context.get("Host")).casefold() != host.control_service.home.name.casefold():
            problem = f"{context.get('Host')} のコントロール サービスに接続できません。"
        elif known is None or given != (known.user, known.password):
            problem = "ログインできません。ユーザー名またはパスワードが正しくありません。"
        if problem:
            context.throw(_refusal(context, problem))
        connected.connect()
        yield from ()

    return Cmdlet(
        name=name,
        error_id=name,
        body=Body.of(process),
        parameters=parameters("Host string 0 mandatory, Credentials pscredential 1 mandatory, Protocol string 2"),
        module=SNAP_IN,
    )


def _refusal(context: CommandContext, text: str) -> ErrorRecord:
    return context.error(
        text,
        error_id="OperationRefused",
        category="InvalidOperation",
        exception="System.InvalidOperationException",
    )


def _named(operation: Operation, settings: SimulationSettings) -> Operation:
    def renamed(names: Mapping[str, str]) -> dict[str, str]:
        others = settings.renamed_parameters
        return {key: others.get(f"{operation.command}.{name}", name) for key, name in names.items()}

    command = settings.renamed_commands.get(operation.command, operation.command)
    new = {"command": command, "parameters": renamed(operation.parameters), "unused": renamed(operation.unused)}
    return operation.model_copy(update=new)


def _cmdlet(host: LabHost, operation: Operation, declared: Declared, connected: Connected) -> Cmdlet:
    def process(context: CommandContext) -> Iterator[Any]:
        host.spend(declared.milliseconds)
        if host.world.settings.connection_command and not connected.here:
            context.throw(_refusal(context, "コントロール サービスに接続されていません。"))
        try:
            yield from declared.act(Invocation(host, context, operation)) or ()
        except (RhaRefusal, HyperVRefusal) as refusal:
            context.throw(_refusal(context, str(refusal)))

    return Cmdlet(
        name=operation.command,
        error_id=operation.command,
        body=Body.of(process),
        parameters=_parameters(operation, declared, host.world.settings.demanded_parameters),
        module=SNAP_IN,
    )


def _parameters(operation: Operation, declared: Declared, more: Mapping[str, str]) -> tuple[Parameter, ...]:
    lines = [f"{more[operation.command]} string mandatory"] if operation.command in more else []
    for place, (name, type_) in enumerate(declared.parameters.items()):
        position = "" if type_ == "switch" else f" {place}"
        mandatory = " mandatory" if name.startswith("*") else ""
        lines.append(f"{operation.known_parameters[name.removeprefix('*')]} {type_}{position}{mandatory}")
    return parameters(", ".join(lines)) if lines else ()


def _scenario_row(call: Invocation, scenario: ReplicationScenario) -> PSCustomObject:
    choices = call.profile.choices
    product = choices["product"][scenario.product]
    if scenario.assured_recovery:
        product = f"{product} {choices['product']['assured_recovery']}"
    return call.row(
        name=scenario.name,
        server_type=scenario.server_type,
        product=product,
        master=scenario.master,
        replica=scenario.replica,
        state=call.profile.states[scenario.state].ja[0],
        direction=choices["direction"][scenario.direction.value],
        guests=TypedArray("System.String", scenario.guests),
        is_alive=scenario.is_alive,
        switchover=choices["initiation"][scenario.switchover.value],
        reverse_replication=choices["initiation"][scenario.reverse_replication.value],
    )


def _mapping(text: str) -> NetworkMapping:
    master, separator, replica = text.partition("=")
    if not separator or not master or not replica:
        raise RhaRefusal(f"仮想ネットワークのマッピング「{text}」は「マスタ側=レプリカ側」の形で指定してください。")
    return NetworkMapping(master, replica)


def _instant(instant: datetime | None) -> DateTime | None:
    return None if instant is None else DateTime.of(instant, utc=True)
