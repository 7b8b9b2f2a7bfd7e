"""The Validate… attributes: what each says about a value that does not pass."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from powershell.command import Validation
from powershell.conversion import to_text
from powershell.dotnet.regex_text import Regex
from powershell.errors import OutsideSubset, PowerShellError
from powershell.instances import Hashtable
from powershell.invoker import Invoker
from powershell.values import enumerate_value

Check = Callable[[Any], str | None]


def validator(validation: Validation, interpreter: Invoker) -> Check:
    """A test that answers what is wrong with a value, None when nothing is."""
    arguments = validation.arguments
    match validation.kind:
        case "ValidateSet":
            return _each(lambda value: _in_set(value, arguments))
        case "ValidateRange":
            return _each(lambda value: _in_range(value, arguments, interpreter))
        case "ValidatePattern":
            return _each(lambda value: _pattern(value, to_text(arguments[0]), validation.message))
        case "ValidateNotNull":
            return _not_null
        case "ValidateNotNullOrEmpty":
            return _not_empty
        case _:
            raise OutsideSubset(f"the attribute {validation.kind}")


_EMPTY: Final = (
    "The argument is null, empty, or an element of the argument collection contains a null value. Supply a "
    "collection that does not contain any null values and then try the command again."
)


def _each(check: Check) -> Check:
    def test(value: Any) -> str | None:
        items = None if isinstance(value, str) else enumerate_value(value)
        for item in [value] if items is None else items:
            fault = _EMPTY if item is None else check(item)
            if fault is not None:
                return fault
        return None

    return test


def _in_set(value: Any, allowed: tuple[Any, ...]) -> str | None:
    text = to_text(value)
    if any(text.lower() == to_text(candidate).lower() for candidate in allowed):
        return None
    listed = ",".join(to_text(candidate) for candidate in allowed)
    return (
        f'The argument "{text}" does not belong to the set "{listed}" specified by the ValidateSet attribute. '
        "Supply an argument that is in the set and then try the command again."
    )


def _in_range(value: Any, arguments: tuple[Any, ...], interpreter: Invoker) -> str | None:
    if len(arguments) != 2:
        raise OutsideSubset("ValidateRange with a named range")
    low, high = arguments
    if isinstance(value, str) and not isinstance(low, str):
        try:
            value = interpreter.conversion.convert(value, interpreter.members.type_of(low))
        except PowerShellError:
            raise OutsideSubset("ValidateRange of a value that is not a number") from None
    compare = interpreter.comparison.compare
    if compare(value, low) < 0:
        return (
            f"The {to_text(value)} argument is less than the minimum allowed range of {to_text(low)}. Supply an "
            f"argument that is greater than or equal to {to_text(low)} and then try the command again."
        )
    if compare(value, high) > 0:
        return (
            f"The {to_text(value)} argument is greater than the maximum allowed range of {to_text(high)}. Supply an "
            f"argument that is less than or equal to {to_text(high)} and then try the command again."
        )
    return None


def _pattern(value: Any, pattern: str, message: str) -> str | None:
    text = to_text(value)
    if Regex(pattern, ignore_case=True).compiled.search(text) is not None:
        return None
    return message or (
        f'The argument "{text}" does not match the "{pattern}" pattern. Supply an argument '
        f'that matches "{pattern}" and try the command again.'
    )


def _not_null(value: Any) -> str | None:
    if value is None:
        return "The argument is null. Provide a valid value for the argument, and then try running the command again."
    items = None if isinstance(value, str) else enumerate_value(value)
    if items is not None and any(item is None for item in items):
        return _EMPTY
    return None


def _not_empty(value: Any) -> str | None:
    empty = (
        "The argument is null or empty. Provide an argument that is not null or empty, and then try the command again."
    )
    if value is None or value == "":
        return empty
    if isinstance(value, Hashtable):
        return None if value.entries else empty
    items = None if isinstance(value, str) else enumerate_value(value)
    if items is not None:
        listed = list(items)
        if not listed or any(item is None or item == "" for item in listed):
            return _EMPTY
    return None
