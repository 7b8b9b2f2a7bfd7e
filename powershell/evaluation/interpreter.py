"""One runspace's evaluator: its state, and how errors and the other streams leave the running script."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from powershell.conversion import to_text
from powershell.declared import DotNetType, EnumValue
from powershell.errors import ErrorRecord, ExceptionObject, OutsideSubset, PowerShellError
from powershell.evaluation.assignment import Assignment
from powershell.evaluation.expressions import Expressions
from powershell.evaluation.functions import Functions
from powershell.evaluation.pipelines import Pipelines
from powershell.evaluation.statements import Statements
from powershell.evaluation.text_operators import TextOperators
from powershell.instances import ArrayList, ScriptBlock
from powershell.members import Members
from powershell.parser import parse
from powershell.scope import Scope, Variable
from powershell.streams import InformationalRecord, InformationRecord, Streams
from powershell.syntax import Extent, ParseError, ScriptBlockAst, UnsupportedSyntax
from powershell.type_names import enum
from powershell.values import UNSET

if TYPE_CHECKING:
    from collections.abc import Iterator

    from powershell.evaluation.runspace import EmbeddedRunspace

_LOOPS_A_CHARGE: Final = 10_000
_DEEPEST: Final = 100
PREFERENCE: Final = "System.Management.Automation.ActionPreference"


class Interpreter:
    """The state a running script changes: scope, streams, $?, $Error. `run` executes, `evaluate` computes."""

    def __init__(self, runspace: EmbeddedRunspace, streams: Streams) -> None:
        self.runspace = runspace
        self.global_scope = Scope()
        self.scope = self.global_scope
        self.streams = streams
        self.errors = ArrayList()
        self.borrowed: list[Scope] = []
        """Scopes in which Where-Object, Where or ForEach run a block now."""
        self.succeeded = True
        self.compiled = False
        """Whether a function or script block runs that has a scope of its own."""
        self.guarded = 0
        """How many try blocks surround the running statement."""
        self.depth = 0
        self.stopping = False
        self.last_exit_code: int | None = None
        self._turns = 0
        self.conversion = runspace.conversion
        self.comparison = runspace.comparison
        self.operators = runspace.operators
        self.types = runspace.types
        self.members = Members(self)
        self.conversion.separator = self.output_separator
        self.text = TextOperators(self)
        self.functions = Functions(self)
        self.pipelines = Pipelines(self)
        self.assignment = Assignment(self)
        self.expressions = Expressions(self)
        self.statements = Statements(self)
        self.evaluate: Callable[[Any], Any] = self.expressions.evaluate
        self.run: Callable[[Any, Callable[[Any], None]], None] = self.statements.run

    # --- the script from outside ---

    def parse(self, text: str) -> ScriptBlockAst:
        try:
            return parse(text, self.runspace.dialect)
        except ParseError as error:
            raise parse_failure(error) from None
        except UnsupportedSyntax as error:
            raise OutsideSubset(error.construct, error.extent) from None

    def script_block(self, text: str) -> ScriptBlock:
        return ScriptBlock(self.parse(text), text)

    # --- time and stopping ---

    def checkpoint(self) -> None:
        """Every loop turn and call passes here: it can be stopped, and long loops cost time."""
        self._turns += 1
        if self._turns >= _LOOPS_A_CHARGE:
            self._turns = 0
            self.runspace.charge_loop()
        if self.stopping:
            self.runspace.stopped()

    def enter_call(self) -> None:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise OutsideSubset(f"calls nested deeper than {_DEEPEST}")

    # --- variables ---

    def variable(self, name: str) -> Any:
        found = self.scope.find(name)
        return None if found is None else found.value

    def preference(self, name: str) -> str:
        """The name of an action preference, e.g. of $WarningPreference."""
        value = self.variable(name)
        if isinstance(value, EnumValue):
            return value.name
        try:
            converted: EnumValue = self.conversion.convert(value, DotNetType(PREFERENCE, enum(PREFERENCE)))
        except PowerShellError:
            raise OutsideSubset(f"${name} with a value that is no action") from None
        return converted.name

    def assign(self, name: str, value: Any) -> None:
        self.scope.set(name, value)

    def output_separator(self) -> str:
        found = self.scope.find("ofs")
        return " " if found is None or found.value is None else to_text(found.value)

    def expand(self, value: Any) -> str:
        """A value inside a string: items joined by $OFS."""
        return value if type(value) is str else to_text(value, self.output_separator())

    @contextmanager
    def swapped(self, scope: Scope, streams: Streams | None = None) -> Iterator[None]:
        """Runs the block in that scope, with those streams."""
        old_scope, old_streams = self.scope, self.streams
        self.scope = scope
        if streams is not None:
            self.streams = streams
        try:
            yield
        finally:
            self.scope, self.streams = old_scope, old_streams

    @contextmanager
    def underscore(self, value: Any) -> Iterator[None]:
        """$_ is that value in the current scope for the time of the block."""
        variables = self.scope.variables
        old = variables.get("_")
        variables["_"] = Variable("_", value)
        try:
            yield
        finally:
            if old is None:
                variables.pop("_", None)
            else:
                variables["_"] = old

    # --- errors ---

    def remember(self, record: ErrorRecord) -> None:
        """Puts a record into $Error, newest first, unless the newest is of the same exception."""
        items = self.errors.items
        if not items or items[0].exception is not record.exception:
            items.insert(0, record)
            del items[256:]

    def report(self, record: ErrorRecord) -> None:
        """Writes a record to the error stream under $ErrorActionPreference Continue."""
        self._collect(record)
        self.streams.error(record)
        self.succeeded = False  # script blocks that it went to may have succeeded

    def _collect(self, record: ErrorRecord) -> None:
        self.remember(record)
        for collected in self.streams.error_variables:
            collected.items.append(record)

    def write_error(self, record: ErrorRecord, action: str) -> None:
        """A non-terminating error under the given action."""
        self.succeeded = False
        match action:
            case "Ignore":
                return
            case "SilentlyContinue":
                self._collect(record)
            case "Stop":
                for collected in self.streams.error_variables:
                    collected.items.append(record)
                record.stopped = True
                raise PowerShellError(record, thrown=True, stopped=True)
            case "Continue":
                self.report(record)
            case _:
                raise OutsideSubset(f"the error action {action}")

    def statement_failed(self, error: PowerShellError, extent: Extent) -> None:
        """A statement ended in an error: raises it on, or reports it so that the next statement runs."""
        record = error.record
        if record.extent is None:
            record.extent = extent
        self.succeeded = False
        if self.guarded or error.stopped or error.stopping:
            raise error
        action = self.preference("erroractionpreference")
        if action in {"SilentlyContinue", "Ignore"}:
            self.remember(record)
            return
        if error.thrown or action == "Stop":
            error.stopping = True
            raise error
        self.report(record)

    def write_warning(self, text: str, action: str) -> None:
        self._write_informational("Warning", text, action, self.streams.warning)

    def write_verbose(self, text: str, action: str) -> None:
        self._write_informational("Verbose", text, action, self.streams.verbose)

    def write_debug(self, text: str, action: str) -> None:
        self._write_informational("Debug", text, action, self.streams.debug)

    def _write_informational(self, kind: str, text: str, action: str, sink: Callable[[Any], None]) -> None:
        match action:
            case "SilentlyContinue" | "Ignore":
                return
            case "Continue":
                sink(InformationalRecord(kind, text))
            case _:
                raise OutsideSubset(f"the {kind.lower()} action {action}")

    def write_information(self, record: InformationRecord, action: str) -> None:
        match action:
            case "Continue" | "SilentlyContinue":
                record.displayed = action == "Continue" or "PSHOST" in record.tags
                self.streams.information(record)
            case "Ignore":
                return
            case _:
                raise OutsideSubset(f"the information action {action}")

    # --- script blocks from Python ---

    def call(
        self, block: ScriptBlock, arguments: Sequence[Any] = (), *, underscore: Any = UNSET, new_scope: bool = True
    ) -> list[Any]:
        """Runs a script block and collects what it writes."""
        results: list[Any] = []
        self.functions.invoke_block(block, arguments, results.append, underscore=underscore, new_scope=new_scope)
        return results

    def call_strictly(self, block: ScriptBlock, arguments: Sequence[Any] = (), **options: Any) -> list[Any]:
        """As `call`, but an error of a statement ends the block and comes through."""
        self.guarded += 1
        try:
            return self.call(block, arguments, **options)
        finally:
            self.guarded -= 1


def parse_failure(error: ParseError) -> PowerShellError:
    kind = "IncompleteParseException" if error.incomplete else "ParseException"
    record = ErrorRecord(
        ExceptionObject(f"System.Management.Automation.{kind}", str(error)),
        error.error_id,
        "ParserError",
        extent=error.faults[0].extent,
    )
    record.reason = kind
    return PowerShellError(record, thrown=True, parsing=True)
