"""What one script may take of the lab: the size of a value, the memory of a pipeline, the time of a match.

The simulated hosts share one process. A script that wants more than this is refused, so that it neither stops the
other host nor fills the memory of the controller.
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from typing import Final

from powershell.errors import OutsideSubset

LONGEST_TEXT: Final = 16 * 1024**2
MOST_ITEMS: Final = 2_000_000
MOST_MEMORY: Final = 512 * 1024**2
"""How much the process may grow while one pipeline runs."""
MATCH_SECONDS: Final = 2.0
LARGEST_PRECISION: Final = 1000
_LARGE: Final = 1024**2
"""Values of this size are worth a look at the memory."""
_STATM: Final = Path("/proc/self/statm")


class _Pipeline(threading.local):
    """What the pipeline of this thread began with, and what it has been granted since the last look."""

    began_with: int = 0
    granted: int = 0


_pipeline: Final = _Pipeline()


def begin() -> None:
    """A pipeline begins in this thread."""
    _pipeline.began_with = _resident()
    _pipeline.granted = 0


def text(length: int) -> int:
    """Grants a text of that many characters; raises OutsideSubset for one that is too long."""
    if length > LONGEST_TEXT:
        raise OutsideSubset(f"a text of {length:,} characters (the lab allows {LONGEST_TEXT:,})")
    _grant(length)
    return length


def items(count: int) -> int:
    """Grants a collection of that many items; raises OutsideSubset for one that is too large."""
    fits(count)
    _grant(8 * count)
    return count


def fits(count: int) -> None:
    """Raises OutsideSubset for a collection that has grown too large."""
    if count > MOST_ITEMS:
        raise OutsideSubset(f"a collection of {count:,} items (the lab allows {MOST_ITEMS:,})")


def precision(digits: int) -> int:
    """Grants a number of digits to format with."""
    if digits > LARGEST_PRECISION:
        raise OutsideSubset(f"a number format of {digits:,} digits (the lab allows {LARGEST_PRECISION:,})")
    return digits


def joined(parts: list[str], separator: str = "") -> str:
    """The parts as one text, its length looked at before it is made."""
    text(sum(map(len, parts)) + len(separator) * max(0, len(parts) - 1))
    return separator.join(parts)


def _grant(size: int) -> None:
    _pipeline.granted += size
    if _pipeline.granted > _LARGE:
        check_memory()


def check_memory() -> None:
    """Raises OutsideSubset when the process has grown too much since this thread's pipeline began."""
    _pipeline.granted = 0
    if _pipeline.began_with and _resident() - _pipeline.began_with > MOST_MEMORY:
        raise OutsideSubset(f"a pipeline that takes more than {MOST_MEMORY // 1024**2} MB of memory")


def _resident() -> int:
    """The memory of this process in bytes; where the system does not say, the most it ever had, else 0."""
    if _STATM.exists():
        return int(_STATM.read_text(encoding="ascii").split()[1]) * 4096
    if sys.platform == "win32":
        return 0
    import resource  # noqa: PLC0415 - Windows has no such module

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
