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
TEST_WITHOUT_AR = Mutation(
    "integrity-test-without-ar",
    "A replica integrity test is accepted for a scenario created without Assured Recovery.",
    "6-1.N0",
)
TEST_SHUTS_DOWN_MASTER = Mutation(
    "integrity-test-shuts-down-master",
    "A replica integrity test shuts down the guest on the master host.",
    "6-1.B1",
)
MANUAL_CHOICE_IGNORED = Mutation(
    "manual-choice-ignored",
    "A manual replica integrity test runs automatically and ends by itself.",
    "6-1.S1-S2",
)
READY_NOT_ANNOUNCED = Mutation(
    "ready-not-announced",
    "The event that says that the replica is ready for the manual test never appears.",
    "6-1.S3",
)
TEST_ON_PRODUCTION_NETWORK = Mutation(
    "test-on-production-network",
    "The test guest is connected to the production network.",
    "6-1.S4",
)
GUEST_CHANNEL_CLOSED = Mutation(
    "guest-channel-closed",
    "PowerShell Direct does not connect to a guest.",
    "6-1.S5",
)
TEST_COPY_WRITE_PROTECTED = Mutation(
    "test-copy-write-protected",
    "The disk of the test guest is write-protected.",
    "6-1.S6",
)
TEST_STOP_IGNORED = Mutation(
    "test-stop-ignored",
    "The first request to stop a replica integrity test has no effect.",
    "6-1.S7-S8",
)
RESUMPTION_NOT_ANNOUNCED = Mutation(
    "resumption-not-announced",
    "The event that says that replication has resumed never appears.",
    "6-1.S9",
)
TEST_CHANGES_KEPT = Mutation(
    "test-changes-kept",
    "What was written in the test guest is put over the replica's copy.",
    "6-1.B2",
)
WAITING_CHANGES_LOST = Mutation(
    "waiting-changes-lost",
    "The master's changes that waited during the test are thrown away.",
    "6-1.B2",
)
TEST_RESYNCHRONISES = Mutation(
    "test-resynchronises",
    "After a replica integrity test the disks are synchronised anew.",
    "6-1.B2",
)

CATALOGUE = {
    mutation.name: mutation
    for mutation in (
        MASTER_GUEST_KEEPS_RUNNING,
        COMPLETION_WITHOUT_START,
        LAST_SECOND_LOST,
        DATABASE_READ_ONLY,
        URL_STILL_POINTS_TO_MASTER,
        TEST_WITHOUT_AR,
        TEST_SHUTS_DOWN_MASTER,
        MANUAL_CHOICE_IGNORED,
        READY_NOT_ANNOUNCED,
        TEST_ON_PRODUCTION_NETWORK,
        GUEST_CHANNEL_CLOSED,
        TEST_COPY_WRITE_PROTECTED,
        TEST_STOP_IGNORED,
        RESUMPTION_NOT_ANNOUNCED,
        TEST_CHANGES_KEPT,
        WAITING_CHANGES_LOST,
        TEST_RESYNCHRONISES,
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
