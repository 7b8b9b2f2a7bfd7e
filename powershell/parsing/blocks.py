"""Blocks: script blocks, param blocks, named blocks, statement blocks, functions."""

from __future__ import annotations

from powershell import syntax as ast
from powershell.parsing import tokens
from powershell.parsing.commands import CommandRules
from powershell.parsing.token_stream import Placed
from powershell.parsing.tokens import Mode, StringToken, Token, VariableToken
from powershell.syntax import UnsupportedSyntax

_NO_FUNCTION_NAME = frozenset(
    {
        *("|", "(", "{", "@(", "@{", "}", ")", ";", "&&", "||", "&"),
        *(tokens.END_OF_INPUT, tokens.REDIRECTION),
        *(tokens.VARIABLE, tokens.SPLATTED_VARIABLE, tokens.STRING_LITERAL, tokens.STRING_EXPANDABLE),
        *(tokens.HERE_STRING_LITERAL, tokens.HERE_STRING_EXPANDABLE),
    }
)


class BlockRules(CommandRules):
    # --- script blocks ----------------------------------------------------------------------------------------------

    def script_block(self, opening: Token | None) -> ast.ScriptBlockAst:
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
        return self._unnamed_block(opening, param_block)

    def _unnamed_block(self, opening: Token | None, param_block: ast.ParamBlockAst | None) -> ast.ScriptBlockAst:
        statements: list[ast.StatementAst] = []
        body = param_block.extent if param_block is not None else None
        while True:
            inside = self.statement_list(statements)
            if inside is not None:
                body = inside if body is None else self.span(body, inside)
            complete, body, whole = self._end_of_body(opening, body)
            if complete:
                break
        block = ast.NamedBlockAst(
            extent=body or self.empty_extent, block_kind="end", unnamed=True, statements=tuple(statements)
        )
        return ast.ScriptBlockAst(extent=whole, param_block=param_block, end_block=block)

    def _end_of_body(
        self, opening: Token | None, body: ast.Extent | None
    ) -> tuple[bool, ast.Extent | None, ast.Extent]:
        """Whether this is the end, the extent of what is in the block, and that of the block."""
        closing = self.next()
        if opening is None:
            if closing.kind == tokens.END_OF_INPUT:
                return True, body, self.lexer.whole_extent()
            self.report(closing, "UnexpectedToken", closing.text)
            return False, body, self.lexer.whole_extent()
        if closing.kind != "}":
            self.fail(opening, "MissingEndCurlyBrace", seen=closing)
        if body is None and opening.extent.end_column != closing.extent.start_column:
            body = self.span(self.after(opening), self.before(closing))
        return True, body, self.span(opening, closing)

    def _named_blocks(self, opening: Token | None, param_block: ast.ParamBlockAst | None) -> ast.ScriptBlockAst:
        blocks: dict[str, ast.NamedBlockAst] = {}
        start: Placed | None = opening or param_block
        while True:
            name = self.next()
            if name.kind not in tokens.BLOCK_NAMES:
                break
            if name.kind in ("clean", "dynamicparam"):
                raise UnsupportedSyntax(f"a {name.kind} block", name.extent)
            start = start or name
            block = self.statement_block()
            if block is None:
                self.fail(self.after(name), "MissingNamedStatementBlock", name.kind)
            extent = self.span(name, block)
            if name.kind in blocks:
                self.report(extent, "DuplicateScriptCommandClause", name.kind)
            else:
                blocks[name.kind] = ast.NamedBlockAst(
                    extent=extent, block_kind=name.kind, unnamed=False, statements=block.statements
                )
            self.skip_newlines_and_semicolons()
        if name.kind not in ("}", tokens.END_OF_INPUT):
            raise UnsupportedSyntax(f"{name.text} beside named blocks", name.extent)
        self.unget(name)
        return ast.ScriptBlockAst(
            extent=self._end_of_body(opening, self.span(start or name, extent))[2],
            param_block=param_block,
            begin_block=blocks.get("begin"),
            process_block=blocks.get("process"),
            end_block=blocks.get("end"),
        )

    # --- statement blocks -------------------------------------------------------------------------------------------

    def statement_block(self) -> ast.StatementBlockAst | None:
        self.skip_newlines()
        opening = self.next()
        if opening.kind != "{":
            self.unget(opening)
            return None
        statements: list[ast.StatementAst] = []
        self.statement_list(statements)
        closing = self.next()
        if closing.kind != "}":
            self.fail(opening, "MissingEndCurlyBrace", seen=closing)
        return ast.StatementBlockAst(extent=self.span(opening, closing), statements=tuple(statements))

    def statement_list(self, statements: list[ast.StatementAst]) -> ast.Extent | None:
        """Adds to the list; returns the extent of what was added."""
        before = len(statements)
        self.skip_newlines_and_semicolons()
        while (statement := self.statement()) is not None:
            statements.append(statement)
            self.skip_newlines_and_semicolons()
            if self.peek().kind in (")", "}"):
                break
        added = statements[before:]
        return self.span(added[0], added[-1]) if added else None

    # --- parameters -------------------------------------------------------------------------------------------------

    def _param_block(self) -> ast.ParamBlockAst | None:
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
        last = parameters[-1] if parameters else opening
        closing = self.expected(")", last, "MissingEndParenthesisInFunctionParameterList")
        attributes: list[ast.AttributeBaseAst] = []
        for candidate in candidates:
            if isinstance(candidate, ast.AttributeAst):
                attributes.append(candidate)
            else:
                self.report(candidate, "TypeNotAllowedBeforeParam", candidate.type_name.name)
        return ast.ParamBlockAst(
            extent=self.span(param, closing), attributes=tuple(attributes), parameters=tuple(parameters)
        )

    def _parameter_list(self) -> list[ast.ParameterAst]:
        parameters: list[ast.ParameterAst] = []
        comma: Token | None = None
        while True:
            parameter = self._parameter_declaration()
            if parameter is None:
                if comma is not None:
                    self.fail(self.after(comma), "MissingExpressionAfterToken", ",")
                return parameters
            parameters.append(parameter)
            self.skip_newlines()
            comma = self.peek()
            if comma.kind != ",":
                return parameters
            self.skip()

    def _parameter_declaration(self) -> ast.ParameterAst | None:
        outer = self.without_commas(disabled=True)
        parameter = self.in_mode(Mode.EXPRESSION, self._parameter_in_expression)
        self.commas_disabled = outer
        return parameter

    def _parameter_in_expression(self) -> ast.ParameterAst | None:
        self.skip_newlines()
        attributes = tuple(self.attribute_list(in_expression=False))
        self.skip_newlines()
        token = self.next()
        if not isinstance(token, VariableToken):
            if attributes:
                self.fail(self.after(attributes[-1]), "InvalidFunctionParameter")
            self.unget(token)
            return None
        name = ast.VariableExpressionAst(
            extent=token.extent, variable_path=token.path, splatted=token.kind == tokens.SPLATTED_VARIABLE
        )
        default = self._parameter_default()
        return ast.ParameterAst(
            extent=self.span(attributes[0] if attributes else token, default or token),
            attributes=attributes,
            name=name,
            default_value=default,
        )

    def _parameter_default(self) -> ast.ExpressionAst | None:
        self.skip_newlines()
        equals = self.peek()
        if equals.kind != "=":
            return None
        self.skip()
        self.skip_newlines()
        default = self.expression()
        if default is None:
            self.fail(self.after(equals), "MissingExpressionAfterToken", "=")
        return default

    # --- functions --------------------------------------------------------------------------------------------------

    def function_definition(self, keyword: Token) -> ast.StatementAst:
        if keyword.kind != "function":
            raise UnsupportedSyntax(f"a {keyword.kind}", keyword.extent)
        self.skip_newlines()
        name = self.next()
        if name.kind in _NO_FUNCTION_NAME:
            self.fail(self.after(keyword), "MissingNameAfterKeyword", keyword.text)
        self.skip_newlines()
        parameters, end = self._function_parameters(name)
        body = self.script_block(self.expected("{", end, "MissingFunctionBody"))
        return ast.FunctionDefinitionAst(
            extent=self.span(keyword, body),
            name=name.value if isinstance(name, StringToken) else name.text,
            parameters=parameters or None,
            body=body,
        )

    def _function_parameters(self, name: Token) -> tuple[tuple[ast.ParameterAst, ...], Token]:
        """The parameters in parentheses behind the name, and the last token of the declaration so far."""
        opening = self.peek()
        if opening.kind != "(":
            return (), name
        self.skip()
        parameters = tuple(self._parameter_list())
        self.skip_newlines()
        last = parameters[-1] if parameters else opening
        closing = self.expected(")", last, "MissingEndParenthesisInFunctionParameterList")
        self.skip_newlines()
        return parameters, closing
