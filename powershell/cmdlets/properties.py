"""What -Property of Select-, Sort-, Group-, Measure- and Compare-Object names, read from the objects of the input."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from powershell.engine_context import EngineContext
from powershell.errors import PowerShellError
from powershell.formatting.objects import RuntimeObjects
from powershell.formatting.parameters import PropertyArgument
from powershell.instances import Hashtable, ScriptBlock
from powershell.values import UNSET, unwrap
from powershell.wildcard import has_wildcard, matches


@dataclass(frozen=True, slots=True)
class PropertyValue:
    """A property of one object; `exists` is false where the object has none of that name."""

    name: str
    value: Any
    exists: bool = True
    block_value: Any = UNSET
    """A collection, or null, that a script block gave: as text it is what its items are."""


class PropertyReader:
    """Reads properties of input objects for one invocation; failing getters and blocks give null.

    `insists`: the cmdlet writes an error for each object that a block of its fails for, which is refused.
    """

    def __init__(self, context: EngineContext, *, insists: bool = False) -> None:
        self._context = context
        self._insists = insists
        self.objects = RuntimeObjects(context)

    def read(self, given: PropertyArgument, value: Any) -> list[PropertyValue]:
        """Every property the argument resolves to; a plain name always gives one, existing or not."""
        if isinstance(given.expression, ScriptBlock):
            return [self._evaluate(given.title, given.expression, value)]
        pattern = given.expression
        if has_wildcard(pattern):
            names = [name for name in self.names(value) if matches(pattern, name)]
            return [PropertyValue(name, self._get(value, name)) for name in names]
        own = None
        if type(value) is Hashtable:
            own = next((name for name in self.names(value) if name.lower() == pattern.lower()), None)
        if own is None:
            own = self.objects.own_name(value, pattern)
        if own is None:
            return [PropertyValue(given.label or pattern, None, exists=False)]
        return [PropertyValue(given.label or own, self._get(value, own))]

    def names(self, value: Any) -> Sequence[str]:
        """Property names as wildcards see them; a hash table shows its keys if it has any."""
        if type(value) is Hashtable and len(value) > 0:
            if self._context.runspace.dialect.windows:
                self._context.outside_subset("a property of a hashtable, whose keys were none before version 6,")
            return [self.objects.text(key) for key, _ in value.items()]
        return self.objects.properties(value, extended_first=True)

    def _get(self, value: Any, name: str) -> Any:
        if type(value) is Hashtable and value.contains(name):
            return value.get(name)
        try:
            return self.objects.get(value, name)
        except PowerShellError:
            return None

    def _evaluate(self, name: str, block: ScriptBlock, value: Any) -> PropertyValue:
        try:
            results = self.objects.run(block, value)
        except PowerShellError as error:
            if self._insists:
                self._context.outside_subset(f"a property whose script block fails ({error.record.message})")
            return PropertyValue(name, None)
        found = unwrap(results)
        return PropertyValue(name, found, block_value=found if not results or isinstance(found, list) else UNSET)
