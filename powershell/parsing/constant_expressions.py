"""Which expressions PowerShell takes for constants, as the arguments of attributes have to be."""

from __future__ import annotations

from typing import Final

from powershell.syntax import (
    ArrayLiteralAst,
    Ast,
    BinaryExpressionAst,
    CommandExpressionAst,
    ConstantExpressionAst,
    ConvertExpressionAst,
    MemberExpressionAst,
    ParenExpressionAst,
    PipelineAst,
    ScriptBlockExpressionAst,
    StringConstantExpressionAst,
    SubExpressionAst,
    TypeExpressionAst,
    UnaryExpressionAst,
    UnsupportedSyntax,
    UsingExpressionAst,
    VariableExpressionAst,
)

_FOLDED: Final = frozenset(
    {"*", "/", "%", "+", "-", "!", "-not", "-bnot", "-and", "-or", "-xor", "-band", "-bor", "-bxor", "-shl", "-shr"}
)
_CONSTANT_VARIABLES: Final = frozenset({"true", "false", "null"})
_PRIMITIVE_NAMES: Final = """
    bool boolean byte sbyte char short ushort int16 uint16 int int32 uint uint32 long int64 ulong uint64 float
    single double decimal bigint string datetime timespan guid
"""
_BOUNDED: Final = frozenset({"byte", "int", "int32", "long", "int64", "double", "uint32", "uint64"})
_PRIMITIVES: Final = frozenset(_PRIMITIVE_NAMES.split())


def is_constant(node: Ast) -> bool:
    """Refuses what only the .NET type behind a name could decide."""
    match node:
        case ConstantExpressionAst() | StringConstantExpressionAst() | TypeExpressionAst() | ScriptBlockExpressionAst():
            return True
        case VariableExpressionAst():
            path = node.variable_path
            return path.is_variable and path.name.lower() in _CONSTANT_VARIABLES
        case ArrayLiteralAst():
            return all(is_constant(element) for element in node.elements)
        case UnaryExpressionAst():
            return node.operator in _FOLDED and is_constant(node.child)
        case BinaryExpressionAst():
            return _is_constant_operation(node)
        case ParenExpressionAst():
            return is_constant(node.pipeline)
        case UsingExpressionAst():
            return is_constant(node.sub_expression)
        case PipelineAst(pipeline_elements=(CommandExpressionAst() as element,)):
            return not element.redirections and is_constant(element.expression)
        case SubExpressionAst():
            block = node.sub_expression
            return not block.traps and len(block.statements) == 1 and is_constant(block.statements[0])
        case ConvertExpressionAst():
            return _is_constant_conversion(node)
        case MemberExpressionAst(static=True, expression=TypeExpressionAst(), member=StringConstantExpressionAst()):
            return _is_constant_member(node)
    return False


def _is_constant_member(node: MemberExpressionAst) -> bool:
    """The bounds of a number are constants; of other types only .NET could tell."""
    match node:
        case MemberExpressionAst(
            expression=TypeExpressionAst(type_name=type_name), member=StringConstantExpressionAst(value=member)
        ) if type_name.name.lower() in _BOUNDED and member.lower() in ("maxvalue", "minvalue"):
            return True
    raise UnsupportedSyntax("a static member as a constant", node.extent)


def _is_constant_operation(node: BinaryExpressionAst) -> bool:
    if node.operator not in _FOLDED or not (is_constant(node.left) and is_constant(node.right)):
        return False
    divisor = node.right
    by_nothing = isinstance(divisor, VariableExpressionAst) and divisor.variable_path.name.lower() in ("null", "false")
    return not (by_nothing and node.operator in ("/", "%"))


def _is_constant_conversion(node: ConvertExpressionAst) -> bool:
    name = node.type_name.name.lower().removeprefix("system.")
    if name not in _PRIMITIVES:
        raise UnsupportedSyntax("a conversion in a constant", node.extent)
    return is_constant(node.child)
