"""The embedded engine: one per host, and its runspaces with their variables, commands and console."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final, NoReturn, Protocol

from powershell import budget
from powershell.catalogue import windows_aliases
from powershell.command import CommandTable
from powershell.comparison import Comparison
from powershell.conversion import Conversion
from powershell.declared import DotNetType, EnumValue
from powershell.dialect import Dialect, speak
from powershell.dotnet import system
from powershell.dotnet.records import InvocationInfo
from powershell.dotnet.strings import Encoding, encoding
from powershell.engine import Clock, Console, PipelineCommand, PipelineStreams, TerminatingError
from powershell.errors import (
    BreakLoop,
    ContinueLoop,
    DotNetError,
    ErrorRecord,
    ExceptionObject,
    OutsideSubset,
    PipelineStopped,
    PowerShellError,
    ReturnFromBlock,
    refusal_record,
)
from powershell.evaluation.interpreter import PREFERENCE, Interpreter
from powershell.evaluation.processors import Processor, ScriptProcessor
from powershell.facts import fact
from powershell.formatting.views import View, Views
from powershell.instances import Hashtable, Instance
from powershell.matching import Matcher, matching_by
from powershell.members import Members
from powershell.number_conversion import cast_error
from powershell.operators import Operators
from powershell.scope import Variable
from powershell.signature import Argument
from powershell.streams import Streams
from powershell.type_names import TypeRegistry, enum
from powershell.values import DateTime, Guid, Version

_FAULTS: Final = (ArithmeticError, AssertionError, AttributeError, DotNetError, LookupError, TypeError, ValueError)
"""What a defect of this engine raises: to the client it is a refusal like any other."""
_WINDOWS_ENVIRONMENT: Final = frozenset(fact("names")["environment"].split())
"""What a session on Windows has from its system: absent here is not absent there."""
_LOOP_COST: Final = timedelta(milliseconds=100)
_STOP_WORDS: Final = (
    'The running command stopped because the preference variable "ErrorActionPreference" or common parameter is set to '
    "Stop: "
)
_PROGRAMS: Final = frozenset(fact("names")["programs"].split())
_REFUSED_VARIABLES: Final = frozenset(fact("names")["variables"].split())
_OF_VERSION_7: Final = frozenset(
    {"psstyle", "enabledexperimentalfeatures", "iscoreclr", "islinux", "iswindows", "ismacos"}
)
"""Automatic variables that Windows PowerShell does not have: about_Automatic_Variables."""


class Host(Protocol):
    """What runspaces have of the host they are opened on."""

    clock: Clock
    host_name: str
    commands: CommandTable
    types: TypeRegistry
    views: Sequence[View]
    environment: Mapping[str, str]
    matcher: Matcher
    version: str
    dialect: Dialect

    def next_number(self) -> int:
        """Counts from 1."""


class EmbeddedRunspace:
    """One session: global variables and functions live as long as it does."""

    def __init__(self, engine: Host, console: Console | None = None) -> None:
        self._engine = engine
        self.clock = engine.clock
        self.host_name = engine.host_name
        self.dialect = engine.dialect
        self.version = engine.version
        self.commands = engine.commands.copy()
        self.views = Views(list(engine.views))
        self.types = engine.types
        self.console = console
        self.new_line = "\n"
        self._environment: dict[str, tuple[str, str]] = {}
        for name, value in {**engine.environment, **(console.environment if console is not None else {})}.items():
            self._environment[name.lower()] = (name, value)
        self._encodings = {True: encoding("UTF8"), False: encoding("UTF8")}
        self.conversion = Conversion(self.types.find, self.today)
        self.comparison = Comparison(self.conversion, self.types.find)
        self.operators = Operators(self.conversion, self.comparison)
        self.conversion.extensions.update(_extensions())
        self._target: PipelineStreams | None = None
        self._unfinished_line = ""
        self.interpreter = Interpreter(self, self._streams())
        self._define_variables()

    @property
    def members(self) -> Members:
        return self.interpreter.members

    def _streams(self) -> Streams:
        return Streams(
            error=lambda record: self._sink().error(record),
            warning=lambda record: self._sink().warning(record.message),
            verbose=lambda record: self._sink().verbose(record.message),
            debug=lambda record: self._sink().debug(record.message),
            information=lambda record: self._sink().information(record),
        )

    def _sink(self) -> PipelineStreams:
        assert self._target is not None
        return self._target

    # --- running ---

    def invoke(self, commands: Sequence[PipelineCommand], streams: PipelineStreams) -> None:
        """Runs the pipeline and blocks until it has ended; raises TerminatingError."""
        it = self.interpreter
        self._target = streams
        it.streams = self._streams()
        it.scope = it.global_scope
        it.stopping, it.guarded, it.depth = False, 0, 0
        it.functions.catching = 0
        budget.begin()
        speak(self.dialect)
        try:
            with matching_by(self._engine.matcher):
                self._run(commands, streams)
        except PowerShellError as error:
            raise self._terminated(error) from None
        except OutsideSubset as refusal:
            record = refusal_record(refusal)
            it.remember(record)
            raise TerminatingError(record) from None
        except (BreakLoop, ContinueLoop, ReturnFromBlock):
            return
        except (RecursionError, SystemError):
            raise TerminatingError(refusal_record(OutsideSubset("a script whose calls nest this deep"))) from None
        except MemoryError:
            raise TerminatingError(refusal_record(OutsideSubset("a script that takes all memory"))) from None
        except _FAULTS as fault:
            failed = OutsideSubset(f"what this script does (the engine failed: {fault!r})")
            raise TerminatingError(refusal_record(failed)) from fault
        finally:
            it.scope = it.global_scope

    def _run(self, commands: Sequence[PipelineCommand], streams: PipelineStreams) -> None:
        it = self.interpreter
        processors: list[Processor] = []
        for command in commands:
            arguments = _arguments(command)
            if command.is_script:
                block = it.script_block(command.text)
                processor = it.pipelines.script_processor(it.functions.command_of(block), arguments, dotted=True)
                processor.alone = True
                processors.append(processor)
            else:
                processors.append(it.pipelines.named(command.text, arguments))
        it.pipelines.run_prepared(processors, streams.output, [command.merge_error for command in commands])

    def _terminated(self, error: PowerShellError) -> TerminatingError:
        it = self.interpreter
        record = error.record
        it.remember(record)
        if error.stopped:
            wrapped = ErrorRecord(
                ExceptionObject(
                    "System.Management.Automation.ActionPreferenceStopException",
                    _STOP_WORDS + record.message,
                    record.exception,
                ),
                record.error_id,
                record.category.name,
                record.target,
                extent=record.extent,
            )
            wrapped.origin, wrapped.activity, wrapped.command = record.origin, record.activity, record.command
            wrapped.reason = record.category_reason
            return TerminatingError(wrapped)
        return TerminatingError(record)

    def stop(self) -> None:
        """Ends what is running; called from another thread."""
        self.interpreter.stopping = True

    def stopped(self) -> NoReturn:
        raise PipelineStopped

    def charge_loop(self) -> None:
        """Ten thousand turns of loops have passed: they cost time, and the client may have gone."""
        budget.check_memory()
        self.clock.spend(_LOOP_COST)
        if self.console is not None:
            self.console.checkpoint()

    # --- time ---

    def today(self) -> date:
        return self.clock.now().date()

    def new_guid(self) -> Guid:
        """Deterministic, and different on each call: drawn from the host's name and its clock."""
        seed = f"{self.host_name}/{self._engine.next_number()}/{DateTime.of(self.clock.now()).ticks}"
        return Guid(uuid.uuid5(uuid.NAMESPACE_DNS, seed).hex)

    # --- variables ---

    def _define_variables(self) -> None:
        scope = self.interpreter.global_scope
        for name, value in (
            ("ErrorActionPreference", "Continue"),
            ("WarningPreference", "Continue"),
            ("VerbosePreference", "SilentlyContinue"),
            ("DebugPreference", "SilentlyContinue"),
            ("InformationPreference", "SilentlyContinue"),
            ("ProgressPreference", "Continue"),
        ):
            self._force_typed(name, self.preference_value(value))
        self._force_typed("ConfirmPreference", enum("System.Management.Automation.ConfirmImpact").value("High"))
        scope.force("WhatIfPreference", False)
        scope.force("FormatEnumerationLimit", 4)
        scope.force("MaximumHistoryCount", 4096)
        scope.force("ErrorView", "NormalView")
        scope.force("PSDefaultParameterValues", Hashtable())
        scope.force("OutputEncoding", self._encodings[True])
        scope.force("Error", self.interpreter.errors)
        for name, fixed in (("true", True), ("false", False), ("null", None)):
            scope.force(name, fixed)
        scope.force("PSVersionTable", _version_table(self.dialect, self.version))

    def _force_typed(self, name: str, value: EnumValue) -> None:
        """A global variable that converts what is assigned to it; a function's own of that name does not."""
        assignment = self.interpreter.assignment
        constrain = assignment.constraint(DotNetType(value.type.name, value.type), in_function=False)
        self.interpreter.global_scope.variables[name.lower()] = Variable(
            name, value, constrain=lambda assigned: _usable(constrain(assigned))
        )

    def preference_value(self, name: str) -> EnumValue:
        return enum(PREFERENCE).value(name)

    def automatic_variable(self, name: str, interpreter: Interpreter) -> Any:
        """A variable that no scope holds; null where there is none."""
        if name == "?":
            return interpreter.succeeded
        if name == "args":
            return []
        if name == "psitem":
            return interpreter.variable("_")
        if name == "lastexitcode":
            return interpreter.last_exit_code
        if name == "psedition" and self.dialect is Dialect.WINDOWS_POWERSHELL_5_1:
            return "Desktop"
        of_later_versions = _OF_VERSION_7 | ({"psedition"} if self.dialect is Dialect.WINDOWS_POWERSHELL_4_0 else set())
        if name in _REFUSED_VARIABLES and not (self.dialect.windows and name in of_later_versions):
            raise OutsideSubset(f"the variable ${name}")
        return None

    def environment_variable(self, name: str) -> str | None:
        found = self._environment.get(name.lower())
        if found is None and name.upper() in _WINDOWS_ENVIRONMENT:
            raise OutsideSubset(f"the environment variable {name}")
        return None if found is None else found[1]

    def set_environment_variable(self, name: str, value: str | None) -> None:
        """Null removes it, and in Windows PowerShell an empty text."""
        if value is None or (not value and self.dialect.windows):
            self._environment.pop(name.lower(), None)
        else:
            self._environment[name.lower()] = (name, value)

    # --- commands ---

    def find_command(self, name: str, interpreter: Interpreter) -> Any:
        """A function, cmdlet or alias of that name; None when there is none; refuses what only Windows has."""
        lowered = name.lower()
        if lowered in self.commands.aliases:
            lowered = self.commands.aliases[lowered].lower()
        elif lowered in windows_aliases():
            raise OutsideSubset(f"the alias {name}")
        function = interpreter.scope.function(lowered)
        if function is not None:
            return function
        if lowered.startswith("global:"):
            return interpreter.global_scope.functions.get(lowered.removeprefix("global:"))
        found = self.commands.find(lowered)
        if found is not None:
            return found
        if lowered in self.commands.windows or name.lower() in self.commands.aliases:
            raise OutsideSubset(f"the command {name}")
        get = self.commands.find(f"get-{lowered}")
        if get is not None or f"get-{lowered}" in self.commands.windows:
            raise OutsideSubset(f"the command {name} (for Get-{name})")
        if "\\" in name or "/" in name or lowered.endswith((".exe", ".ps1", ".cmd", ".bat", ".com")):
            raise OutsideSubset(f"the program or script {name}")
        if lowered in _PROGRAMS or re.fullmatch("[a-z]:", lowered):
            raise OutsideSubset(f"the program {name}")
        return None

    def invocation_info(self, processor: ScriptProcessor) -> InvocationInfo:
        return InvocationInfo(processor.extent, processor.name, processor if processor.name else None)

    # --- the console ---

    def host_line(self, text: str) -> None:
        """A line for the host's window."""
        if self.console is not None:
            self.console.write(text + "\r\n")

    def write_host(self, text: str, *, new_line: bool = True) -> None:
        if self.console is not None:
            self.console.write(text + ("\r\n" if new_line else ""))

    def write_console(self, text: str, *, to_error: bool) -> None:
        if self.console is None:
            raise OutsideSubset("writing to a console in a session that has none")
        written = text.replace("\r\n", "\n").replace("\n", "\r\n")
        (self.console.write_error if to_error else self.console.write)(written)

    def read_console_line(self) -> str | None:
        if self.console is None:
            raise OutsideSubset("reading from a console in a session that has none")
        return self.console.read_line()

    def console_encoding(self, *, output: bool) -> Encoding:
        return self._encodings[output]

    def set_console_encoding(self, value: Encoding, *, output: bool) -> None:
        self._encodings[output] = value
        if self.console is not None:
            if output:
                self.console.output_code_page = value.code_page
            else:
                self.console.input_code_page = value.code_page


def _usable(preference: EnumValue) -> EnumValue:
    if preference.name in {"Suspend", "Break", "Inquire"}:
        raise OutsideSubset(f"the preference {preference.name}")
    return preference


def _arguments(command: PipelineCommand) -> list[Argument]:
    found: list[Argument] = []
    for name, value in command.parameters:
        found.append(Argument(None if name is None else name.lstrip("-"), value))
    return found


def _version_table(dialect: Dialect, version: str) -> Hashtable:
    """`$PSVersionTable`; a Windows PowerShell's is a table of Windows' own build."""
    numbers = tuple(map(int, version.split(".")))
    compatible = [Version(older) for older in ((1, 0), (2, 0), (3, 0), (4, 0))]
    if dialect is Dialect.WINDOWS_POWERSHELL_5_1:
        return Hashtable(
            (
                ("PSVersion", Version(numbers)),
                ("PSEdition", "Desktop"),
                ("PSCompatibleVersions", [*compatible, Version((5, 0)), Version(numbers)]),
                ("BuildVersion", Version((10, 0, *numbers[2:]))),
                ("CLRVersion", Version((4, 0, 30319, 42000))),
                ("WSManStackVersion", Version((3, 0))),
                ("PSRemotingProtocolVersion", Version((2, 3))),
                ("SerializationVersion", Version((1, 1, 0, 1))),
            )
        )
    if dialect is Dialect.WINDOWS_POWERSHELL_4_0:
        return Hashtable(
            (
                ("PSVersion", Version(numbers)),
                ("WSManStackVersion", Version((3, 0))),
                ("SerializationVersion", Version((1, 1, 0, 1))),
                ("CLRVersion", Version((4, 0, 30319, 42000))),
                ("BuildVersion", Version((6, 3, 9600, 17400))),
                ("PSCompatibleVersions", compatible),
                ("PSRemotingProtocolVersion", Version((2, 2))),
            )
        )
    return Hashtable(
        (
            ("PSVersion", Version(numbers, semantic=True)),
            ("PSEdition", "Core"),
            ("WSManStackVersion", Version((3, 0))),
            ("SerializationVersion", Version((1, 1, 0, 1))),
        )
    )


def _parsed(kind: type[Instance], parse: Callable[[str], Any]) -> Callable[[Any], Any]:
    """A conversion to a type that is read from text."""

    def convert(value: Any) -> Any:
        if value is None or isinstance(value, kind):
            return value
        if not isinstance(value, str):
            raise OutsideSubset("this conversion")
        try:
            return parse(value)
        except DotNetError as error:
            raise cast_error(
                f'Cannot convert value "{value}" to type "{kind.dotnet_name}". Error: "{error.exception.message}"',
                "InvalidCastParseTargetInvocation",
            ) from None

    return convert


def _extensions() -> dict[str, Callable[[Any], Any]]:
    return {"System.Net.IPAddress": _parsed(system.IPAddress, system.address)}
