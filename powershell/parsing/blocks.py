"""Blocks: script blocks, param blocks, named blocks, statement blocks, functions."""

from __future__ import annotations

from powershell.parsing import tokens
from powershell.parsing.commands import CommandRules
from powershell.parsing.token_stream import ErrorStatementAst, Placed
from powershell.parsing.tokens import Mode, StringToken, Token, VariableToken
from powershell.syntax import (
    AttributeAst,
    AttributeBaseAst,
    ExpressionAst,
    Extent,
    FunctionDefinitionAst,
    NamedBlockAst,
    ParamBlockAst,
    ParameterAst,
    ScriptBlockAst,
    StatementAst,
    StatementBlockAst,
    TrapStatementAst,
    UnsupportedSyntax,
    VariableExpressionAst,
    VariablePath,
)

_NO_FUNCTION_NAME = frozenset(
    {
        *("|", "(", "{", "@(", "@{", "}", ")", ";", "&&", "||", "&"),
        *(tokens.END_OF_INPUT, tokens.REDIRECTION, tokens.INPUT_REDIRECTION),
        *(tokens.VARIABLE, tokens.SPLATTED_VARIABLE, tokens.STRING_LITERAL, tokens.STRING_EXPANDABLE),
        *(tokens.HERE_STRING_LITERAL, tokens.HERE_STRING_EXPANDABLE),
    }
)


class BlockRules(CommandRules):
    # --- script blocks ----------------------------------------------------------------------------------------------

    def script_block(self, opening: Token | None, *, is_filter: bool) -> ScriptBlockAst:
        """``opening`` is the brace, None for the script itself."""
        self.skip_newlines()
        if opening is None:
            # PowerShell looks for using statements here, and reports first what is wrong with the first token.
            self.resync(self.peek())
        begin = self.restore_point()
        param_block = self._param_block()
        if param_block is None:
            self.resync(begin)
        self.skip_newlines_and_semicolons()
        if self.peek().kind in tokens.BLOCK_NAMES:
            return self._named_blocks(opening, param_block)
        return self._unnamed_block(opening, param_block, is_filter=is_filter)

    def _unnamed_block(
        self, opening: Token | None, param_block: ParamBlockAst | None, *, is_filter: bool
    ) -> ScriptBlockAst:
        statements: list[StatementAst] = []
        traps: list[TrapStatementAst] = []
        body = param_block.extent if param_block is not None else None
        while True:
            inside = self.statement_list(statements, traps)
            if inside is not None:
                body = inside if body is None else self.span(body, inside)
            complete, body, whole = self._end_of_body(opening, body)
            if complete:
                break
        block = NamedBlockAst(
            extent=body or self.empty_extent,
            block_kind="process" if is_filter else "end",
            unnamed=True,
            statements=tuple(statements),
            traps=tuple(traps),
        )
        return ScriptBlockAst(
            extent=whole,
            param_block=param_block,
            process_block=block if is_filter else None,
            end_block=None if is_filter else block,
        )

    def _end_of_body(self, opening: Token | None, body: Extent | None) -> tuple[bool, Extent | None, Extent]:
        """Whether this is the end, the extent of what is in the block, and that of the block."""
        closing = self.next()
        if opening is None:
            if closing.kind == tokens.END_OF_INPUT:
                return True, body, self.lexer.whole_extent()
            self.report(closing, "UnexpectedToken", closing.text)
            return False, body, self.lexer.whole_extent()
        if closing.kind != "}":
            self.unget(closing)
            self.report_incomplete(opening, "MissingEndCurlyBrace", seen=closing)
            return True, body, self.span(opening, body or opening)
        if body is None and opening.extent.end_column != closing.extent.start_column:
            body = self.span(self.after(opening), self.before(closing))
        return True, body, self.span(opening, closing)

    def _named_blocks(self, opening: Token | None, param_block: ParamBlockAst | None) -> ScriptBlockAst:
        blocks: dict[str, NamedBlockAst] = {}
        start: Placed | None = opening or param_block
        end: Extent | None = None
        while True:
            name = self.next()
            if name.kind not in tokens.BLOCK_NAMES:
                break
            start = start or name
            end = name.extent
            block = self.statement_block()
            if block is None:
                self.report_incomplete(self.after(name), "MissingNamedStatementBlock", name.kind)
                block = StatementBlockAst(extent=name.extent, statements=())
            end = block.extent
            extent = self.span(name, end)
            if name.kind in blocks:
                self.report(extent, "DuplicateScriptCommandClause", name.kind)
            else:
                blocks[name.kind] = NamedBlockAst(
                    extent=extent, block_kind=name.kind, unnamed=False, statements=block.statements, traps=block.traps
                )
            self.skip_newlines_and_semicolons()
        whole = self._end_of_named_blocks(opening, name, self.span(start or name, end or name))
        return ScriptBlockAst(
            extent=whole,
            param_block=param_block,
            dynamic_param_block=blocks.get("dynamicparam"),
            begin_block=blocks.get("begin"),
            process_block=blocks.get("process"),
            end_block=blocks.get("end"),
            clean_block=blocks.get("clean"),
        )

    def _end_of_named_blocks(self, opening: Token | None, following: Token, body: Extent) -> Extent:
        if following.kind in ("}", tokens.END_OF_INPUT):
            self.unget(following)
            return self._end_of_body(opening, body)[2]
        if opening is not None:
            self.unget(following)
        words = "MissingNamedBlocksOfWindows" if self.dialect.windows else "MissingNamedBlocks"
        self.report(following, "MissingNamedBlocks", following.text, words=words)
        return body if opening is not None else self.lexer.whole_extent()

    # --- statement blocks -------------------------------------------------------------------------------------------

    def statement_block(self) -> StatementBlockAst | None:
        self.skip_newlines()
        opening = self.next()
        if opening.kind != "{":
            self.unget(opening)
            return None
        statements: list[StatementAst] = []
        traps: list[TrapStatementAst] = []
        inside = self.statement_list(statements, traps)
        closing = self.next()
        end: Placed = closing
        if closing.kind != "}":
            self.unget(closing)
            self.report_incomplete(opening, "MissingEndCurlyBrace", seen=closing)
            end = inside or opening
        return StatementBlockAst(extent=self.span(opening, end), statements=tuple(statements), traps=tuple(traps))

    def statement_list(self, statements: list[StatementAst], traps: list[TrapStatementAst]) -> Extent | None:
        """Adds to both lists; returns the extent of what was added."""
        first: StatementAst | None = None
        last: StatementAst | None = None
        self.skip_newlines_and_semicolons()
        while (statement := self.statement()) is not None:
            if isinstance(statement, TrapStatementAst):
                traps.append(statement)
            else:
                statements.append(statement)
            first = first or statement
            last = statement
            self.skip_newlines_and_semicolons()
            if self.peek().kind in (")", "}"):
                break
        return None if first is None or last is None else self.span(first, last)

    # --- parameters -------------------------------------------------------------------------------------------------

    def _param_block(self) -> ParamBlockAst | None:
        self.skip_newlines()
        candidates = self.attribute_list(in_expression=False)
        self.skip_newlines()
        param = self.peek()
        if param.kind != "param":
            return None
        self.skip()
        self.skip_newlines()
        opening = self.next()
        if opening.kind != "(":
            self.unget(opening)
            return None
        parameters = self._parameter_list()
        self.skip_newlines()
        closing = self.next()
        end = closing.extent
        if closing.kind != ")":
            self.unget(closing)
            end = self.before(closing)
            last = parameters[-1] if parameters else opening
            self.report_incomplete(self.after(last), "MissingEndParenthesisInFunctionParameterList")
        attributes: list[AttributeBaseAst] = []
        for candidate in candidates:
            if isinstance(candidate, AttributeAst):
                attributes.append(candidate)
            else:
                self.report(candidate, "TypeNotAllowedBeforeParam", candidate.type_name.name)
        return ParamBlockAst(extent=self.span(param, end), attributes=tuple(attributes), parameters=tuple(parameters))

    def _parameter_list(self) -> list[ParameterAst]:
        parameters: list[ParameterAst] = []
        comma: Token | None = None
        while True:
            parameter = self._parameter_declaration()
            if parameter is None:
                if comma is not None:
                    self.report_incomplete(self.after(comma), "MissingExpressionAfterToken", ",")
                return parameters
            parameters.append(parameter)
            self.skip_newlines()
            comma = self.peek()
            if comma.kind != ",":
                return parameters
            self.skip()

    def _parameter_declaration(self) -> ParameterAst | None:
        outer = self.without_commas(disabled=True)
        parameter = self.in_mode(Mode.EXPRESSION, self._parameter_in_expression)
        self.commas_disabled = outer
        return parameter

    def _parameter_in_expression(self) -> ParameterAst | None:
        self.skip_newlines()
        attributes = tuple(self.attribute_list(in_expression=False))
        self.skip_newlines()
        token = self.next()
        if not isinstance(token, VariableToken):
            self.unget(token)
            return self._parameter_without_name(attributes) if attributes else None
        name = VariableExpressionAst(
            extent=token.extent, variable_path=token.path, splatted=token.kind == tokens.SPLATTED_VARIABLE
        )
        default = self._parameter_default()
        return ParameterAst(
            extent=self.span(attributes[0] if attributes else token, default or token),
            attributes=attributes,
            name=name,
            default_value=default,
        )

    def _parameter_without_name(self, attributes: tuple[AttributeBaseAst, ...]) -> ParameterAst:
        self.report_incomplete(self.after(attributes[-1]), "InvalidFunctionParameter")
        self.skip_to(")", consume=True)
        extent = self.span(attributes[0], attributes[-1])
        name = VariableExpressionAst(extent=extent, variable_path=VariablePath.of("__error__"))
        return ParameterAst(extent=extent, attributes=attributes, name=name)

    def _parameter_default(self) -> ExpressionAst | None:
        self.skip_newlines()
        equals = self.peek()
        if equals.kind != "=":
            return None
        self.skip()
        self.skip_newlines()
        default = self.expression()
        if default is None:
            self.report_incomplete(self.after(equals), "MissingExpressionAfterToken", "=")
        return default

    # --- functions --------------------------------------------------------------------------------------------------

    def function_definition(self, keyword: Token) -> StatementAst:
        if keyword.kind == "workflow":
            raise UnsupportedSyntax("a workflow", keyword.extent)
        self.skip_newlines()
        name = self.next()
        if name.kind in _NO_FUNCTION_NAME:
            self.unget(name)
            self.report_incomplete(self.after(keyword), "MissingNameAfterKeyword", keyword.text)
            return ErrorStatementAst(extent=keyword.extent)
        parameters, end, broken = self._function_parameters(name)
        opening = self.next()
        if opening.kind != "{":
            self.unget(opening)
            if not broken:
                broken = True
                self.report_incomplete(self.after(end), "MissingFunctionBody")
        if broken:
            return ErrorStatementAst(extent=self.span(keyword, end), nested=parameters or ())
        is_filter = keyword.kind == "filter"
        body = self.script_block(opening, is_filter=is_filter)
        return FunctionDefinitionAst(
            extent=self.span(keyword, body),
            name=name.value if isinstance(name, StringToken) else name.text,
            is_filter=is_filter,
            parameters=parameters or None,
            body=body,
        )

    def _function_parameters(self, name: Token) -> tuple[tuple[ParameterAst, ...] | None, Placed, bool]:
        """The parameters, None without parentheses; where the declaration ends so far; whether it is broken."""
        self.skip_newlines()
        opening = self.peek()
        if opening.kind != "(":
            return None, name, False
        self.skip()
        parameters = tuple(self._parameter_list())
        self.skip_newlines()
        closing = self.next()
        if closing.kind == ")":
            self.skip_newlines()
            return parameters, closing, False
        self.unget(closing)
        end = parameters[-1] if parameters else opening
        self.report_incomplete(self.after(end), "MissingEndParenthesisInFunctionParameterList")
        self.skip_newlines()
        return parameters, end, True
