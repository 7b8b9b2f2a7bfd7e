"""Loops and switch."""

from __future__ import annotations

from powershell.parsing import tokens
from powershell.parsing.blocks import BlockRules
from powershell.parsing.token_stream import ErrorStatementAst, Placed, without_missing
from powershell.parsing.tokens import ArgumentContext, LabelToken, ParameterToken, Token, VariableToken
from powershell.syntax import (
    Ast,
    DoUntilStatementAst,
    DoWhileStatementAst,
    ExpressionAst,
    Extent,
    ForEachStatementAst,
    ForStatementAst,
    StatementAst,
    StatementBlockAst,
    StringConstantExpressionAst,
    StringConstantType,
    SwitchStatementAst,
    UnsupportedSyntax,
    VariableExpressionAst,
    WhileStatementAst,
)

_SWITCH_FLAGS = ("regex", "wildcard", "exact", "casesensitive", "parallel", "file")


class LoopRules(BlockRules):
    def _error(self, start: Placed, end: Placed, *nested: Ast | None) -> ErrorStatementAst:
        return ErrorStatementAst(extent=self.span(start, end), nested=without_missing(nested))

    # --- foreach ----------------------------------------------------------------------------------------------------

    def foreach_statement(self, label: LabelToken | None, keyword: Token) -> StatementAst:
        start: Token = label or keyword
        self.skip_newlines()
        self._foreach_parameters()
        opening = self.expected("(", keyword, "MissingOpenParenthesisAfterKeyword", keyword.kind)
        if opening is None:
            return self._error(start, keyword)
        self.skip_newlines()
        token = self.next()
        if not isinstance(token, VariableToken):
            self.unget(token)
            self.report_incomplete(self.after(opening), "MissingVariableNameAfterForeach")
            return self._error(start, opening)
        variable = VariableExpressionAst(
            extent=token.extent, variable_path=token.path, splatted=token.kind == tokens.SPLATTED_VARIABLE
        )
        return self._foreach_collection(start, label, variable)

    def _foreach_parameters(self) -> None:
        while isinstance(parameter := self.peek(), ParameterToken):
            name = parameter.name.lower()
            if "parallel".startswith(name) or "throttlelimit".startswith(name):
                raise UnsupportedSyntax("foreach -Parallel", parameter.extent)
            self.skip()
            self.report(parameter, "InvalidForeachFlag", parameter.name)
            self.skip_newlines()

    def _foreach_collection(
        self, start: Token, label: LabelToken | None, variable: VariableExpressionAst
    ) -> StatementAst:
        self.skip_newlines()
        in_token = self.expected("in", variable, "MissingInInForeach")
        if in_token is None:
            return self._error(start, variable, variable)
        self.skip_newlines()
        condition = self.pipeline_chain()
        if condition is None:
            self.report_incomplete(self.after(in_token), "MissingForeachExpression")
            return self._error(start, in_token, variable)
        self.skip_newlines()
        closing = self.expected(")", condition, "MissingEndParenthesisAfterForeach")
        if closing is None:
            return self._error(start, condition, variable, condition)
        body = self.statement_block()
        if body is None:
            self.report_incomplete(self.after(closing), "MissingForeachStatement")
            return self._error(start, closing, variable, condition)
        return ForEachStatementAst(
            extent=self.span(start, body),
            label=label.name if label else None,
            variable=variable,
            condition=condition,
            body=body,
        )

    # --- for --------------------------------------------------------------------------------------------------------

    def for_statement(self, label: LabelToken | None, keyword: Token) -> StatementAst:
        start: Token = label or keyword
        self.skip_newlines()
        opening = self.expected("(", keyword, "MissingOpenParenthesisAfterKeyword", keyword.kind)
        if opening is None:
            return self._error(start, keyword)
        end: Placed | None = None
        clauses: list[StatementAst | None] = []
        for last in (False, False, True):
            self.skip_newlines()
            clause = self.pipeline_chain()
            clauses.append(clause)
            end = clause or end
            if not last and self.peek().kind == ";":
                end = self.next()
        self.skip_newlines()
        closing = self.next()
        if closing.kind != ")":
            self.unget(closing)
            end = end or opening
            self.report_incomplete(self.after(end), "MissingEndParenthesisAfterStatement", keyword.kind)
            return self._error(start, end, *clauses)
        body = self.statement_block()
        if body is None:
            self.report_incomplete(self.after(closing), "MissingLoopStatement", keyword.kind)
            return self._error(start, closing, *clauses)
        return ForStatementAst(
            extent=self.span(start, body),
            label=label.name if label else None,
            initializer=clauses[0],
            condition=clauses[1],
            iterator=clauses[2],
            body=body,
        )

    # --- while, do --------------------------------------------------------------------------------------------------

    def while_statement(self, label: LabelToken | None, keyword: Token) -> StatementAst:
        start: Token = label or keyword
        self.skip_newlines()
        opening = self.expected("(", keyword, "MissingOpenParenthesisAfterKeyword", keyword.text)
        if opening is None:
            return self._error(start, keyword)
        self.skip_newlines()
        condition = self.pipeline_chain()
        where: Placed = condition or self.after(opening)
        if condition is None:
            self.report_incomplete(where, "MissingExpressionAfterKeyword", keyword.kind)
        self.skip_newlines()
        closing = self.next()
        if closing.kind != ")":
            self.unget(closing)
            if condition is not None:
                self.report_incomplete(self.after(condition), "MissingEndParenthesisAfterStatement", keyword.kind)
            return self._error(start, where, condition)
        self.skip_newlines()
        body = self.statement_block()
        if body is None:
            self.report_incomplete(self.after(closing), "MissingLoopStatement", keyword.kind)
        if body is None or condition is None:
            return self._error(start, body or closing, condition, body)
        return WhileStatementAst(
            extent=self.span(start, body), label=label.name if label else None, condition=condition, body=body
        )

    def do_statement(self, label: LabelToken | None, keyword: Token) -> StatementAst:
        start: Token = label or keyword
        body = self.statement_block()
        if body is None:
            self.report_incomplete(self.after(keyword), "MissingLoopStatement", "do")
            return self._error(start, keyword)
        self.skip_newlines()
        ending = self.expected(("while", "until"), body, "MissingWhileOrUntilInDoWhile")
        if ending is None:
            return self._error(start, body, body)
        self.skip_newlines()
        opening = self.expected("(", ending, "MissingOpenParenthesisAfterKeyword", ending.kind)
        if opening is None:
            return self._error(start, ending, body)
        return self._do_condition(start, label, ending, opening, body)

    def _do_condition(
        self, start: Token, label: LabelToken | None, ending: Token, opening: Token, body: StatementBlockAst
    ) -> StatementAst:
        self.skip_newlines()
        condition = self.pipeline_chain()
        if condition is None:
            self.report_incomplete(self.after(opening), "MissingExpressionAfterKeyword", ending.kind)
        self.skip_newlines()
        closing = self.next()
        if closing.kind != ")":
            self.unget(closing)
            if condition is not None:
                self.report_incomplete(self.after(condition), "MissingEndParenthesisAfterStatement", ending.kind)
        if condition is None or closing.kind != ")":
            return self._error(start, condition or opening, body, condition)
        statement = DoUntilStatementAst if ending.kind == "until" else DoWhileStatementAst
        return statement(
            extent=self.span(start, closing), label=label.name if label else None, condition=condition, body=body
        )

    # --- switch -----------------------------------------------------------------------------------------------------

    def switch_statement(self, label: LabelToken | None, keyword: Token) -> StatementAst:
        parser = _SwitchParser(self, label, keyword)
        return parser.parse()


class _SwitchParser:
    """One switch statement; after an error it goes on, to find the next."""

    def __init__(self, rules: LoopRules, label: LabelToken | None, keyword: Token) -> None:
        self.rules = rules
        self.label = label
        self.start: Token = label or keyword
        self.end: Extent = self.start.extent
        self.failed = False
        self.incomplete = False
        self.flags: set[str] = set()
        self.condition: StatementAst | None = None
        self.clauses: list[tuple[ExpressionAst, StatementBlockAst]] = []
        self.default: StatementBlockAst | None = None
        self.nested: list[Ast] = []

    def parse(self) -> StatementAst:
        rules = self.rules
        rules.skip_newlines()
        self._flags()
        self._condition()
        rules.skip_newlines()
        opening = rules.next()
        closing: Token | None = None
        if opening.kind == "{":
            self.end = opening.extent
            rules.skip_newlines()
            closing = self._clauses(opening)
        else:
            rules.unget(opening)
            if not self.incomplete:
                self._missing("MissingCurlyBraceInSwitchStatement")
        if self.failed or closing is None or self.condition is None:
            nested = without_missing((self.condition, *self.nested))
            return ErrorStatementAst(extent=rules.span(self.start, self.end), nested=nested)
        return SwitchStatementAst(
            extent=rules.span(self.start, closing),
            label=self.label.name if self.label else None,
            flags=frozenset(self.flags),
            condition=self.condition,
            clauses=tuple(self.clauses),
            default=self.default,
        )

    def _missing(self, error_id: str) -> None:
        self.failed = True
        self.incomplete = self.rules.report_incomplete(self.rules.after(self.end), error_id)

    def _flags(self) -> None:
        rules = self.rules
        while isinstance(parameter := rules.peek(), ParameterToken):
            rules.skip()
            self.end = parameter.extent
            flag = next((flag for flag in _SWITCH_FLAGS if flag.startswith(parameter.name.lower())), None)
            if flag is None:
                self.failed = True
                rules.report(parameter, "InvalidSwitchFlag", parameter.name)
            elif flag in ("parallel", "file"):
                raise UnsupportedSyntax(f"switch -{flag.title()}", parameter.extent)
            else:
                self.flags -= {"regex", "wildcard", "exact"} if flag != "casesensitive" else set()
                self.flags.add(flag)

    def _condition(self) -> None:
        rules = self.rules
        opening = rules.peek()
        if opening.kind == "(":
            self._parenthesized_condition(opening)
        elif self.condition is None:
            self._missing("PipelineValueRequired")

    def _parenthesized_condition(self, opening: Token) -> None:
        rules = self.rules
        self.end = opening.extent
        rules.skip()
        rules.skip_newlines()
        self.condition = rules.pipeline_chain()
        if self.condition is None:
            self._missing("PipelineValueRequired")
        else:
            self.end = self.condition.extent
        rules.skip_newlines()
        closing = rules.next()
        if closing.kind == ")":
            self.end = closing.extent
            return
        rules.unget(closing)
        if not self.incomplete:
            self._missing("MissingEndParenthesisInSwitchStatement")

    def _clauses(self, opening: Token) -> Token | None:
        """Up to the closing brace, which is returned."""
        rules = self.rules
        while self._clause():
            rules.skip_newlines_and_semicolons()
            token = rules.peek()
            if token.kind == "}":
                rules.skip()
                return token
            if token.kind == tokens.END_OF_INPUT:
                if not self.incomplete:
                    self.failed = True
                    rules.report_incomplete(opening, "MissingEndCurlyBrace", seen=token)
                return None
        return None

    def _clause(self) -> bool:
        rules = self.rules
        token = rules.peek()
        is_default = token.kind == "default"
        condition: ExpressionAst | None
        if is_default:
            rules.skip()
            condition = StringConstantExpressionAst(
                extent=token.extent, value=token.text, string_constant_type=StringConstantType.BARE_WORD
            )
        else:
            condition = rules.single_command_argument(ArgumentContext.SWITCH_CONDITION)
        if condition is None:
            self.failed = True
            rules.report_incomplete(rules.after(self.end), "MissingSwitchConditionExpression")
            if rules.peek().kind == "}":
                rules.skip()
            return False
        self.nested.append(condition)
        self.end = condition.extent
        body = rules.statement_block()
        if body is None:
            self._missing("MissingSwitchStatementClause")
            return True
        self.nested.append(body)
        self.end = body.extent
        if not is_default:
            self.clauses.append((condition, body))
            return True
        if self.default is not None:
            self.failed = True
            rules.report(condition, "MultipleSwitchDefaultClauses")
        self.default = body
        return True
