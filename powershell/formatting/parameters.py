"""The -Property argument of Format-, Select-, Sort-, Group-, Measure- and Compare-: names, blocks, calculated ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from powershell.errors import OutsideSubset, PowerShellError
from powershell.formatting.objects import RuntimeObjects
from powershell.instances import Hashtable, ScriptBlock
from powershell.values import type_name
from powershell.wildcard import has_wildcard, matches


@dataclass(frozen=True, slots=True, kw_only=True)
class PropertyArgument:
    """`expression` is a name, perhaps with wildcards, or a script block; `options` are further keys of a table."""

    expression: str | ScriptBlock
    label: str = ""
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        if self.label:
            return self.label
        return self.expression if isinstance(self.expression, str) else self.expression.text

    def resolve(self, objects: RuntimeObjects, value: Any) -> list[PropertyArgument]:
        """One argument for each property a wildcard matches; a plain name takes the property's own spelling."""
        if not isinstance(self.expression, str):
            return [self]
        pattern = self.expression
        if has_wildcard(pattern):
            names = objects.properties(value, extended_first=True)
            return [replace(self, expression=name) for name in names if matches(pattern, name)]
        return [replace(self, expression=objects.own_name(value, pattern) or pattern)]

    def exists(self, objects: RuntimeObjects, value: Any) -> bool:
        """Format-List leaves out properties that an object lacks; script blocks it always shows."""
        return not isinstance(self.expression, str) or objects.own_name(value, self.expression) is not None

    def evaluate(self, objects: RuntimeObjects, value: Any) -> Any:
        """The value for one object; null where the expression fails, as Format-* shows it."""
        try:
            if isinstance(self.expression, str):
                return objects.get(value, self.expression)
            return objects.evaluate(self.expression, value)
        except PowerShellError:
            return None


def parse_properties(arguments: Iterable[Any], keys: Sequence[str]) -> tuple[PropertyArgument, ...]:
    """The entries of -Property; `keys` are those that a calculated one may have."""
    return tuple(_parsed(argument, keys) for argument in arguments)


def _parsed(argument: Any, keys: Sequence[str]) -> PropertyArgument:
    if isinstance(argument, (str, ScriptBlock)):
        return PropertyArgument(expression=argument)
    if not isinstance(argument, Hashtable):
        raise OutsideSubset(f"a property that is {'null' if argument is None else type_name(argument)}")
    found: dict[str, Any] = {}
    for key, value in argument.items():
        name = _key(key, keys)
        if name in found:
            raise OutsideSubset(f"a calculated property with two keys for {name}")
        found[name] = value
    expression, label = found.pop("expression", None), found.pop("label", "")
    if not isinstance(expression, (str, ScriptBlock)) or not isinstance(label, str):
        raise OutsideSubset("a calculated property without an expression, or whose label is no text")
    return PropertyArgument(expression=expression, label=label, options=found)


def _key(key: Any, keys: Sequence[str]) -> str:
    text = key.lower() if isinstance(key, str) else ""
    candidates = [name for name in keys if text and name.startswith(text)]
    if len(candidates) != 1:
        raise OutsideSubset(f"a calculated property with the key {key}")
    return "label" if candidates[0] == "name" else candidates[0]
