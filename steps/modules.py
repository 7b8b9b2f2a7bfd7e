"""The modules of steps with their subjects, and the vocabulary they make together."""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType

from drills.vocabulary import Vocabulary
from steps import (
    assured_recovery,
    entries,
    faults,
    garoon,
    hosts,
    interlocks,
    machines,
    maintenance,
    measuring,
    moved,
    notification,
    prerequisites,
    rebooting,
    replication,
    reverse,
    watching,
    wizard,
)

SUBJECTS: Sequence[ModuleType] = (
    prerequisites,
    hosts,
    wizard,
    replication,
    moved,
    machines,
    garoon,
    entries,
    reverse,
    interlocks,
    faults,
    watching,
    notification,
    maintenance,
    rebooting,
    assured_recovery,
    measuring,
)
"""In the order of a drill; `words` has what the steps of each are for."""


def vocabulary() -> Vocabulary:
    return Vocabulary.of(*SUBJECTS)
