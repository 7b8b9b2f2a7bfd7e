"""The order that Sort-, Group-, Select- and Compare-Object share, and the unstable sort of .NET that follows it."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

from powershell.cmdlets.properties import PropertyValue
from powershell.comparison import compare_strings
from powershell.conversion import to_text
from powershell.engine_context import EngineContext
from powershell.errors import OutsideSubset, PowerShellError
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


def is_consistent(ordered: Sequence[T], compare: Callable[[T, T], int]) -> bool:
    """Whether the comparison is a real order on these items: among mixed types it need not be one."""
    return all(compare(ordered[index], later) <= 0 for index in range(len(ordered)) for later in ordered[index + 1 :])


Compare = Callable[[T, T], int]

_INSERTION_LIMIT: Final = 16


def introsorted(items: Sequence[T], compare: Compare[T]) -> list[T]:
    ordered = list(items)
    if len(ordered) > 1:
        _sort(ordered, 0, len(ordered), 2 * len(ordered).bit_length(), compare)
    return ordered


def _sort(keys: list[T], start: int, end: int, depth: int, compare: Compare[T]) -> None:
    while (size := end - start) > 1:
        if size <= _INSERTION_LIMIT:
            _sort_few(keys, start, end, compare)
            return
        if depth == 0:
            raise OutsideSubset("sorting values that .NET would sort by a heap")
        depth -= 1
        pivot = _partition(keys, start, end, compare)
        _sort(keys, pivot + 1, end, depth, compare)
        end = pivot


def _sort_few(keys: list[T], start: int, end: int, compare: Compare[T]) -> None:
    match end - start:
        case 2:
            _order(keys, start, start + 1, compare)
        case 3:
            _order_three(keys, start, start + 1, start + 2, compare)
        case _:
            _insert_each(keys, start, end, compare)


def _insert_each(keys: list[T], start: int, end: int, compare: Compare[T]) -> None:
    for index in range(start + 1, end):
        moved, place = keys[index], index
        while place > start and compare(moved, keys[place - 1]) < 0:
            keys[place] = keys[place - 1]
            place -= 1
        keys[place] = moved


def _order(keys: list[T], low: int, high: int, compare: Compare[T]) -> None:
    if compare(keys[low], keys[high]) > 0:
        keys[low], keys[high] = keys[high], keys[low]


def _order_three(keys: list[T], low: int, middle: int, high: int, compare: Compare[T]) -> None:
    _order(keys, low, middle, compare)
    _order(keys, low, high, compare)
    _order(keys, middle, high, compare)


def _partition(keys: list[T], start: int, end: int, compare: Compare[T]) -> int:
    last = end - 1
    middle = start + (last - start) // 2
    _order_three(keys, start, middle, last, compare)
    pivot = keys[middle]
    keys[middle], keys[last - 1] = keys[last - 1], keys[middle]
    left, right = start, last - 1
    while left < right:
        left += 1
        while compare(keys[left], pivot) < 0:
            left += 1
        right -= 1
        while compare(pivot, keys[right]) < 0:
            right -= 1
        if left >= right:
            break
        keys[left], keys[right] = keys[right], keys[left]
    if left != last - 1:
        keys[left], keys[last - 1] = keys[last - 1], keys[left]
    return left
