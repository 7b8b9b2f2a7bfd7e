"""Which chapter and which step of one run belongs to which of the other."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import TypeVar

T = TypeVar("T")


def aligned(
    baseline: Sequence[T], record: Sequence[T], of_baseline: Sequence[Hashable], of_record: Sequence[Hashable]
) -> Iterator[tuple[T | None, T | None]]:
    """In order, those whose keys agree side by side; what only one has stands alone."""
    matcher = SequenceMatcher(None, of_baseline, of_record, autojunk=False)
    for tag, begin, end, other_begin, other_end in matcher.get_opcodes():
        if tag == "equal":
            yield from zip(baseline[begin:end], record[other_begin:other_end], strict=True)
        else:
            yield from ((each, None) for each in baseline[begin:end])
            yield from ((None, each) for each in record[other_begin:other_end])


def only_in(baseline: Sequence[str], record: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What only the one and only the other has, in order; the same things in another order differ."""
    pairs = list(aligned(baseline, record, baseline, record))
    return (
        tuple(one for one, other in pairs if one is not None and other is None),
        tuple(other for one, other in pairs if other is not None and one is None),
    )
