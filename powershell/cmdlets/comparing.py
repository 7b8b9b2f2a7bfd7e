"""The order that Sort-, Group-, Select- and Compare-Object share, and the unstable sort of .NET that follows it."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any, Final, Generic, TypeVar

from powershell.cmdlets.properties import PropertyValue
from powershell.comparison import compare_strings, is_number
from powershell.conversion import to_text
from powershell.dialect import spoken
from powershell.engine_context import EngineContext
from powershell.errors import OutsideSubset, PowerShellError
from powershell.instances import Instance, PSCustomObject
from powershell.values import type_name

T = TypeVar("T")
_FEW: Final = 16


class ObjectComparer:
    def __init__(self, context: EngineContext, *, ignore_case: bool = True) -> None:
        self._comparison = context.runspace.comparison
        self._ignore_case = ignore_case

    def compare(self, left: Any, right: Any) -> int:
        """Negative, zero or positive; null is below everything but negative numbers."""
        if left is None or right is None:
            order = (left is not None) - (right is not None)
            other = right if left is None else left
            return -order if is_number(other) and other < 0 else order
        bulky, peculiar = (list, Instance), isinstance(left, (bool, list)) or isinstance(right, (bool, list))
        if peculiar and isinstance(left, bulky) is not isinstance(right, bulky):
            raise OutsideSubset(f"comparing {type_name(left)} with {type_name(right)}")
        if isinstance(left, (list, Instance)) or isinstance(right, (list, Instance)):
            return self._compare_text(left, right)
        try:
            return int(self._comparison.compare(left, right, ignore_case=self._ignore_case))
        except PowerShellError:
            return self._compare_text(left, right)

    def _compare_text(self, left: Any, right: Any) -> int:
        first, second = ("" if isinstance(value, PSCustomObject) else to_text(value) for value in (left, right))
        return compare_strings(first, second, ignore_case=self._ignore_case)

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


def sort_as_dotnet(items: Sequence[T], compare: Callable[[T, T], int]) -> list[T]:
    """Equal items change places, which scripts can see."""
    sort = _DotNetSort(items, compare)
    if spoken().windows and items:
        sort.quick(0, len(items) - 1, 32)
    elif items:
        sort.introspective(0, len(items) - 1, 2 * len(items).bit_length())
    return sort.items


class _DotNetSort(Generic[T]):
    def __init__(self, items: Sequence[T], compare: Callable[[T, T], int]) -> None:
        self.items = list(items)
        self._compare = compare

    def introspective(self, low: int, high: int, depth: int) -> None:
        """As of .NET Framework 4.5, which PowerShell 7 has."""
        while high - low >= _FEW:
            depth = _less(depth)
            split = self._split(low, high)
            self.introspective(split + 1, high, depth)
            high = split - 1
        if high - low < 3:
            self._exchange((low, high - 1), (low, high), (high - 1, high))
        else:
            self.items[low : high + 1] = sort_stably(self.items[low : high + 1], self._compare)

    def _split(self, low: int, high: int) -> int:
        middle = (low + high) // 2
        self._exchange((low, middle), (low, high), (middle, high))
        items, pivot, left, right = self.items, self.items[middle], low + 1, high - 2
        items[middle], items[high - 1] = items[high - 1], pivot
        while True:
            left, right = self._stops(pivot, left, right)
            if left >= right:
                break
            items[left], items[right] = items[right], items[left]
            left, right = left + 1, right - 1
        items[left], items[high - 1] = items[high - 1], items[left]
        return left

    def quick(self, low: int, high: int, depth: int) -> None:
        """As of .NET Framework 4.0, which Windows PowerShell keeps to."""
        depth = _less(depth)
        items, middle, left, right = self.items, (low + high) // 2, low, high
        self._exchange((low, middle), (low, high), (middle, high))
        pivot = items[middle]
        while left <= right:
            left, right = self._stops(pivot, left, right)
            if left <= right:
                items[left], items[right] = items[right], items[left]
                left, right = left + 1, right - 1
        for begin, end in ((low, right), (left, high)):
            if begin < end:
                self.quick(begin, end, depth)

    def _stops(self, pivot: T, left: int, right: int) -> tuple[int, int]:
        while self._compare(self.items[left], pivot) < 0:
            left += 1
        while self._compare(pivot, self.items[right]) < 0:
            right -= 1
        return left, right

    def _exchange(self, *pairs: tuple[int, int]) -> None:
        items = self.items
        for low, high in pairs:
            if low < high and self._compare(items[low], items[high]) > 0:
                items[low], items[high] = items[high], items[low]


def _less(depth: int) -> int:
    """.NET sorts by a heap at the depth of nought."""
    if depth == 0:
        raise OutsideSubset("sorting objects that come in so unfavourable an order")
    return depth - 1
