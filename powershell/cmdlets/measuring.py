"""Measure-Object and Measure-Command."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NoReturn

from powershell.cmdlets.properties import PropertyReader
from powershell.command import of_powershell
from powershell.conversion import to_text
from powershell.declared import DotNetClass, DotNetObject, DotNetType, EnumValue, Property
from powershell.engine_context import EngineBody, EngineContext
from powershell.errors import PowerShellError
from powershell.formatting.parameters import parse_properties
from powershell.values import DateTime, TimeSpan, Version

_NAMESPACE: Final = "Microsoft.PowerShell.Commands."
_BASES: Final = (_NAMESPACE + "MeasureInfo", "System.Object")
_MEASURES: Final[Mapping[str, Callable[[Sequence[float]], float | None]]] = {
    "Average": lambda numbers: sum(numbers) / len(numbers) if numbers else None,
    "Sum": lambda numbers: float(sum(numbers)),
    "Maximum": lambda numbers: max(numbers, default=None),
    "Minimum": lambda numbers: min(numbers, default=None),
    "StandardDeviation": lambda _: None,
}


def _measure_info(names: Iterable[str]) -> DotNetClass:
    return DotNetClass(
        name=_NAMESPACE + "GenericMeasureInfo",
        base=_BASES[0],
        bases=_BASES,
        properties=(
            Property.stored("Count", "System.Int32"),
            *(Property.stored(name, "System.Nullable`1[[System.Double]]") for name in names),
            Property.stored("Property", "System.String"),
        ),
    )


_MEASURE_INFO: Final = _measure_info(_MEASURES)
_WINDOWS_MEASURE_INFO: Final = _measure_info(name for name in _MEASURES if name != "StandardDeviation")
_DOUBLE: Final = DotNetType("System.Double")


@dataclass(slots=True)
class _Statistics:
    count: int = 0
    numbers: list[float] = field(default_factory=list)


class MeasureObject(EngineBody):
    """Counts, and measures numbers; what else has a maximum is refused."""

    def __init__(self, context: EngineContext) -> None:
        super().__init__(context)
        self._reader = PropertyReader(context)
        self._properties = parse_properties(context.get("Property") or (), ("expression",))
        self._found: dict[str, _Statistics] = {} if self._properties else {"": _Statistics()}
        self._asked = [name for name in _MEASURES if context.get(name)]

    def process(self) -> None:
        value = self.context.get("InputObject")
        if value is None:
            return
        if not self._properties:
            self._measure(self._found[""], value)
            return
        for given in self._properties:
            for read in self._reader.read(given, value):
                if read.exists:
                    self._measure(self._found.setdefault(read.name, _Statistics()), read.value)

    def _measure(self, statistics: _Statistics, value: Any) -> None:
        statistics.count += 1
        if self._asked:
            statistics.numbers.append(self._number(value))

    def _number(self, value: Any) -> float:
        if value is None or isinstance(value, (DateTime, TimeSpan, Version, EnumValue)):
            self._refuse(value)
        try:
            return float(self.context.runspace.conversion.convert(value, _DOUBLE))
        except PowerShellError:
            self._refuse(value)

    def _refuse(self, value: Any) -> NoReturn:
        self.context.outside_subset(f"measuring {to_text(value) or 'null'}, which is not numeric")

    def end(self) -> None:
        info = _WINDOWS_MEASURE_INFO if self.context.runspace.dialect.windows else _MEASURE_INFO
        for title, statistics in self._found.items():
            measured = {
                each: measure(statistics.numbers) if each in self._asked else None
                for each, measure in _MEASURES.items()
            }
            fields = {"Count": statistics.count, **measured, "Property": title or None}
            self.context.write(DotNetObject(info, fields))


MEASURE_OBJECT = of_powershell(
    "Measure-Object",
    MeasureObject,
    "InputObject psobject pipeline, Property object[] 0, Sum switch, Average switch, Maximum switch, Minimum switch",
)


class MeasureCommand(EngineBody):
    """The time the host's clock says a block took; its output goes nowhere."""

    def process(self) -> None:
        clock = self.context.runspace.clock
        began = clock.now()
        underscore = self.context.get("InputObject")
        self.context.invoke(self.context.get("Expression"), underscore=underscore)
        spent = clock.now() - began
        ticks = (spent.days * 86_400 + spent.seconds) * 10_000_000 + spent.microseconds * 10
        self.context.write(TimeSpan(ticks))


MEASURE_COMMAND = of_powershell(
    "Measure-Command", MeasureCommand, "InputObject psobject pipeline, Expression scriptblock 0 mandatory"
)
