"""Assignments: to variables with their constraints, to properties, to elements, to several targets at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from powershell import syntax as ast
from powershell.command import Validation
from powershell.declared import DotNetType
from powershell.errors import OutsideSubset, PowerShellError, failure
from powershell.evaluation.local_variables import has_slot, is_plain_structure
from powershell.scope import ALL_SCOPE, PRIVATE, Scope, Variable
from powershell.text_conversion import item_text
from powershell.validation import validator
from powershell.values import NOTHING, SwitchParameter, enumerate_value, type_name, unwrap

if TYPE_CHECKING:
    from powershell.evaluation.interpreter import Interpreter

CONSTANTS: Final = frozenset(
    {
        "true",
        "false",
        "null",
        "?",
        "error",
        "pid",
        "host",
        "home",
        "psversiontable",
        "shellid",
        "pshome",
        "executioncontext",
    }
)
SWITCH: Final = "System.Management.Automation.SwitchParameter"


@dataclass(slots=True)
class Validated:
    """A variable with Validate… attributes, and whether it is only being made."""

    name: str
    is_new: bool = False

    def refusal(self, value: str) -> str:
        if self.is_new:
            return (
                f"The attribute cannot be added because variable {self.name} with value {value} would no longer be "
                "valid."
            )
        return (
            f"The variable cannot be validated because the value {value} is not a valid value for the {self.name} "
            "variable."
        )


class Assignment:
    def __init__(self, interpreter: Interpreter) -> None:
        self._it = interpreter
        self.assigned: ast.TryStatementAst | None = None
        """The try statement whose output is being assigned: errors it catches count as the assignment's."""
        self.extent: ast.Extent | None = None

    def run(self, node: ast.AssignmentStatementAst) -> Any:
        """Executes the assignment; gives the assigned value."""
        left, operator = node.left, node.operator
        if operator == "=":
            if type(node.right) is ast.TryStatementAst:
                self.assigned, self.extent = node.right, node.extent
            value = self.assign(left, self._right(node.right))
            return None if value is NOTHING else value
        return self._combined(operator, left, node)

    def _combined(self, operator: str, left: Any, node: ast.AssignmentStatementAst) -> Any:
        it = self._it
        operation: Callable[[Any, Any], Any] = {
            "+=": it.operators.add,
            "-=": it.operators.subtract,
            "*=": it.operators.multiply,
            "/=": it.operators.divide,
            "%=": it.operators.remainder,
        }[operator]
        target = self._once(left)
        current = self._current(target)
        right = self._right(node.right)
        return self.assign(target, operation(current, None if right is NOTHING else right))

    def _current(self, target: Any) -> Any:
        """What a compound assignment starts from."""
        it = self._it
        if it.compiled is not None and type(target) is ast.VariableExpressionAst:
            path = target.variable_path
            name = path.name.lower()
            if path.qualifier is None and name not in it.scope.variables:
                known = it.scope.find(name)
                if known is not None and ALL_SCOPE not in known.options and has_slot(it.compiled, name):
                    return None
        return it.evaluate(target)

    def _once(self, left: Any) -> Any:
        if isinstance(left, ast.ConvertExpressionAst):
            return left.child if isinstance(left.child, ast.VariableExpressionAst) else left
        return left

    def _right(self, node: Any) -> Any:
        it = self._it
        element = node
        if type(node) is ast.PipelineAst and len(node.pipeline_elements) == 1:
            element = node.pipeline_elements[0]
        if type(element) is ast.CommandExpressionAst and not element.redirections:
            return it.expressions.evaluate_alone(element.expression)
        if type(node) is ast.AssignmentStatementAst:
            try:
                return self.run(node)
            except PowerShellError as error:
                error.record.extent = error.record.extent or node.extent
                raise
        results: list[Any] = []
        it.run(node, results.append)
        return unwrap(results) if results else NOTHING

    def assign(self, target: Any, value: Any) -> Any:
        """Assigns to any target; gives the value that the assignment has where it is asked for."""
        kind = type(target)
        if kind is ast.VariableExpressionAst:
            self.set_variable(target.variable_path, value)
            return value
        if value is NOTHING:
            value = None
        if isinstance(target, ast.ConvertExpressionAst):
            return self._constrained(target, value)
        if kind is ast.MemberExpressionAst:
            return self._property(target, value)
        if kind is ast.IndexExpressionAst:
            self._it.expressions.indexing.assign(target, value)
            return value
        if kind is ast.ArrayLiteralAst:
            return self._several(target.elements, value)
        inner = target.pipeline if kind is ast.ParenExpressionAst else None
        if isinstance(inner, ast.PipelineAst) and isinstance(inner.pipeline_elements[0], ast.CommandExpressionAst):
            return self.assign(inner.pipeline_elements[0].expression, value)
        raise OutsideSubset("this target of an assignment", target.extent)

    def _several(self, targets: tuple[Any, ...], value: Any) -> list[Any]:
        items = None if isinstance(value, str) else enumerate_value(value)
        values = [value] if items is None else list(items)
        last = len(targets) - 1
        shared = values[:last] + [None] * (last - len(values))
        rest = values[last:]
        shared.append(rest if len(rest) > 1 else rest[0] if rest else None)
        for target, each in zip(targets, shared, strict=True):
            self.assign(target, each)
        return shared

    def _property(self, target: ast.MemberExpressionAst, value: Any) -> Any:
        it = self._it
        name = it.expressions.member_name(target)
        if target.static:
            it.members.static.set(it.expressions.static_type(target), name, value)
            return value
        return it.members.set(it.evaluate(target.expression), name, value)

    # --- variables ---

    def scope_for(self, path: ast.VariablePath) -> Scope:
        it = self._it
        match path.scope:
            case "global":
                return it.global_scope
            case "script":
                return it.scope.script()
            case _:
                return it.scope

    def set_variable(self, path: ast.VariablePath, value: Any) -> None:
        it = self._it
        if path.qualifier is None:
            name = path.name
            lowered = name.lower()
            if lowered == "null":
                return
            if lowered in CONSTANTS:
                raise _not_writable(name)
            it.scope.set(name, value)
            return
        drive = path.drive_name
        if drive is not None:
            self._drive(drive, path.name, value)
            return
        scope = self.scope_for(path)
        scope.set(path.name, value)
        if path.scope == "private":
            variable = scope.variables[path.name.lower()]
            variable.options |= {PRIVATE}

    def _drive(self, drive: str, name: str, value: Any) -> None:
        it = self._it
        if drive.lower() == "env":
            it.runspace.set_environment(name, None if value is None else it.expand(value))
        elif drive.lower() == "function":
            it.functions.define_from_value(name, value)
        else:
            raise OutsideSubset(f"assigning to the drive {drive}:")

    def _constrained(self, target: ast.ConvertExpressionAst, value: Any) -> Any:
        """[int]$x = …, [ValidateSet('a')]$x = …: the variable keeps its constraint."""
        it = self._it
        written: list[ast.ConvertExpressionAst] = []
        node: Any = target
        while isinstance(node, ast.ConvertExpressionAst):
            written.append(node)
            node = node.child
        known = self._known_here(node)
        steps = [self.converter(it.expressions.resolve_type(each.type_name)) for each in written]
        only = written[0] if len(written) == 1 and known is not NOTHING else None
        if isinstance(only, ast.ConvertExpressionAst) and self._compiled(node.variable_path):
            return self._compiled_local(node.variable_path.name, only, known, value)
        if not isinstance(node, ast.VariableExpressionAst):
            if len(steps) == 1 and isinstance(node, ast.MemberExpressionAst | ast.IndexExpressionAst):
                return self.assign(node, steps[0](value))
            raise OutsideSubset("a type constraint on this target", target.extent)
        steps.reverse()
        name = node.variable_path.name
        scope = self.scope_for(node.variable_path)
        if known is not None and known.options:
            known.assign(value)
        variable = Variable(name, None, constrain=self.constraint(steps))
        variable.assign(value)
        scope.variables[name.lower()] = variable
        return variable.value

    def constraint(self, steps: list[Callable[[Any], Any]]) -> Callable[[Any], Any]:
        """What is done to each value assigned to a variable of a declared type."""

        def constrain(value: Any) -> Any:
            value = None if value is NOTHING else value
            for step in steps:
                try:
                    value = step(value)
                except PowerShellError as error:
                    raise _constraint_failure(error) from None
            return value

        return constrain

    def converter(self, target: DotNetType) -> Callable[[Any], Any]:
        return lambda value: self.converted(value, target)

    def converted(self, value: Any, target: DotNetType) -> Any:
        """A value for a variable of a declared type."""
        if target.name == SWITCH and not isinstance(value, SwitchParameter):
            raise OutsideSubset("a [switch] variable that is no parameter")
        if target.name == "System.Boolean" and not isinstance(value, (bool, int, float, SwitchParameter)):
            shown = "" if value is None else type_name(value)
            raise failure(
                f'Cannot convert value "{shown}" to type "System.Boolean". Boolean parameters accept only Boolean '
                "values and numbers, such as $True, $False, 1 or 0.",
                "RuntimeException",
            )
        return self._it.conversion.convert(value, target)

    def _compiled(self, path: ast.VariablePath) -> bool:
        it = self._it
        return it.compiled is not None and path.qualifier is None and has_slot(it.compiled, path.name.lower())

    def _compiled_local(self, name: str, written: ast.ConvertExpressionAst, known: Variable | None, value: Any) -> Any:
        """`[int]$x = …` in a function: the slot has its type's default before a value could be converted."""
        it = self._it
        target = it.expressions.resolve_type(written.type_name)
        if target.name == SWITCH:
            raise OutsideSubset("a [switch] variable that is no parameter", written.extent)
        if known is not None and known.options:
            known.assign(value)
        variable = Variable(name, None, constrain=self.plain_constraint(target))
        try:
            variable.assign(value)
        except PowerShellError:
            if is_plain_structure(target) and target.name != "System.Char":
                raise OutsideSubset("a typed variable whose value does not convert", written.extent) from None
            variable.value = it.members.default_value(target) if known is None else known.value
            raise
        finally:
            it.scope.variables[name.lower()] = variable
        return variable.value

    def plain_constraint(self, target: DotNetType) -> Callable[[Any], Any]:
        """What is done to each value assigned to a typed variable that is compiled to a slot."""
        convert = self._it.conversion.convert
        return lambda value: convert(None if value is NOTHING else value, target)

    def _known_here(self, target: Any) -> Any:
        """The variable to be constrained where its scope has it already; NOTHING where the target is no variable."""
        if not isinstance(target, ast.VariableExpressionAst):
            return NOTHING
        return self.scope_for(target.variable_path).variables.get(target.variable_path.name.lower())

    def validating(self, validation: Validation, state: Validated) -> Callable[[Any], Any]:
        check = validator(validation, self._it)

        def test(value: Any) -> Any:
            if check(value) is not None:
                raise failure(
                    state.refusal(item_text(value)),
                    "ValidateSetFailure",
                    "MetadataError",
                    exception="System.Management.Automation.ValidationMetadataException",
                )
            return value

        return test


def _not_writable(name: str) -> PowerShellError:
    return failure(
        f"Cannot overwrite variable {name} because it is read-only or constant.",
        "VariableNotWritable",
        "WriteError",
        exception="System.Management.Automation.SessionStateUnauthorizedAccessException",
        target=name,
    )


def _constraint_failure(error: PowerShellError) -> PowerShellError:
    validating = error.record.error_id == "ValidateSetFailure"
    kind = "ValidationMetadataException" if validating else "ArgumentTransformationMetadataException"
    return failure(
        error.record.message,
        "ValidateSetFailure" if validating else "RuntimeException",
        "MetadataError",
        exception=f"System.Management.Automation.{kind}",
        inner=error.record.exception,
    )
