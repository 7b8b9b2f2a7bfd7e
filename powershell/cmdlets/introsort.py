"""The unstable sort of .NET's List<T>.Sort: the places of equal values follow from its steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from powershell.errors import OutsideSubset

T = TypeVar("T")
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
