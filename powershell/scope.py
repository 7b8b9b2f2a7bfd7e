"""Variables and functions in nested scopes: what a name means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Variable:
    """`constrain` converts whatever is assigned ([int]$x)."""

    name: str
    value: Any
    constrain: Callable[[Any], Any] | None = None

    def assign(self, value: Any) -> None:
        self.value = value if self.constrain is None else self.constrain(value)


@dataclass(slots=True, eq=False)
class Scope:
    """One scope; `parent` is the caller's (names are found dynamically)."""

    parent: Scope | None = None
    variables: dict[str, Variable] = field(default_factory=dict)
    functions: dict[str, Any] = field(default_factory=dict)

    def find(self, name: str) -> Variable | None:
        """The variable of that name, here or in a scope that called this one."""
        name = name.lower()
        scope: Scope | None = self
        while scope is not None:
            variable = scope.variables.get(name)
            if variable is not None:
                return variable
            scope = scope.parent
        return None

    def set(self, name: str, value: Any) -> None:
        """Assigns in this scope, as `$name = value` does."""
        variable = self.variables.get(name.lower())
        if variable is not None:
            variable.assign(value)
        else:
            self.variables[name.lower()] = Variable(name, value)

    def force(self, name: str, value: Any) -> None:
        """Sets an automatic variable here, whatever stands there."""
        self.variables[name.lower()] = Variable(name, value)

    def function(self, name: str) -> Any:
        scope: Scope | None = self
        while scope is not None:
            if name in scope.functions:
                return scope.functions[name]
            scope = scope.parent
        return None
