"""A tree as lines, one a node, in the words of golden/record_syntax.ps1."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from decimal import Decimal

from powershell.syntax import (
    ArrayLiteralAst,
    AssignmentStatementAst,
    Ast,
    AttributeAst,
    BinaryExpressionAst,
    CommandAst,
    CommandParameterAst,
    ConstantExpressionAst,
    FileRedirectionAst,
    FunctionDefinitionAst,
    HashtableAst,
    IfStatementAst,
    IndexExpressionAst,
    InvokeMemberExpressionAst,
    MemberExpressionAst,
    MergingRedirectionAst,
    NamedAttributeArgumentAst,
    NamedBlockAst,
    PipelineAst,
    ScriptBlockAst,
    StatementBlockAst,
    StringConstantExpressionAst,
    SwitchStatementAst,
    TryStatementAst,
    TypeConstraintAst,
    TypeExpressionAst,
    UnaryExpressionAst,
    VariableExpressionAst,
)

KINDS = {
    "": "Unknown", "&": "Ampersand", ".": "Dot",
    "=": "Equals", "+=": "PlusEquals", "-=": "MinusEquals", "*=": "MultiplyEquals", "/=": "DivideEquals",
    "%=": "RemainderEquals",
    "+": "Plus", "-": "Minus", "*": "Multiply", "/": "Divide", "%": "Rem", "..": "DotDot",
    "!": "Exclaim", "++": "PlusPlus", "--": "MinusMinus", "postfix++": "PostfixPlusPlus",
    "postfix--": "PostfixMinusMinus", "-f": "Format",
}  # fmt: skip
WITHOUT_CASE = {"is", "isnot", "as", "join", "shl", "shr", "and", "or", "xor", "band", "bor", "bxor", "not", "bnot"}
SWITCH_FLAGS = {"file": "File", "regex": "Regex", "wildcard": "Wildcard", "casesensitive": "CaseSensitive"}


def kind(operator: str) -> str:
    """The name of the token's kind: ``-eq`` and ``-ieq`` are both Ieq to PowerShell."""
    if operator in KINDS:
        return KINDS[operator]
    name = operator.removeprefix("-")
    if name in WITHOUT_CASE:
        return name.capitalize() if name != "isnot" else "IsNot"
    case, rest = (name[0], name[1:]) if name[0] in "ci" and name not in ("contains", "in") else ("i", name)
    return case.upper() + rest


def constant(value: object) -> str:
    if isinstance(value, bool):
        return f"Boolean {value}"
    if isinstance(value, Decimal):
        return f"Decimal {value:f}"
    if isinstance(value, float):
        mantissa, _, exponent = f"{value!r}".partition("e")
        power = f"E{exponent[0]}{exponent[1:].zfill(2)}" if exponent else ""
        return f"Double {mantissa.removesuffix('.0')}{power}"
    name = type(value).__name__
    return f"{'Int32' if name == 'int' else name} {value}"


def details(node: Ast) -> str:
    match node:
        case StringConstantExpressionAst():
            return node.value
        case ConstantExpressionAst():
            return constant(node.value)
        case VariableExpressionAst(variable_path=path):
            scopes = " ".join(f"{name[0]}={path.scope == name}" for name in ("global", "local", "private", "script"))
            return f"{path.user_path} {node.splatted} drive={path.drive_name or ''} {scopes} v={path.is_variable}"
        case BinaryExpressionAst() | AssignmentStatementAst():
            return f"{kind(node.operator)} {node.error_position.start_offset}"
        case UnaryExpressionAst():
            return kind(node.operator)
        case CommandAst():
            return f"{kind(node.invocation_operator)} {len(node.command_elements)}"
        case CommandParameterAst():
            return f"{node.parameter_name} {node.error_position.end_offset} {node.argument is not None}"
        case InvokeMemberExpressionAst():
            return f"{node.static} False {len(node.arguments)}"
        case MemberExpressionAst():
            return f"{node.static} False"
        case IndexExpressionAst():
            return "False"
        case FileRedirectionAst():
            return f"{node.from_stream.name.title()} {node.append}"
        case MergingRedirectionAst():
            return f"{node.from_stream.name.title()} Output"
    return block_details(node)


def block_details(node: Ast) -> str:
    match node:
        case FunctionDefinitionAst():
            return f"{node.name} False {'-' if node.parameters is None else len(node.parameters)}"
        case NamedBlockAst():
            return f"{node.block_kind.title()} {node.unnamed} {len(node.statements)} 0"
        case StatementBlockAst():
            return f"{len(node.statements)} 0"
        case SwitchStatementAst():
            flags = ", ".join(name for flag, name in SWITCH_FLAGS.items() if flag in node.flags) or "None"
            return f" {flags} {len(node.clauses)} {node.default is not None}"
        case TypeConstraintAst() | TypeExpressionAst():
            return node.type_name.name
        case AttributeAst():
            return f"{node.type_name.name} {len(node.positional_arguments)} {len(node.named_arguments)}"
        case NamedAttributeArgumentAst():
            return f"{node.argument_name} {node.expression_omitted}"
        case PipelineAst():
            return f"{len(node.pipeline_elements)} False"
        case IfStatementAst():
            return f"{len(node.clauses)} {node.else_clause is not None}"
        case HashtableAst():
            return f"{len(node.key_value_pairs)}"
        case ArrayLiteralAst():
            return f"{len(node.elements)}"
        case TryStatementAst():
            return f"{len(node.catch_clauses)} {node.finally_ is not None}"
    return ""


def nodes(value: object) -> Iterator[Ast]:
    if isinstance(value, tuple):
        for item in value:
            yield from nodes(item)
    elif isinstance(value, Ast):
        yield value
        for field in fields(value):
            yield from nodes(getattr(value, field.name))


def outline(tree: ScriptBlockAst) -> list[str]:
    lines = []
    for node in nodes(tree):
        place = f"{node.extent.start_offset}-{node.extent.end_offset}"
        lines.append(f"{type(node).__name__} {place} {details(node)}".rstrip())
    return sorted(lines)
