"""Measure-Object and Measure-Command."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

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


def _class(name: str, *properties: tuple[str, str]) -> DotNetClass:
    return DotNetClass(
        name=_NAMESPACE + name,
        base=_BASES[0],
        bases=_BASES,
        properties=tuple(Property.stored(known, kind) for known, kind in (*properties, ("Property", "System.String"))),
    )


_DOUBLES: Final = tuple(
    (name, "System.Nullable`1[[System.Double]]")
    for name in ("Average", "Sum", "Maximum", "Minimum", "StandardDeviation")
)
GENERIC_MEASURE_INFO: Final = _class("GenericMeasureInfo", ("Count", "System.Int32"), *_DOUBLES)
GENERIC_OBJECT_MEASURE_INFO: Final = _class(
    "GenericObjectMeasureInfo",
    ("Count", "System.Int32"),
    *((name, "System.Object" if name in {"Maximum", "Minimum"} else kind) for name, kind in _DOUBLES),
)
_DOUBLE: Final = DotNetType("System.Double")


@dataclass(slots=True)
class _Statistics:
    count: int = 0
    numbers: list[float] = field(default_factory=list)
    maximum: Any = None
    minimum: Any = None


class MeasureObject(EngineBody):
    def __init__(self, context: EngineContext) -> None:
        super().__init__(context)
        self._reader = PropertyReader(context)
        self._properties = parse_properties(context.get("Property") or (), ("expression",))
        self._found: dict[str, _Statistics] = {} if self._properties else {"": _Statistics()}

    def _asked(self, name: str) -> bool:
        return bool(self.context.get(name))

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
        if any(self._asked(name) for name in ("Sum", "Average")):
            number = self._number(value)
            if number is None:
                self.context.outside_subset(f"measuring {to_text(value)}, which is not numeric")
            statistics.numbers.append(number)
        if self._asked("Maximum") and self._order(statistics.maximum, value) < 0:
            statistics.maximum = value
        if self._asked("Minimum") and self._order(value, statistics.minimum, empty_last=True) < 0:
            statistics.minimum = value

    def _number(self, value: Any) -> float | None:
        if value is None:
            return 0.0
        if isinstance(value, (DateTime, TimeSpan, Version)):
            return None
        try:
            return float(self.context.runspace.conversion.convert(value, _DOUBLE))
        except PowerShellError:
            return None

    def _order(self, left: Any, right: Any, *, empty_last: bool = False) -> int:
        if left is None or right is None:
            return (1 if left is None else -1) if empty_last else (-1 if left is None else 1)
        first, second = self._comparable(left), self._comparable(right)
        if type(first) is not type(second):
            first, second = to_text(left), to_text(right)
        return int(self.context.runspace.comparison.compare(first, second, ignore_case=True))

    def _comparable(self, value: Any) -> Any:
        number = self._number(value)
        return value if number is None else number

    def end(self) -> None:
        for name, statistics in self._found.items():
            self.context.write(self._result(name, statistics))

    def _result(self, name: str, statistics: _Statistics) -> DotNetObject:
        ends = (statistics.maximum, statistics.minimum)
        plain = all(end is None or self._number(end) is not None for end in ends)
        if any(isinstance(end, EnumValue) for end in ends):
            self.context.outside_subset("Measure-Object -Maximum or -Minimum of an enumeration")
        maximum, minimum = (None if end is None else self._number(end) if plain else end for end in ends)
        return DotNetObject(
            GENERIC_MEASURE_INFO if plain else GENERIC_OBJECT_MEASURE_INFO,
            {
                "Count": statistics.count,
                **self._totals(statistics.numbers),
                "Maximum": maximum,
                "Minimum": minimum,
                "Property": name or None,
            },
        )

    def _totals(self, numbers: list[float]) -> dict[str, float | None]:
        total = float(sum(numbers))
        return {
            "Sum": total if self._asked("Sum") else None,
            "Average": total / len(numbers) if numbers and self._asked("Average") else None,
            "StandardDeviation": None,
        }


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
