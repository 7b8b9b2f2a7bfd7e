"""How a mutation is declared: above the class that is it, with its name, its effect and its point of the guide."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

Overriding = TypeVar("Overriding", bound="type[object]")
_DECLARED: dict[type[object], Mutation] = {}


@dataclass(frozen=True, slots=True)
class Mutation:
    """`point` is the point of the guide (guide/checklist.md) that no longer holds; empty where it is none of them."""

    name: str
    effect: str
    point: str


def mutation(name: str, effect: str, point: str = "") -> Callable[[Overriding], Overriding]:
    """Declares the class as the mutation of that name; it overrides methods of its base, and calls `super()`."""

    def declare(overriding: Overriding) -> Overriding:
        _DECLARED[overriding] = Mutation(name, effect, point)
        return overriding

    return declare


def declared(overriding: type[object]) -> Mutation:
    return _DECLARED[overriding]


def all_declared() -> frozenset[type[object]]:
    """Of every module that has been imported."""
    return frozenset(_DECLARED)
