"""Mutations: named ways in which the simulated lab misbehaves, each at one point that a drill has to notice it by."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from lab.errors import SiteError


@dataclass(frozen=True, slots=True)
class Mutation:
    """`point` is the point of the guide (guide/checklist.md) that no longer holds."""

    name: str
    effect: str
    point: str


MASTER_GUEST_KEEPS_RUNNING = Mutation(
    "master-guest-keeps-running",
    "A switchover does not shut down the guest on the host it leaves.",
    "4-1.S3",
)
COMPLETION_WITHOUT_START = Mutation(
    "completion-without-start",
    "A switchover reports its completion without starting the guest it registered.",
    "4-1.S4",
)
LAST_SECOND_LOST = Mutation(
    "last-second-lost",
    "The changes of the last second before the latest change never reach the other host.",
    "4-1.S5",
)
DATABASE_READ_ONLY = Mutation(
    "database-read-only",
    "Away from the host it was installed on, the guest's disk is write-protected.",
    "4-1.S5",
)
URL_STILL_POINTS_TO_MASTER = Mutation(
    "url-still-points-to-master",
    "The production address is answered by the master host only, wherever the guest runs.",
    "4-1.S5",
)

CATALOGUE = {
    mutation.name: mutation
    for mutation in (
        MASTER_GUEST_KEEPS_RUNNING,
        COMPLETION_WITHOUT_START,
        LAST_SECOND_LOST,
        DATABASE_READ_ONLY,
        URL_STILL_POINTS_TO_MASTER,
    )
}


def chosen(names: Iterable[str]) -> frozenset[Mutation]:
    """The mutations of these names; a name the catalogue does not have is a SiteError."""
    for name in names:
        if name not in CATALOGUE:
            near = difflib.get_close_matches(name, CATALOGUE, n=1)
            remedy = f'write "{near[0]}"' if near else f"name any of {', '.join(CATALOGUE)}"
            raise SiteError(f'There is no mutation "{name}"; {remedy}.')
    return frozenset(CATALOGUE[name] for name in names)
