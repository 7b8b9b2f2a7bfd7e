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


SCENARIO_LEFT_OVER = Mutation(
    "scenario-left-over",
    "A replication scenario is there before any has been created.",
    "3.S1-S3",
)
ASSURED_RECOVERY_DROPPED = Mutation(
    "assured-recovery-dropped",
    "A scenario is created without the integrity test that was chosen.",
    "3.S4",
)
HOSTS_EXCHANGED = Mutation(
    "hosts-exchanged",
    "A created scenario is listed with its hosts in each other's place.",
    "3.S5",
)
REPLICA_ENGINE_OUTDATED = Mutation(
    "replica-engine-outdated",
    "The engine on the replica host is older than that on the master host.",
    "3.S6",
)
RUNNING_GUESTS_NOT_DISCOVERED = Mutation(
    "running-guests-not-discovered",
    "The wizard discovers only guests that are off.",
    "3.S7",
)
PROPERTY_NOT_DEFAULT = Mutation(
    "property-not-default",
    "A created scenario has a property that differs from the product's default.",
    "3.S8-S9",
)
COMPUTER_NAME_WRONG = Mutation(
    "computer-name-wrong",
    "The wizard shows the name a guest has in Hyper-V in place of its computer name.",
    "3.S10",
)
REPLICA_NETWORK_MISSING = Mutation(
    "replica-network-missing",
    "The replica host has several virtual networks, but none of the name that guests use on the master host.",
    "3.N10",
)
REVERSE_AUTOMATIC = Mutation(
    "reverse-automatic",
    "A scenario is created with automatic reverse replication, whatever was chosen.",
    "3.S11",
)
VERIFICATION_WARNS = Mutation(
    "verification-warns",
    "The verification of a scenario warns of the Hyper-V environment.",
    "3.S12",
)
RUNS_WHEN_CREATED = Mutation(
    "runs-when-created",
    "A scenario runs as soon as it is created.",
    "3.S13",
)
RUN_IGNORED = Mutation(
    "run-ignored",
    "A scenario that is run stays as it was.",
    "3.S14",
)
ENGINE_STOPS_AFTER_VERIFICATION = Mutation(
    "engine-stops-after-verification",
    "The engine on the replica host stops once a scenario has been verified.",
    "3.S15",
)
SYNCHRONIZATION_COPIES_NOTHING = Mutation(
    "synchronization-copies-nothing",
    "A synchronisation ends without having copied a block.",
    "3.S16",
)
NO_IS_ALIVE = Mutation(
    "no-is-alive",
    "A running scenario's standby host never begins to watch the other.",
    "3.S17",
)
SWITCHOVER_IGNORED = Mutation(
    "switchover-ignored",
    "A switchover that is commanded does not begin.",
    "4-1.S1",
)
REVERSE_UNASKED = Mutation(
    "reverse-unasked",
    "A minute after a switchover the scenario runs in reverse, although that was not chosen.",
    "4-1.S2",
)
MASTER_GUEST_KEEPS_RUNNING = Mutation(
    "master-guest-keeps-running",
    "A switchover does not shut down the guest on the master.",
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
SPOOL_LOST = Mutation(
    "spool-lost",
    "What a guest changes during a synchronisation, and after it, never leaves the spool for the replica.",
    "3.N16b",
)
REPLICATION_STALLS = Mutation(
    "replication-stalls",
    "Changes wait in the spool for hours, although nothing keeps them there.",
    "1-3.B2",
)
OPTION_SYNCHRONIZES = Mutation(
    "option-synchronizes",
    "Reverse replication by the option of a switchover synchronises nevertheless.",
    "4-1.N2",
)
OPTION_STARTS_LATE = Mutation(
    "option-starts-late",
    "Reverse replication by the option of a switchover begins when the guest has booted.",
    "4-1.N2",
)
OPTION_IGNORED_ON_THE_WAY_BACK = Mutation(
    "option-ignored-on-the-way-back",
    "The option to replicate after the switchover is ignored by a switchback.",
    "5-2.S5-S6",
)
REVERSE_NOT_STARTED = Mutation(
    "reverse-not-started",
    "The switched-over scenario accepts to be run again, and does nothing.",
    "5-1.S1",
)
REVERSE_VERIFICATION_COMPLAINS = Mutation(
    "reverse-verification-complains",
    "The verification of a switched-over scenario finds an error that is none.",
    "5-1.S2",
)
REVERSE_RUNS_WITHOUT_GUEST = Mutation(
    "reverse-runs-without-guest",
    "Reverse replication starts although the guest does not run on the replica.",
    "5-1.N2",
)
REVERSE_COPIES_NOTHING = Mutation(
    "reverse-copies-nothing",
    "The synchronisation from the replica to the master compares and copies nothing.",
    "5-1.S3",
)
REVERSE_SPOOL_LOST = Mutation(
    "reverse-spool-lost",
    "What a guest changes during a reverse synchronisation, and after it, never reaches the master.",
    "5-1.N3a",
)
REGISTRATION_STAYS = Mutation(
    "registration-stays",
    "The guest stays in the master's Hyper-V Manager until the switchback.",
    "5-1.N3b",
)
MASTER_DOES_NOT_WATCH = Mutation(
    "master-does-not-watch",
    "During reverse replication no Is Alive checks are made.",
    "5-1.S4",
)
REPLICA_GUEST_KEEPS_RUNNING = Mutation(
    "replica-guest-keeps-running",
    "A switchback does not shut down the guest on the replica.",
    "5-2.S7",
)
SWITCHBACK_UNREPORTED = Mutation(
    "switchback-unreported",
    "No event tells that a switchback is complete.",
    "5-2.S8",
)
REVERSE_NOT_APPLIED = Mutation(
    "reverse-not-applied",
    "Reverse replication counts the blocks it copies and writes none of them.",
    "5-2.S9",
)
SWITCHBACK_KEEPS_DIRECTION = Mutation(
    "switchback-keeps-direction",
    "After a switchback the scenario would still replicate from the replica to the master.",
    "5-2.B10",
)

CATALOGUE = {
    mutation.name: mutation
    for mutation in (
        SCENARIO_LEFT_OVER,
        ASSURED_RECOVERY_DROPPED,
        HOSTS_EXCHANGED,
        REPLICA_ENGINE_OUTDATED,
        RUNNING_GUESTS_NOT_DISCOVERED,
        PROPERTY_NOT_DEFAULT,
        COMPUTER_NAME_WRONG,
        REPLICA_NETWORK_MISSING,
        REVERSE_AUTOMATIC,
        VERIFICATION_WARNS,
        RUNS_WHEN_CREATED,
        RUN_IGNORED,
        ENGINE_STOPS_AFTER_VERIFICATION,
        SYNCHRONIZATION_COPIES_NOTHING,
        NO_IS_ALIVE,
        SWITCHOVER_IGNORED,
        REVERSE_UNASKED,
        MASTER_GUEST_KEEPS_RUNNING,
        COMPLETION_WITHOUT_START,
        LAST_SECOND_LOST,
        DATABASE_READ_ONLY,
        URL_STILL_POINTS_TO_MASTER,
        SPOOL_LOST,
        REPLICATION_STALLS,
        OPTION_SYNCHRONIZES,
        OPTION_STARTS_LATE,
        OPTION_IGNORED_ON_THE_WAY_BACK,
        REVERSE_NOT_STARTED,
        REVERSE_VERIFICATION_COMPLAINS,
        REVERSE_RUNS_WITHOUT_GUEST,
        REVERSE_COPIES_NOTHING,
        REVERSE_SPOOL_LOST,
        REGISTRATION_STAYS,
        MASTER_DOES_NOT_WATCH,
        REPLICA_GUEST_KEEPS_RUNNING,
        SWITCHBACK_UNREPORTED,
        REVERSE_NOT_APPLIED,
        SWITCHBACK_KEEPS_DIRECTION,
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
