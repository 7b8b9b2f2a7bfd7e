"""Expressions: operators by precedence, signs, casts."""

from __future__ import annotations

from powershell import syntax as ast
from powershell.parsing import tokens
from powershell.parsing.primaries import PrimaryRules
from powershell.parsing.tokens import Mode, ParameterToken, Token
from powershell.syntax import UnsupportedSyntax


class ExpressionRules(PrimaryRules):
    # --- operators --------------------------------------------------------------------------------------------------

    def expression(self) -> ast.ExpressionAst | None:
        outer = self.lexer.mode
        self.set_mode(Mode.EXPRESSION)
        found = self._binary()
        if found is not None and (following := self.peek()).kind in ("?", "??", "??="):
            raise UnsupportedSyntax(f"{following.kind} behind a value", following.extent)
        self.set_mode(outer)
        return found

    def _binary(self) -> ast.ExpressionAst | None:
        first = self._array_literal()
        if first is None:
            return None
        operator = self.peek()
        if operator.kind in tokens.BINARY_PRECEDENCE:
            self.skip()
            first = self._binary_operands(first, operator)
            operator = self.peek()
        if isinstance(operator, ParameterToken):
            self.report(operator, "UnexpectedToken", operator.text)
            self.skip()
        return first

    def _binary_operands(self, first: ast.ExpressionAst, operator: Token) -> ast.ExpressionAst:
        """All operands and operators of one run, the tighter ones combined first."""
        precedences = tokens.BINARY_PRECEDENCE
        operands, operators = [first], [operator]

        def combine() -> None:
            right, left, between = operands.pop(), operands.pop(), operators.pop()
            operands.append(
                ast.BinaryExpressionAst(
                    extent=self.span(left, right),
                    left=left,
                    operator=between.kind,
                    right=right,
                    error_position=between.extent,
                )
            )

        while True:
            self.skip_newlines()
            operand = self._array_literal()
            if operand is None:
                self.fail(self.after(operator), "ExpectedValueExpression", operator.text)
            operands.append(operand)
            operator = self.next()
            if operator.kind not in precedences:
                self.unget(operator)
                break
            while operators and precedences[operator.kind] <= precedences[operators[-1].kind]:
                combine()
            operators.append(operator)
        while operators:
            combine()
        return operands[0]

    def _array_literal(self) -> ast.ExpressionAst | None:
        first = self.unary()
        if first is None:
            return None
        comma = self.peek()
        if comma.kind != "," or self.commas_disabled:
            return first
        elements = [first]
        while comma.kind == ",":
            self.skip()
            self.skip_newlines()
            element = self.unary()
            if element is None:
                self.fail(self.after(comma), "MissingExpressionAfterToken", comma.text)
            elements.append(element)
            comma = self.peek()
        return ast.ArrayLiteralAst(extent=self.span(first, elements[-1]), elements=tuple(elements))

    def unary(self) -> ast.ExpressionAst | None:
        token = self._operand_token()
        expression: ast.ExpressionAst | None
        if token.kind in tokens.UNARY_OPERATORS:
            if self.commas_disabled and token.kind == ",":
                return None
            expression = self._prefixed(token)
        elif token.kind == "[":
            attributes = self.attribute_list(in_expression=True)
            if not attributes:
                return None
            expression = self._bracketed(attributes)
        else:
            expression = self.primary(member_access=True)
        return expression if expression is None else self._postfixed(expression)

    def _operand_token(self) -> Token:
        """The next token, with a sign taken into its number."""
        if self._ungot is not None and self._ungot.kind == "-":
            self.resync(self._ungot)
        outer = self.lexer.signed_numbers
        self.lexer.signed_numbers = True
        token = self.peek()
        self.lexer.signed_numbers = outer
        return token

    def _prefixed(self, operator: Token) -> ast.ExpressionAst:
        self.skip()
        self.skip_newlines()
        child = self.unary()
        if child is None:
            self.fail(self.after(operator), "MissingExpressionAfterOperator", operator.text)
        extent = self.span(operator, child)
        if operator.kind == ",":
            return ast.ArrayLiteralAst(extent=extent, elements=(child,))
        return ast.UnaryExpressionAst(extent=extent, operator=operator.kind, child=child)

    def _postfixed(self, expression: ast.ExpressionAst) -> ast.ExpressionAst:
        token = self.peek()
        if token.kind not in ("++", "--"):
            return expression
        self.skip()
        return ast.UnaryExpressionAst(
            extent=self.span(expression, token), operator=f"postfix{token.kind}", child=expression
        )

    # --- casts and types --------------------------------------------------------------------------------------------

    def _bracketed(self, attributes: list[ast.AttributeBaseAst]) -> ast.ExpressionAst:
        """What follows ``[int]`` or several of these."""
        attribute = next((each for each in attributes if isinstance(each, ast.AttributeAst)), None)
        if attribute is not None:
            raise UnsupportedSyntax("an attribute on an expression", attribute.extent)
        expression = self._after_type(attributes[-1])
        for constraint in reversed(attributes[:-1]):
            expression = self._converted(constraint, expression)
        return expression

    def _converted(self, constraint: ast.AttributeBaseAst, child: ast.ExpressionAst) -> ast.ConvertExpressionAst:
        return ast.ConvertExpressionAst(extent=self.span(constraint, child), attribute=constraint, child=child)

    def _after_type(self, constraint: ast.AttributeBaseAst) -> ast.ExpressionAst:
        """``[int]::MaxValue``, ``[int]$x`` or ``[int]`` alone."""
        type_expression = ast.TypeExpressionAst(extent=constraint.extent, type_name=constraint.type_name)
        operator = self.member_access_operator(bracket=False)
        if operator is not None:
            return self.members(operator, type_expression)
        if self.peek().kind not in (tokens.NEW_LINE, ","):
            child = self.unary()
            if child is not None:
                return self._converted(constraint, child)
        return type_expression
