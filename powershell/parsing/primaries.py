"""Primary expressions and what hangs on them: literals, strings, parentheses, hashtables, members, indexes."""

from __future__ import annotations

from abc import abstractmethod

from powershell import syntax as ast
from powershell.parsing import tokens
from powershell.parsing.tokens import ArgumentContext, Mode, NumberToken, StringPart, StringToken, Token, VariableToken
from powershell.parsing.type_names import TypeNameRules
from powershell.syntax import UnsupportedSyntax


class PrimaryRules(TypeNameRules):
    @abstractmethod
    def statement(self) -> ast.StatementAst | None: ...

    @abstractmethod
    def statement_list(self, statements: list[ast.StatementAst]) -> ast.Extent | None: ...

    @abstractmethod
    def script_block(self, opening: Token | None) -> ast.ScriptBlockAst: ...

    @abstractmethod
    def pipeline_chain(self) -> ast.StatementAst | None: ...

    @abstractmethod
    def single_command_argument(self, context: ArgumentContext) -> ast.ExpressionAst | None: ...

    @abstractmethod
    def unary(self) -> ast.ExpressionAst | None: ...

    # --- primary expressions ----------------------------------------------------------------------------------------

    def primary(self, *, member_access: bool) -> ast.ExpressionAst | None:
        token = self.next()
        expression: ast.ExpressionAst
        if isinstance(token, VariableToken):
            expression = self._variable(token)
        elif isinstance(token, NumberToken):
            expression = ast.ConstantExpressionAst(extent=token.extent, value=token.value)
        elif isinstance(token, StringToken) and token.kind != tokens.GENERIC:
            expression = self.string(token)
        elif token.kind == "(":
            expression = self._parenthesized(token)
        elif token.kind in ("@(", "$("):
            expression = self._subexpression(token)
        elif token.kind == "@{":
            expression = self._hashtable(token)
        elif token.kind == "{":
            expression = self.script_block_expression(token)
        else:
            self.unget(token)
            return None
        return self.members(self.member_access_operator(bracket=True), expression) if member_access else expression

    def _variable(self, token: VariableToken) -> ast.ExpressionAst:
        if (token.path.qualifier or "").lower() == "using":
            raise UnsupportedSyntax("$using:", token.extent)
        return ast.VariableExpressionAst(
            extent=token.extent, variable_path=token.path, splatted=token.kind == tokens.SPLATTED_VARIABLE
        )

    def string(self, token: StringToken) -> ast.ExpressionAst:
        if token.parts is None:
            return ast.StringConstantExpressionAst(extent=token.extent, value=token.value)
        parts = tuple(self._string_part(part) for part in token.parts)
        return ast.ExpandableStringExpressionAst(extent=token.extent, parts=parts)

    def _string_part(self, part: StringPart) -> str | ast.ExpressionAst:
        if isinstance(part, str):
            return part
        if isinstance(part, VariableToken):
            return self._variable(part)
        expression = self.in_nested_text(part, lambda: self.primary(member_access=True))
        assert expression is not None, "the text begins with $("
        return expression

    def script_block_expression(self, opening: Token) -> ast.ScriptBlockExpressionAst:
        outer = self.without_commas(disabled=False)

        def block() -> ast.ScriptBlockAst:
            self.skip_newlines()
            return self.script_block(opening)

        script_block = self.in_mode(Mode.COMMAND, block)
        self.commas_disabled = outer
        return ast.ScriptBlockExpressionAst(extent=script_block.extent, script_block=script_block)

    def _subexpression(self, opening: Token) -> ast.ExpressionAst:
        outer = self.without_commas(disabled=False)
        outer_mode = self.lexer.mode
        self.set_mode(Mode.COMMAND)
        statements: list[ast.StatementAst] = []
        self.skip_newlines()
        inside = self.statement_list(statements)
        self.skip_newlines()
        closing = self.next()
        if closing.kind != ")":
            self.fail(closing, "MissingEndParenthesisInSubexpression")
        self.set_mode(outer_mode)
        self.commas_disabled = outer
        extent = self.span(opening, closing)
        block = ast.StatementBlockAst(extent=inside or self.empty_extent, statements=tuple(statements))
        if opening.kind == "$(":
            return ast.SubExpressionAst(extent=extent, sub_expression=block)
        return ast.ArrayExpressionAst(extent=extent, sub_expression=block)

    def _parenthesized(self, opening: Token) -> ast.ExpressionAst:
        outer = self.without_commas(disabled=False)
        outer_mode = self.lexer.mode
        self.set_mode(Mode.COMMAND)
        self.skip_newlines()
        pipeline = self.pipeline_chain()
        if pipeline is None:
            self.fail(self.after(opening), "ExpectedExpression")
        self.skip_newlines()
        closing = self.expected(")", pipeline, "MissingEndParenthesisInExpression")
        self.set_mode(outer_mode)
        self.commas_disabled = outer
        return ast.ParenExpressionAst(extent=self.span(opening, closing), pipeline=pipeline)

    # --- hashtables -------------------------------------------------------------------------------------------------

    def _hashtable(self, opening: Token) -> ast.ExpressionAst:
        self.skip_newlines()
        pairs: list[tuple[ast.ExpressionAst, ast.StatementAst]] = []
        while (pair := self._key_value_pair()) is not None:
            pairs.append(pair)
            if self.peek().kind not in (tokens.NEW_LINE, ";"):
                break
            self.skip_newlines_and_semicolons()
        closing = self.next()
        if closing.kind != "}":
            self.fail(self.after(opening), "MissingEndCurlyBrace", seen=closing)
        return ast.HashtableAst(extent=self.span(opening, closing), key_value_pairs=tuple(pairs))

    def _key(self) -> ast.ExpressionAst | None:
        name = self.simple_name()
        if name is not None:
            return name
        if self.peek().kind in (tokens.NEW_LINE, ";"):
            return None
        outer = self.without_commas(disabled=True)
        key = self.unary()
        self.commas_disabled = outer
        return key

    def _key_value_pair(self) -> tuple[ast.ExpressionAst, ast.StatementAst] | None:
        outer_mode = self.lexer.mode
        self.set_mode(Mode.EXPRESSION)
        key = self._key()
        equals = self.next() if key is not None else None
        self.set_mode(outer_mode)
        if key is None or equals is None:
            return None
        if equals.kind != "=":
            self.faults.fail(self.after(key), "MissingEqualsInHashLiteral")
        self.set_mode(Mode.COMMAND)
        self.skip_newlines()
        statement = self.statement()
        if statement is None:
            self.fail(self.after(equals), "MissingStatementInHashLiteral")
        self.set_mode(outer_mode)
        return key, statement

    # --- members and indexes ----------------------------------------------------------------------------------------

    def members(self, operator: Token | None, expression: ast.ExpressionAst) -> ast.ExpressionAst:
        while operator is not None:
            self.skip_newlines()
            if operator.kind == "[":
                expression = self._index(expression, operator)
            else:
                expression = self._member(expression, operator)
            operator = self.member_access_operator(bracket=True)
        return expression

    def _member(self, target: ast.ExpressionAst, operator: Token) -> ast.ExpressionAst:
        member = self._member_name()
        if member is None:
            self.fail(self.after(operator), "MissingPropertyName")
        opening = self.invocation_start()
        if opening is not None:
            return self._invocation(target, operator, member, opening)
        return ast.MemberExpressionAst(
            extent=self.span(target, member), expression=target, member=member, static=operator.kind == "::"
        )

    def _member_name(self) -> ast.CommandElementAst | None:
        name = self.simple_name()
        if name is not None:
            return name
        token = self.peek()
        if token.kind in tokens.UNARY_OPERATORS or token.kind == "[":
            return self.unary()
        return self.primary(member_access=False)

    def _invocation(
        self, target: ast.ExpressionAst, operator: Token, member: ast.CommandElementAst, opening: Token
    ) -> ast.ExpressionAst:
        if opening.kind == "(":
            arguments, end = self._call_arguments(opening)
        else:
            self.skip_newlines()
            block = self.script_block_expression(opening)
            arguments, end = (block,), block.extent
        return ast.InvokeMemberExpressionAst(
            extent=self.span(target, end),
            expression=target,
            member=member,
            static=operator.kind == "::",
            arguments=arguments,
        )

    def _call_arguments(self, opening: Token) -> tuple[tuple[ast.ExpressionAst, ...], ast.Extent]:
        outer = self.without_commas(disabled=True)
        arguments: list[ast.ExpressionAst] = []
        comma: Token | None = None
        while True:
            self.skip_newlines()
            argument = self.expression()
            if argument is None:
                if comma is not None:
                    self.fail(self.after(comma), "MissingExpressionAfterToken", ",")
                break
            arguments.append(argument)
            self.skip_newlines()
            comma = self.peek()
            if comma.kind != ",":
                break
            self.skip()
        self.skip_newlines()
        closing = self.expected(")", arguments[-1] if arguments else opening, "MissingEndParenthesisInMethodCall")
        self.commas_disabled = outer
        return tuple(arguments), closing.extent

    def _index(self, target: ast.ExpressionAst, opening: Token) -> ast.ExpressionAst:
        self.skip_newlines()
        outer = self.without_commas(disabled=False)
        index = self.expression()
        self.commas_disabled = outer
        if index is None:
            self.fail(self.after(opening), "MissingArrayIndexExpression")
        self.skip_newlines()
        closing = self.expected("]", index, "MissingEndSquareBracket")
        return ast.IndexExpressionAst(extent=self.span(target, closing), target=target, index=index)
