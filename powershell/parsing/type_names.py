"""Type names and attributes: ``[int]``, ``[string[]]``, ``[Parameter(Mandatory, Position = 0)]``."""

from __future__ import annotations

from abc import abstractmethod

from powershell import syntax as ast
from powershell.parsing import tokens
from powershell.parsing.token_stream import TokenStream
from powershell.parsing.tokens import Mode, Token
from powershell.syntax import UnsupportedSyntax


class TypeNameRules(TokenStream):
    """``commas_disabled``: a comma separates arguments here and makes no array."""

    commas_disabled = False

    @abstractmethod
    def expression(self) -> ast.ExpressionAst | None: ...

    def without_commas(self, *, disabled: bool) -> bool:
        """Sets whether commas are disabled and says whether they were."""
        outer = self.commas_disabled
        self.commas_disabled = disabled
        return outer

    def simple_name(self) -> ast.StringConstantExpressionAst | None:
        self.lexer.simple_name = True
        token = self.peek()
        self.lexer.simple_name = False
        if token.kind != tokens.IDENTIFIER:
            return None
        self.skip()
        return ast.StringConstantExpressionAst(extent=token.extent, value=token.text)

    # --- attributes -------------------------------------------------------------------------------------------------

    def attribute_list(self, *, in_expression: bool) -> list[ast.AttributeBaseAst]:
        attributes: list[ast.AttributeBaseAst] = []
        while (attribute := self.attribute()) is not None:
            attributes.append(attribute)
            if not in_expression or isinstance(attribute, ast.AttributeAst):
                self.skip_newlines()
        return attributes

    def attribute(self) -> ast.AttributeBaseAst | None:
        opening = self.attribute_start()
        if opening is None:
            return None
        self.skip_newlines()
        type_name = self.in_mode(Mode.TYPE_NAME, self._type_name)
        if type_name is None:
            self.fail(self.after(opening), "MissingTypename")
        following = self.next()
        if following.kind == "(":
            return self._attribute_with_arguments(opening, type_name, following)
        if following.kind != "]":
            self.faults.fail(self.before(following), "EndSquareBracketExpectedAtEndOfAttribute")
        return ast.TypeConstraintAst(extent=self.span(opening, following), type_name=type_name)

    def _attribute_with_arguments(
        self, opening: Token, type_name: ast.TypeNameBase, parenthesis: Token
    ) -> ast.AttributeAst:
        self.skip_newlines()
        positional: list[ast.ExpressionAst] = []
        named: list[ast.NamedAttributeArgumentAst] = []
        arguments_end = self.in_mode(
            Mode.EXPRESSION, lambda: self._attribute_arguments(positional, named, parenthesis.extent)
        )
        self.skip_newlines()
        parenthesis = self.expected(")", arguments_end, "MissingEndParenthesisInExpression")
        self.skip_newlines()
        end = self.expected("]", parenthesis, "EndSquareBracketExpectedAtEndOfAttribute")
        return ast.AttributeAst(
            extent=self.span(opening, end),
            type_name=type_name,
            positional_arguments=tuple(positional),
            named_arguments=tuple(named),
        )

    def _attribute_arguments(
        self, positional: list[ast.ExpressionAst], named: list[ast.NamedAttributeArgumentAst], end: ast.Extent
    ) -> ast.Extent:
        """Adds to both lists; returns the extent of the last argument or comma."""
        outer = self.without_commas(disabled=True)
        comma: Token | None = None
        while True:
            self.skip_newlines()
            name = self.simple_name()
            if name is not None:
                argument = self._named_argument(name, named)
                end = end if argument is None else argument.extent
            elif (expression := self.expression()) is not None:
                positional.append(expression)
                end = expression.extent
            elif comma is not None:
                self.fail(self.after(comma), "MissingExpressionAfterToken", ",")
            self.skip_newlines()
            comma = self.peek()
            if comma.kind != ",":
                break
            end = comma.extent
            self.skip()
        self.commas_disabled = outer
        return end

    def _named_argument(
        self, name: ast.StringConstantExpressionAst, named: list[ast.NamedAttributeArgumentAst]
    ) -> ast.ExpressionAst | None:
        """Adds the argument called ``name``; returns its value, None where it is omitted."""
        value = self._named_argument_value()
        argument = value or ast.ConstantExpressionAst(extent=name.extent, value=True)
        named.append(
            ast.NamedAttributeArgumentAst(
                extent=self.span(name, argument),
                argument_name=name.value,
                argument=argument,
                expression_omitted=value is None,
            )
        )
        return value

    def _named_argument_value(self) -> ast.ExpressionAst | None:
        equals = self.peek()
        if equals.kind != "=":
            return None
        self.skip()
        self.skip_newlines()
        argument = self.expression()
        if argument is None:
            self.fail(self.after(equals), "MissingExpressionInNamedArgument")
        return argument

    # --- type names -------------------------------------------------------------------------------------------------

    def _type_name(self) -> ast.TypeNameBase | None:
        token = self.next()
        if token.kind != tokens.IDENTIFIER:
            return None
        name: ast.TypeNameBase = ast.TypeName(token.extent, token.text)
        while (bracket := self.peek()).kind == "[":
            self.skip()
            self.skip_newlines()
            name = self._array_type_name(name, bracket)
        if bracket.kind == ",":
            raise UnsupportedSyntax("a type with its assembly", bracket.extent)
        return name

    def _array_type_name(self, element: ast.TypeNameBase, bracket: Token) -> ast.ArrayTypeName:
        token = self.next()
        if token.kind == "]":
            return ast.ArrayTypeName(self.span(element, token), element)
        if token.kind in ("[", tokens.IDENTIFIER):
            raise UnsupportedSyntax("a generic type in brackets", bracket.extent)
        if token.kind == ",":
            raise UnsupportedSyntax("an array of several dimensions", bracket.extent)
        if token.kind == tokens.END_OF_INPUT:
            self.fail(self.after(bracket), "MissingTypename")
        raise UnsupportedSyntax(f"{token.text} in a type's name", token.extent)
