"""Commands and what joins them: arguments, parameters, redirections, pipelines, chains, assignments."""

from __future__ import annotations

from powershell import syntax as ast
from powershell.parsing import tokens
from powershell.parsing.expressions import ExpressionRules
from powershell.parsing.token_stream import Placed
from powershell.parsing.tokens import ArgumentContext, Mode, ParameterToken, RedirectionToken, StringToken, Token
from powershell.syntax import UnsupportedSyntax

_ENDS_ARGUMENT = frozenset(
    {*("|", "}", ")", ";", "&&", "||", "&", "--", ","), *(tokens.END_OF_INPUT, tokens.NEW_LINE, tokens.REDIRECTION)}
)
_PRIMARY = frozenset(
    {
        *(tokens.SPLATTED_VARIABLE, tokens.VARIABLE, tokens.NUMBER, tokens.STRING_LITERAL, tokens.STRING_EXPANDABLE),
        *(tokens.HERE_STRING_LITERAL, tokens.HERE_STRING_EXPANDABLE, "(", "$(", "@(", "@{", "{"),
    }
)
_ENDS_COMMAND = frozenset({"|", "}", ")", ";", "&&", "||", "&", tokens.END_OF_INPUT, tokens.NEW_LINE})
_ENDS_PIPELINE = frozenset({";", ")", "}", "&&", "||", "&", tokens.NEW_LINE, tokens.END_OF_INPUT})


class CommandRules(ExpressionRules):
    # --- chains and assignments -------------------------------------------------------------------------------------

    def pipeline_chain(self) -> ast.StatementAst | None:
        """An assignment, a pipeline, or pipelines joined by ``&&`` and ``||``."""
        outer_mode = self.lexer.mode
        self.set_mode(Mode.EXPRESSION)
        expression = self.expression()
        operator = self._assignment_operator() if expression is not None else None
        self.set_mode(outer_mode)
        if expression is not None and operator is not None:
            return self._assignment(expression, operator)
        return self._chain(expression)

    def _assignment_operator(self) -> Token | None:
        operator = self.peek()
        if operator.kind not in tokens.ASSIGNMENT_OPERATORS:
            return None
        self.skip()
        return operator

    def _assignment(self, left: ast.ExpressionAst, operator: Token) -> ast.AssignmentStatementAst:
        self.skip_newlines()
        right = self.statement()
        if right is None:
            self.fail(self.after(operator), "ExpectedValueExpression", operator.kind)
        return ast.AssignmentStatementAst(
            extent=self.span(left, right),
            left=left,
            operator=operator.kind,
            right=_without_pipeline(right),
            error_position=operator.extent,
        )

    def _chain(self, expression: ast.ExpressionAst | None) -> ast.StatementAst | None:
        pipeline = self._pipeline(expression)
        if pipeline is None:
            return None
        following = self.peek()
        if not self.dialect.windows and following.kind in ("&&", "||", "&"):
            raise UnsupportedSyntax(f"{following.kind} behind a pipeline", following.extent)
        if following.kind == "&":
            self.skip()
            self.report(following, "AmpersandNotAllowed")
        return pipeline

    # --- pipelines --------------------------------------------------------------------------------------------------

    def _pipeline(self, expression: ast.ExpressionAst | None) -> ast.PipelineAst | None:
        elements: list[ast.CommandBaseAst] = []
        pipe: Token | None = None
        while True:
            if expression is None:
                expression = self.expression()
            element: ast.CommandBaseAst | None
            if expression is not None:
                if elements:
                    self.report(expression, "ExpressionsMustBeFirstInPipeline")
                element = self._command_expression(expression)
            else:
                element = self.command()
            if element is not None:
                elements.append(element)
            elif pipe is not None:
                self.fail(self.after(pipe), "EmptyPipeElement")
            elif self.peek().kind == "|":
                self._begins_with_pipe(self.peek())
            expression = None
            pipe = self.peek()
            chained = pipe.kind in ("&&", "||") and self.dialect.windows
            if pipe.kind in _ENDS_PIPELINE and not chained:
                break
            if chained:
                self.report(pipe, "InvalidEndOfLine", pipe.text)
            elif pipe.kind != "|":
                self.report(pipe, "UnexpectedToken", pipe.text)
                break
            self.skip()
            self.skip_newlines()
        if not elements:
            return None
        return ast.PipelineAst(extent=self.span(elements[0], elements[-1]), pipeline_elements=tuple(elements))

    def _begins_with_pipe(self, pipe: Token) -> None:
        if not self.dialect.windows:
            raise UnsupportedSyntax("a line that begins with |", pipe.extent)
        self.report(pipe, "EmptyPipeElement")

    def _command_expression(self, expression: ast.ExpressionAst) -> ast.CommandExpressionAst:
        redirections: dict[ast.RedirectionStream, ast.RedirectionAst] = {}
        last: Placed = expression
        while isinstance(token := self.peek(), RedirectionToken):
            self.skip()
            last = self._redirection(token, redirections)
        return ast.CommandExpressionAst(
            extent=self.span(expression, last), expression=expression, redirections=_in_stream_order(redirections)
        )

    # --- redirections -----------------------------------------------------------------------------------------------

    def _redirection(
        self, token: RedirectionToken, redirections: dict[ast.RedirectionStream, ast.RedirectionAst]
    ) -> ast.RedirectionAst:
        redirection: ast.RedirectionAst
        if token.merged:
            redirection = ast.MergingRedirectionAst(extent=token.extent, from_stream=token.from_stream)
        else:
            location = self.single_command_argument(ArgumentContext.FILE_NAME)
            if location is None:
                self.faults.fail(self.after(token), "MissingFileSpecification")
            redirection = ast.FileRedirectionAst(
                extent=self.span(token, location), from_stream=token.from_stream, location=location, append=token.append
            )
        if redirection.from_stream in redirections:
            self.faults.fail(
                redirection.extent, "StreamAlreadyRedirected", f"{redirection.from_stream.name.lower()} stream"
            )
        redirections[redirection.from_stream] = redirection
        return redirection

    # --- arguments --------------------------------------------------------------------------------------------------

    def single_command_argument(self, context: ArgumentContext) -> ast.ExpressionAst | None:
        if self.peek().kind in (",", tokens.END_OF_INPUT):
            return None
        outer_mode = self.lexer.mode
        self.set_mode(Mode.COMMAND)
        argument = self.command_argument(context, self.next())
        self.set_mode(outer_mode)
        return argument

    def command_argument(self, context: ArgumentContext, token: Token) -> ast.ExpressionAst | None:
        """The argument that begins with ``token``, which has been taken; None where none can begin with it."""
        arguments: list[ast.ExpressionAst] = []
        comma: Token | None = None
        while True:
            if token.kind in _ENDS_ARGUMENT:
                self.unget(token)
                if comma is None:
                    return None
                self.fail(self.after(comma), "MissingExpression", ",")
            arguments.append(self._one_argument(context, token))
            if context is not ArgumentContext.ARGUMENT:
                break
            comma = self.peek()
            if comma.kind != ",":
                break
            self.skip()
            self.skip_newlines()
            token = self.next()
        if len(arguments) == 1:
            return arguments[0]
        return ast.ArrayLiteralAst(extent=self.span(arguments[0], arguments[-1]), elements=tuple(arguments))

    def _one_argument(self, context: ArgumentContext, token: Token) -> ast.ExpressionAst:
        if token.kind in _PRIMARY:
            self.unget(token)
            primary = self.primary(member_access=True)
            assert primary is not None, "the token begins a primary expression"
            return primary
        value = token.text
        if isinstance(token, StringToken):
            if token.value == "--%":
                raise UnsupportedSyntax("the stop-parsing token --%", token.extent)
            if token.parts is not None and context is not ArgumentContext.COMMAND_NAME:
                return self.string(token)
            value = token.value
        return _bareword(token.extent, value)

    # --- commands ---------------------------------------------------------------------------------------------------

    def command(self) -> ast.CommandAst | None:
        outer_mode = self.lexer.mode
        self.set_mode(Mode.COMMAND)
        first = token = self.next()
        context = ArgumentContext.COMMAND_NAME
        if first.kind in (".", "&"):
            token = self.next()
            context = ArgumentContext.NAME_AFTER_OPERATOR
        elements: list[ast.CommandElementAst] = []
        redirections: dict[ast.RedirectionStream, ast.RedirectionAst] = {}
        end = first.extent
        while token.kind not in _ENDS_COMMAND:
            if token.kind == ",":
                self.faults.fail(token.extent, "MissingArgument")
            elif isinstance(token, RedirectionToken) and context is ArgumentContext.ARGUMENT:
                end = self._redirection(token, redirections).extent
            else:
                element = self._command_element(context, token)
                elements.append(element)
                end = element.extent
            context = ArgumentContext.ARGUMENT
            token = self.next()
        self.unget(token)
        self.set_mode(outer_mode)
        operator = first.kind if first.kind in (".", "&") else ""
        if not elements:
            if operator:
                self.faults.fail(first.extent, "MissingExpression", first.text)
            return None
        return ast.CommandAst(
            extent=self.span(first, end),
            command_elements=tuple(elements),
            invocation_operator=operator,
            redirections=_in_stream_order(redirections),
        )

    def _command_element(self, context: ArgumentContext, token: Token) -> ast.CommandElementAst:
        if token.kind == "--":
            raise UnsupportedSyntax("--, the end of parameters", token.extent)
        if isinstance(token, ParameterToken) and context is ArgumentContext.ARGUMENT:
            return self._parameter(token)
        if isinstance(token, ParameterToken | RedirectionToken):
            return _bareword(token.extent, token.text)
        argument = self.command_argument(context, token)
        assert argument is not None, "what ends a command has been looked for"
        return argument

    def _parameter(self, token: ParameterToken) -> ast.CommandParameterAst:
        argument: ast.ExpressionAst | None = None
        if token.used_colon and self.peek().kind != ",":
            argument = self.command_argument(ArgumentContext.ARGUMENT, self.next())
            if argument is None:
                self.faults.fail(self.after(token), "ParameterRequiresArgument", token.text)
        return ast.CommandParameterAst(
            extent=token.extent if argument is None else self.span(token, argument),
            parameter_name=token.name,
            argument=argument,
            error_position=token.extent,
        )


def _bareword(extent: ast.Extent, value: str) -> ast.StringConstantExpressionAst:
    return ast.StringConstantExpressionAst(extent=extent, value=value)


def _in_stream_order(redirections: dict[ast.RedirectionStream, ast.RedirectionAst]) -> tuple[ast.RedirectionAst, ...]:
    return tuple(redirections[stream] for stream in ast.RedirectionStream if stream in redirections)


def _without_pipeline(statement: ast.StatementAst) -> ast.StatementAst:
    """PowerShell takes an expression that is assigned out of its pipeline."""
    if isinstance(statement, ast.PipelineAst) and len(statement.pipeline_elements) == 1:
        element = statement.pipeline_elements[0]
        return element if isinstance(element, ast.CommandExpressionAst) else statement
    return statement
