"""Statements other than loops: if, try, trap, jumps, using; and which rule a statement takes."""

from __future__ import annotations

from powershell.parsing import tokens
from powershell.parsing.loops import LoopRules
from powershell.parsing.token_stream import ErrorStatementAst, Placed
from powershell.parsing.tokens import LabelToken, Token
from powershell.syntax import (
    AttributeAst,
    AttributeBaseAst,
    BreakStatementAst,
    CatchClauseAst,
    ContinueStatementAst,
    ExitStatementAst,
    IfStatementAst,
    ReturnStatementAst,
    StatementAst,
    StatementBlockAst,
    ThrowStatementAst,
    TrapStatementAst,
    TryStatementAst,
    TypeConstraintAst,
    UnsupportedSyntax,
)

_REFUSED = {
    "class": "a class",
    "enum": "an enum",
    "configuration": "a configuration",
    "parallel": "a parallel block",
    "sequence": "a sequence block",
    "data": "a data section",
    "using": "a using statement",
}
_LOOPS = frozenset({"switch", "foreach", "for", "while", "do"})


class Parser(LoopRules):
    # --- statements -------------------------------------------------------------------------------------------------

    def statement(self) -> StatementAst | None:
        token = self.next()
        attributes: list[AttributeBaseAst] = []
        begin = token.start
        if token.kind == tokens.GENERIC and token.text.startswith("["):
            self.resync(token)
            attributes = self.attribute_list(in_expression=False)
            token = self.next()
            if attributes:
                token = self._attributed_keyword(token, attributes, begin)
        return self._statement_of(token, begin if attributes else None)

    def _attributed_keyword(self, token: Token, attributes: list[AttributeBaseAst], begin: int) -> Token:
        """Attributes go before few keywords; before anything else the bracket begins an expression."""
        types = [attribute for attribute in attributes if isinstance(attribute, TypeConstraintAst)]
        if token.kind in tokens.STATEMENTS_WITHOUT_ATTRIBUTES:
            if not types:
                self.report(attributes[0], "UnexpectedAttribute", attributes[0].type_name.name)
                return token
        elif token.kind in tokens.KEYWORDS:
            if types:
                self.report(types[0], "TypeNotAllowedBeforeStatement", types[0].type_name.name)
            return token
        self.resync(begin)
        return self.next()

    def _statement_of(self, token: Token, begin: int | None) -> StatementAst | None:
        """``begin``: where attributes began that turned out to belong to an expression."""
        kind = token.kind
        if kind in _REFUSED:
            raise UnsupportedSyntax(_REFUSED[kind], token.extent)
        if kind in _LOOPS:
            return self._loop(None, token)
        match kind:
            case "if":
                return self._if_statement(token)
            case "function" | "filter" | "workflow":
                return self.function_definition(token)
            case "return" | "throw" | "exit":
                return self._leaving(token)
            case "break" | "continue":
                return self._jump(token)
            case "trap":
                return self._trap_statement(token)
            case "try":
                return self._try_statement(token)
            case "from" | "define" | "var":
                self.report(token, "ReservedKeywordNotAllowed", kind)
                return ErrorStatementAst(extent=token.extent)
            case "else" | "elseif" | "catch" | "until" if self.faults.faults:
                self.skip_newlines()
                return self.statement()
            case tokens.END_OF_INPUT if begin is None:
                self.unget(token)
                return None
        if isinstance(token, LabelToken):
            return self._labeled_statement(token)
        if begin is None:
            self.unget(token)
        else:
            self.resync(begin)
        return self.pipeline_chain()

    def _loop(self, label: LabelToken | None, keyword: Token) -> StatementAst:
        match keyword.kind:
            case "switch":
                return self.switch_statement(label, keyword)
            case "foreach":
                return self.foreach_statement(label, keyword)
            case "for":
                return self.for_statement(label, keyword)
            case "while":
                return self.while_statement(label, keyword)
            case _:
                return self.do_statement(label, keyword)

    def _labeled_statement(self, label: LabelToken) -> StatementAst | None:
        self.skip_newlines()
        token = self.next()
        if token.kind in _LOOPS:
            return self._loop(label, token)
        self.resync(label)
        return self.pipeline_chain()

    def _leaving(self, keyword: Token) -> StatementAst:
        pipeline = self.pipeline_chain()
        extent = self.span(keyword, pipeline or keyword)
        if keyword.kind == "return":
            return ReturnStatementAst(extent=extent, pipeline=pipeline)
        if keyword.kind == "throw":
            return ThrowStatementAst(extent=extent, pipeline=pipeline)
        return ExitStatementAst(extent=extent, pipeline=pipeline)

    def _jump(self, keyword: Token) -> StatementAst:
        label = self.label_or_key()
        extent = self.span(keyword, label or keyword)
        if keyword.kind == "break":
            return BreakStatementAst(extent=extent, label=label)
        return ContinueStatementAst(extent=extent, label=label)

    # --- if ---------------------------------------------------------------------------------------------------------

    def _if_statement(self, if_token: Token) -> StatementAst:
        clauses: list[tuple[StatementAst, StatementBlockAst]] = []
        nested: list[StatementAst | StatementBlockAst] = []
        keyword = if_token
        while True:
            end = self._if_clause(keyword, clauses, nested)
            if end is not None:
                return ErrorStatementAst(extent=self.span(if_token, end), nested=tuple(nested))
            begin = self.restore_point()
            self.skip_newlines()
            keyword = self.peek()
            if keyword.kind != "elseif":
                break
            self.skip()
        if keyword.kind != "else":
            self.resync(begin)
            return IfStatementAst(extent=self.span(if_token, clauses[-1][1]), clauses=tuple(clauses))
        self.skip()
        self.skip_newlines()
        else_clause = self.statement_block()
        if else_clause is None:
            self.report_incomplete(self.after(keyword), "MissingStatementBlockAfterElse")
            return ErrorStatementAst(extent=self.span(if_token, keyword), nested=tuple(nested))
        extent = self.span(if_token, else_clause)
        return IfStatementAst(extent=extent, clauses=tuple(clauses), else_clause=else_clause)

    def _if_clause(
        self,
        keyword: Token,
        clauses: list[tuple[StatementAst, StatementBlockAst]],
        nested: list[StatementAst | StatementBlockAst],
    ) -> Placed | None:
        """Adds a condition and its block; where it cannot, the place at which the statement breaks off."""
        self.skip_newlines()
        opening = self.expected("(", keyword, "MissingOpenParenthesisInIfStatement", keyword.text)
        if opening is None:
            return keyword
        self.skip_newlines()
        condition = self.pipeline_chain()
        if condition is None:
            self.report_incomplete(self.after(opening), "IfStatementMissingCondition", keyword.text)
        else:
            nested.append(condition)
        self.skip_newlines()
        closing = self.next()
        if closing.kind != ")":
            self.unget(closing)
            if condition is not None:
                self.report_incomplete(closing, "MissingEndParenthesisAfterStatement", keyword.text)
            return self.before(closing)
        self.skip_newlines()
        body = self.statement_block()
        if body is None:
            self.report_incomplete(closing, "MissingStatementBlock", keyword.text)
            return closing
        nested.append(body)
        clauses.append((condition or ErrorStatementAst(extent=self.after(opening)), body))
        return None

    # --- try, trap --------------------------------------------------------------------------------------------------

    def _try_statement(self, keyword: Token) -> StatementAst:
        self.skip_newlines()
        body = self.statement_block()
        if body is None:
            self.report_incomplete(self.after(keyword), "MissingTryStatementBlock")
            return ErrorStatementAst(extent=keyword.extent)
        catches: list[CatchClauseAst] = []
        broken: list[TypeConstraintAst] = []
        end: Placed | None = None
        while True:
            clause, broken_off = self._catch_clause(broken)
            end = broken_off or end
            if clause is None:
                break
            catches.append(clause)
        self.skip_newlines()
        finally_token = self.peek()
        finally_block: StatementBlockAst | None = None
        if finally_token.kind == "finally":
            self.skip()
            finally_block = self.statement_block()
            if finally_block is None:
                end = finally_token
                self.report_incomplete(self.after(end), "MissingFinallyStatementBlock", finally_token.kind)
        if not catches and finally_block is None and end is None:
            end = body
            self.report_incomplete(self.after(end), "MissingCatchOrFinally")
        if end is not None:
            return ErrorStatementAst(extent=self.span(keyword, end), nested=(body, *catches, *broken))
        return TryStatementAst(
            extent=self.span(keyword, finally_block or catches[-1]),
            body=body,
            catch_clauses=tuple(catches),
            finally_=finally_block,
        )

    def _catch_clause(self, broken: list[TypeConstraintAst]) -> tuple[CatchClauseAst | None, Placed | None]:
        """The next clause, and where it is broken, if it is; the types of one without a block go to ``broken``."""
        self.skip_newlines()
        keyword = self.next()
        if keyword.kind != "catch":
            self.unget(keyword)
            return None, None
        types, end = self._catch_types()
        body = self.statement_block()
        if body is not None:
            return CatchClauseAst(extent=self.span(keyword, body), catch_types=tuple(types), body=body), end
        if end is None:
            end = types[-1] if types else keyword
            self.report_incomplete(self.after(end), "MissingCatchHandlerBlock")
        broken.extend(types)
        return None, end

    def _catch_types(self) -> tuple[list[TypeConstraintAst], Placed | None]:
        """The types, and the comma after which one is missing."""
        types: list[TypeConstraintAst] = []
        comma: Token | None = None
        while True:
            begin = self.restore_point()
            self.skip_newlines()
            constraint = self.attribute()
            if constraint is None:
                if comma is not None:
                    self.report_incomplete(self.after(comma), "MissingTypeLiteralToken")
                return types, comma
            if not isinstance(constraint, TypeConstraintAst):
                self.resync(begin)
                return types, None
            types.append(constraint)
            self.skip_newlines()
            comma = self.peek()
            if comma.kind != ",":
                return types, None
            self.skip()

    def _trap_statement(self, keyword: Token) -> StatementAst:
        begin = self.restore_point()
        self.skip_newlines()
        constraint = self.attribute()
        trap_type = constraint if isinstance(constraint, TypeConstraintAst) else None
        if isinstance(constraint, AttributeAst):
            self.resync(begin)
        body = self.statement_block()
        if body is None:
            end = trap_type or keyword
            self.report_incomplete(self.after(end), "MissingTrapStatement")
            nested = (trap_type,) if trap_type else ()
            return ErrorStatementAst(extent=self.span(keyword, end), nested=nested)
        return TrapStatementAst(extent=self.span(keyword, body), trap_type=trap_type, body=body)
