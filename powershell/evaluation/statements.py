"""Statements: blocks with their error handling, branches, loops, try, switch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from powershell import syntax as ast
from powershell.comparison import strings_equal
from powershell.conversion import to_bool, to_text
from powershell.errors import (
    BreakLoop,
    ContinueLoop,
    ErrorRecord,
    ExceptionObject,
    ExitScript,
    FlowControl,
    OutsideSubset,
    PowerShellError,
    ReturnFromBlock,
    exception_lineage,
    failure,
)
from powershell.instances import ArrayList, KeyCollection, ScriptBlock
from powershell.streams import discard
from powershell.values import NOTHING, enumerate_value, unwrap
from powershell.wildcard import matches

if TYPE_CHECKING:
    from powershell.evaluation.interpreter import Interpreter

Out = Callable[[Any], None]
_RUNTIME: Final = "System.Management.Automation.RuntimeException"


@contextmanager
def _placed(extent: ast.Extent) -> Iterator[None]:
    """Errors without a place happen at this one."""
    try:
        yield
    except PowerShellError as error:
        error.record.extent = error.record.extent or extent
        raise


class Statements:
    def __init__(self, interpreter: Interpreter) -> None:
        self._it = interpreter
        self._table: dict[type, Callable[[Any, Out], None]] = {
            ast.PipelineAst: self._pipeline,
            ast.AssignmentStatementAst: self._assignment,
            ast.IfStatementAst: self._if,
            ast.ForEachStatementAst: self._foreach,
            ast.ForStatementAst: self._for,
            ast.WhileStatementAst: self._while,
            ast.DoWhileStatementAst: self._do_while,
            ast.DoUntilStatementAst: self._do_until,
            ast.SwitchStatementAst: self._switch,
            ast.TryStatementAst: self._try,
            ast.ThrowStatementAst: self._throw,
            ast.ReturnStatementAst: self._return,
            ast.BreakStatementAst: lambda _, __: self._jump(BreakLoop),
            ast.ContinueStatementAst: lambda _, __: self._jump(ContinueLoop),
            ast.ExitStatementAst: self._exit,
            ast.FunctionDefinitionAst: self._function,
            ast.StatementBlockAst: self.block,
            ast.CommandExpressionAst: self._command_expression,
        }

    def run(self, node: Any, out: Out) -> None:
        """One statement; its errors are the caller's."""
        self._table[type(node)](node, out)

    def block(self, node: ast.StatementBlockAst | ast.NamedBlockAst, out: Out) -> None:
        """The statements of a block, each with PowerShell's error handling."""
        table, it = self._table, self._it
        for statement in node.statements:
            try:
                table[type(statement)](statement, out)
            except PowerShellError as error:
                it.statement_failed(error, statement.extent)
            except OutsideSubset as refusal:
                refusal.extent = refusal.extent or statement.extent
                raise
            except FlowControl as flow:
                kept, flow.kept = flow.kept, []
                for item in kept:
                    out(item)
                raise

    def collected(self, run: Callable[[Out], None]) -> list[Any]:
        """What is put out for a value."""
        results: list[Any] = []
        try:
            run(results.append)
        except (FlowControl, PowerShellError) as leaving:
            leaving.kept = results
            raise
        return results

    # --- simple statements ---

    def _pipeline(self, node: ast.PipelineAst, out: Out) -> None:
        if (expression := node.lone_expression) is not None:
            self._emit(expression, out)
        else:
            self._it.pipelines.run(node, out)

    def _command_expression(self, node: ast.CommandExpressionAst, out: Out) -> None:
        if node.redirections:
            self._it.pipelines.run_elements((node,), out)
        else:
            self._emit(node.expression, out)

    def output_of(self, expression: Any) -> Any:
        """What an expression gives as a statement: its value, but nothing for ++ and --."""
        it = self._it
        stepping = type(expression) is ast.UnaryExpressionAst and expression.operator.endswith(("++", "--"))
        value = it.expressions.evaluate_alone(expression)
        return NOTHING if stepping else value

    def _emit(self, expression: Any, out: Out) -> None:
        try:
            value = self.output_of(expression)
        except PowerShellError as error:
            for item in error.kept if type(expression) is ast.SubExpressionAst else ():
                out(item)
            raise
        if value is not NOTHING:
            self._write(value, out)

    def _write(self, value: Any, out: Out) -> None:
        """Writes a value, item by item where it is a collection."""
        items = None if value is None or type(value) is str else enumerate_value(value)
        if items is None:
            out(value)
        else:
            for item in list(items):
                out(item)

    def _assignment(self, node: ast.AssignmentStatementAst, _: Out) -> None:
        self._it.assignment.run(node)

    def condition(self, node: Any) -> bool:
        return to_bool(self.value(node))

    def value(self, node: Any) -> Any:
        """A statement's output as an expression's value."""
        if (expression := node.lone_expression) is not None:
            try:
                return self._it.evaluate(expression)
            except PowerShellError as error:
                error.record.extent = error.record.extent or node.extent
                raise
        if type(node) is ast.AssignmentStatementAst:
            return self._assigned(node)
        results: list[Any] = []
        self.run(node, results.append)
        return unwrap(results)

    def _assigned(self, node: ast.AssignmentStatementAst) -> Any:
        """What an assignment gives where its value is asked for."""
        with _placed(node.extent):
            return self._it.assignment.run(node)

    def _if(self, node: ast.IfStatementAst, out: Out) -> None:
        for condition, body in node.clauses:
            if self.condition(condition):
                self.block(body, out)
                return
        if node.else_clause is not None:
            self.block(node.else_clause, out)

    # --- loops ---

    def _foreach(self, node: ast.ForEachStatementAst, out: Out) -> None:
        it = self._it
        condition = node.condition
        collection = self._collection(condition)
        if collection is NOTHING:
            return
        items = None if type(collection) is str else enumerate_value(collection)
        if items is None:
            items = () if collection is None else (collection,)
        path = node.variable.variable_path
        watched = collection if isinstance(collection, (ArrayList, KeyCollection)) else None
        state = None if watched is None else watched.state()
        for item in items if watched is None and isinstance(items, list | tuple) else list(items):
            if watched is not None and watched.state() != state:
                raise OutsideSubset("a collection that changes while it is enumerated", condition.extent)
            it.assignment.set_variable(path, item)
            if not self._turn(node.body, out):
                return
        if watched is not None and watched.state() != state:
            raise OutsideSubset("a collection that changes while it is enumerated", condition.extent)

    def _collection(self, condition: Any) -> Any:
        with _placed(condition.extent):
            return self._collected(condition)

    def _collected(self, condition: Any) -> Any:
        if (expression := condition.lone_expression) is not None:
            return self._it.expressions.evaluate_raw(expression)
        if type(condition) is ast.AssignmentStatementAst:
            return self._assigned(condition)
        results: list[Any] = []
        self.run(condition, results.append)
        return results

    def _turn(self, body: ast.StatementBlockAst, out: Out) -> bool:
        """One turn of a loop; False when the loop shall end."""
        self._it.checkpoint()
        try:
            self.block(body, out)
        except BreakLoop:
            return False
        except ContinueLoop:
            return True
        return True

    def _for(self, node: ast.ForStatementAst, out: Out) -> None:
        if node.initializer is not None:
            self._silently(node.initializer)
        while node.condition is None or self.condition(node.condition):
            if not self._turn(node.body, out):
                return
            if node.iterator is not None:
                self._silently(node.iterator)

    def _silently(self, node: Any) -> None:
        with _placed(node.extent):
            self.run(node, discard)

    def _while(self, node: ast.WhileStatementAst, out: Out) -> None:
        while self.condition(node.condition):
            if not self._turn(node.body, out):
                return

    def _do_while(self, node: ast.DoWhileStatementAst, out: Out) -> None:
        while self._turn(node.body, out):
            if not self.condition(node.condition):
                return

    def _do_until(self, node: ast.DoUntilStatementAst, out: Out) -> None:
        while self._turn(node.body, out):
            if self.condition(node.condition):
                return

    # --- leaving ---

    def _jump(self, jump: type[BreakLoop | ContinueLoop]) -> None:
        raise jump

    def _return(self, node: ast.ReturnStatementAst, out: Out) -> None:
        if type(node.pipeline) is ast.AssignmentStatementAst:
            self._write(self._assigned(node.pipeline), out)
        elif node.pipeline is not None:
            self.run(node.pipeline, out)
        raise ReturnFromBlock

    def _exit(self, node: ast.ExitStatementAst, _: Out) -> None:
        code = 0
        if node.pipeline is not None:
            value = self.value(node.pipeline)
            code = value if isinstance(value, int) else 0
            if isinstance(value, str) and value.strip().lstrip("-").isdigit():
                code = int(value)
        raise ExitScript(int(code))

    def _throw(self, node: ast.ThrowStatementAst, _: Out) -> None:
        it = self._it
        value = it.variable("_") if node.pipeline is None and it.functions.catching else None
        if node.pipeline is not None:
            value = self.value(node.pipeline)
        if isinstance(value, ExceptionObject):
            value = value.record or ErrorRecord(value, value.message, "OperationStopped", None)
        if isinstance(value, ErrorRecord):
            value.extent = value.extent or node.extent
            raise PowerShellError(value, thrown=True, stopped=node.pipeline is None and value.stopped)
        text = "ScriptHalted" if node.pipeline is None or value is None else it.expand(value)
        error = failure(text, text, "OperationStopped", target=value if node.pipeline else None, extent=node.extent)
        error.thrown = True
        raise error

    # --- try ---

    def _try(self, node: ast.TryStatementAst, out: Out) -> None:
        it = self._it
        try:
            it.guarded += 1
            try:
                self.block(node.body, out)
            except PowerShellError as error:
                self._catch(node, error, out)
            finally:
                it.guarded -= 1
        finally:
            if node.finally_ is not None:
                self.block(node.finally_, out)

    def _catch(self, node: ast.TryStatementAst, error: PowerShellError, out: Out) -> None:
        it = self._it
        record = error.record
        clause = self._matching_clause(node.catch_clauses, record)
        if clause is None:
            raise error
        it.remember(record)
        if it.assignment.assigned is node and record.command is None and it.assignment.extent is not None:
            record.extent = it.assignment.extent
        it.functions.catching += 1
        try:
            with it.underscore(record):
                self.block(clause.body, out)
        finally:
            it.functions.catching -= 1

    def _matching_clause(self, clauses: Sequence[ast.CatchClauseAst], record: ErrorRecord) -> ast.CatchClauseAst | None:
        """The clause of the nearest type: of the exception inside PowerShell's wrapper first, then of the wrapper."""
        resolve = self._it.expressions.resolve_type
        typed = [(resolve(each.type_name).name, clause) for clause in clauses for each in clause.catch_types]
        for lineage in _lineages(record.exception) if typed else ():
            ranked = [(lineage.index(name), clause) for name, clause in typed if name in lineage]
            if ranked:
                return min(ranked, key=lambda each: each[0])[1]
        return next((clause for clause in clauses if clause.is_catch_all), None)

    # --- switch ---

    def _switch(self, node: ast.SwitchStatementAst, out: Out) -> None:
        it = self._it
        for item in self._switch_items(node):
            it.checkpoint()
            try:
                with it.underscore(item):
                    self._switch_one(node, item, out)
            except BreakLoop:
                return
            except ContinueLoop:
                continue

    def _switch_items(self, node: ast.SwitchStatementAst) -> list[Any]:
        value = self.value(node.condition)
        items = None if isinstance(value, str) else enumerate_value(value)
        return [value] if items is None else list(items)

    def _switch_one(self, node: ast.SwitchStatementAst, item: Any, out: Out) -> None:
        matched = False
        for condition, body in node.clauses:
            if self._matches(node.flags, condition, item):
                matched = True
                self.block(body, out)
        if not matched and node.default is not None:
            self.block(node.default, out)

    def _matches(self, flags: frozenset[str], condition: Any, item: Any) -> bool:
        it = self._it
        wanted = it.evaluate(condition)
        if isinstance(wanted, ScriptBlock):
            return to_bool(unwrap(it.call_strictly(wanted, underscore=item)))
        case_sensitive = "casesensitive" in flags
        if "regex" in flags:
            return it.text.match_one(item, wanted, ignore_case=not case_sensitive)
        if "wildcard" in flags:
            if case_sensitive:
                raise OutsideSubset("switch -Wildcard -CaseSensitive")
            return matches(to_text(wanted), it.expand(item))
        return strings_equal(it.expand(item), it.expand(wanted), ignore_case=not case_sensitive)

    # --- functions ---

    def _function(self, node: ast.FunctionDefinitionAst, _: Out) -> None:
        self._it.functions.define(node)


def _lineages(exception: ExceptionObject) -> list[list[str]]:
    own = [name for name in exception_lineage(exception.type) if name != "System.Object"]
    if _RUNTIME not in own:
        return [own, [name for name in exception_lineage(_RUNTIME) if name != "System.Object"]]
    if exception.inner is None:
        return [own]
    return [[name for name in exception_lineage(exception.inner.type) if name != "System.Object"], own]
