"""Loops and switch."""

from __future__ import annotations

from powershell import syntax as ast
from powershell.parsing import tokens
from powershell.parsing.blocks import BlockRules
from powershell.parsing.tokens import ArgumentContext, ParameterToken, Token, VariableToken
from powershell.syntax import UnsupportedSyntax

_SWITCH_FLAGS = ("regex", "wildcard", "exact", "casesensitive", "parallel", "file")


class LoopRules(BlockRules):
    def _opening(self, keyword: Token, word: str) -> Token:
        self.skip_newlines()
        opening = self.expected("(", keyword, "MissingOpenParenthesisAfterKeyword", word)
        self.skip_newlines()
        return opening

    def _body(self, closing: Token, error_id: str, *arguments: object) -> ast.StatementBlockAst:
        body = self.statement_block()
        if body is None:
            self.fail(self.after(closing), error_id, *arguments)
        return body

    def _condition(self, opening: Token, keyword: Token) -> tuple[ast.StatementAst, Token]:
        """The condition of a loop and the parenthesis behind it."""
        condition = self.pipeline_chain()
        if condition is None:
            self.fail(self.after(opening), "MissingExpressionAfterKeyword", keyword.kind)
        self.skip_newlines()
        return condition, self.expected(")", condition, "MissingEndParenthesisAfterStatement", keyword.kind)

    def foreach_statement(self, keyword: Token) -> ast.StatementAst:
        self.skip_newlines()
        if isinstance(parameter := self.peek(), ParameterToken):
            raise UnsupportedSyntax(f"foreach {parameter.text}", parameter.extent)
        opening = self._opening(keyword, keyword.kind)
        token = self.next()
        if not isinstance(token, VariableToken):
            self.fail(self.after(opening), "MissingVariableNameAfterForeach")
        variable = ast.VariableExpressionAst(
            extent=token.extent, variable_path=token.path, splatted=token.kind == tokens.SPLATTED_VARIABLE
        )
        self.skip_newlines()
        in_token = self.expected("in", variable, "MissingInInForeach")
        self.skip_newlines()
        condition = self.pipeline_chain()
        if condition is None:
            self.fail(self.after(in_token), "MissingForeachExpression")
        self.skip_newlines()
        closing = self.expected(")", condition, "MissingEndParenthesisAfterForeach")
        body = self._body(closing, "MissingForeachStatement")
        return ast.ForEachStatementAst(
            extent=self.span(keyword, body), variable=variable, condition=condition, body=body
        )

    def for_statement(self, keyword: Token) -> ast.StatementAst:
        opening = self._opening(keyword, keyword.kind)
        end: ast.StatementAst | Token = opening
        clauses: list[ast.StatementAst | None] = []
        for last in (False, False, True):
            self.skip_newlines()
            clause = self.pipeline_chain()
            clauses.append(clause)
            end = clause or end
            if not last and self.peek().kind == ";":
                end = self.next()
        self.skip_newlines()
        closing = self.expected(")", end, "MissingEndParenthesisAfterStatement", keyword.kind)
        body = self._body(closing, "MissingLoopStatement", keyword.kind)
        return ast.ForStatementAst(
            extent=self.span(keyword, body),
            initializer=clauses[0],
            condition=clauses[1],
            iterator=clauses[2],
            body=body,
        )

    def while_statement(self, keyword: Token) -> ast.StatementAst:
        condition, closing = self._condition(self._opening(keyword, keyword.text), keyword)
        self.skip_newlines()
        body = self._body(closing, "MissingLoopStatement", keyword.kind)
        return ast.WhileStatementAst(extent=self.span(keyword, body), condition=condition, body=body)

    def do_statement(self, keyword: Token) -> ast.StatementAst:
        body = self._body(keyword, "MissingLoopStatement", "do")
        self.skip_newlines()
        ending = self.expected(("while", "until"), body, "MissingWhileOrUntilInDoWhile")
        condition, closing = self._condition(self._opening(ending, ending.kind), ending)
        statement = ast.DoUntilStatementAst if ending.kind == "until" else ast.DoWhileStatementAst
        return statement(extent=self.span(keyword, closing), condition=condition, body=body)

    # --- switch -----------------------------------------------------------------------------------------------------

    def switch_statement(self, keyword: Token) -> ast.StatementAst:
        self.skip_newlines()
        flags, last = self._switch_flags(keyword)
        opening = self.expected("(", last, "PipelineValueRequired")
        self.skip_newlines()
        condition = self.pipeline_chain()
        if condition is None:
            self.fail(self.after(opening), "PipelineValueRequired")
        self.skip_newlines()
        closing = self.expected(")", condition, "MissingEndParenthesisInSwitchStatement")
        self.skip_newlines()
        brace = self.expected("{", closing, "MissingCurlyBraceInSwitchStatement")
        clauses: list[tuple[ast.ExpressionAst, ast.StatementBlockAst]] = []
        default: ast.StatementBlockAst | None = None
        end: Token | ast.StatementBlockAst = brace
        self.skip_newlines()
        while (not clauses and default is None) or self.peek().kind != "}":
            is_default = self.peek().kind == "default"
            pattern, end = self._switch_clause(brace, end)
            if not is_default:
                clauses.append((pattern, end))
            elif default is None:
                default = end
            else:
                self.report(pattern, "MultipleSwitchDefaultClauses")
            self.skip_newlines_and_semicolons()
        return ast.SwitchStatementAst(
            extent=self.span(keyword, self.next()),
            flags=flags,
            condition=condition,
            clauses=tuple(clauses),
            default=default,
        )

    def _switch_flags(self, last: Token) -> tuple[frozenset[str], Token]:
        """The flags, and the last token before the condition."""
        flags: set[str] = set()
        while isinstance(parameter := self.peek(), ParameterToken):
            self.skip()
            last = parameter
            flag = next((flag for flag in _SWITCH_FLAGS if flag.startswith(parameter.name.lower())), None)
            if flag is None or flag in ("parallel", "file"):
                raise UnsupportedSyntax(f"switch -{parameter.name.title()}", parameter.extent)
            flags -= {"regex", "wildcard", "exact"} if flag != "casesensitive" else set()
            flags.add(flag)
        return frozenset(flags), last

    def _switch_clause(
        self, brace: Token, before: Token | ast.StatementBlockAst
    ) -> tuple[ast.ExpressionAst, ast.StatementBlockAst]:
        token = self.peek()
        condition: ast.ExpressionAst | None
        if token.kind == "default":
            self.skip()
            condition = ast.StringConstantExpressionAst(extent=token.extent, value=token.text)
        elif token.kind == tokens.END_OF_INPUT and before is not brace:
            self.fail(brace, "MissingEndCurlyBrace", seen=token)
        else:
            condition = self.single_command_argument(ArgumentContext.SWITCH_CONDITION)
        if condition is None:
            self.fail(self.after(before), "MissingSwitchConditionExpression")
        body = self.statement_block()
        if body is None:
            self.fail(self.after(condition), "MissingSwitchStatementClause")
        return condition, body
