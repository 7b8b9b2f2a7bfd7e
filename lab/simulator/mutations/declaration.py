"""Declaration of mutations: classes that override a decision of an honest part, under `@mutation`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import TypeVar

Overriding = TypeVar("Overriding", bound="type[object]")
_DECLARED: dict[type[object], Mutation] = {}


@dataclass(frozen=True, slots=True)
class Mutation:
    """`point` is the point of the guide (guide/points.toml) that no longer holds; empty where it is none of them."""

    name: str
    effect: str
    point: str


def mutation(point: str = "") -> Callable[[Overriding], Overriding]:
    """Declares a mutation: its name is the class's with hyphens, its effect the docstring."""

    def declare(overriding: Overriding) -> Overriding:
        name = re.sub(r"\B(?=[A-Z])", "-", overriding.__name__).lower()
        _DECLARED[overriding] = Mutation(name, overriding.__doc__ or "", point)
        return overriding

    return declare


def declared(overriding: type[object]) -> Mutation:
    return _DECLARED[overriding]


def declared_in(module: ModuleType) -> tuple[type[object], ...]:
    """The mutations of a module, in its order."""
    return tuple(each for each in vars(module).values() if isinstance(each, type) and each in _DECLARED)
