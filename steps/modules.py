"""Every module of steps, and the vocabulary they make together."""

from __future__ import annotations

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

STEP_MODULES = (
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


def vocabulary() -> Vocabulary:
    return Vocabulary.of(*STEP_MODULES)
