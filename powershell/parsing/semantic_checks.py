"""What PowerShell finds wrong in a script that is well formed: impossible assignments, doubled keys and the like."""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from typing import Final

from powershell import syntax as ast
from powershell.parsing.scanner import FaultList
from powershell.syntax import UnsupportedSyntax

_CONSTANT_VARIABLES: Final = frozenset({"true", "false", "null"})
_VOID: Final = frozenset({"void", "system.void"})
_AUTOMATIC_VARIABLES: Final = frozenset(
    {"_", "args", "this", "input", "pscmdlet", "psboundparameters", "myinvocation", "psscriptroot", "pscommandpath"}
)
_LOOPS: Final = (
    ast.ForEachStatementAst,
    ast.ForStatementAst,
    ast.WhileStatementAst,
    ast.DoWhileStatementAst,
    ast.DoUntilStatementAst,
    ast.SwitchStatementAst,
)


def check(tree: ast.ScriptBlockAst, faults: FaultList) -> None:
    _Checker(faults).visit(tree)


@cache
def _child_fields(node_type: type[ast.Ast]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(node_type) if field.name not in ("extent", "error_position"))


def _is_named(type_name: ast.TypeNameBase, names: frozenset[str]) -> bool:
    return type_name.name.lower() in names


def _key_text(key: ast.ExpressionAst) -> str | None:
    """How a constant key is compared with the others."""
    if isinstance(key, ast.StringConstantExpressionAst):
        return key.value
    if not isinstance(key, ast.ConstantExpressionAst):
        return None
    value = key.value
    return format(value, "g") if isinstance(value, float) else str(value)


class _Checker:
    def __init__(self, faults: FaultList) -> None:
        self._faults = faults
        self._ancestors: list[ast.Ast] = []

    def visit(self, node: ast.Ast) -> None:
        self._check(node)
        ancestors = self._ancestors
        ancestors.append(node)
        for name in _child_fields(type(node)):  # type: ignore[arg-type]  # taken for an instance, which has no hash
            value = getattr(node, name)
            if isinstance(value, ast.Ast):
                self.visit(value)
            elif isinstance(value, tuple):
                self._visit_all(value)
        ancestors.pop()

    def _visit_all(self, values: tuple[object, ...]) -> None:
        for value in values:
            if isinstance(value, ast.Ast):
                self.visit(value)
            elif isinstance(value, tuple):
                self._visit_all(value)

    def _report(self, where: ast.Ast, error_id: str, *arguments: object) -> None:
        self._faults.report(where.extent, error_id, *arguments)

    def _check(self, node: ast.Ast) -> None:
        match node:
            case ast.VariableExpressionAst(splatted=True):
                self._splatted_variable(node)
            case ast.HashtableAst():
                self._hashtable(node)
            case ast.AssignmentStatementAst():
                self._assignment_target(node.left, simple=node.operator == "=", fault=("InvalidLeftHandSide",))
            case ast.UnaryExpressionAst(operator="++" | "--" | "postfix++" | "postfix--"):
                fault = ("OperatorRequiresVariableOrProperty", node.operator[-2:])
                self._assignment_target(node.child, simple=False, fault=fault)
            case ast.ConvertExpressionAst():
                self._conversion(node)
            case ast.AttributeAst():
                self._attribute(node)
            case ast.ParamBlockAst() | ast.FunctionDefinitionAst(parameters=(_, *_)):
                self._parameters(node)
            case ast.TryStatementAst():
                self._try_statement(node)
            case ast.BreakStatementAst() | ast.ContinueStatementAst():
                self._flow_out_of_finally(node, within=_LOOPS)
            case ast.ReturnStatementAst():
                self._flow_out_of_finally(node, within=())

    # --- variables and assignments ----------------------------------------------------------------------------------

    def _splatted_variable(self, node: ast.VariableExpressionAst) -> None:
        parent, grandparent = self._ancestors[-1], self._ancestors[-2] if len(self._ancestors) > 1 else None
        if isinstance(parent, ast.CommandAst):
            return
        in_list = isinstance(parent, ast.ArrayLiteralAst) and isinstance(grandparent, ast.CommandAst)
        error_id = "SplattingNotPermittedInArgumentList" if in_list else "SplattingNotPermitted"
        self._report(node, error_id, node.variable_path.user_path)

    def _assignment_target(self, target: ast.ExpressionAst, *, simple: bool, fault: tuple[str, ...]) -> None:
        match target:
            case ast.ArrayLiteralAst() if simple:
                for element in target.elements:
                    self._assignment_target(element, simple=True, fault=fault)
            case ast.ParenExpressionAst(
                pipeline=ast.PipelineAst(
                    pipeline_elements=(ast.CommandExpressionAst(redirections=(), expression=inner),)
                )
            ):
                self._assignment_target(inner, simple=simple, fault=fault)
            case ast.ParenExpressionAst():
                self._report(target.pipeline, *fault)
            case ast.ConvertExpressionAst():
                self._typed_target(target)
                self._assignment_target(target.child, simple=simple, fault=fault)
            case ast.VariableExpressionAst() | ast.MemberExpressionAst() | ast.IndexExpressionAst():
                pass
            case _:
                self._report(target, *fault)

    def _typed_target(self, target: ast.ConvertExpressionAst) -> None:
        """``[int]$x = …``."""
        if _is_named(target.type_name, _VOID):
            self._report(target.attribute, "VoidTypeConstraintNotAllowed")
        if isinstance(target.child, ast.VariableExpressionAst):
            path = target.child.variable_path
            if path.is_variable and path.name.lower() in _AUTOMATIC_VARIABLES:
                raise UnsupportedSyntax(f"a type for the variable ${path.name}", target.extent)

    # --- hashtables, casts, attributes ------------------------------------------------------------------------------

    def _hashtable(self, node: ast.HashtableAst) -> None:
        seen: set[str] = set()
        for key, _ in node.key_value_pairs:
            text = _key_text(key)
            if text is None:
                continue
            if text.upper() in seen:
                self._report(key, "DuplicateKeyInHashLiteral", text)
            seen.add(text.upper())

    def _conversion(self, node: ast.ConvertExpressionAst) -> None:
        name = node.type_name.name
        if name.lower() == "ordered" and not isinstance(node.child, ast.HashtableAst):
            self._report(node, "OrderedAttributeOnlyOnHashLiteralNode", name)

    def _attribute(self, node: ast.AttributeAst) -> None:
        names = [named.argument_name.lower() for named in node.named_arguments]
        if len(set(names)) < len(names):
            raise UnsupportedSyntax("an attribute with two arguments of one name", node.extent)
        written = [named.argument for named in node.named_arguments if not named.expression_omitted]
        for argument in (*written, *node.positional_arguments):
            if not _is_constant(argument):
                raise UnsupportedSyntax("a computed argument of an attribute", argument.extent)

    # --- parameters -------------------------------------------------------------------------------------------------

    def _parameters(self, node: ast.ParamBlockAst | ast.FunctionDefinitionAst) -> None:
        if isinstance(node, ast.FunctionDefinitionAst) and node.body.param_block is not None:
            self._report(node.body.param_block, "OnlyOneParameterListAllowed")
            return
        seen: set[str] = set()
        for parameter in node.parameters or ():
            name = parameter.name.variable_path.user_path
            if name.lower() in seen:
                self._report(parameter.name, "DuplicateFormalParameter", name)
            seen.add(name.lower())
            self._parameter_type(parameter)

    def _parameter_type(self, parameter: ast.ParameterAst) -> None:
        for attribute in parameter.attributes:
            if isinstance(attribute, ast.TypeConstraintAst) and _is_named(attribute.type_name, _VOID | {"ordered"}):
                raise UnsupportedSyntax(f"a parameter of the type {attribute.type_name.name}", attribute.extent)

    # --- statements -------------------------------------------------------------------------------------------------

    def _try_statement(self, node: ast.TryStatementAst) -> None:
        """One clause with types and one without: PowerShell would have to compare the types of others."""
        for later in node.catch_clauses[1:]:
            if not later.is_catch_all or node.catch_clauses[0].is_catch_all or later is not node.catch_clauses[-1]:
                raise UnsupportedSyntax("a second catch clause with types", later.extent)

    def _flow_out_of_finally(self, node: ast.Ast, *, within: tuple[type[ast.Ast], ...]) -> None:
        inner: ast.Ast = node
        for outer in reversed(self._ancestors):
            if isinstance(outer, (ast.NamedBlockAst, ast.ScriptBlockAst, *within)):
                return
            if isinstance(outer, ast.TryStatementAst) and outer.finally_ is inner:
                self._report(node, "ControlLeavingFinally")
                return
            inner = outer


def _is_constant(node: ast.Ast) -> bool:
    """Whether the value of an attribute's argument is known without computing it."""
    match node:
        case (
            ast.ConstantExpressionAst()
            | ast.StringConstantExpressionAst()
            | ast.TypeExpressionAst()
            | ast.ScriptBlockExpressionAst()
        ):
            return True
        case ast.VariableExpressionAst():
            return node.variable_path.is_variable and node.variable_path.name.lower() in _CONSTANT_VARIABLES
        case ast.ArrayLiteralAst():
            return all(map(_is_constant, node.elements))
        case ast.UnaryExpressionAst(operator="-" | "+"):
            return _is_constant(node.child)
    return False
