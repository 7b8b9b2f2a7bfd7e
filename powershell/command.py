"""How a cmdlet is declared, and what its body receives.

A cmdlet is data (`Cmdlet`: name, parameters, sets) and a body: a class whose instance lives for one invocation.

    class GetVM(Body):
        def process(self) -> None:
            for vm in find(self.context.get("Name")):
                self.context.write(vm)

    GET_VM = Cmdlet(name="Get-VM", error_id="Microsoft.HyperV.PowerShell.Commands.GetVM", body=GetVM,
                    parameters=parameters("Name string[] 0 pipeline"))

`begin` runs once before the first input, `process` once per input object (once in all when nothing is piped in), `end`
once after the last. Parameters bound from the pipeline are in the context only inside `process`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NoReturn, Protocol

if TYPE_CHECKING:
    from powershell.errors import ErrorRecord
    from powershell.instances import ScriptBlock
    from powershell.values import Guid

ALL_SETS: Final = "__AllParameterSets"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """What one [Parameter()] attribute says: how a parameter takes part in one parameter set."""

    set_name: str = ALL_SETS
    position: int | None = None
    mandatory: bool = False
    from_pipeline: bool = False
    from_pipeline_by_property_name: bool = False
    remaining: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Validation:
    """A Validate… attribute and its arguments.

    Its kind is as PowerShell names it (ValidateSet, ValidateRange, ValidatePattern,
    ValidateLength, ValidateCount, ValidateScript, ValidateNotNull, ValidateNotNullOrEmpty …).
    """

    kind: str
    arguments: tuple[Any, ...] = ()
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """`type` is written as in a type literal: "string[]", "int", "switch", "scriptblock", "object"."""

    name: str
    type: str = "object"
    aliases: tuple[str, ...] = ()
    placements: tuple[Placement, ...] = (Placement(),)
    validations: tuple[Validation, ...] = ()
    allow_null: bool = False
    allow_empty_string: bool = False
    allow_empty_collection: bool = False

    @property
    def is_switch(self) -> bool:
        return self.type.lower() in {"switch", "switchparameter", "system.management.automation.switchparameter"}


def parameters(declared: str) -> tuple[Parameter, ...]:
    """Parameters, with commas between: name, `|` and aliases, type, and how each takes part.

    A number is its position; `mandatory`, `pipeline`, `by-name` (from the pipeline by property name) and `rest` (all
    remaining arguments) are as in [Parameter()]. `in:A|B` begins what holds in those sets alone. `null`, `empty` (a
    text) and `none` (no items) allow these; `one-of:a|b` and `range:0..5` validate, `given` insists on a value.
    """
    return tuple(_declared(each) for each in declared.split(","))


_ATTRIBUTES: Final = {
    "mandatory": "mandatory",
    "pipeline": "from_pipeline",
    "by-name": "from_pipeline_by_property_name",
    "rest": "remaining",
}
_ALLOWED: Final = {"null": "allow_null", "empty": "allow_empty_string", "none": "allow_empty_collection"}


def _declared(line: str) -> Parameter:
    names, type_, *words = line.split()
    name, *aliases = names.split("|")
    allowed: dict[str, bool] = {}
    validations: list[Validation] = []
    everywhere: dict[str, Any] = {}
    sets: dict[str, dict[str, Any]] = {}
    placement = everywhere
    for word in words:
        key, _, value = word.partition(":")
        if key == "in":
            for set_name in value.split("|"):
                placement = sets[set_name] = dict(everywhere)
        elif key in _ATTRIBUTES:
            placement[_ATTRIBUTES[key]] = True
        elif key in _ALLOWED:
            allowed[_ALLOWED[key]] = True
        elif key == "given":
            validations.append(Validation(kind="ValidateNotNullOrEmpty"))
        elif key == "one-of":
            validations.append(Validation(kind="ValidateSet", arguments=tuple(value.split("|"))))
        elif key == "range":
            low, _, high = value.partition("..")
            number = float if type_ == "double" else int
            validations.append(Validation(kind="ValidateRange", arguments=(number(low), number(high))))
        else:
            placement["position"] = int(word)
    return Parameter(
        name=name,
        type=type_,
        aliases=tuple(aliases),
        placements=tuple(Placement(set_name=known, **said) for known, said in sets.items())
        or (Placement(**everywhere),),
        validations=tuple(validations),
        **allowed,
    )


class CommandContext(Protocol):
    """What the engine offers the body of a cmdlet during one invocation."""

    @property
    def cmdlet(self) -> Cmdlet: ...

    @property
    def parameters(self) -> Mapping[str, Any]:
        """Bound parameters by declared name, converted to the declared type; an unbound one is absent."""

    @property
    def set_name(self) -> str:
        """The parameter set the binder settled on."""

    @property
    def expecting_input(self) -> bool:
        """Whether the command stands behind a pipe."""

    @property
    def invoked_as(self) -> str:
        """The name typed on the command line."""

    def get(self, name: str, default: Any = None) -> Any:
        """The bound value; for a switch a plain bool (False when absent)."""

    def write(self, value: Any, *, enumerate_items: bool = False) -> None:
        """One object down the pipeline; with `enumerate_items` each item of a collection by itself."""

    def write_error(self, record: ErrorRecord) -> None:
        """A non-terminating error, under -ErrorAction and $ErrorActionPreference."""

    def throw(self, record: ErrorRecord) -> NoReturn:
        """A terminating error of this command (ThrowTerminatingError)."""

    def write_warning(self, text: str) -> None: ...

    def write_verbose(self, text: str) -> None: ...

    def write_debug(self, text: str) -> None: ...

    def write_information(self, record: Any) -> None: ...

    def error(
        self,
        message: str,
        *,
        error_id: str,
        category: str = "NotSpecified",
        target: Any = None,
        exception: str = "System.Exception",
    ) -> ErrorRecord:
        """A record for `write_error` or `throw`; `exception` is the full type name, `error_id` without the command."""

    def invoke(
        self, block: ScriptBlock, *, underscore: Any = ..., arguments: Sequence[Any] = (), new_scope: bool = False
    ) -> list[Any]:
        """Runs a script block in the caller's scope (as ForEach-Object does) and collects its output."""

    def invoke_streaming(
        self, block: ScriptBlock, *, underscore: Any = ..., arguments: Sequence[Any] = (), new_scope: bool = False
    ) -> None:
        """The same, each output object written down the pipeline at once."""

    def should_process(self, target: str, action: str = "") -> bool:
        """False under -WhatIf, after the "What if:" line; for cmdlets with `should_process`."""

    def stop_upstream(self) -> NoReturn:
        """Ends the pipeline before this command quietly; this one's `end` still runs (Select-Object -First)."""

    def outside_subset(self, construct: str) -> NoReturn:
        """Refuses what Windows' cmdlet can do and this one cannot, naming the construct."""

    def new_guid(self) -> Guid:
        """Another one each time, the same in each run."""

    def checkpoint(self) -> None:
        """Call it in loops: raises when the pipeline has been stopped."""


class Body:
    """One invocation of a cmdlet; override what is needed."""

    def __init__(self, context: CommandContext) -> None:
        self.context = context

    @staticmethod
    def of(process: Callable[[CommandContext], Iterable[Any] | None]) -> Callable[[CommandContext], Body]:
        """A body made of one function for `process`; what it returns or yields is written object by object."""

        class FunctionBody(Body):
            def process(self) -> None:
                for value in process(self.context) or ():
                    self.context.write(value)

        return FunctionBody

    def begin(self) -> None: ...

    def process(self) -> None: ...

    def end(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Cmdlet:
    """What a cmdlet is called, what it takes, and the body that does its work.

    `error_id` follows the comma in FullyQualifiedErrorId (the implementing class of a binary cmdlet; the name of a
    function). `outside` names parameters the real cmdlet has and this one refuses.
    """

    name: str
    body: Callable[[Any], Body]
    error_id: str = ""
    parameters: tuple[Parameter, ...] = ()
    default_set: str = ""
    outside: frozenset[str] = frozenset()
    module: str = ""
    version: str = ""
    should_process: bool = False
    kind: str = "Cmdlet"
    """"Cmdlet" or "Function", as Get-Command shows it."""


def of_powershell(name: str, body: Callable[[Any], Body], declared: str = "", *, default_set: str = "") -> Cmdlet:
    """A cmdlet of PowerShell itself, whose class is named after it."""
    return Cmdlet(
        name=name,
        body=body,
        error_id=f"Microsoft.PowerShell.Commands.{name.replace('-', '')}Command",
        parameters=parameters(declared) if declared else (),
        default_set=default_set,
    )


@dataclass(slots=True)
class CommandTable:
    """Names and aliases to cmdlets, one table per runspace.

    `windows` names commands (lower case) that exist on the simulated Windows and are not implemented, with their
    parameters: they are refused, not unknown.
    """

    cmdlets: dict[str, Cmdlet] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    windows: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        cmdlets: Iterable[Cmdlet],
        aliases: Mapping[str, str] | None = None,
        windows: Mapping[str, tuple[str, ...]] | None = None,
    ) -> CommandTable:
        return cls(
            cmdlets={cmdlet.name.lower(): cmdlet for cmdlet in cmdlets},
            aliases={alias.lower(): target for alias, target in (aliases or {}).items()},
            windows=windows or {},
        )

    def copy(self) -> CommandTable:
        return CommandTable(dict(self.cmdlets), dict(self.aliases), self.windows)

    def add(self, cmdlets: Iterable[Cmdlet], aliases: Mapping[str, str] | None = None) -> None:
        self.cmdlets.update({cmdlet.name.lower(): cmdlet for cmdlet in cmdlets})
        self.aliases.update({alias.lower(): target for alias, target in (aliases or {}).items()})

    def find(self, name: str) -> Cmdlet | None:
        """The cmdlet of that name or alias; a module's name and a backslash may stand before it."""
        module, _, bare = name.rpartition("\\")
        lowered = bare.lower()
        found = self.cmdlets.get(self.aliases.get(lowered, lowered).lower())
        if found is not None and module and module.lower() != found.module.lower():
            return None
        return found
