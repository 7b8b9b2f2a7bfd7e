"""Assignments: to variables with their constraints, to properties, to elements, to several targets at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from powershell import syntax as ast
from powershell.conversion import object_text, to_text
from powershell.declared import DotNetType
from powershell.errors import OutsideSubset, PowerShellError, failure
from powershell.scope import Scope, Variable
from powershell.values import NOTHING, SwitchParameter, enumerate_value, unwrap

if TYPE_CHECKING:
    from powershell.evaluation.interpreter import Interpreter

_NAMED_CONSTANTS: Final = """
    true false null ? error pid host home psversiontable shellid pshome executioncontext
"""
CONSTANTS: Final = frozenset(_NAMED_CONSTANTS.split())
SWITCH: Final = "System.Management.Automation.SwitchParameter"


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
        if isinstance(left, ast.ConvertExpressionAst):
            raise OutsideSubset(f"{operator} behind a type", node.extent)
        current = self._current(left)
        right = self._right(node.right)
        return self.assign(left, operation(current, None if right is NOTHING else right))

    def _current(self, target: Any) -> Any:
        """What a compound assignment starts from; of a caller's variable a function would read nothing."""
        it = self._it
        if it.compiled and type(target) is ast.VariableExpressionAst:
            path = target.variable_path
            name = path.name.lower()
            if path.qualifier is None and name not in it.scope.variables and it.scope.find(name) is not None:
                raise OutsideSubset(f"a compound assignment to the caller's ${path.name}", target.extent)
        return it.evaluate(target)

    def _right(self, node: Any) -> Any:
        it = self._it
        if (expression := node.lone_expression) is not None:
            return it.expressions.evaluate_alone(expression)
        if type(node) is ast.AssignmentStatementAst:
            try:
                return self.run(node)
            except PowerShellError as error:
                error.record.extent = error.record.extent or node.extent
                raise
        results = it.statements.collected(lambda out: it.run(node, out))
        return unwrap(results) if results else NOTHING

    def assign(self, target: Any, value: Any) -> Any:
        """Assigns to any target; gives the value that the assignment has where it is asked for."""
        kind = type(target)
        if kind is ast.VariableExpressionAst:
            self.set_variable(target.variable_path, value)
            return value
        if value is NOTHING:
            value = None
        if kind is ast.ConvertExpressionAst:
            return self._constrained(target, value)
        if kind is ast.MemberExpressionAst:
            return self._property(target, value)
        if kind is ast.IndexExpressionAst:
            self._it.expressions.indexing.assign(target, value)
            return value
        if kind is ast.ArrayLiteralAst:
            return self._several(target.elements, value)
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
            case "global" | "script":
                return it.global_scope
            case "private":
                raise OutsideSubset("$private:")
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
        if path.drive_name is not None and path.drive_name.lower() == "env":
            given = "" if value is NOTHING else value
            text = to_text(given) if isinstance(given, list) else object_text(given)
            it.runspace.set_environment_variable(path.name, None if given is None else text)
            return
        if path.drive_name is not None:
            raise OutsideSubset(f"assigning to the drive {path.drive_name}:")
        self.scope_for(path).set(path.name, value)

    def _constrained(self, target: ast.ConvertExpressionAst, value: Any) -> Any:
        """`[int]$x = …`: the variable keeps its constraint."""
        it, node = self._it, target.child
        if not isinstance(node, ast.VariableExpressionAst):
            raise OutsideSubset("a type for this target", target.extent)
        name, path = node.variable_path.name, node.variable_path
        scope = self.scope_for(path)
        if name.lower() in CONSTANTS:
            raise OutsideSubset(f"a type for the variable ${name}", target.extent)
        kind = it.expressions.resolve_type(target.type_name)
        if kind.name == SWITCH:
            raise OutsideSubset("a [switch] variable that is no parameter", target.extent)
        variable = Variable(name, None, self.constraint(kind, in_function=it.compiled and path.qualifier is None))
        variable.assign(value)
        scope.variables[name.lower()] = variable
        return variable.value

    def constraint(self, target: DotNetType, *, in_function: bool) -> Callable[[Any], Any]:
        """What is done to each value assigned to a variable of a declared type."""
        convert = self._it.conversion.convert

        def constrain(value: Any) -> Any:
            wrong_switch = target.name == SWITCH and not isinstance(value, SwitchParameter)
            wrong_bool = target.name == "System.Boolean" and not isinstance(value, (bool, int, float, SwitchParameter))
            if not in_function and (wrong_switch or wrong_bool):
                raise OutsideSubset(f"a variable of the type {target.name} with this value")
            try:
                return convert(None if value is NOTHING else value, target)
            except PowerShellError as error:
                if in_function:
                    raise OutsideSubset("a typed variable whose value does not convert") from None
                raise _constraint_failure(error) from None

        return constrain


def _not_writable(name: str) -> PowerShellError:
    return failure(
        f"Cannot overwrite variable {name} because it is read-only or constant.",
        "VariableNotWritable",
        "WriteError",
        exception="System.Management.Automation.SessionStateUnauthorizedAccessException",
        target=name,
    )


def _constraint_failure(error: PowerShellError) -> PowerShellError:
    return failure(
        error.record.message,
        "RuntimeException",
        "MetadataError",
        exception="System.Management.Automation.ArgumentTransformationMetadataException",
        inner=error.record.exception,
    )
