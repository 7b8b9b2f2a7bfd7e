"""The runtime's side of formatting: properties, text and script blocks as the running command sees them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from powershell.conversion import object_text, to_text
from powershell.declared import DotNetObject, DotNetType
from powershell.engine_context import EngineContext
from powershell.errors import OutsideSubset
from powershell.formatting.property_names import property_names
from powershell.instances import Hashtable, Instance, PSCustomObject, ScriptBlock
from powershell.known_members import table_of
from powershell.members import Members
from powershell.object_view import PropertyView
from powershell.values import NOTHING, DateTime, unwrap


class RuntimeObjects:
    """Objects for one invocation of a cmdlet."""

    def __init__(self, context: EngineContext) -> None:
        self._context = context
        self._interpreter = context.runspace.interpreter
        self._members: Members = context.runspace.members

    @property
    def enumeration_limit(self) -> int:
        limit = self._interpreter.global_scope.find("formatenumerationlimit")
        return limit.value if limit is not None and isinstance(limit.value, int) else 4

    @property
    def error_view(self) -> str:
        return to_text(self._interpreter.variable("errorview"))

    def type_names(self, value: Any) -> Sequence[str]:
        return self._members.type_names(value)

    def properties(self, value: Any, *, extended_first: bool = False) -> Sequence[str]:
        known = property_names(value, extended_first=extended_first)
        return self._members.property_names(value, extended_first=extended_first) if known is None else known

    def own_name(self, value: Any, name: str) -> str | None:
        """The property of that name in its own spelling; None where the object has none."""
        lowered = name.lower()
        if isinstance(value, Instance) and lowered in value.members:
            return value.members[lowered].name
        if isinstance(value, DotNetObject):
            known = value.dotnet_class.property(name)
            if known is None and lowered in {outside.lower() for outside in value.dotnet_class.outside}:
                raise OutsideSubset(f"the property {name} of {value.dotnet_class.name}")
            return None if known is None else known.name
        if isinstance(value, PSCustomObject) or value is None:
            return None
        if isinstance(value, PropertyView) and lowered in {"name", "value"}:
            return name.capitalize()
        table = table_of(value)
        if isinstance(value, Hashtable):
            own = None if table is None else table.find_property(lowered)
            return None if own is None else own[0]
        found = None if table is None else table.find_property(lowered)
        if found is not None:
            return found[0]
        if self._members.property_or_nothing(value, name) is not NOTHING:
            return name
        self._members.get(value, name)  # refuses a property that the real type has
        return None

    def get(self, value: Any, name: str) -> Any:
        found = self._members.property_or_nothing(value, name)
        if found is not NOTHING:
            return found
        self.own_name(value, name)  # refuses a property that only the real type has
        return None

    def evaluate(self, block: ScriptBlock, underscore: Any) -> Any:
        return unwrap(self.run(block, underscore))

    def run(self, block: ScriptBlock, underscore: Any) -> list[Any]:
        """What a block writes; its errors come through."""
        self._interpreter.guarded += 1
        try:
            return self._context.invoke(block, underscore=underscore, new_scope=True)
        finally:
            self._interpreter.guarded -= 1

    def text(self, value: Any) -> str:
        if isinstance(value, (DateTime, DotNetType, PSCustomObject)):
            return object_text(value)
        if isinstance(value, float) and value in (float("inf"), float("-inf")):
            return "∞" if value > 0 else "-∞"
        return to_text(value)
