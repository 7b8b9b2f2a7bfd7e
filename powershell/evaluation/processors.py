"""The commands of a running pipeline, each with begin, process and end; those that are script functions."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from powershell.binder import Binder
from powershell.command import Parameter
from powershell.conversion import to_bool
from powershell.declared import EnumValue
from powershell.errors import ErrorRecord, OutsideSubset, PowerShellError, ReturnFromBlock
from powershell.evaluation.assignment import CONSTANTS
from powershell.evaluation.functions import ScriptCommand, is_plain_structure
from powershell.instances import ArrayList, BoundParameters
from powershell.scope import Scope, Variable
from powershell.signature import Argument, Binding, Signature
from powershell.streams import Streams, discard
from powershell.values import NOTHING

if TYPE_CHECKING:
    from powershell.evaluation.interpreter import Interpreter
    from powershell.syntax import Extent

Out = Callable[[Any], None]
_ACTIONS = {
    "ErrorAction": "ErrorActionPreference",
    "WarningAction": "WarningPreference",
    "InformationAction": "InformationPreference",
    "ProgressAction": "ProgressPreference",
}


class Processor(ABC):
    """One command of a pipeline. `out` is what it writes to; errors go to `streams`."""

    def __init__(
        self, interpreter: Interpreter, name: str, signature: Signature, arguments: Sequence[Argument]
    ) -> None:
        self.it = interpreter
        self.name = name
        self.signature = signature
        self.arguments = arguments
        self.binder = Binder(interpreter, signature)
        self.binding = Binding()
        self.out: Out = discard
        self.caller = interpreter.scope
        self.streams: Streams = interpreter.streams
        self.expecting_input = False
        self.extent: Extent | None = None
        self.begun = False
        self.failed = False
        """Whether it wrote an error: only its own pipeline's $? tells, not that of a caller."""
        self.set_name = ""

    def prepare(self) -> None:
        """Binds the command line; the pipeline calls it for every command before the first object flows."""
        self.binding = self.binder.bind(self.arguments)
        defaults = self.it.variable("psdefaultparametervalues")
        if defaults is not None and getattr(defaults, "entries", None):
            raise OutsideSubset("$PSDefaultParameterValues", self.extent)
        self.set_name = self.binder.settle(self.binding, expecting_input=self.expecting_input)
        self._open_variables()

    def _open_variables(self) -> None:
        common = self.binding.common
        for name in ("PipelineVariable", "OutVariable", "WarningVariable", "InformationVariable"):
            if name in common:
                raise OutsideSubset(f"the parameter -{name}", self.extent)
        if "ErrorVariable" in common:
            collected = self._collection(common["ErrorVariable"])
            self.streams = self.streams.changed(error_variables=(*self.streams.error_variables, collected))

    def _collection(self, name: str) -> ArrayList:
        """The list behind -ErrorVariable NAME."""
        if name.startswith("+") or name.lower() in CONSTANTS:
            raise OutsideSubset(f"-ErrorVariable {name}", self.extent)
        collected = ArrayList()
        self.caller.set(name, collected)
        return collected

    def write(self, value: Any) -> None:
        self.out(value)

    # what a pipeline calls

    @abstractmethod
    def begin(self) -> None: ...

    @abstractmethod
    def process(self, item: Any) -> None: ...

    @abstractmethod
    def process_once(self) -> None: ...

    @abstractmethod
    def end(self) -> None: ...

    def receive(self, item: Any) -> None:
        """One object from the command before."""
        if not self.begun:
            self.begin()
        self.process(item)

    def action(self, name: str) -> str:
        """The action in force for this command: its own parameter, else the caller's preference variable."""
        value = self.binding.common.get(name)
        if isinstance(value, EnumValue):
            return value.name
        preference = _ACTIONS[name].lower()
        with self.it.swapped(self.caller):
            return self.it.preference(preference)

    def complete(self, record: ErrorRecord) -> ErrorRecord:
        """Signs a record with this command's name and place, where it has none."""
        if self.name == "Write-Error":
            self._sign_for_caller(record)
        elif not record.origin and self.signature.origin:
            record.origin = self.signature.origin
        if not record.activity:
            record.activity = self.name
        if record.extent is None:
            record.extent = self.extent
        if record.command is None and self.name != "Write-Error":
            record.command = self
        return record

    def sign(self, error: PowerShellError) -> None:
        """An error that leaves a command, and was not thrown, is the command's from there on."""
        if error.thrown or error.signed:
            return
        error.signed, error.stopping = True, False
        record = error.record
        record.origin, record.activity = self.signature.origin, self.name
        record.extent, record.command = self.extent, self

    def _sign_for_caller(self, record: ErrorRecord) -> None:
        """Write-Error speaks for the function that calls it."""
        found = self.caller.find("myinvocation")
        info = None if found is None else found.value
        caller = getattr(info, "command", None)
        if caller is not None and self.caller in self.it.borrowed:
            raise OutsideSubset("Write-Error in a block that a function filters or loops by", self.extent)
        if caller is not None:
            record.origin = record.origin or caller.name
            record.command = caller
        record.extent = record.extent or self.extent

    def write_error(self, record: ErrorRecord) -> None:
        action = self.action("ErrorAction")
        it = self.it
        self.failed = True
        old = it.streams
        it.streams = self.streams
        try:
            it.write_error(self.complete(record), action)
        finally:
            it.streams = old

    def refuse_object(self, item: Any) -> None:
        self.write_error(self.binder.unbound_object(item).record)


class ScriptProcessor(Processor):
    """A function or script block at work."""

    def __init__(
        self, interpreter: Interpreter, command: ScriptCommand, arguments: Sequence[Argument], *, dotted: bool = False
    ) -> None:
        super().__init__(interpreter, command.name, command.signature, arguments)
        self.command = command
        self.dotted = dotted
        self.scope = self.caller if dotted else Scope(self.caller)
        self.underscore: Any = NOTHING
        self.alone = False
        """The script of a client's pipeline: an error in its begin or process block ends it."""

    def run_alone(self) -> None:
        """Runs outside of any pipeline."""
        self.prepare()
        self.begin()
        self.process_once()
        self.end()

    def begin(self) -> None:
        self.begun = True
        self._fill_scope()
        block = self.command.tree.begin_block
        if block is not None:
            self._run(block)

    def _fill_scope(self) -> None:
        it, scope, binding = self.it, self.scope, self.binding
        if self.underscore is not NOTHING:
            scope.force("_", self.underscore)
        self._automatic_variables()
        with it.swapped(scope, self.streams):
            for known in self.signature.parameters:
                if known.name in binding.values:
                    self._set_parameter(known, binding.values[known.name])
            for known in self.signature.parameters:
                if known.name not in binding.values:
                    self._set_parameter(known, it.functions.default_of(self.command, known, self.binder))

    def _set_parameter(self, known: Parameter, value: Any) -> None:
        variable = Variable(known.name, value)
        variable.constrain = self._constraint(known)
        self.scope.variables[known.name.lower()] = variable

    def _constraint(self, known: Parameter) -> Callable[[Any], Any] | None:
        """What a parameter's type and attributes do to each value that the function assigns to it."""
        assignment = self.it.assignment
        if known.validations:
            return _refuse_assignment
        target = None if known.type in {"object", "System.Object"} else self.it.types.find(known.type)
        if target is None:
            return None
        return assignment.constraint(target, in_function=not self.dotted and not is_plain_structure(target))

    def _automatic_variables(self) -> None:
        scope, binding, common = self.scope, self.binding, self.binding.common
        if not self.dotted:
            scope.force("args", list(binding.rest))
            scope.force("PSBoundParameters", self._bound_parameters())
            scope.force("MyInvocation", self.it.runspace.invocation_info(self))
        elif binding.rest:
            scope.force("args", list(binding.rest))
        for name, preference in _ACTIONS.items():
            if name in common:
                scope.force(preference, common[name])
        for name, preference in (("Verbose", "VerbosePreference"), ("Debug", "DebugPreference")):
            if name in common:
                scope.force(
                    preference,
                    self.it.runspace.preference_value("Continue" if to_bool(common[name]) else "SilentlyContinue"),
                )

    def _bound_parameters(self) -> BoundParameters:
        bound = BoundParameters()
        for name, value in (*self.binding.values.items(), *self.binding.common.items()):
            bound.set(name, value)
        return bound

    def process(self, item: Any) -> None:
        self.it.checkpoint()
        tree = self.command.tree
        if self.binder.takes_pipeline():
            if not self._bind_item(item):
                return
        elif self.signature.advanced:
            self.refuse_object(item)
            return
        if tree.process_block is not None:
            self.scope.force("_", item)
            self._run(tree.process_block)

    def _bind_item(self, item: Any) -> bool:
        before = self.binding.from_pipeline
        try:
            if not self.binder.bind_object(item, self.binding, self.it.members.bindable_property):
                self.refuse_object(item)
                return False
            self.binder.settle(self.binding, expecting_input=False)
        except PowerShellError as error:
            self.write_error(error.record)
            return False
        for name in self.binding.from_pipeline:
            known = self.signature.names[name.lower()]
            self._set_parameter(known, self.binding.values[name])
        if set(before) - set(self.binding.from_pipeline):
            raise OutsideSubset("a parameter that only some objects of the pipeline bind", self.extent)
        if not self.dotted:
            self.scope.force("PSBoundParameters", self._bound_parameters())
        return True

    def process_once(self) -> None:
        block = self.command.tree.process_block
        if block is not None:
            if self.underscore is NOTHING:
                self.scope.force("_", None)
            self._run(block)

    def end(self) -> None:
        if not self.begun:
            self.begin()
        block = self.command.tree.end_block
        if block is not None:
            self._run(block)

    def _run(self, block: Any) -> None:
        it, variables = self.it, self.scope.variables
        old_scope, old_streams, old_compiled = it.scope, it.streams, it.compiled
        invocation = variables.get("myinvocation")
        if self.dotted and not self.alone and self.extent is not None:
            self.scope.force("MyInvocation", it.runspace.invocation_info(self))
        it.scope, it.streams = self.scope, self.streams
        it.compiled = not self.dotted
        it.enter_call()
        guarded = self.alone and block is not self.command.tree.end_block and not self.signature.advanced
        it.guarded += guarded
        try:
            it.statements.block(block, self.write)
        except ReturnFromBlock:
            pass
        except PowerShellError as error:
            if self.signature.advanced:
                self.sign(error)
            raise
        finally:
            it.depth -= 1
            it.guarded -= guarded
            it.scope, it.streams, it.compiled = old_scope, old_streams, old_compiled
            if invocation is not None:
                variables["myinvocation"] = invocation


def _refuse_assignment(_: Any) -> NoReturn:
    raise OutsideSubset("assigning to a parameter with a Validate attribute")
