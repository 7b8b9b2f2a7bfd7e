"""Expressions: a table from node class to evaluation."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from powershell import budget
from powershell import syntax as ast
from powershell.comparison import is_number
from powershell.conversion import custom_object, object_text, to_bool, to_text
from powershell.declared import DotNetType, EnumValue
from powershell.dialect import spoken
from powershell.errors import OutsideSubset, PowerShellError, failure
from powershell.evaluation.indexing import Indexing
from powershell.evaluation.invocation import Invocation
from powershell.instances import Hashtable, OrderedDictionary, ScriptBlock
from powershell.values import NOTHING, DateTime, enumerate_value, type_name, unwrap

if TYPE_CHECKING:
    from powershell.evaluation.interpreter import Interpreter

_D = TypeVar("_D", bound=Hashtable)
_GROUPS = (ast.ParenExpressionAst, ast.SubExpressionAst, ast.ArrayExpressionAst)


class Expressions:
    def __init__(self, interpreter: Interpreter) -> None:
        self._it = interpreter
        self.indexing = Indexing(interpreter)
        self.invocation = Invocation(interpreter)
        self._table: dict[type, Callable[[Any], Any]] = {
            ast.ConstantExpressionAst: lambda node: node.value,
            ast.StringConstantExpressionAst: lambda node: node.value,
            ast.ExpandableStringExpressionAst: self._expandable,
            ast.VariableExpressionAst: self._variable,
            ast.BinaryExpressionAst: self._binary,
            ast.UnaryExpressionAst: self._unary,
            ast.ConvertExpressionAst: self._convert,
            ast.TypeExpressionAst: lambda node: self.resolve_type(node.type_name),
            ast.MemberExpressionAst: self.invocation.member,
            ast.InvokeMemberExpressionAst: self.invocation.invoke,
            ast.IndexExpressionAst: self.indexing.read,
            ast.ArrayExpressionAst: self._array,
            ast.ArrayLiteralAst: self._array_literal,
            ast.HashtableAst: self._hashtable,
            ast.SubExpressionAst: self._sub_expression,
            ast.ParenExpressionAst: self._paren,
            ast.ScriptBlockExpressionAst: self._script_block,
        }
        self._binary_table = self._operators()

    # --- entry points ---

    def evaluate(self, node: Any) -> Any:
        """The value of an expression; nothing at all is $null."""
        value = self._table[type(node)](node)
        return None if value is NOTHING else value

    def evaluate_raw(self, node: Any) -> Any:
        """As `evaluate`, but NOTHING stays itself: for the pipeline and foreach, which skip it."""
        return self._table[type(node)](node)

    def evaluate_alone(self, node: Any) -> Any:
        """An expression that is a statement, or all of an assignment's right side.

        $? tells how a group's last statement went, in Windows PowerShell as after any other expression that it is true.
        """
        value = self.evaluate_raw(node)
        if not isinstance(node, _GROUPS) or spoken().windows:
            self._it.succeeded = True
        return value

    def resolve_type(self, written: ast.TypeNameBase) -> DotNetType:
        found = self._it.types.resolve(written)
        if found is not None:
            return found
        name = written.element_type.name if isinstance(written, ast.ArrayTypeName) else written.name
        raise failure(
            f"Unable to find type [{name}].",
            "TypeNotFound",
            target=name,
            extent=ast.Extent(written.extent.source, written.extent.start_offset - 1, written.extent.end_offset + 1),
        )

    def static_type(self, node: ast.MemberExpressionAst) -> DotNetType:
        if isinstance(node.expression, ast.TypeExpressionAst):
            return self.resolve_type(node.expression.type_name)
        if isinstance(value := self.evaluate(node.expression), DotNetType):
            return value
        raise OutsideSubset("a static member of something that is no type", node.extent)

    def member_name(self, node: ast.MemberExpressionAst) -> Any:
        member = node.member
        if type(member) is ast.StringConstantExpressionAst:
            return member.value
        value = self.evaluate(member)
        return value if isinstance(value, ScriptBlock) else self._it.expand(value)

    # --- leaves ---

    def _variable(self, node: ast.VariableExpressionAst) -> Any:
        if node.splatted:
            raise OutsideSubset("splatting here", node.extent)
        path = node.variable_path
        return self.variable(path.name) if path.qualifier is None else self._qualified(path, node)

    def variable(self, name: str) -> Any:
        """Null where it never was."""
        it = self._it
        found = it.scope.find(name)
        return found.value if found is not None else it.runspace.automatic_variable(name.lower(), it)

    def _qualified(self, path: ast.VariablePath, node: ast.VariableExpressionAst) -> Any:
        it = self._it
        drive = path.drive_name
        if drive is None:
            if path.scope == "local":
                found = it.scope.variables.get(path.name.lower())
            else:
                found = it.assignment.scope_for(path).find(path.name.lower())
            if found is None and path.scope == "global":
                return it.runspace.automatic_variable(path.name.lower(), it)
            return None if found is None else found.value
        if drive.lower() == "env":
            return it.runspace.environment_variable(path.name)
        raise OutsideSubset(f"the drive {drive}:", node.extent)

    def _expandable(self, node: ast.ExpandableStringExpressionAst) -> str:
        expand, evaluate = self._it.expand, self.evaluate
        return budget.joined([part if type(part) is str else expand(evaluate(part)) for part in node.parts])

    def _script_block(self, node: ast.ScriptBlockExpressionAst) -> ScriptBlock:
        text = node.extent.text
        return ScriptBlock(node.script_block, text[1:-1])

    # --- groups ---

    def _paren(self, node: ast.ParenExpressionAst) -> Any:
        inner, it = node.pipeline, self._it
        if (expression := inner.lone_expression) is not None:
            return self.evaluate_alone(expression)
        if type(inner) is ast.AssignmentStatementAst:
            return it.assignment.run(inner)
        results: list[Any] = []
        it.run(inner, results.append)
        return unwrap(results) if results else NOTHING

    def _sub_expression(self, node: ast.SubExpressionAst) -> Any:
        statements = self._it.statements
        results = statements.collected(lambda out: statements.block(node.sub_expression, out))
        return unwrap(results) if results or not node.sub_expression.statements else NOTHING

    def _array(self, node: ast.ArrayExpressionAst) -> list[Any]:
        statements = node.sub_expression.statements
        expression = statements[0].lone_expression if len(statements) == 1 else None
        if expression is not None:
            value = self.evaluate_alone(expression)
            if value is NOTHING:
                return []
            if type(value) is list:
                return value if type(expression) is ast.ArrayLiteralAst else list(value)
            items = None if value is None or type(value) is str else enumerate_value(value)
            return [value] if items is None else list(items)
        results: list[Any] = []
        self._it.statements.block(node.sub_expression, results.append)
        return results

    def _array_literal(self, node: ast.ArrayLiteralAst) -> list[Any]:
        evaluate = self.evaluate
        return [evaluate(element) for element in node.elements]

    def _hashtable(self, node: ast.HashtableAst) -> Hashtable:
        return self._fill(Hashtable(), node)

    def _fill(self, table: _D, node: ast.HashtableAst) -> _D:
        for key_node, statement in node.key_value_pairs:
            key = self.evaluate(key_node)
            if key is None:
                raise failure("A null key is not allowed in a hash literal.", "InvalidNullKey", "InvalidOperation")
            value = self._entry_value(statement)
            if table.contains(key):
                raise failure(
                    f"Item has already been added. Key in dictionary: '{to_text(key)}'  Key being added: "
                    f"'{to_text(key)}'",
                    "DuplicateKeyInHashLiteral",
                )
            table.set(key, value)
        return table

    def _entry_value(self, statement: Any) -> Any:
        if (expression := statement.lone_expression) is not None:
            return self.evaluate(expression)
        return self._it.statements.value(statement)

    # --- casts ---

    def _convert(self, node: ast.ConvertExpressionAst) -> Any:
        it = self._it
        child = node.child
        written = node.type_name
        if type(written) is ast.TypeName:
            name = written.name.lower()
            if name == "ordered" and type(child) is ast.HashtableAst:
                return self._fill(OrderedDictionary(), child)
            if name in {"pscustomobject", "psobject"} and type(child) is ast.HashtableAst:
                return custom_object(self._fill(OrderedDictionary(), child))
            if name == "ref":
                raise OutsideSubset("[ref]", node.extent)
            if name == "pscustomobject":
                value = self.evaluate(child)
                return custom_object(value) if isinstance(value, Hashtable) else value
            if name == "void":
                self.evaluate(child)
                return NOTHING
        target = self.resolve_type(written)
        return it.conversion.convert(self.evaluate(child), target)

    # --- operators ---

    def _unary(self, node: ast.UnaryExpressionAst) -> Any:
        it, operator = self._it, node.operator
        if operator in {"++", "--", "postfix++", "postfix--"}:
            return self._step(node)
        value = self.evaluate(node.child)
        match operator:
            case "!" | "-not":
                return not to_bool(value)
            case "-":
                return it.operators.negate(value)
            case "-join":
                return it.text.join(value, "")
            case "-split" | "-isplit" | "-csplit":
                return it.text.split_words(value)
            case _:
                raise OutsideSubset(f"the operator {operator}", node.extent)

    def _step(self, node: ast.UnaryExpressionAst) -> Any:
        it = self._it
        target = node.child.child if isinstance(node.child, ast.ConvertExpressionAst) else node.child
        current = self.evaluate(target)
        amount = 1 if node.operator.endswith("++") else -1
        if current is not None and not is_number(current) and not isinstance(current, EnumValue):
            raise OutsideSubset(f"{node.operator.removeprefix('postfix')} on a {type_name(current)}", node.extent)
        changed = it.operators.step(current, amount)
        it.assignment.assign(target, changed)
        if node.operator.startswith("postfix"):
            return 0 if current is None else current
        return changed

    def _binary(self, node: ast.BinaryExpressionAst) -> Any:
        operator = node.operator
        if operator == "-and":
            return to_bool(self.evaluate(node.left)) and to_bool(self.evaluate(node.right))
        if operator == "-or":
            return to_bool(self.evaluate(node.left)) or to_bool(self.evaluate(node.right))
        handler = self._binary_table.get(operator)
        if handler is None:
            raise OutsideSubset(f"the operator {operator}", node.extent)
        if operator in {"-is", "-isnot", "-as"}:
            value, target = self.evaluate(node.left), self._type_operand(operator, node.right)
            if operator != "-as" and self._it.members.depends_on_pipeline(value, target):
                raise OutsideSubset(f"{operator} [psobject] of what is no custom object", node.extent)
            return handler(value, target)
        left = self.evaluate(node.left)
        return handler(left, self.evaluate(node.right))

    def _type_operand(self, operator: str, node: Any) -> Any:
        value = self.evaluate(node)
        if isinstance(value, DotNetType):
            return value
        if isinstance(value, Hashtable):
            raise OutsideSubset(f"{operator} a hashtable", node.extent)
        found = None if value is None else self._it.types.find(to_text(value))
        if found is None:
            raise OutsideSubset(f"{operator} without a type", node.extent)
        return found

    def _operators(self) -> dict[str, Callable[[Any, Any], Any]]:
        it = self._it
        operators, text = it.operators, it.text
        table: dict[str, Callable[[Any, Any], Any]] = {
            "+": operators.add,
            "-": operators.subtract,
            "*": operators.multiply,
            "/": operators.divide,
            "%": operators.remainder,
            "..": operators.range,
            "-f": text.format,
            "-is": it.members.is_instance,
            "-isnot": lambda left, right: not it.members.is_instance(left, right),
            "-as": self._as,
        }
        for prefix, folded in (("-", True), ("-i", True), ("-c", False)):
            table |= self._comparisons(prefix, folded=folded)
            table |= text.operators(prefix, ignore_case=folded)
            table[f"{prefix}contains"] = self._containing(folded=folded, negated=False, swapped=False)
            table[f"{prefix}notcontains"] = self._containing(folded=folded, negated=True, swapped=False)
            table[f"{prefix}in"] = self._containing(folded=folded, negated=False, swapped=True)
            table[f"{prefix}notin"] = self._containing(folded=folded, negated=True, swapped=True)
        return table

    def _containing(self, *, folded: bool, negated: bool, swapped: bool) -> Callable[[Any, Any], bool]:
        contains = self._it.operators.contains

        def test(left: Any, right: Any) -> bool:
            collection, item = (right, left) if swapped else (left, right)
            return contains(collection, item, ignore_case=folded) != negated

        return test

    def _comparisons(self, prefix: str, *, folded: bool) -> dict[str, Callable[[Any, Any], Any]]:
        comparison, filtered = self._it.comparison, self._it.operators.filtered

        def ordered(test: Callable[[int], bool]) -> Callable[[Any, Any], Any]:
            def compare(left: Any, right: Any) -> Any:
                if type(left) is int and type(right) is int:
                    return test(left - right)
                return filtered(left, lambda item: test(comparison.compare(item, right, ignore_case=folded)))

            return compare

        def equality(*, wanted: bool) -> Callable[[Any, Any], Any]:
            def compare(left: Any, right: Any) -> Any:
                if type(left) is int and type(right) is int:
                    return (left == right) is wanted
                return filtered(left, lambda item: comparison.equal(item, right, ignore_case=folded) is wanted)

            return compare

        return {
            f"{prefix}eq": equality(wanted=True),
            f"{prefix}ne": equality(wanted=False),
            f"{prefix}lt": ordered(lambda order: order < 0),
            f"{prefix}le": ordered(lambda order: order <= 0),
            f"{prefix}gt": ordered(lambda order: order > 0),
            f"{prefix}ge": ordered(lambda order: order >= 0),
        }

    def _as(self, value: Any, target: DotNetType) -> Any:
        try:
            cultured = isinstance(value, DateTime) and target.name == "System.String"
            return object_text(value) if cultured else self._it.conversion.convert(value, target)
        except PowerShellError:
            return None
