"""The classes a lab is made of: each part's own, or one in which other classes override some of its methods."""

from __future__ import annotations

from collections.abc import Iterable
from types import new_class
from typing import TypeVar, cast

Part = TypeVar("Part")


class Parts:
    """`overriding` are subclasses of parts; several of one part work together, as they call `super()`."""

    def __init__(self, overriding: Iterable[type[object]] = ()) -> None:
        self._overriding = tuple(overriding)

    def of(self, part: type[Part]) -> type[Part]:
        """The class to make this part of."""
        found = tuple(each for each in self._overriding if issubclass(part, each.__bases__))
        return cast("type[Part]", new_class(part.__name__, (*found, part))) if found else part
