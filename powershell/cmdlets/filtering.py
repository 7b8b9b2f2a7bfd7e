"""Where-Object and ForEach-Object."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from powershell.cmdlets.properties import PropertyReader
from powershell.command import Cmdlet, Parameter, Placement, Validation, of_powershell, parameters
from powershell.conversion import to_bool, to_text
from powershell.engine_context import EngineBody, EngineContext
from powershell.errors import PowerShellError
from powershell.formatting.objects import RuntimeObjects
from powershell.instances import ScriptBlock
from powershell.values import NOTHING
from powershell.wildcard import has_wildcard, matches

_OPERATORS: Final = (
    *("EQ", "NE", "GT", "LT", "GE", "LE", "Like", "NotLike", "Match", "NotMatch"),
    *("Contains", "NotContains", "In", "NotIn"),
)
_SETS: Final = {name: f"{name}Set" for operator in _OPERATORS for name in (operator, f"C{operator}")}
_ORDERS: Final[Mapping[str, Callable[[int], bool]]] = {
    "eq": lambda order: order == 0,
    "ne": lambda order: order != 0,
    "gt": lambda order: order > 0,
    "lt": lambda order: order < 0,
    "ge": lambda order: order >= 0,
    "le": lambda order: order <= 0,
}


class WhereObject(EngineBody):
    def __init__(self, context: EngineContext) -> None:
        super().__init__(context)
        self._reader = PropertyReader(context)
        self._operator = ""

    def begin(self) -> None:
        get = self.context.get
        if "FilterScript" in self.context.parameters:
            return
        if "Property" not in self.context.parameters:
            self.context.outside_subset("Where-Object without anything to filter by")
        given = [name for name in _SETS if get(name)]
        self._operator = given[0].lower() if given else ""
        if bool(self._operator) != ("Value" in self.context.parameters):
            self.context.outside_subset("Where-Object with an operator or a value alone")

    def process(self) -> None:
        if "InputObject" not in self.context.parameters:
            return
        value = self.context.get("InputObject")
        block = self.context.get("FilterScript")
        kept = self._test_block(block, value) if block is not None else value is not None and self._test(value)
        if kept:
            self.context.write(value)

    def _test_block(self, block: ScriptBlock, value: Any) -> bool:
        output = self.context.invoke(block, underscore=value)
        return to_bool(output[0] if len(output) == 1 else output)

    def _test(self, value: Any) -> bool:
        name = self.context.get("Property")
        if has_wildcard(name):
            self.context.outside_subset("a wildcard in Where-Object -Property")
        left = self._property(value, name)
        if not self._operator:
            return to_bool(left)
        return to_bool(self._compare(left, self.context.get("Value")))

    def _compare(self, left: Any, right: Any) -> Any:
        interpreter = self.context.runspace.interpreter
        operator = self._operator
        ignore_case = not (operator.startswith("c") and operator != "contains")
        name = operator if ignore_case else operator[1:]
        if name in _ORDERS:
            return interpreter.operators.filtered(left, self._order(name, right, ignore_case=ignore_case))
        if name in {"contains", "notcontains", "in", "notin"}:
            collection, item = (right, left) if name.endswith("in") and name != "contains" else (left, right)
            found = interpreter.operators.contains(collection, item, ignore_case=ignore_case)
            return found != name.startswith("not")
        if name in {"match", "notmatch"}:
            self._insist_on(lambda: interpreter.text.regex(right, ignore_case=True))
        elif name in {"like", "notlike"}:
            self._insist_on(lambda: matches(to_text(right), ""))
        return interpreter.text.operators("-", ignore_case=ignore_case)[f"-{name}"](left, right)

    def _insist_on(self, check: Callable[[], Any]) -> None:
        try:
            check()
        except PowerShellError as error:
            self.context.outside_subset(f"Where-Object with a broken pattern ({error.record.message})")

    def _order(self, name: str, right: Any, *, ignore_case: bool) -> Callable[[Any], bool]:
        comparison = self.context.runspace.comparison
        if name in {"eq", "ne"}:
            return lambda item: comparison.equal(item, right, ignore_case=ignore_case) == (name == "eq")
        test = _ORDERS[name]
        return lambda item: test(comparison.compare(item, right, ignore_case=ignore_case))

    def _property(self, value: Any, name: str) -> Any:
        try:
            return self._reader.objects.get(value, name)
        except PowerShellError:
            return None


def _where_parameters() -> tuple[Parameter, ...]:
    switches = [
        Parameter(
            name=name,
            type="switch",
            aliases=(f"I{name}",) if name in _OPERATORS else (),
            placements=(Placement(set_name=set_name, mandatory=set_name != "EQSet"),),
        )
        for name, set_name in _SETS.items()
    ]
    return (
        *parameters("InputObject psobject pipeline, FilterScript scriptblock 0 mandatory in:ScriptBlockSet"),
        Parameter(
            name="Property",
            type="string",
            placements=tuple(
                Placement(set_name=set_name, position=0, mandatory=set_name != "EQSet") for set_name in _SETS.values()
            ),
            validations=(Validation(kind="ValidateNotNullOrEmpty"),),
        ),
        *parameters(f"Value object 1 in:{'|'.join(_SETS.values())} null"),
        *switches,
    )


WHERE_OBJECT = Cmdlet(
    name="Where-Object",
    error_id="Microsoft.PowerShell.Commands.WhereObjectCommand",
    body=WhereObject,
    default_set="EQSet",
    parameters=_where_parameters(),
)


# -- ForEach-Object ----------------------------------------------------------------------------------------------


class ForEachObject(EngineBody):
    def __init__(self, context: EngineContext) -> None:
        super().__init__(context)
        self._objects = RuntimeObjects(context)
        self._begin: ScriptBlock | None = context.get("Begin")
        self._end: ScriptBlock | None = context.get("End")
        self._process: list[ScriptBlock] = self._arrange()

    def _arrange(self) -> list[ScriptBlock]:
        """The first of several -Process blocks is the begin block, the last the end block, unless those are given."""
        get = self.context.get
        blocks = [block for block in [*(get("Process") or []), *(get("RemainingScripts") or [])] if block is not None]
        if self._begin is None and len(blocks) > 1:
            self._begin = blocks.pop(0)
        if self._end is None and len(blocks) > 1:
            self._end = blocks.pop()
        return blocks

    def begin(self) -> None:
        if self._begin is not None:
            self.context.invoke_streaming(self._begin, underscore=None)

    def process(self) -> None:
        if "MemberName" in self.context.parameters:
            self._member()
            return
        for block in self._process:
            self.context.invoke_streaming(block, underscore=self.context.get("InputObject"))

    def end(self) -> None:
        if self._end is not None:
            self.context.invoke_streaming(self._end, underscore=None)

    def _member(self) -> None:
        value = self.context.get("InputObject")
        name = to_text(self.context.get("MemberName"))
        arguments = self.context.get("ArgumentList")
        if value is None:
            self.context.outside_subset("ForEach-Object -MemberName on null")
        if has_wildcard(name):
            self.context.outside_subset("a wildcard in ForEach-Object -MemberName")
        members = self.context.runspace.interpreter.members
        read = NOTHING if arguments is not None else members.property_or_nothing(value, name)
        if read is not NOTHING:
            self.context.write(read, enumerate_items=True)
            return
        try:
            result = members.invoke(value, name, list(arguments or []))
        except PowerShellError as error:
            if arguments is not None or error.record.error_id != "MethodNotFound":
                self.context.outside_subset(f"ForEach-Object {name}, which fails ({error.record.message})")
            self.context.write(None)
            return
        if result is not NOTHING:
            self.context.write(result, enumerate_items=True)


FOREACH_OBJECT = of_powershell(
    "ForEach-Object",
    ForEachObject,
    "InputObject psobject pipeline in:ScriptBlockSet|PropertyAndMethodSet, Begin scriptblock in:ScriptBlockSet, "
    "Process scriptblock[] 0 mandatory in:ScriptBlockSet null none, End scriptblock in:ScriptBlockSet, "
    "RemainingScripts scriptblock[] rest in:ScriptBlockSet null none, "
    "MemberName string 0 mandatory in:PropertyAndMethodSet, "
    "ArgumentList|Args object[] rest in:PropertyAndMethodSet",
    default_set="ScriptBlockSet",
)
