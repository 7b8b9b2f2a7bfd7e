"""The order that Sort-, Group-, Select- and Compare-Object share: values that cannot be compared compare as text."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from powershell.cmdlets.properties import PropertyValue
from powershell.comparison import compare_strings
from powershell.conversion import to_text
from powershell.engine_context import EngineContext
from powershell.errors import PowerShellError
from powershell.values import Instance

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
