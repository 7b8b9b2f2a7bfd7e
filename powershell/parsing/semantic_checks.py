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
    AttributedExpressionAst,
    BinaryExpressionAst,
    BreakStatementAst,
    CommandAst,
    CommandExpressionAst,
    ConstantExpressionAst,
    ContinueStatementAst,
    ConvertExpressionAst,
    ExpressionAst,
    Extent,
    FunctionDefinitionAst,
    HashtableAst,
    IndexExpressionAst,
    LabeledStatementAst,
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
    SubExpressionAst,
    TrapStatementAst,
    TryStatementAst,
    TypeConstraintAst,
    TypeExpressionAst,
    TypeNameBase,
    UnaryExpressionAst,
    UnsupportedSyntax,
    UsingExpressionAst,
    VariableExpressionAst,
)

_CONSTANT_VARIABLES: Final = frozenset({"true", "false", "null"})
_BOUNDED: Final = frozenset({"byte", "int", "int32", "long", "int64", "double", "uint32", "uint64"})
_VOID: Final = frozenset({"void", "system.void"})
_REFERENCE: Final = frozenset({"ref", "psreference", "system.management.automation.psreference"})
_OBJECT: Final = ("System.Object", frozenset({"object", "system.object"}))
_STRING: Final = ("System.String", frozenset({"string", "system.string"}))
_AUTOMATION: Final = "System.Management.Automation"
# The type that a type constraint on an automatic variable has to name.
_AUTOMATIC_VARIABLES: Final[dict[str, tuple[str, frozenset[str]]]] = {
    "_": _OBJECT,
    "args": ("System.Object[]", frozenset({"object[]", "system.object[]"})),
    "this": _OBJECT,
    "input": _OBJECT,
    "pscmdlet": (f"{_AUTOMATION}.PSScriptCmdlet", frozenset()),
    "psboundparameters": (f"{_AUTOMATION}.PSBoundParametersDictionary", frozenset()),
    "myinvocation": (f"{_AUTOMATION}.InvocationInfo", frozenset({f"{_AUTOMATION}.InvocationInfo".lower()})),
    "psscriptroot": _STRING,
    "pscommandpath": _STRING,
}


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

    def _report(self, where: Ast | Extent, error_id: str, *arguments: object) -> None:
        self._faults.report(where if isinstance(where, Extent) else where.extent, error_id, *arguments)

    def _check(self, node: Ast) -> None:
        match node:
            case VariableExpressionAst(splatted=True):
                self._splatted_variable(node)
            case HashtableAst():
                self._hashtable(node)
            case AssignmentStatementAst():
                simple = node.operator == "="
                self._assignment_target(node.left, simple=simple, fault=("InvalidLeftHandSide",))
            case UnaryExpressionAst(operator="++" | "--" | "postfix++" | "postfix--"):
                fault = ("OperatorRequiresVariableOrProperty", node.operator[-2:])
                self._assignment_target(node.child, simple=False, fault=fault)
            case ConvertExpressionAst():
                self._conversion(node)
            case AttributedExpressionAst():
                self._attributed_expression(node)
            case AttributeAst():
                self._attribute(node)
            case ParamBlockAst():
                self._parameters(node.parameters)
            case ParameterAst():
                self._parameter(node)
            case FunctionDefinitionAst():
                self._function(node)
            case TryStatementAst():
                self._try_statement(node)
            case BreakStatementAst() | ContinueStatementAst():
                self._flow_out_of_finally(node, _label_text(node.label))
            case ReturnStatementAst():
                self._flow_out_of_finally(node, None)
            case UsingExpressionAst():
                if not isinstance(node.sub_expression, VariableExpressionAst):
                    raise UnsupportedSyntax("more than a variable behind $using:", node.extent)

    # --- variables and assignments ----------------------------------------------------------------------------------

    def _splatted_variable(self, node: VariableExpressionAst) -> None:
        parent, grandparent = self._ancestors[-1], self._ancestors[-2] if len(self._ancestors) > 1 else None
        if isinstance(parent, CommandAst | UsingExpressionAst):
            return
        in_list = isinstance(parent, ArrayLiteralAst) and isinstance(grandparent, CommandAst)
        error_id = "SplattingNotPermittedInArgumentList" if in_list else "SplattingNotPermitted"
        self._report(node, error_id, node.variable_path.user_path)

    def _assignment_target(self, target: ExpressionAst, *, simple: bool, fault: tuple[str, ...]) -> None:
        match target:
            case ArrayLiteralAst() if simple:
                for element in target.elements:
                    self._assignment_target(element, simple=True, fault=fault)
            case ParenExpressionAst():
                inner = _pure_expression(target)
                if inner is None:
                    self._report(target.pipeline, *fault)
                else:
                    self._assignment_target(inner, simple=simple, fault=fault)
            case AttributedExpressionAst():
                self._typed_target(target, simple=simple, fault=fault)
            case VariableExpressionAst():
                pass
            case MemberExpressionAst() | IndexExpressionAst():
                pass
            case _:
                self._report(target, *fault)

    def _typed_target(self, target: AttributedExpressionAst, *, simple: bool, fault: tuple[str, ...]) -> None:
        """``[int]$x = …``."""
        expression: ExpressionAst = target
        constraints: list[AttributeAst | TypeConstraintAst] = []
        reference: Ast | None = None
        while isinstance(expression, AttributedExpressionAst):
            if isinstance(expression, ConvertExpressionAst):
                constraint = expression.attribute
                assert isinstance(constraint, TypeConstraintAst), "a conversion has a type"
                constraints.append(constraint)
                if _is_named(constraint.type_name, _REFERENCE):
                    reference = constraint
                elif _is_named(constraint.type_name, _VOID):
                    self._report(constraint, "VoidTypeConstraintNotAllowed")
            expression = expression.child
        if reference is not None and len(constraints) > 1:
            self._report(reference, "ReferenceNeedsToBeByItselfInTypeConstraint")
            return
        if isinstance(expression, VariableExpressionAst):
            self._automatic_variable(target, expression, constraints[-1].type_name if constraints else None)
        self._assignment_target(expression, simple=simple, fault=fault)

    def _automatic_variable(
        self, target: ExpressionAst, variable: VariableExpressionAst, type_name: TypeNameBase | None
    ) -> None:
        path = variable.variable_path
        automatic = _AUTOMATIC_VARIABLES.get(path.name.lower())
        if automatic is None or not path.is_variable or (path.scope or "local").lower() not in ("local", "private"):
            return
        expected, names = automatic
        if type_name is None or not _is_named(type_name, names):
            self._report(target, "AssignmentStatementToAutomaticNotSupported", path.name, expected)

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
        elif _is_named(node.type_name, _REFERENCE):
            self._reference(node)

    def _reference(self, node: ConvertExpressionAst) -> None:
        """``[ref]`` stands alone."""
        if isinstance(node.child, AttributedExpressionAst) or isinstance(self._ancestors[-1], ConvertExpressionAst):
            raise UnsupportedSyntax("[ref] beside another type", node.extent)

    def _attributed_expression(self, node: AttributedExpressionAst) -> None:
        child: ExpressionAst = node
        while isinstance(child, AttributedExpressionAst):
            child = child.child
            if isinstance(child, VariableExpressionAst):
                return
        self._report(node.attribute, "UnexpectedAttribute", node.attribute.type_name.name)

    def _attribute(self, node: AttributeAst) -> None:
        seen: set[str] = set()
        for named in node.named_arguments:
            name = named.argument_name.lower()
            if name in seen:
                self._report(named, "DuplicateNamedArgument", named.argument_name)
            elif not named.expression_omitted and not _is_constant(named.argument):
                self._report(named.argument, "ParameterAttributeArgumentNeedsToBeConstantOrScriptBlock")
            seen.add(name)
        for argument in node.positional_arguments:
            if not _is_constant(argument):
                self._report(argument, "ParameterAttributeArgumentNeedsToBeConstantOrScriptBlock")

    # --- parameters, functions --------------------------------------------------------------------------------------

    def _parameters(self, parameters: tuple[ParameterAst, ...]) -> None:
        seen: set[str] = set()
        for parameter in parameters:
            name = parameter.name.variable_path.user_path
            if name.lower() in seen:
                self._report(parameter.name, "DuplicateFormalParameter", name)
            seen.add(name.lower())
            for attribute in parameter.attributes:
                if isinstance(attribute, TypeConstraintAst) and _is_named(attribute.type_name, _VOID):
                    self._report(attribute, "VoidTypeConstraintNotAllowed")
                    break

    def _parameter(self, node: ParameterAst) -> None:
        for attribute in node.attributes:
            name = attribute.type_name.name
            if isinstance(attribute, TypeConstraintAst) and name.lower() == "ordered":
                self._report(attribute, "OrderedAttributeOnlyOnHashLiteralNode", name)

    def _function(self, node: FunctionDefinitionAst) -> None:
        if node.parameters is None:
            return
        if node.body.param_block is not None:
            self._report(node.body.param_block, "OnlyOneParameterListAllowed")
        else:
            self._parameters(node.parameters)

    # --- statements -------------------------------------------------------------------------------------------------

    def _try_statement(self, node: TryStatementAst) -> None:
        clauses = node.catch_clauses
        for index, clause in enumerate(clauses):
            for later in clauses[index + 1 :]:
                if clause.is_catch_all:
                    offset = max(later.extent.start_offset - 1, 0)
                    self._report(Extent(later.extent.source, offset, offset), "EmptyCatchNotLast")
                    break
                for first in clause.catch_types:
                    for second in later.catch_types:
                        caught = already_caught(first, second)
                        if caught is not None:
                            self._report(second, "ExceptionTypeAlreadyCaught", caught)

    def _flow_out_of_finally(self, node: Ast, label: str | None) -> None:
        inner: Ast = node
        for outer in reversed(self._ancestors):
            if isinstance(outer, NamedBlockAst | TrapStatementAst | ScriptBlockAst):
                return
            if isinstance(outer, LabeledStatementAst) and label in ("", (outer.label or "").lower()):
                return
            if isinstance(outer, TryStatementAst) and outer.finally_ is inner:
                self._report(node, "ControlLeavingFinally")
                return
            inner = outer


def _label_text(label: ExpressionAst | None) -> str | None:
    """The label of a break: empty without one, None where only running the script can tell."""
    if label is None:
        return ""
    return label.value.lower() if isinstance(label, StringConstantExpressionAst) else None


def _pure_expression(node: ParenExpressionAst) -> ExpressionAst | None:
    pipeline = node.pipeline
    if not isinstance(pipeline, PipelineAst) or len(pipeline.pipeline_elements) != 1:
        return None
    element = pipeline.pipeline_elements[0]
    if isinstance(element, CommandExpressionAst) and not element.redirections:
        return element.expression
    return None


def _is_constant(node: Ast) -> bool:
    """Whether an attribute may have this argument; refuses what would have to be computed to tell."""
    match node:
        case ConstantExpressionAst() | StringConstantExpressionAst() | TypeExpressionAst() | ScriptBlockExpressionAst():
            return True
        case VariableExpressionAst():
            path = node.variable_path
            return path.is_variable and path.name.lower() in _CONSTANT_VARIABLES
        case ArrayLiteralAst():
            return all(map(_is_constant, node.elements))
        case UnaryExpressionAst(operator="-" | "+"):
            return _is_constant(node.child)
        case MemberExpressionAst(
            static=True,
            expression=TypeExpressionAst(type_name=type_name),
            member=StringConstantExpressionAst(value=member),
        ) if type_name.name.lower() in _BOUNDED and member.lower() in ("maxvalue", "minvalue"):
            return True
        case UnaryExpressionAst() | BinaryExpressionAst() | ConvertExpressionAst() | MemberExpressionAst():
            raise UnsupportedSyntax("a computed argument of an attribute", node.extent)
        case ParenExpressionAst() | SubExpressionAst() | UsingExpressionAst():
            raise UnsupportedSyntax("a computed argument of an attribute", node.extent)
    return False


_NAMES: Final = {name.lower(): name for name in (*EXCEPTION_BASES, "System.Exception")}


def _known(constraint: TypeConstraintAst) -> str | None:
    written = constraint.type_name.name.lower()
    return _NAMES.get(written) or _NAMES.get(f"system.{written}")


def already_caught(first: TypeConstraintAst, second: TypeConstraintAst) -> str | None:
    """The full name of the second type if the first is the same or a base of it.

    Refuses a second type of which the engine knows no base.
    """
    caught = _known(second)
    if caught is None:
        raise UnsupportedSyntax(f"a later catch clause for [{second.type_name.name}]", second.extent)
    base = _known(first)
    return caught if base is not None and base in exception_lineage(caught) else None
