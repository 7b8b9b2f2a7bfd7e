"""The syntax tree of a script: frozen nodes, named as in System.Management.Automation.Language, in snake_case.

Operators are the operator's text in lower case: ``"-eq"``, ``"-ceq"`` and ``"-ieq"`` are three operators; a postfix
increment is ``"postfix++"``.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import TypeAlias, dataclass_transform


class Source:
    """The text of one script, and where its lines begin."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def line_starts(self) -> list[int]:
        text, starts, position = self.text, [0], 0
        while position < len(text):
            character = text[position]
            position += 1
            if character == "\r" and text[position : position + 1] == "\n":
                position += 1
            if character in "\r\n":
                starts.append(position)
        return starts

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both counted from one; a column is a UTF-16 unit."""
        line = bisect_right(self.line_starts, offset)
        start = self.line_starts[line - 1]
        beyond_16_bits = sum(character > "\uffff" for character in self.text[start:offset])
        return line, offset - start + beyond_16_bits + 1

    def line(self, number: int) -> str:
        """The text of a line, counted from one, with its line break."""
        starts = self.line_starts
        end = starts[number] if number < len(starts) else len(self.text)
        return self.text[starts[number - 1] : end]


@dataclass(frozen=True, slots=True)
class Extent:
    """Where a piece of script stands; offsets count from zero, lines and columns from one."""

    source: Source = field(repr=False)
    start_offset: int
    end_offset: int

    @property
    def text(self) -> str:
        return self.source.text[self.start_offset : self.end_offset]

    @property
    def start_line(self) -> int:
        return self.source.position(self.start_offset)[0]

    @property
    def start_column(self) -> int:
        return self.source.position(self.start_offset)[1]

    @property
    def end_line(self) -> int:
        return self.source.position(self.end_offset)[0]

    @property
    def end_column(self) -> int:
        return self.source.position(self.end_offset)[1]

    @property
    def line(self) -> str:
        """The whole line on which the extent begins, with its line break."""
        return self.source.line(self.start_line)


class RedirectionStream(Enum):
    """Values are those of the digit before ``>``; ``*`` is ALL."""

    ALL = 0
    OUTPUT = 1
    ERROR = 2
    WARNING = 3
    VERBOSE = 4
    DEBUG = 5
    INFORMATION = 6


SCOPES = frozenset({"global", "local", "private", "script"})


@dataclass(frozen=True, slots=True)
class VariablePath:
    """What stands after the ``$``: ``user_path`` as written, a scope or drive before the first colon."""

    user_path: str
    qualifier: str | None
    name: str

    @classmethod
    def of(cls, user_path: str) -> VariablePath:
        qualifier, colon, name = user_path.partition(":")
        if not colon:
            return cls(user_path, None, user_path)
        return cls(user_path, None if qualifier.lower() in ("", "variable") else qualifier, name)

    @property
    def scope(self) -> str | None:
        """``global``, ``local``, ``private``, ``script``, or None."""
        lowered = self.qualifier.lower() if self.qualifier else None
        return lowered if lowered in SCOPES else None

    @property
    def drive_name(self) -> str | None:
        """The provider drive (``env``, ``function``, ``C`` …), or None for a variable."""
        return self.qualifier if self.qualifier and self.scope is None else None

    @property
    def is_variable(self) -> bool:
        return self.drive_name is None


@dataclass(frozen=True, slots=True)
class TypeName:
    """A type as written: ``int``, ``System.Text.Encoding``."""

    extent: Extent
    name: str


@dataclass(frozen=True, slots=True)
class ArrayTypeName:
    extent: Extent
    element_type: TypeNameBase

    @property
    def name(self) -> str:
        return f"{self.element_type.name}[]"


TypeNameBase: TypeAlias = TypeName | ArrayTypeName


# Nodes compare and hash by identity: two equal pieces of a script are still two places.
@dataclass_transform(frozen_default=True, eq_default=False, kw_only_default=True)
class _Node:
    """A class below is a frozen dataclass without saying so."""

    def __init_subclass__(cls) -> None:
        dataclass(frozen=True, eq=False, kw_only=True)(cls)


class Ast(_Node):
    extent: Extent


# --- blocks ---------------------------------------------------------------------------------------------------------


class StatementAst(Ast):
    @property
    def lone_expression(self) -> ExpressionAst | None:
        """The expression where the statement is nothing else."""
        return None


class StatementBlockAst(Ast):
    statements: tuple[StatementAst, ...]


class NamedBlockAst(Ast):
    """``block_kind`` is begin, process or end; ``unnamed`` when its keyword was not written."""

    block_kind: str
    unnamed: bool
    statements: tuple[StatementAst, ...]


class ScriptBlockAst(Ast):
    param_block: ParamBlockAst | None = None
    begin_block: NamedBlockAst | None = None
    process_block: NamedBlockAst | None = None
    end_block: NamedBlockAst | None = None


# --- parameters, attributes -----------------------------------------------------------------------------------------


class AttributeBaseAst(Ast):
    type_name: TypeNameBase


class TypeConstraintAst(AttributeBaseAst):
    pass


class NamedAttributeArgumentAst(Ast):
    """``expression_omitted``: ``[Parameter(Mandatory)]``, whose argument then is ``$true``."""

    argument_name: str
    argument: ExpressionAst
    expression_omitted: bool


class AttributeAst(AttributeBaseAst):
    positional_arguments: tuple[ExpressionAst, ...] = ()
    named_arguments: tuple[NamedAttributeArgumentAst, ...] = ()


class ParameterAst(Ast):
    attributes: tuple[AttributeBaseAst, ...]
    name: VariableExpressionAst
    default_value: ExpressionAst | None = None


class ParamBlockAst(Ast):
    attributes: tuple[AttributeBaseAst, ...]
    parameters: tuple[ParameterAst, ...]


# --- statements -----------------------------------------------------------------------------------------------------


class FunctionDefinitionAst(StatementAst):
    """``parameters`` is None where no parameter list follows the name (``function f { param(…) }``)."""

    name: str
    parameters: tuple[ParameterAst, ...] | None
    body: ScriptBlockAst


class IfStatementAst(StatementAst):
    clauses: tuple[tuple[StatementAst, StatementBlockAst], ...]
    else_clause: StatementBlockAst | None = None


class ForEachStatementAst(StatementAst):
    variable: VariableExpressionAst
    condition: StatementAst
    body: StatementBlockAst


class ForStatementAst(StatementAst):
    initializer: StatementAst | None
    condition: StatementAst | None
    iterator: StatementAst | None
    body: StatementBlockAst


class WhileStatementAst(StatementAst):
    condition: StatementAst
    body: StatementBlockAst


class DoWhileStatementAst(StatementAst):
    condition: StatementAst
    body: StatementBlockAst


class DoUntilStatementAst(StatementAst):
    condition: StatementAst
    body: StatementBlockAst


class SwitchStatementAst(StatementAst):
    """``flags`` holds any of regex, wildcard, exact, casesensitive."""

    flags: frozenset[str]
    condition: StatementAst
    clauses: tuple[tuple[ExpressionAst, StatementBlockAst], ...]
    default: StatementBlockAst | None = None


class CatchClauseAst(Ast):
    catch_types: tuple[TypeConstraintAst, ...]
    body: StatementBlockAst

    @property
    def is_catch_all(self) -> bool:
        return not self.catch_types


class TryStatementAst(StatementAst):
    body: StatementBlockAst
    catch_clauses: tuple[CatchClauseAst, ...]
    finally_: StatementBlockAst | None = None


class ThrowStatementAst(StatementAst):
    pipeline: StatementAst | None = None


class ReturnStatementAst(StatementAst):
    pipeline: StatementAst | None = None


class ExitStatementAst(StatementAst):
    pipeline: StatementAst | None = None


class BreakStatementAst(StatementAst):
    pass


class ContinueStatementAst(StatementAst):
    pass


class AssignmentStatementAst(StatementAst):
    """``operator`` is ``=``, ``+=``, ``-=``, ``*=``, ``/=`` or ``%=``.

    ``right`` is a CommandExpressionAst for a mere expression, else a pipeline or any other statement.
    """

    left: ExpressionAst
    operator: str
    right: StatementAst
    error_position: Extent


# --- pipelines ------------------------------------------------------------------------------------------------------


class RedirectionAst(Ast):
    from_stream: RedirectionStream


class MergingRedirectionAst(RedirectionAst):
    """``2>&1``: into the output."""


class FileRedirectionAst(RedirectionAst):
    location: ExpressionAst
    append: bool


class CommandElementAst(Ast):
    pass


class CommandParameterAst(CommandElementAst):
    """``argument`` only for ``-Name:value``; ``error_position`` is the parameter without its argument."""

    parameter_name: str
    argument: ExpressionAst | None
    error_position: Extent


class CommandBaseAst(StatementAst):
    redirections: tuple[RedirectionAst, ...] = ()


class CommandAst(CommandBaseAst):
    """``invocation_operator`` is ``&``, ``.`` or the empty string."""

    command_elements: tuple[CommandElementAst, ...]
    invocation_operator: str = ""


class CommandExpressionAst(CommandBaseAst):
    expression: ExpressionAst

    @cached_property
    def lone_expression(self) -> ExpressionAst | None:
        return None if self.redirections else self.expression


class PipelineAst(StatementAst):
    pipeline_elements: tuple[CommandBaseAst, ...]

    @cached_property
    def lone_expression(self) -> ExpressionAst | None:
        return self.pipeline_elements[0].lone_expression if len(self.pipeline_elements) == 1 else None


# --- expressions ----------------------------------------------------------------------------------------------------


class ExpressionAst(CommandElementAst):
    pass


class BinaryExpressionAst(ExpressionAst):
    """``error_position`` is the operator's."""

    left: ExpressionAst
    operator: str
    right: ExpressionAst
    error_position: Extent


class UnaryExpressionAst(ExpressionAst):
    """``operator`` is one of ``+ - ! ++ -- postfix++ postfix-- -not -bnot -join -split -csplit -isplit``."""

    operator: str
    child: ExpressionAst


class ConvertExpressionAst(ExpressionAst):
    """``[int]$x``: a cast, or on the left of an assignment a type constraint."""

    attribute: AttributeBaseAst
    child: ExpressionAst

    @property
    def type_name(self) -> TypeNameBase:
        return self.attribute.type_name


class MemberExpressionAst(ExpressionAst):
    """``member`` is a bareword StringConstantExpressionAst, or any expression for ``$x.$name`` and ``$x.'a b'``."""

    expression: ExpressionAst
    member: CommandElementAst
    static: bool


class InvokeMemberExpressionAst(MemberExpressionAst):
    arguments: tuple[ExpressionAst, ...]


class IndexExpressionAst(ExpressionAst):
    target: ExpressionAst
    index: ExpressionAst


class TypeExpressionAst(ExpressionAst):
    type_name: TypeNameBase


class VariableExpressionAst(ExpressionAst):
    variable_path: VariablePath
    splatted: bool = False


class ConstantExpressionAst(ExpressionAst):
    """A number; its value is typed as PowerShell types the literal."""

    value: object


class StringConstantExpressionAst(ExpressionAst):
    value: str


class ExpandableStringExpressionAst(ExpressionAst):
    """``parts`` in order: literal text with its escapes resolved, and the expressions between."""

    parts: tuple[str | ExpressionAst, ...]


class ScriptBlockExpressionAst(ExpressionAst):
    script_block: ScriptBlockAst


class ArrayLiteralAst(ExpressionAst):
    """``1, 2, 3`` and the unary ``, 1``."""

    elements: tuple[ExpressionAst, ...]


class ArrayExpressionAst(ExpressionAst):
    """``@( … )``."""

    sub_expression: StatementBlockAst


class SubExpressionAst(ExpressionAst):
    """``$( … )``."""

    sub_expression: StatementBlockAst


class ParenExpressionAst(ExpressionAst):
    """``( … )``: a pipeline or an assignment."""

    pipeline: StatementAst


class HashtableAst(ExpressionAst):
    key_value_pairs: tuple[tuple[ExpressionAst, StatementAst], ...]


# --- errors ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SyntaxFault:
    """One error of the parser; ``incomplete`` when more text could still mend the script."""

    extent: Extent
    error_id: str
    message: str
    incomplete: bool


class ParseError(Exception):
    """A script is no PowerShell. Where it merely ends too early (``incomplete``), its text names no place."""

    def __init__(self, message: str, faults: tuple[SyntaxFault, ...]) -> None:
        self.faults = faults
        super().__init__(message)

    @property
    def incomplete(self) -> bool:
        return self.faults[0].incomplete

    @property
    def error_id(self) -> str:
        return self.faults[0].error_id


class UnsupportedSyntax(Exception):
    """A construct PowerShell knows and this engine refuses."""

    def __init__(self, construct: str, extent: Extent) -> None:
        self.construct = construct
        self.extent = extent
        super().__init__(f"line {extent.start_line}: {construct}")
