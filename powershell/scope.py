"""Variables and functions in nested scopes: what a name means, and what may be done to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from powershell.errors import failure

READ_ONLY: Final = "ReadOnly"
CONSTANT: Final = "Constant"
PRIVATE: Final = "Private"
ALL_SCOPE: Final = "AllScope"


@dataclass(slots=True)
class Variable:
    """`constrain` converts and validates whatever is assigned ([int]$x, [ValidateRange(1,3)]$x)."""

    name: str
    value: Any
    options: frozenset[str] = frozenset()
    constrain: Callable[[Any], Any] | None = None
    description: str = ""

    def assign(self, value: Any) -> None:
        if self.options and (READ_ONLY in self.options or CONSTANT in self.options):
            raise failure(
                f"Cannot overwrite variable {self.name} because it is read-only or constant.",
                "VariableNotWritable",
                "WriteError",
                exception="System.Management.Automation.SessionStateUnauthorizedAccessException",
                target=self.name,
            )
        self.value = value if self.constrain is None else self.constrain(value)


@dataclass(slots=True, eq=False)
class Scope:
    """One scope; `parent` is the caller's (names are found dynamically)."""

    parent: Scope | None = None
    is_script: bool = False
    strict_mode: int | None = None
    """What Set-StrictMode set here; None leaves it to the scopes that called this one."""
    variables: dict[str, Variable] = field(default_factory=dict)
    functions: dict[str, Any] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)

    def find(self, name: str) -> Variable | None:
        """The variable of that name, here or in a scope that called this one."""
        name = name.lower()
        variable = self.variables.get(name)
        if variable is not None:
            return variable
        scope = self.parent
        while scope is not None:
            variable = scope.variables.get(name)
            if variable is not None and PRIVATE not in variable.options:
                return variable
            scope = scope.parent
        return None

    def set(self, name: str, value: Any) -> None:
        """Assigns in this scope, as `$name = value` does."""
        variable = self.variables.get(name.lower())
        if variable is not None:
            variable.assign(value)
            return
        if self.parent is not None:
            inherited = self.parent.find(name.lower())
            if inherited is not None and (ALL_SCOPE in inherited.options or CONSTANT in inherited.options):
                inherited.assign(value)
                return
        self.variables[name.lower()] = Variable(name, value)

    def force(self, name: str, value: Any) -> None:
        """Sets an automatic variable here, whatever stands there."""
        self.variables[name.lower()] = Variable(name, value)

    def chain(self) -> Iterator[Scope]:
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.parent

    def root(self) -> Scope:
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope

    def strictness(self) -> int:
        scope: Scope | None = self
        while scope is not None:
            if scope.strict_mode is not None:
                return scope.strict_mode
            scope = scope.parent
        return 0

    def script(self) -> Scope:
        """The scope `$script:` means: the running script file's, else the global one."""
        return next((scope for scope in self.chain() if scope.is_script), self.root())

    def function(self, name: str) -> Any:
        for scope in self.chain():
            found = scope.functions.get(name)
            if found is not None:
                return found
        return None

    def alias(self, name: str) -> str | None:
        for scope in self.chain():
            found = scope.aliases.get(name)
            if found is not None:
                return found
        return None
