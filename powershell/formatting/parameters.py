"""The -Property and -GroupBy arguments of Format-*: names, script blocks and calculated properties."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from powershell.errors import PowerShellError
from powershell.formatting.packets import CENTER, LEFT, RIGHT
from powershell.formatting.values import Objects
from powershell.values import Hashtable, ScriptBlock, type_name
from powershell.wildcard import has_wildcard, matches

if TYPE_CHECKING:
    from powershell.errors import ErrorRecord

ErrorMaker = Callable[[str, str], "ErrorRecord"]
"""Message and id to the record of the running cmdlet."""

_ALIGNMENTS: Final = (LEFT, CENTER, RIGHT)
TABLE_KEYS: Final = ("expression", "formatstring", "label", "name", "width", "alignment")
LIST_KEYS: Final = ("expression", "formatstring", "label", "name")
GROUP_KEYS: Final = ("expression", "formatstring", "label", "name")


@dataclass(frozen=True, slots=True, kw_only=True)
class PropertyArgument:
    """One entry of -Property; `expression` is a name (perhaps with wildcards) or a script block."""

    expression: str | ScriptBlock
    label: str = ""
    width: int = 0
    alignment: str = ""
    format_string: str = ""

    @property
    def title(self) -> str:
        if self.label:
            return self.label
        return self.expression if isinstance(self.expression, str) else self.expression.text

    def resolve(self, objects: Objects, value: Any) -> list[PropertyArgument]:
        """One argument for each property a wildcard matches; a plain name takes the property's own spelling."""
        if not isinstance(self.expression, str):
            return [self]
        pattern = self.expression
        if has_wildcard(pattern):
            names = objects.properties(value, extended_first=True)
            return [replace(self, expression=name) for name in names if matches(pattern, name)]
        return [replace(self, expression=objects.own_name(value, pattern) or pattern)]

    def exists(self, objects: Objects, value: Any) -> bool:
        """Format-List leaves out properties that an object lacks; script blocks it always shows."""
        return not isinstance(self.expression, str) or objects.own_name(value, self.expression) is not None

    def evaluate(self, objects: Objects, value: Any) -> Any:
        """The value for one object; null where the expression fails, as Format-* shows it."""
        try:
            if isinstance(self.expression, str):
                return objects.get(value, self.expression)
            return objects.evaluate(self.expression, value)
        except PowerShellError:
            return None


def parse_properties(
    arguments: Iterable[Any], keys: tuple[str, ...], make_error: ErrorMaker
) -> tuple[PropertyArgument, ...]:
    """Raises PowerShellError for an entry that is no property."""
    return tuple(parse_property(argument, keys, make_error) for argument in arguments)


def parse_property(argument: Any, keys: tuple[str, ...], make_error: ErrorMaker) -> PropertyArgument:
    match argument:
        case ScriptBlock():
            return PropertyArgument(expression=argument)
        case str():
            return PropertyArgument(expression=argument)
        case Hashtable():
            return _calculated(argument, keys, make_error)
    text = "null" if argument is None else type_name(argument)
    raise PowerShellError(
        make_error(
            f"Cannot convert {text} to one of the following types {{System.String, "
            "System.Management.Automation.ScriptBlock}.",
            "DictionaryKeyUnknownType",
        )
    )


def _calculated(table: Hashtable, keys: tuple[str, ...], make_error: ErrorMaker) -> PropertyArgument:
    found: dict[str, Any] = {}
    for key, value in table.items():
        name = _key_name(key, keys, make_error)
        found["label" if name == "name" else name] = _checked(name, key, value, make_error)
    if "expression" not in found:
        raise PowerShellError(make_error("A mandatory entry for expression is missing.", "DictionaryKeyMandatoryEntry"))
    return PropertyArgument(
        expression=found["expression"],
        label=found.get("label", ""),
        width=found.get("width", 0),
        alignment=found.get("alignment", ""),
        format_string=found.get("formatstring", ""),
    )


def _key_name(key: Any, keys: tuple[str, ...], make_error: ErrorMaker) -> str:
    if not isinstance(key, str):
        raise PowerShellError(make_error(f"The key type {type_name(key)} is not valid.", "DictionaryKeyNonString"))
    candidates = [name for name in keys if name.startswith(key.lower())]
    exact = [name for name in candidates if name == key.lower()]
    if len(exact or candidates) != 1 or not key:
        raise PowerShellError(make_error(f"The {key} key is not valid.", "DictionaryKeyIllegal"))
    return (exact or candidates)[0]


def _checked(name: str, written: str, value: Any, make_error: ErrorMaker) -> Any:
    expected = {"width": int, "expression": (str, ScriptBlock)}.get(name, str)
    shown = {"width": "System.Int32"}.get(name, "System.String")
    if not isinstance(value, expected) or isinstance(value, bool):  # type: ignore[arg-type] # a type or a tuple of types
        raise PowerShellError(
            make_error(
                f'The "{written}" key has a type, {type_name(value)}, that is not valid; expected '
                + (
                    f"type is {shown}."
                    if name != "expression"
                    else "types are {System.String, System.Management.Automation.ScriptBlock}."
                ),
                "DictionaryKeyIllegalValue2" if name != "expression" else "DictionaryKeyIllegalValue1",
            )
        )
    return _alignment(value, make_error) if name == "alignment" else value


def _alignment(value: str, make_error: ErrorMaker) -> str:
    found = [known for known in _ALIGNMENTS if value and known.startswith(value.lower())]
    if len(found) != 1:
        raise PowerShellError(
            make_error(
                f'The value "{value}" for key "alignment" is not valid; valid values are {{left, center, right}}.',
                "AlignmentIllegalValue",
            )
        )
    return found[0]
