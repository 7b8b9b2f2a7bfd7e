"""What a search for Arcserve RHA asks of a simulated host: both PowerShells with their snap-ins, and its ports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from lab.simulator.cmdlets.arcserve import SECOND_SNAP_IN, SNAP_IN, arcserve_cmdlets
from lab.simulator.cmdlets.condition import CONTROL_PORT, ENGINE_PORT
from lab.simulator.cmdlets.lab_host import POWERSHELL, LabHost, outside
from powershell import (
    Body,
    Cmdlet,
    CommandContext,
    DotNetClass,
    DotNetObject,
    ErrorRecord,
    Parameter,
    PipelineCommand,
    PowerShell,
    Property,
    TypedArray,
    Wildcard,
    parameters,
)

START_MS: Final = 600
QUESTION_MS: Final = 100
OF_32_BITS: Final = "C:\\Windows\\SysWOW64\\WindowsPowerShell\\v1.0"
PRODUCT_VERSION: Final = "16.0.2.0"


def _class(name: str, given: str, others: str = "") -> DotNetClass:
    return DotNetClass(
        name=name,
        properties=tuple(Property.stored(each, "System.Object", read_only=True) for each in given.split()),
        outside=outside(others),
    )


SNAP_IN_INFO: Final = _class(
    "System.Management.Automation.PSSnapInInfo",
    "Name Vendor ModuleName Version Description",
    "ApplicationBase AssemblyName Formats IsDefault LogPipelineExecutionDetails PSVersion Types",
)
COMMAND_INFO: Final = _class(
    "System.Management.Automation.CmdletInfo",
    "Name CommandType ModuleName ParameterSets",
    "DefaultParameterSet Definition HelpFile ImplementingType Module Noun Options OutputType PSSnapIn Parameters "
    "RemotingCapability Source Verb Version Visibility",
)
SET_INFO: Final = _class("System.Management.Automation.CommandParameterSetInfo", "Name IsDefault Parameters")
PARAMETER_INFO: Final = _class(
    "System.Management.Automation.CommandParameterInfo",
    "Name ParameterType IsMandatory Position Aliases",
    "Attributes HelpMessage IsDynamic ValueFromPipeline ValueFromPipelineByPropertyName ValueFromRemainingArguments",
)
HELP: Final = _class("MamlCommandHelpInfo", "Name Synopsis")
TYPE: Final = _class("System.RuntimeType", "Name FullName")
CONNECTION: Final = _class("NetTCPConnection", "LocalAddress LocalPort State")
_OWN: Final = (SNAP_IN_INFO, COMMAND_INFO, HELP, SET_INFO, PARAMETER_INFO, TYPE)
TYPES: Final = (CONNECTION,)


def trace_cmdlets(host: LabHost) -> tuple[Cmdlet, ...]:
    return (
        _process(host),
        host.cmdlet("Add-PSSnapin", add_snap_in, "Name string 0 mandatory"),
        host.cmdlet(
            "Get-NetTCPConnection",
            get_net_tcp_connection,
            "State string mandatory one-of:Listen, LocalPort int[] mandatory",
            of="Get-NetTCPConnection",
        ),
    )


def add_snap_in(host: LabHost, context: CommandContext) -> None:
    """The product's is loaded already, where PowerShell of its bits runs and it can be loaded; there is no other."""
    host.spend(QUESTION_MS)
    name = str(context.get("Name"))
    if host.world.settings.half_registered:
        context.throw(
            context.error(
                f"Cannot load PowerShell snap-in {name}: Could not load file or assembly 'SimulatedRHA.dll'.",
                error_id="AddPSSnapInRead",
                category="InvalidArgument",
                target=name,
                exception="System.Management.Automation.PSSnapInException",
            )
        )
    if name.casefold() not in {SNAP_IN.casefold(), SECOND_SNAP_IN.casefold()}:
        context.throw(
            context.error(
                f"No snap-ins have been registered for Windows PowerShell that match the name '{name}'.",
                error_id="AddPSSnapInRead",
                category="InvalidArgument",
                target=name,
                exception="System.Management.Automation.PSArgumentException",
            )
        )


def get_net_tcp_connection(host: LabHost, context: CommandContext) -> Iterator[DotNetObject]:
    """The engine listens on 25000 and the Control Service on 8088, while they run."""
    host.spend(QUESTION_MS)
    here, profile = host.world.hosts[host.name], host.control_service.profile
    listening = {ENGINE_PORT: profile.engine_service.name, CONTROL_PORT: profile.control_service.name}
    for port in context.get("LocalPort"):
        if port in listening and here.service_runs(listening[port]):
            yield DotNetObject(CONNECTION, {"LocalAddress": "::", "LocalPort": port, "State": "Listen"})
        else:
            said = f"No matching MSFT_NetTCPConnection objects found by CIM query for LocalPort {port}."
            context.write_error(
                context.error(said, error_id="CmdletizationQuery_NotFound", category="ObjectNotFound", target=port)
            )


# The other process ----------------------------------------------------------------------------------------------------


def _process(host: LabHost) -> Cmdlet:
    """powershell.exe by its name, or that of 32 bits by its path: runs a script block with texts as its arguments."""

    class Process(Body):
        def end(self) -> None:
            host.spend(START_MS)
            bits = 32 if "\\" in self.context.invoked_as else 64
            version = host.world.hosts[host.name].windows.powershell
            engine = PowerShell(_cmdlets(host, bits), host.clock, host.name, types=_OWN, version=version)
            block = self.context.get("Command")
            given = tuple((None, str(each)) for each in self.context.get("args") or ())
            command = PipelineCommand(block.text, is_script=True, parameters=given)
            engine.open_runspace().invoke([command], _Streams(self.context))

    return Cmdlet(
        name="powershell.exe",
        body=Process,
        module=OF_32_BITS,
        parameters=parameters(
            "NoProfile switch, NonInteractive switch, Command scriptblock mandatory, args object[], "
            "InputObject psobject pipeline"
        ),
    )


class _Streams:
    """What the process gives: texts."""

    def __init__(self, context: CommandContext) -> None:
        self._context = context

    def output(self, value: Any) -> None:
        if not isinstance(value, str):
            self._context.outside_subset("an object that is no text from another PowerShell")
        self._context.write(value)

    def error(self, record: ErrorRecord) -> None:
        self._context.write_error(record)

    def warning(self, text: str) -> None:
        self._context.write_warning(text)

    def verbose(self, text: str) -> None:
        self._context.write_verbose(text)

    def debug(self, text: str) -> None:
        self._context.write_debug(text)

    def information(self, record: Any) -> None:
        self._context.write_information(record)

    def progress(self, activity: str, status: str, percent: int) -> None:
        """Discards it."""


def _cmdlets(host: LabHost, bits: int) -> tuple[Cmdlet, ...]:
    settings = host.world.settings
    first = arcserve_cmdlets(host, bits)
    second = tuple(replace(each, module=SECOND_SNAP_IN) for each in first if each.name in settings.second_snap_in)
    product = (*first, *second)
    registered = [
        *((SNAP_IN,) if product or (settings.half_registered and bits == settings.rha_bits) else ()),
        *((SECOND_SNAP_IN,) if second else ()),
    ]

    def get_snap_in(here: LabHost, context: CommandContext) -> Iterator[DotNetObject]:
        if not context.get("Registered"):
            context.outside_subset("Get-PSSnapin without -Registered")
        here.spend(QUESTION_MS)
        for name in registered:
            yield DotNetObject(
                SNAP_IN_INFO,
                {
                    "Name": name,
                    "Vendor": "SIMULATED",
                    "ModuleName": f"C:\\Program Files (x86)\\CA\\ARCserve RHA\\Manager\\{name}.dll",
                    "Version": PRODUCT_VERSION,
                    "Description": "SIMULATED",
                },
            )

    def get_module(_: LabHost, __: CommandContext) -> None:
        """Of modules nothing looks like the product's."""

    def get_help(here: LabHost, context: CommandContext) -> Iterator[DotNetObject]:
        here.spend(QUESTION_MS)
        for cmdlet in product:
            if cmdlet.name.casefold() == str(context.get("Name")).casefold():
                said = (
                    f"{cmdlet.name} を実行します（模擬）。"
                    if settings.japanese
                    else f"Performs {cmdlet.name} (SIMULATED)."
                )
                yield DotNetObject(HELP, {"Name": cmdlet.name, "Synopsis": said})

    def get_command(here: LabHost, context: CommandContext) -> Iterator[DotNetObject | str]:
        here.spend(QUESTION_MS)
        holders, names = context.get("Module"), context.get("Name")
        if context.get("Syntax"):
            known = [each for each in product if each.name in names and each.module in holders]
            yield from (f"\r\n{each.name} {_syntax(each)}\r\n" for each in known)
            return
        for cmdlet in product:
            if holders is not None and any(Wildcard(name).matches(cmdlet.module) for name in holders):
                yield _command(cmdlet)
            if names is not None and any(Wildcard(name).matches(cmdlet.name) for name in names):
                yield _command(cmdlet)

    return (
        host.cmdlet("Get-PSSnapin", get_snap_in, "Registered switch", of=POWERSHELL),
        host.cmdlet("Add-PSSnapin", add_snap_in, "Name string 0 mandatory"),
        host.cmdlet("Get-Module", get_module, "ListAvailable switch"),
        host.cmdlet("Get-Command", get_command, "Name string[] 0, Module|PSSnapin string[], Syntax switch"),
        host.cmdlet("Get-Help", get_help, "Name string 0"),
    )


def _command(cmdlet: Cmdlet) -> DotNetObject:
    known = TypedArray(PARAMETER_INFO.name, map(_parameter, cmdlet.parameters))
    sets = DotNetObject(SET_INFO, {"Name": "__AllParameterSets", "IsDefault": True, "Parameters": known})
    return DotNetObject(
        COMMAND_INFO,
        {
            "Name": cmdlet.name,
            "CommandType": cmdlet.kind,
            "ModuleName": cmdlet.module,
            "ParameterSets": TypedArray(SET_INFO.name, (sets,)),
        },
    )


def _syntax(cmdlet: Cmdlet) -> str:
    """As -Syntax writes it, for parameters of one set."""
    return " ".join(
        f"[-{each.name}]" if each.is_switch else f"[-{each.name} <{_type(each)}>]" for each in cmdlet.parameters
    )


def _type(declared: Parameter) -> str:
    names = {"switch": "SwitchParameter", "int": "Int32", "pscredential": "PSCredential"}
    return names.get(declared.type, declared.type.title())


def _parameter(declared: Parameter) -> DotNetObject:
    (placement,) = declared.placements
    name = _type(declared)
    return DotNetObject(
        PARAMETER_INFO,
        {
            "Name": declared.name,
            "ParameterType": DotNetObject(TYPE, {"Name": name, "FullName": name}),
            "IsMandatory": placement.mandatory,
            "Position": -(2**31) if placement.position is None else placement.position,
            "Aliases": TypedArray("System.String", declared.aliases),
        },
    )
