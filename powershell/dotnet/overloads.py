"""Choosing an overload for the arguments of a call, as PowerShell chooses, and refusing what cannot be chosen here."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from powershell.conversion import to_text
from powershell.dotnet.tables import Overload
from powershell.errors import DotNetError, OutsideSubset, PowerShellError, failure, method_failure
from powershell.instances import ScriptBlock
from powershell.values import NOTHING, type_name

_NUMBERS: Final = frozenset({"number", "real"})


def call_overload(  # noqa: PLR0917 - a call has that many parts
    interpreter: Any,
    name: str,
    overloads: Sequence[Overload],
    target: Any,
    arguments: list[Any],
    real_counts: Sequence[int] | None,
) -> Any:
    """Calls the overload that fits; `target` is NOTHING for static methods and constructors.

    `real_counts` says how many parameters each overload of the real method has.
    """
    count = len(arguments)
    fitting = [each for each in overloads if _accepts(each, count)]
    if not fitting:
        raise OutsideSubset(f"{name} with {count} argument(s)")
    chosen = min(fitting, key=lambda each: _cost(interpreter, each, arguments)) if len(fitting) > 1 else fitting[0]
    ambiguous = real_counts is None or list(real_counts).count(count) != 1
    values = _Call(interpreter, name, ambiguous=ambiguous).converted(chosen, arguments)
    if target is not NOTHING:
        values.insert(0, target)
    if chosen.wants_interpreter:
        values.insert(0, interpreter)
    try:
        return chosen.call(*values)
    except DotNetError as error:
        raise method_failure(name, count, error) from None


def _accepts(each: Overload, count: int) -> bool:
    return count >= len(each.types) - 1 if each.variadic else count == len(each.types)


def _cost(interpreter: Any, each: Overload, arguments: list[Any]) -> int:
    """How many arguments are not of the type that is asked for; one more where the last of these takes several."""
    wanted = [interpreter.types.get(written).name for written in each.types if written not in _NUMBERS]
    differing = [name for value, name in zip(arguments, wanted, strict=False) if type_name(value) != name]
    return len(differing) + each.variadic


class _Call:
    """The arguments of one call: none is converted where the real method has several overloads (`ambiguous`)."""

    def __init__(self, interpreter: Any, name: str, *, ambiguous: bool) -> None:
        self._it = interpreter
        self._name = name
        self._ambiguous = ambiguous

    def converted(self, chosen: Overload, arguments: list[Any]) -> list[Any]:
        fixed = len(chosen.types) - (1 if chosen.variadic else 0)
        parameters = zip(chosen.types, chosen.names, strict=True)
        values = [self._one(*parameter, value) for parameter, value in zip(parameters, arguments[:fixed], strict=False)]
        if chosen.variadic:
            values.append(self._rest(chosen.types[-1], chosen.names[-1], arguments[fixed:]))
        return values

    def _rest(self, written: str, parameter: str, rest: list[Any]) -> list[Any]:
        if len(rest) == 1 and written != "object[]" and isinstance(rest[0], (list, str)):
            converted: list[Any] = self._one(written, parameter, rest[0])
            return converted
        return [self._one(written.removesuffix("[]"), parameter, value) for value in rest]

    def _one(self, written: str, parameter: str, value: Any) -> Any:
        if written in _NUMBERS:
            return self._number(written, value)
        target = self._it.types.get(written)
        if target.name == "System.Object" or type_name(value) == target.name:
            return value
        if self._ambiguous or isinstance(value, ScriptBlock):
            raise OutsideSubset(f"{self._name} with an argument of type {type_name(value)}")
        if target.name == "System.String" and value is None:
            return ""
        try:
            return self._it.conversion.convert(value, target)
        except PowerShellError as error:
            raise failure(
                f'Cannot convert argument "{parameter}", with value: "{to_text(value)}", for "{self._name}" to type '
                f'"{target.name}": "{error.record.message}"',
                "MethodArgumentConversionInvalidCastArgument",
                "NotSpecified",
                exception="System.Management.Automation.MethodException",
            ) from None

    def _number(self, written: str, value: Any) -> Any:
        """An argument of System.Math; what takes no integers takes them for decimals."""
        if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
            raise OutsideSubset(f"{self._name} with an argument of type {type_name(value)}")
        return Decimal(int(value)) if written == "real" and isinstance(value, int) else value
