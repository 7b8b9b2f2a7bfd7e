"""The Validate… attributes: what each says about a value that does not pass."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from powershell.command import Validation
from powershell.conversion import to_bool, to_text
from powershell.dotnet.regex_text import Regex
from powershell.errors import OutsideSubset, PowerShellError
from powershell.instances import Hashtable
from powershell.invoker import Invoker
from powershell.values import enumerate_value, unwrap

Check = Callable[[Any], str | None]


def validator(validation: Validation, interpreter: Invoker) -> Check:
    """A test that answers what is wrong with a value, None when nothing is."""
    arguments = validation.arguments
    match validation.kind:
        case "ValidateSet":
            return _each(lambda value: _in_set(value, arguments, validation))
        case "ValidateRange":
            return _each(lambda value: _in_range(value, arguments, interpreter))
        case "ValidatePattern":
            return _each(lambda value: _pattern(value, to_text(arguments[0]), validation))
        case "ValidateLength":
            return _each(lambda value: _length(value, arguments))
        case "ValidateCount":
            return lambda value: _count(value, arguments)
        case "ValidateNotNull":
            return _not_null
        case "ValidateNotNullOrEmpty":
            return lambda value: _not_empty(value, blank=False)
        case "ValidateNotNullOrWhiteSpace":
            return lambda value: _not_empty(value, blank=True)
        case "ValidateScript":
            return _each(lambda value: _script(value, validation, interpreter))
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


def _in_set(value: Any, allowed: tuple[Any, ...], validation: Validation) -> str | None:
    text = to_text(value)
    if any(text.lower() == to_text(candidate).lower() for candidate in allowed):
        return None
    listed = ",".join(to_text(candidate) for candidate in allowed)
    if validation.message:
        return validation.message.replace("{0}", text).replace("{1}", listed)
    return (
        f'The argument "{text}" does not belong to the set "{listed}" specified by the ValidateSet attribute. '
        f"Supply an "
        "argument that is in the set and then try the command again."
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
            f"The {to_text(value)} argument is less than the minimum allowed range of {to_text(low)}. "
            f"Supply an argument "
            f"that is greater than or equal to {to_text(low)} and then try the command again."
        )
    if compare(value, high) > 0:
        return (
            f"The {to_text(value)} argument is greater than the maximum allowed range of {to_text(high)}. Supply an "
            f"argument that is less than or equal to {to_text(high)} and then try the command again."
        )
    return None


def _pattern(value: Any, pattern: str, validation: Validation) -> str | None:
    text = to_text(value)
    if Regex(pattern, ignore_case=True).compiled.search(text) is not None:
        return None
    if validation.message:
        return validation.message.replace("{0}", text).replace("{1}", pattern)
    return (
        f'The argument "{text}" does not match the "{pattern}" pattern. Supply an argument '
        f'that matches "{pattern}" and '
        "try the command again."
    )


def _length(value: Any, arguments: tuple[Any, ...]) -> str | None:
    if not isinstance(value, str):
        raise OutsideSubset("ValidateLength of what is no string")
    low, high = int(arguments[0]), int(arguments[1])
    size = len(value)
    if size < low:
        return (
            f"The character length ({size}) of the argument is too short. Specify an argument with a length that is "
            f'greater than or equal to "{low}", and then try the command again.'
        )
    if size > high:
        return (
            f"The character length of the {size} argument is too long. Shorten the character length of the argument so "
            f'it is fewer than or equal to "{high}" characters, and then try the command again.'
        )
    return None


def _count(value: Any, arguments: tuple[Any, ...]) -> str | None:
    items = () if value is None else enumerate_value(value)
    if items is None:
        raise OutsideSubset("ValidateCount of what is no collection")
    size = len(list(items))
    low, high = int(arguments[0]), int(arguments[1])
    if low <= size <= high:
        return None
    return (
        f"The parameter requires at least {low} value(s) and no more than {high} value(s) "
        f"- {size} value(s) were provided."
    )


def _not_null(value: Any) -> str | None:
    if value is None:
        return "The argument is null. Provide a valid value for the argument, and then try running the command again."
    items = None if isinstance(value, str) else enumerate_value(value)
    if items is not None and any(item is None for item in items):
        return _EMPTY
    return None


def _not_empty(value: Any, *, blank: bool) -> str | None:
    empty = (
        "The argument is null or empty. Provide an argument that is not null or empty, and then try the command again."
    )
    if blank and isinstance(value, str) and not value.strip():
        raise OutsideSubset("the error text of ValidateNotNullOrWhiteSpace")
    if value is None or value == "":
        return empty
    if isinstance(value, Hashtable):
        return None if value.entries else empty
    items = None if isinstance(value, str) else enumerate_value(value)
    if items is not None:
        listed = list(items)
        if not listed:
            return _EMPTY
        if any(item is None or item == "" for item in listed):
            return _EMPTY
    return None


def _script(value: Any, validation: Validation, interpreter: Invoker) -> str | None:
    block = validation.arguments[0]
    try:
        passed = to_bool(unwrap(interpreter.call(block, underscore=value)))
    except PowerShellError as error:
        return error.record.message
    if passed:
        return None
    if validation.message:
        return validation.message.replace("{0}", to_text(value)).replace("{1}", block.text)
    return (
        f'The "{block.text}" validation script for the argument with value "{to_text(value)}" did not '
        f"return a result of "
        "True. Determine why the validation script failed, and then try the command again."
    )
