"""The order that Sort-, Group-, Select- and Compare-Object share, and the unstable sort of .NET that follows it."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from powershell.cmdlets.properties import PropertyValue
from powershell.comparison import compare_strings
from powershell.conversion import to_text
from powershell.engine_context import EngineContext
from powershell.errors import PowerShellError
from powershell.instances import Instance

T = TypeVar("T")


class ObjectComparer:
    def __init__(self, context: EngineContext, *, ignore_case: bool = True) -> None:
        self._comparison = context.runspace.comparison
        self._ignore_case = ignore_case

    def compare(self, left: Any, right: Any) -> int:
        """Negative, zero or positive; null is below everything."""
        if left is None or right is None:
            return (left is not None) - (right is not None)
        if isinstance(left, (list, Instance)) or isinstance(right, (list, Instance)):
            return self._compare_text(left, right)
        try:
            return int(self._comparison.compare(left, right, ignore_case=self._ignore_case))
        except PowerShellError:
            return self._compare_text(left, right)

    def _compare_text(self, left: Any, right: Any) -> int:
        return compare_strings(to_text(left), to_text(right), ignore_case=self._ignore_case)

    def compare_properties(self, left: PropertyValue, right: PropertyValue) -> int:
        """A property that an object lacks sorts after those that are there, in either direction."""
        if left.exists and right.exists:
            return self.compare(left.value, right.value)
        return right.exists - left.exists

    def compare_keys(
        self, left: Sequence[PropertyValue], right: Sequence[PropertyValue], descending: Sequence[bool] = ()
    ) -> int:
        for index, (first, second) in enumerate(zip(left, right, strict=True)):
            order = self.compare_properties(first, second)
            if order:
                turned = bool(descending) and descending[index] and first.exists and second.exists
                return -order if turned else order
        return 0


def sort_stably(items: Sequence[T], compare: Callable[[T, T], int]) -> list[T]:
    """Equal items keep their order, as in PowerShell 7."""
    return sorted(items, key=functools.cmp_to_key(compare))


def order_few(items: Sequence[T], compare: Callable[[T, T], int]) -> list[T]:
    """As .NET orders up to sixteen: three by exchanges, which is not stable, others by insertion, which is."""
    if len(items) != 3:
        return sort_stably(items, compare)
    keys = list(items)
    for low, high in ((0, 1), (0, 2), (1, 2)):
        if compare(keys[low], keys[high]) > 0:
            keys[low], keys[high] = keys[high], keys[low]
    return keys
