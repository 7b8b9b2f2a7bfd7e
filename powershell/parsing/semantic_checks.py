"""What PowerShell finds wrong in a script that is well formed: impossible assignments, doubled keys and the like."""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from typing import Final

from powershell.errors import EXCEPTION_BASES, exception_lineage
from powershell.parsing.scanner import FaultList
from powershell.syntax import (
    ArrayLiteralAst,
    AssignmentStatementAst,
    Ast,
    AttributeAst,
    BreakStatementAst,
    CommandAst,
    CommandExpressionAst,
    ConstantExpressionAst,
    ContinueStatementAst,
    ConvertExpressionAst,
    DoUntilStatementAst,
    DoWhileStatementAst,
    ExpressionAst,
    ForEachStatementAst,
    ForStatementAst,
    FunctionDefinitionAst,
    HashtableAst,
    IndexExpressionAst,
    MemberExpressionAst,
    NamedBlockAst,
    ParamBlockAst,
    ParameterAst,
    ParenExpressionAst,
    PipelineAst,
    ReturnStatementAst,
    ScriptBlockAst,
    ScriptBlockExpressionAst,
    StringConstantExpressionAst,
    SwitchStatementAst,
    TryStatementAst,
    TypeConstraintAst,
    TypeExpressionAst,
    TypeNameBase,
    UnaryExpressionAst,
    UnsupportedSyntax,
    VariableExpressionAst,
    WhileStatementAst,
)

_CONSTANT_VARIABLES: Final = frozenset({"true", "false", "null"})
_VOID: Final = frozenset({"void", "system.void"})
_REFERENCE: Final = frozenset({"ref", "psreference", "system.management.automation.psreference"})
_AUTOMATIC_VARIABLES: Final = frozenset(
    {"_", "args", "this", "input", "pscmdlet", "psboundparameters", "myinvocation", "psscriptroot", "pscommandpath"}
)
_LOOPS: Final = (
    ForEachStatementAst,
    ForStatementAst,
    WhileStatementAst,
    DoWhileStatementAst,
    DoUntilStatementAst,
    SwitchStatementAst,
)


def check(tree: ScriptBlockAst, faults: FaultList) -> None:
    _Checker(faults).visit(tree)


@cache
def _child_fields(node_type: type[Ast]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(node_type) if field.name not in ("extent", "error_position"))


def _is_named(type_name: TypeNameBase, names: frozenset[str]) -> bool:
    return type_name.name.lower() in names


def _key_text(key: ExpressionAst) -> str | None:
    """How a constant key is compared with the others."""
    if isinstance(key, StringConstantExpressionAst):
        return key.value
    if not isinstance(key, ConstantExpressionAst):
        return None
    value = key.value
    return format(value, "g") if isinstance(value, float) else str(value)


class _Checker:
    def __init__(self, faults: FaultList) -> None:
        self._faults = faults
        self._ancestors: list[Ast] = []

    def visit(self, node: Ast) -> None:
        self._check(node)
        ancestors = self._ancestors
        ancestors.append(node)
        for name in _child_fields(type(node)):  # type: ignore[arg-type]  # taken for an instance, which has no hash
            value = getattr(node, name)
            if isinstance(value, Ast):
                self.visit(value)
            elif isinstance(value, tuple):
                self._visit_all(value)
        ancestors.pop()

    def _visit_all(self, values: tuple[object, ...]) -> None:
        for value in values:
            if isinstance(value, Ast):
                self.visit(value)
            elif isinstance(value, tuple):
                self._visit_all(value)

    def _report(self, where: Ast, error_id: str, *arguments: object) -> None:
        self._faults.report(where.extent, error_id, *arguments)

    def _check(self, node: Ast) -> None:
        match node:
            case VariableExpressionAst(splatted=True):
                self._splatted_variable(node)
            case HashtableAst():
                self._hashtable(node)
            case AssignmentStatementAst():
                self._assignment_target(node.left, simple=node.operator == "=", fault=("InvalidLeftHandSide",))
            case UnaryExpressionAst(operator="++" | "--" | "postfix++" | "postfix--"):
                fault = ("OperatorRequiresVariableOrProperty", node.operator[-2:])
                self._assignment_target(node.child, simple=False, fault=fault)
            case ConvertExpressionAst():
                self._conversion(node)
            case AttributeAst():
                self._attribute(node)
            case ParamBlockAst() | FunctionDefinitionAst(parameters=(_, *_)):
                self._parameters(node)
            case TryStatementAst():
                self._try_statement(node)
            case BreakStatementAst() | ContinueStatementAst():
                self._flow_out_of_finally(node, within=_LOOPS)
            case ReturnStatementAst():
                self._flow_out_of_finally(node, within=())

    # --- variables and assignments ----------------------------------------------------------------------------------

    def _splatted_variable(self, node: VariableExpressionAst) -> None:
        parent, grandparent = self._ancestors[-1], self._ancestors[-2] if len(self._ancestors) > 1 else None
        if isinstance(parent, CommandAst):
            return
        in_list = isinstance(parent, ArrayLiteralAst) and isinstance(grandparent, CommandAst)
        error_id = "SplattingNotPermittedInArgumentList" if in_list else "SplattingNotPermitted"
        self._report(node, error_id, node.variable_path.user_path)

    def _assignment_target(self, target: ExpressionAst, *, simple: bool, fault: tuple[str, ...]) -> None:
        match target:
            case ArrayLiteralAst() if simple:
                for element in target.elements:
                    self._assignment_target(element, simple=True, fault=fault)
            case ParenExpressionAst(
                pipeline=PipelineAst(pipeline_elements=(CommandExpressionAst(redirections=(), expression=inner),))
            ):
                self._assignment_target(inner, simple=simple, fault=fault)
            case ParenExpressionAst():
                self._report(target.pipeline, *fault)
            case ConvertExpressionAst():
                self._typed_target(target)
                self._assignment_target(target.child, simple=simple, fault=fault)
            case VariableExpressionAst() | MemberExpressionAst() | IndexExpressionAst():
                pass
            case _:
                self._report(target, *fault)

    def _typed_target(self, target: ConvertExpressionAst) -> None:
        """``[int]$x = …``."""
        if _is_named(target.type_name, _VOID):
            self._report(target.attribute, "VoidTypeConstraintNotAllowed")
        if isinstance(target.child, VariableExpressionAst):
            path = target.child.variable_path
            if path.is_variable and path.name.lower() in _AUTOMATIC_VARIABLES:
                raise UnsupportedSyntax(f"a type for the variable ${path.name}", target.extent)

    # --- hashtables, casts, attributes ------------------------------------------------------------------------------

    def _hashtable(self, node: HashtableAst) -> None:
        seen: set[str] = set()
        for key, _ in node.key_value_pairs:
            text = _key_text(key)
            if text is None:
                continue
            if text.upper() in seen:
                self._report(key, "DuplicateKeyInHashLiteral", text)
            seen.add(text.upper())

    def _conversion(self, node: ConvertExpressionAst) -> None:
        name = node.type_name.name
        if name.lower() == "ordered":
            if not isinstance(node.child, HashtableAst):
                self._report(node, "OrderedAttributeOnlyOnHashLiteralNode", name)
        elif _is_named(node.type_name, _REFERENCE) and (
            isinstance(node.child, ConvertExpressionAst) or isinstance(self._ancestors[-1], ConvertExpressionAst)
        ):
            raise UnsupportedSyntax("[ref] beside another type", node.extent)

    def _attribute(self, node: AttributeAst) -> None:
        names = [named.argument_name.lower() for named in node.named_arguments]
        if len(set(names)) < len(names):
            raise UnsupportedSyntax("an attribute with two arguments of one name", node.extent)
        written = [named.argument for named in node.named_arguments if not named.expression_omitted]
        for argument in (*written, *node.positional_arguments):
            if not _is_constant(argument):
                raise UnsupportedSyntax("a computed argument of an attribute", argument.extent)

    # --- parameters -------------------------------------------------------------------------------------------------

    def _parameters(self, node: ParamBlockAst | FunctionDefinitionAst) -> None:
        if isinstance(node, FunctionDefinitionAst) and node.body.param_block is not None:
            self._report(node.body.param_block, "OnlyOneParameterListAllowed")
            return
        seen: set[str] = set()
        for parameter in node.parameters or ():
            name = parameter.name.variable_path.user_path
            if name.lower() in seen:
                self._report(parameter.name, "DuplicateFormalParameter", name)
            seen.add(name.lower())
            self._parameter_type(parameter)

    def _parameter_type(self, parameter: ParameterAst) -> None:
        for attribute in parameter.attributes:
            if isinstance(attribute, TypeConstraintAst) and _is_named(attribute.type_name, _VOID | {"ordered"}):
                raise UnsupportedSyntax(f"a parameter of the type {attribute.type_name.name}", attribute.extent)

    # --- statements -------------------------------------------------------------------------------------------------

    def _try_statement(self, node: TryStatementAst) -> None:
        for index, clause in enumerate(node.catch_clauses):
            for later in node.catch_clauses[index + 1 :]:
                if clause.is_catch_all or any(
                    _is_caught(first, second) for first in clause.catch_types for second in later.catch_types
                ):
                    raise UnsupportedSyntax("a catch clause for what an earlier one catches", later.extent)

    def _flow_out_of_finally(self, node: Ast, *, within: tuple[type[Ast], ...]) -> None:
        inner: Ast = node
        for outer in reversed(self._ancestors):
            if isinstance(outer, (NamedBlockAst, ScriptBlockAst, *within)):
                return
            if isinstance(outer, TryStatementAst) and outer.finally_ is inner:
                self._report(node, "ControlLeavingFinally")
                return
            inner = outer


def _is_constant(node: Ast) -> bool:
    """Whether the value of an attribute's argument is known without computing it."""
    match node:
        case ConstantExpressionAst() | StringConstantExpressionAst() | TypeExpressionAst() | ScriptBlockExpressionAst():
            return True
        case VariableExpressionAst():
            return node.variable_path.is_variable and node.variable_path.name.lower() in _CONSTANT_VARIABLES
        case ArrayLiteralAst():
            return all(map(_is_constant, node.elements))
        case UnaryExpressionAst(operator="-" | "+"):
            return _is_constant(node.child)
    return False


_NAMES: Final = {name.lower(): name for name in (*EXCEPTION_BASES, "System.Exception")}


def _known(constraint: TypeConstraintAst) -> str | None:
    written = constraint.type_name.name.lower()
    return _NAMES.get(written) or _NAMES.get(f"system.{written}")


def _is_caught(first: TypeConstraintAst, second: TypeConstraintAst) -> bool:
    """Whether the first type is the second or a base of it; refuses a second type of which no base is known."""
    caught = _known(second)
    if caught is None:
        raise UnsupportedSyntax(f"a later catch clause for [{second.type_name.name}]", second.extent)
    return _known(first) in list(exception_lineage(caught))
