"""Type names and attributes: ``[int]``, ``[a.b[c, d[]]]``, ``[Parameter(Mandatory, Position = 0)]``."""

from __future__ import annotations

from abc import abstractmethod

from powershell.parsing import tokens
from powershell.parsing.token_stream import ErrorExpressionAst, Placed, TokenStream
from powershell.parsing.tokens import Mode, Token
from powershell.syntax import (
    ArrayTypeName,
    AttributeAst,
    AttributeBaseAst,
    ConstantExpressionAst,
    ExpressionAst,
    Extent,
    GenericTypeName,
    NamedAttributeArgumentAst,
    StringConstantExpressionAst,
    StringConstantType,
    TypeConstraintAst,
    TypeName,
    TypeNameBase,
    UnsupportedSyntax,
)

_ERROR_TYPE = ":ErrorTypeName:"


class TypeNameRules(TokenStream):
    """``commas_disabled``: a comma separates arguments here and makes no array."""

    commas_disabled = False

    @abstractmethod
    def expression(self) -> ExpressionAst | None: ...

    def without_commas(self, *, disabled: bool) -> bool:
        """Sets whether commas are disabled and says whether they were."""
        outer = self.commas_disabled
        self.commas_disabled = disabled
        return outer

    def simple_name(self) -> StringConstantExpressionAst | None:
        self.lexer.simple_name = True
        token = self.peek()
        self.lexer.simple_name = False
        if token.kind != tokens.IDENTIFIER:
            return None
        self.skip()
        return StringConstantExpressionAst(
            extent=token.extent, value=token.text, string_constant_type=StringConstantType.BARE_WORD
        )

    # --- attributes -------------------------------------------------------------------------------------------------

    def attribute_list(self, *, in_expression: bool) -> list[AttributeBaseAst]:
        attributes: list[AttributeBaseAst] = []
        while (attribute := self.attribute()) is not None:
            attributes.append(attribute)
            if not in_expression or isinstance(attribute, AttributeAst):
                self.skip_newlines()
        return attributes

    def attribute(self) -> AttributeBaseAst | None:
        opening = self.attribute_start()
        if opening is None:
            return None
        self.skip_newlines()
        type_name = self.in_mode(Mode.TYPE_NAME, self._type_name)
        if type_name is None:
            self.resync(opening)
            self.report_incomplete(self.after(opening), "MissingTypename")
            return None
        following = self.next()
        if following.kind == "(":
            return self._attribute_with_arguments(opening, type_name, following)
        end: Placed = following
        if following.kind != "]":
            self.unget(following)
            self.report(self.before(following), "EndSquareBracketExpectedAtEndOfAttribute")
            end = type_name
        return TypeConstraintAst(extent=self.span(opening, end), type_name=type_name)

    def _attribute_with_arguments(self, opening: Token, type_name: TypeNameBase, parenthesis: Token) -> AttributeAst:
        self.skip_newlines()
        positional: list[ExpressionAst] = []
        named: list[NamedAttributeArgumentAst] = []
        arguments_end = self.in_mode(
            Mode.EXPRESSION, lambda: self._attribute_arguments(positional, named, parenthesis.extent)
        )
        end: Placed = arguments_end
        self.skip_newlines()
        closing_parenthesis = self.next()
        if closing_parenthesis.kind == ")":
            end = closing_parenthesis
        else:
            self.unget(closing_parenthesis)
            self.report_incomplete(self.after(arguments_end), "MissingEndParenthesisInExpression")
        self.skip_newlines()
        closing = self.next()
        if closing.kind == "]":
            end = closing
        else:
            self.unget(closing)
            if closing_parenthesis.kind == ")":
                self.report_incomplete(self.after(closing_parenthesis), "EndSquareBracketExpectedAtEndOfAttribute")
        return AttributeAst(
            extent=self.span(opening, end),
            type_name=type_name,
            positional_arguments=tuple(positional),
            named_arguments=tuple(named),
        )

    def _attribute_arguments(
        self, positional: list[ExpressionAst], named: list[NamedAttributeArgumentAst], end: Extent
    ) -> Extent:
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
                end = self.after(comma)
                self.report_incomplete(end, "MissingExpressionAfterToken", ",")
                positional.append(ErrorExpressionAst(extent=end))
            self.skip_newlines()
            comma = self.peek()
            if comma.kind != ",":
                break
            end = comma.extent
            self.skip()
        self.commas_disabled = outer
        return end

    def _named_argument(
        self, name: StringConstantExpressionAst, named: list[NamedAttributeArgumentAst]
    ) -> ExpressionAst | None:
        """Adds the argument called ``name``; returns its value, None where it is omitted."""
        value = self._named_argument_value()
        argument = value or ConstantExpressionAst(extent=name.extent, value=True)
        named.append(
            NamedAttributeArgumentAst(
                extent=self.span(name, argument),
                argument_name=name.value,
                argument=argument,
                expression_omitted=value is None,
            )
        )
        return value

    def _named_argument_value(self) -> ExpressionAst | None:
        equals = self.peek()
        if equals.kind != "=":
            return None
        self.skip()
        self.skip_newlines()
        argument = self.expression()
        if argument is None:
            where = self.after(equals)
            self.report_incomplete(where, "MissingExpressionInNamedArgument")
            argument = ErrorExpressionAst(extent=where)
            self.skip_to(",", ")", "]", tokens.NEW_LINE, consume=True)
        return argument

    # --- type names -------------------------------------------------------------------------------------------------

    def _type_name(self) -> TypeNameBase | None:
        name = self.next()
        if name.kind != tokens.IDENTIFIER:
            self.unget(name)
            return None
        return self._rest_of_type_name(name)

    def _rest_of_type_name(self, name: Token, *, unbracketed: bool = False) -> TypeNameBase:
        """``unbracketed``: an argument of a generic type, where a comma leads to the next argument."""
        token = self.peek()
        simple = TypeName(name.extent, name.text)
        if token.kind == "[":
            self.skip()
            self.skip_newlines()
            return self._bracketed_type_name(simple, token, unbracketed=unbracketed)
        if token.kind == "," and not unbracketed:
            raise UnsupportedSyntax("a type with its assembly", token.extent)
        return simple

    def _bracketed_type_name(self, name: TypeName, bracket: Token, *, unbracketed: bool) -> TypeNameBase:
        token = self.next()
        if token.kind in ("]", ","):
            return self._array_type_name(name, token, unbracketed=unbracketed)
        if token.kind in ("[", tokens.IDENTIFIER):
            return self._generic_type_name(name, token, unbracketed=unbracketed)
        if token.kind == tokens.END_OF_INPUT:
            self.unget(token)
            self.report_incomplete(self.after(bracket), "MissingTypename")
        else:
            self.report(token, "UnexpectedToken", token.text)
            self.skip_to("]", consume=True)
        return name

    def _generic_type_name(self, name: TypeName, first: Token, *, unbracketed: bool) -> TypeNameBase:
        arguments, closing = self.generic_arguments(first)
        end: Placed = closing
        if closing.kind != "]":
            self.unget(closing)
            self.report_incomplete(self.before(closing), "EndSquareBracketExpectedAtEndOfAttribute")
            end = arguments[-1]
        generic = GenericTypeName(self.span(name, end), name, tuple(arguments))
        token = self.peek()
        if token.kind == "[":
            self.skip()
            return self._array_type_name(generic, self.next(), unbracketed=unbracketed)
        if token.kind == "," and not unbracketed:
            raise UnsupportedSyntax("a type with its assembly", token.extent)
        return generic

    def generic_arguments(self, first: Token) -> tuple[list[TypeNameBase], Token]:
        """The arguments and the token behind them."""
        arguments = [self._generic_argument(first)]
        while True:
            self.skip_newlines()
            last = self.next()
            if last.kind != ",":
                return arguments, last
            self.skip_newlines()
            token = self.peek()
            if token.kind in (tokens.IDENTIFIER, "["):
                self.skip()
                arguments.append(self._generic_argument(token))
            else:
                self.report_incomplete(self.after(last), "MissingTypename")
                arguments.append(TypeName(last.extent, _ERROR_TYPE))

    def _generic_argument(self, first: Token) -> TypeNameBase:
        if first.kind == tokens.IDENTIFIER:
            return self._rest_of_type_name(first, unbracketed=True)
        token = self.next()
        if token.kind != tokens.IDENTIFIER:
            self.unget(token)
            self.report_incomplete(self.after(token), "MissingTypename")
            return TypeName(first.extent, _ERROR_TYPE)
        name = self._rest_of_type_name(token)
        closing = self.next()
        if closing.kind != "]":
            self.unget(closing)
            self.report_incomplete(self.before(closing), "EndSquareBracketExpectedAtEndOfType")
        return name

    def _array_type_name(self, element: TypeNameBase, first: Token, *, unbracketed: bool) -> TypeNameBase:
        while True:
            element = self._array_dimensions(element, first)
            token = self.peek()
            if token.kind == "," and not unbracketed:
                raise UnsupportedSyntax("a type with its assembly", token.extent)
            if token.kind != "[":
                return element
            self.skip()
            first = self.next()

    def _array_dimensions(self, element: TypeNameBase, first: Token) -> TypeNameBase:
        if first.kind == "]":
            return ArrayTypeName(self.span(element, first), element, 1)
        if first.kind == tokens.END_OF_INPUT:
            self.unget(first)
            self.report(self.before(first), "EndSquareBracketExpectedAtEndOfAttribute")
            return element
        if first.kind != ",":
            self.report(first, "UnexpectedToken", first.text)
            self.skip_to("]", consume=True)
            return element
        rank, token, last_comma = 1, first, first
        while token.kind == ",":
            rank, last_comma, token = rank + 1, token, self.next()
        if rank > 32:
            if token.kind != "]":
                self.unget(token)
            self.report(self.span(first, last_comma), "ArrayHasTooManyDimensions", rank)
            return element
        if token.kind != "]":
            self.unget(token)
            self.report(self.after(last_comma), "EndSquareBracketExpectedAtEndOfAttribute")
        return ArrayTypeName(self.span(element, token), element, rank)
