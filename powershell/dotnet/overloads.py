"""Choosing an overload for the arguments of a call, as PowerShell chooses, and refusing what cannot be chosen here."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from powershell.conversion import to_text
from powershell.dotnet.tables import Overload
from powershell.errors import DotNetError, OutsideSubset, PowerShellError, failure, method_failure
from powershell.values import NOTHING, DotNetType, PSReference, ScriptBlock, type_name

_NUMBERS: Final = frozenset({"number", "real", "signed"})
_SPECIAL: Final = frozenset({"object", "ref", "array"}) | _NUMBERS


def call_overload(  # noqa: PLR0917 - a call has that many parts
    interpreter: Any,
    name: str,
    overloads: Sequence[Overload],
    target: Any,
    arguments: list[Any],
    real_counts: Sequence[int] | None,
    *,
    shown: str = "",
) -> Any:
    """Calls the overload that fits best; `target` is NOTHING for static methods and constructors.

    `real_counts` says how many parameters each overload of the real method has: what it has and we have not is refused.
    """
    count = len(arguments)
    fitting = [each for each in overloads if _accepts(each, count)]
    if not fitting:
        if real_counts is None or count in real_counts:
            raise OutsideSubset(f"{name} with {count} argument(s)")
        raise failure(
            f'Cannot find an overload for "{shown or name}" and the argument count: "{count}".',
            "MethodCountCouldNotFindBest",
            "NotSpecified",
            exception="System.Management.Automation.MethodException",
        )
    if len(arguments) > 1 and arguments[0] is None and {each.types[0] for each in fitting} >= {"string", "char"}:
        raise OutsideSubset(f"null for {name}")
    chosen = min(fitting, key=lambda each: _cost(interpreter, each, arguments)) if len(fitting) > 1 else fitting[0]
    partial = real_counts is not None and sum(1 for known in real_counts if known == count) > len(
        [each for each in fitting if len(each.types) == count]
    )
    values = _converted(interpreter, name, chosen, arguments, partial=partial)
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


def _target(interpreter: Any, written: str) -> DotNetType | None:
    return None if written in _SPECIAL else interpreter.types.get(written)


def _cost(interpreter: Any, each: Overload, arguments: list[Any]) -> int:
    total = 1 if each.variadic else 0
    for index, value in enumerate(arguments):
        written = each.types[min(index, len(each.types) - 1)]
        if each.variadic and index >= len(each.types) - 1:
            written = written.removesuffix("[]")
        total += _argument_cost(interpreter, written, value)
    return total


def _argument_cost(interpreter: Any, written: str, value: Any) -> int:
    target = _target(interpreter, written)
    if target is None:
        return 8
    if value is None:
        return 1 if target.name == "System.Char" else 2
    if type_name(value) == target.name:
        return 0
    if interpreter.members.is_instance(value, target):
        return 1
    if target.name == "System.String":
        return 40 if isinstance(value, (int, float, Decimal)) else 10
    if isinstance(value, str) and target.name == "System.Char":
        return 20 if len(value) != 1 else 15
    try:
        interpreter.conversion.convert(value, target)
    except (PowerShellError, OutsideSubset):
        return 1000
    if isinstance(value, bool) != (target.name == "System.Boolean"):
        return 30
    return 5


def _converted(interpreter: Any, name: str, chosen: Overload, arguments: list[Any], *, partial: bool) -> list[Any]:
    if chosen.types == ("number", "number"):
        arguments = _alike(interpreter, name, chosen, arguments)
    fixed = len(chosen.types) - (1 if chosen.variadic else 0)
    values = [
        _one(interpreter, name, chosen.types[index], chosen.names[index], arguments[index], partial=partial)
        for index in range(fixed)
    ]
    if chosen.variadic:
        values.append(_rest(interpreter, name, chosen, arguments[fixed:], partial=partial))
    return values


def _alike(interpreter: Any, name: str, chosen: Overload, arguments: list[Any]) -> list[Any]:
    """Text and null are taken for the type of the other argument, for a double where there is none."""
    typed = next((value for value in arguments if value is not None and not isinstance(value, str)), 0.0)
    return [
        _one(interpreter, name, type_name(typed), parameter, value, partial=False)
        if value is None or isinstance(value, str)
        else value
        for parameter, value in zip(chosen.names, arguments, strict=True)
    ]


def _rest(interpreter: Any, name: str, chosen: Overload, rest: list[Any], *, partial: bool) -> list[Any]:
    written = chosen.types[-1]
    if (
        len(rest) == 1
        and written != "object[]"
        and isinstance(rest[0], (list, str))
        and not (isinstance(rest[0], str) and written == "string[]")
    ):
        converted: list[Any] = _one(interpreter, name, written, chosen.names[-1], rest[0], partial=partial)
        return converted
    element = written.removesuffix("[]")
    return [_one(interpreter, name, element, chosen.names[-1], value, partial=partial) for value in rest]


def _one(interpreter: Any, name: str, written: str, parameter: str, value: Any, *, partial: bool) -> Any:
    if written == "ref":
        if not isinstance(value, PSReference):
            raise OutsideSubset(f"{name} without [ref]")
        return value
    if isinstance(value, PSReference):
        raise OutsideSubset(f"[ref] for {name}")
    if written in _NUMBERS:
        return _number(interpreter, name, written, parameter, value)
    target = _target(interpreter, written)
    if target is None:
        return value
    if isinstance(value, ScriptBlock) and written not in {"scriptblock", "object"}:
        raise OutsideSubset(f"a script block for {name}")
    if target.name == "System.String" and value is None:
        return ""
    try:
        return interpreter.conversion.convert(value, target)
    except PowerShellError as error:
        if partial:
            raise OutsideSubset(f"{name} with an argument of type {type_name(value)}") from None
        raise failure(
            f'Cannot convert argument "{parameter}", with value: "{to_text(value)}", for "{name}" to type '
            f'"{target.name}": "{error.record.message}"',
            "MethodArgumentConversionInvalidCastArgument",
            "NotSpecified",
            exception="System.Management.Automation.MethodException",
        ) from None


def _number(interpreter: Any, name: str, written: str, parameter: str, value: Any) -> Any:
    """An argument of System.Math: text is taken for a double, and what takes no integers takes them for decimals."""
    if value is None or (isinstance(value, str) and written != "number"):
        return _one(interpreter, name, "double", parameter, value, partial=False)
    if isinstance(value, list):
        raise OutsideSubset(f"{name} with an array")
    if isinstance(value, bool) and written == "signed":
        raise failure(
            f'Multiple ambiguous overloads found for "{name}" and the argument count: "1".',
            "MethodCountCouldNotFindBest",
            "NotSpecified",
            exception="System.Management.Automation.MethodException",
        )
    number = interpreter.operators.number(value)
    return Decimal(int(number)) if written == "real" and isinstance(number, int) else number
