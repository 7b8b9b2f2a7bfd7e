"""Statements other than loops: if, try, jumps; and which rule a statement takes."""

from __future__ import annotations

from powershell import syntax as ast
from powershell.parsing import tokens
from powershell.parsing.loops import LoopRules
from powershell.parsing.tokens import Token
from powershell.syntax import UnsupportedSyntax

_REFUSED = {
    "class": "a class",
    "enum": "an enum",
    "configuration": "a configuration",
    "parallel": "a parallel block",
    "sequence": "a sequence block",
    "data": "a data section",
    "using": "a using statement",
    "trap": "a trap",
    "from": "the keyword from",
    "define": "the keyword define",
    "var": "the keyword var",
}


class Parser(LoopRules):
    # --- statements -------------------------------------------------------------------------------------------------

    def statement(self) -> ast.StatementAst | None:
        token = self.next()
        attributes: list[ast.AttributeBaseAst] = []
        begin = token.start
        if token.kind == tokens.GENERIC and token.text.startswith("["):
            self.resync(token)
            attributes = self.attribute_list(in_expression=False)
            token = self.next()
            if attributes:
                token = self._attributed_keyword(token, attributes, begin)
        return self._statement_of(token, begin if attributes else None)

    def _attributed_keyword(self, token: Token, attributes: list[ast.AttributeBaseAst], begin: int) -> Token:
        """Before a keyword attributes are refused; before anything else the bracket begins an expression."""
        types = [attribute for attribute in attributes if isinstance(attribute, ast.TypeConstraintAst)]
        if token.kind in tokens.KEYWORDS and (token.kind not in tokens.STATEMENTS_WITHOUT_ATTRIBUTES or not types):
            raise UnsupportedSyntax(f"an attribute before {token.text}", attributes[0].extent)
        self.resync(begin)
        return self.next()

    def _statement_of(self, token: Token, begin: int | None) -> ast.StatementAst | None:
        """``begin``: where attributes began that turned out to belong to an expression."""
        kind = token.kind
        if kind in _REFUSED:
            raise UnsupportedSyntax(_REFUSED[kind], token.extent)
        match kind:
            case "switch":
                return self.switch_statement(token)
            case "foreach":
                return self.foreach_statement(token)
            case "for":
                return self.for_statement(token)
            case "while":
                return self.while_statement(token)
            case "do":
                return self.do_statement(token)
            case "if":
                return self._if_statement(token)
            case "function" | "filter" | "workflow":
                return self.function_definition(token)
            case "return" | "throw" | "exit":
                return self._leaving(token)
            case "break" | "continue":
                return self._jump(token)
            case "try":
                return self._try_statement(token)
            case tokens.END_OF_INPUT if begin is None:
                self.unget(token)
                return None
        if begin is None:
            self.unget(token)
        else:
            self.resync(begin)
        return self.pipeline_chain()

    def _leaving(self, keyword: Token) -> ast.StatementAst:
        pipeline = self.pipeline_chain()
        extent = self.span(keyword, pipeline or keyword)
        if keyword.kind == "return":
            return ast.ReturnStatementAst(extent=extent, pipeline=pipeline)
        if keyword.kind == "throw":
            return ast.ThrowStatementAst(extent=extent, pipeline=pipeline)
        return ast.ExitStatementAst(extent=extent, pipeline=pipeline)

    def _jump(self, keyword: Token) -> ast.StatementAst:
        if (label := self._key()) is not None:
            raise UnsupportedSyntax(f"{keyword.kind} with a label", label.extent)
        return (
            ast.BreakStatementAst(extent=keyword.extent)
            if keyword.kind == "break"
            else ast.ContinueStatementAst(extent=keyword.extent)
        )

    # --- if ---------------------------------------------------------------------------------------------------------

    def _if_statement(self, if_token: Token) -> ast.StatementAst:
        clauses = [self._if_clause(if_token)]
        while True:
            begin = self.restore_point()
            self.skip_newlines()
            keyword = self.peek()
            if keyword.kind != "elseif":
                break
            self.skip()
            clauses.append(self._if_clause(keyword))
        if keyword.kind != "else":
            self.resync(begin)
            return ast.IfStatementAst(extent=self.span(if_token, clauses[-1][1]), clauses=tuple(clauses))
        self.skip()
        else_clause = self.statement_block()
        if else_clause is None:
            self.fail(self.after(keyword), "MissingStatementBlockAfterElse")
        extent = self.span(if_token, else_clause)
        return ast.IfStatementAst(extent=extent, clauses=tuple(clauses), else_clause=else_clause)

    def _if_clause(self, keyword: Token) -> tuple[ast.StatementAst, ast.StatementBlockAst]:
        self.skip_newlines()
        opening = self.expected("(", keyword, "MissingOpenParenthesisInIfStatement", keyword.text)
        self.skip_newlines()
        condition = self.pipeline_chain()
        if condition is None:
            self.fail(self.after(opening), "IfStatementMissingCondition", keyword.text)
        self.skip_newlines()
        closing = self.next()
        if closing.kind != ")":
            self.fail(closing, "MissingEndParenthesisAfterStatement", keyword.text)
        body = self.statement_block()
        if body is None:
            self.fail(closing, "MissingStatementBlock", keyword.text)
        return condition, body

    # --- try --------------------------------------------------------------------------------------------------------

    def _try_statement(self, keyword: Token) -> ast.StatementAst:
        body = self.statement_block()
        if body is None:
            self.fail(self.after(keyword), "MissingTryStatementBlock")
        catches: list[ast.CatchClauseAst] = []
        while (clause := self._catch_clause()) is not None:
            catches.append(clause)
        finally_token = self.peek()
        finally_block: ast.StatementBlockAst | None = None
        if finally_token.kind == "finally":
            self.skip()
            finally_block = self.statement_block()
            if finally_block is None:
                self.fail(self.after(finally_token), "MissingFinallyStatementBlock", finally_token.kind)
        elif not catches:
            self.fail(self.after(body), "MissingCatchOrFinally")
        return ast.TryStatementAst(
            extent=self.span(keyword, finally_block or catches[-1]),
            body=body,
            catch_clauses=tuple(catches),
            finally_=finally_block,
        )

    def _catch_clause(self) -> ast.CatchClauseAst | None:
        self.skip_newlines()
        keyword = self.peek()
        if keyword.kind != "catch":
            return None
        self.skip()
        types = self._catch_types()
        body = self.statement_block()
        if body is None:
            self.fail(self.after(types[-1] if types else keyword), "MissingCatchHandlerBlock")
        return ast.CatchClauseAst(extent=self.span(keyword, body), catch_types=types, body=body)

    def _catch_types(self) -> tuple[ast.TypeConstraintAst, ...]:
        types: list[ast.TypeConstraintAst] = []
        while True:
            self.skip_newlines()
            constraint = self.attribute()
            if constraint is None and types:
                self.fail(self.after(types[-1]), "MissingTypeLiteralToken")
            if constraint is None:
                return ()
            if not isinstance(constraint, ast.TypeConstraintAst):
                raise UnsupportedSyntax("an attribute behind catch", constraint.extent)
            types.append(constraint)
            self.skip_newlines()
            if self.peek().kind != ",":
                return tuple(types)
            self.skip()
