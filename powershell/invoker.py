"""What values, parameters and their checks need of the interpreter that runs the script."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from powershell.comparison import Comparison
from powershell.conversion import Conversion
from powershell.declared import DotNetType
from powershell.instances import ScriptBlock
from powershell.scope import Scope
from powershell.type_names import TypeRegistry


class MemberAccess(Protocol):
    """The members of values; see `members.Members`."""

    def get(self, value: Any, name: Any) -> Any: ...

    def has_method(self, value: Any, name: str) -> bool: ...

    def invoke(self, value: Any, name: Any, arguments: Sequence[Any]) -> Any: ...

    def property_names(self, value: Any) -> list[str]: ...

    def type_of(self, value: Any) -> DotNetType: ...

    def is_instance(self, value: Any, target: DotNetType) -> bool: ...


class Invoker(Protocol):
    """Converts, compares, and runs script blocks."""

    scope: Scope
    borrowed: list[Scope]

    @property
    def conversion(self) -> Conversion: ...

    @property
    def comparison(self) -> Comparison: ...

    @property
    def types(self) -> TypeRegistry: ...

    @property
    def members(self) -> MemberAccess: ...

    def checkpoint(self) -> None:
        """Raises when the pipeline has been stopped."""

    def call(
        self, block: ScriptBlock, arguments: Sequence[Any] = (), *, underscore: Any = ..., new_scope: bool = True
    ) -> list[Any]:
        """Runs a script block and collects what it writes."""

    def swapped(self, scope: Scope) -> AbstractContextManager[None]:
        """Another scope is current meanwhile."""
