"""The order in which System.Collections.Hashtable enumerates keys whose hash code is the same in every process.

Double hashing over a prime number of buckets, walked from the last bucket to the first; strings hash at random in .NET,
so tables with string keys have no order to keep.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

_PRIMES: Final = (
    *(3, 7, 11, 17, 23, 29, 37, 47, 59, 71, 89, 107, 131, 163, 197, 239, 293, 353, 431, 521, 631, 761, 919, 1103),
    *(1327, 1597, 1931, 2333, 2801, 3371, 4049, 4861, 5839, 7013, 8419, 10103, 12143, 14591, 17519, 21023, 25229),
    *(30293, 36353, 43627, 52361, 62851, 75431, 90523, 108631, 130363, 156437, 187751, 225307, 270371, 324449),
    *(389357, 467237, 560689, 672827, 807403, 968897, 1162687, 1395263, 1674319, 2009191, 2411033, 2893249),
    *(3471899, 4166287, 4999559, 5999471, 7199369),
)
_LOAD: Final = 0.72
_MASK: Final = 0x7FFFFFFF


@dataclass(slots=True)
class _Bucket:
    identity: Any = None
    code: int = 0
    taken: bool = False
    collided: bool = False


def _prime(least: int) -> int:
    return next(prime for prime in _PRIMES if prime >= least)


class BucketOrder:
    """Where each key of one table stands."""

    __slots__ = ("_buckets", "_count")

    def __init__(self, capacity: int = 0) -> None:
        raw = int(capacity / _LOAD)
        self._buckets = [_Bucket() for _ in range(_prime(raw) if capacity / _LOAD > 3 else 3)]
        self._count = 0

    def insert(self, identity: Any, code: int) -> None:
        """A key that is not in the table yet, with its hash code."""
        if self._count >= int(_LOAD * len(self._buckets)):
            self._grow()
        self._put(self._buckets, identity, code & _MASK)
        self._count += 1

    def _grow(self) -> None:
        larger = [_Bucket() for _ in range(_prime(2 * len(self._buckets)))]
        for bucket in self._buckets:
            if bucket.taken:
                self._put(larger, bucket.identity, bucket.code)
        self._buckets = larger

    def _put(self, buckets: list[_Bucket], identity: Any, code: int) -> None:
        step = 1 + ((code * 101) & 0xFFFFFFFF) % (len(buckets) - 1)
        number = code % len(buckets)
        freed: _Bucket | None = None
        for _ in buckets:
            bucket = buckets[number]
            if not bucket.taken and bucket.collided and freed is None:
                freed = bucket
            elif not bucket.taken and not bucket.collided:
                self._fill(freed or bucket, identity, code)
                return
            elif freed is None:
                bucket.collided = True
            number = (number + step) % len(buckets)
        assert freed is not None
        self._fill(freed, identity, code)

    def _fill(self, bucket: _Bucket, identity: Any, code: int) -> None:
        bucket.identity, bucket.code, bucket.taken = identity, code, True

    def remove(self, identity: Any) -> None:
        for bucket in self._buckets:
            if bucket.taken and bucket.identity == identity:
                bucket.identity, bucket.taken = None, False
                self._count -= 1
                return

    def order(self) -> list[Any]:
        """The identities, as the table enumerates them."""
        return [bucket.identity for bucket in reversed(self._buckets) if bucket.taken]
