"""Mutations: named ways in which the simulated lab misbehaves, each at one point that a drill has to notice it by."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lab.errors import SiteError


@dataclass(frozen=True, slots=True)
class Mutation:
    """`point` is the point of the guide (guide/checklist.md) that no longer holds; empty where it is none of them."""

    name: str
    effect: str
    point: str


GAROON_OUTDATED = Mutation(
    "garoon-outdated",
    "Garoon is of a version older than the guide's.",
    "2.P1",
)
CONTROL_SERVICE_ON_MASTER = Mutation(
    "control-service-on-master",
    "The Control Service runs on the master host, whose loss would take it along.",
    "2.P2",
)
MASTER_ENGINE_STOPPED = Mutation(
    "master-engine-stopped",
    "The engine on the master host is installed and does not run.",
    "2.P3",
)
SERVICE_ACCOUNTS_DIFFER = Mutation(
    "service-accounts-differ",
    "The engine on the master host runs under an account of its own.",
    "2.P4",
)
MASTER_WINDOWS_OUTDATED = Mutation(
    "master-windows-outdated",
    "The master host runs a Windows older than the guide's.",
    "2.P5",
)
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
MISSING_ENGINE_UNNOTICED = Mutation(
    "missing-engine-unnoticed",
    "The verification of engines finds one wherever it looks.",
    "3.N6",
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
ASSURED_RECOVERY_CLAIMED = Mutation(
    "assured-recovery-claimed",
    "A scenario created without Assured Recovery is listed with it.",
    "6-1.N0",
)
TEST_SHUTS_DOWN_MASTER = Mutation(
    "integrity-test-shuts-down-master",
    "A replica integrity test shuts down the guest on the master host.",
    "6-1.B1",
)
TEST_TAKES_MASTER_OFFLINE = Mutation(
    "integrity-test-takes-master-offline",
    "While a replica integrity test starts, the guest on the master host is off its network for half a minute.",
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
HOST_NOT_WATCHED = Mutation(
    "host-not-watched",
    "A management OS that no longer answers starts no countdown.",
    "4-2.B1",
)
HYPERV_SERVICE_NOT_WATCHED = Mutation(
    "hyperv-service-not-watched",
    "A stopped Hyper-V service starts no countdown.",
    "1-3.B1",
)
GUEST_OS_NOT_WATCHED = Mutation(
    "guest-os-not-watched",
    "A guest that runs counts as healthy, whether or not its operating system answers.",
    "1-3.B1",
)
COUNTDOWN_CUT_SHORT = Mutation(
    "countdown-cut-short",
    "The countdown lasts one heartbeat instead of its time-out.",
    "4-2.B1",
)
GUEST_NOT_STARTED_AGAIN = Mutation(
    "guest-not-started-again",
    "RHA does not try to start a dead guest on the master.",
    "4-2.B2",
)
SWITCHOVER_NOT_CALLED_OFF = Mutation(
    "switchover-not-called-off",
    "The countdown goes on although the guest has been started on the master.",
    "4-2.B2",
)
DEAD_GUEST_STAYS = Mutation(
    "dead-guest-stays",
    "A guest that cannot be started on the master is not switched over either.",
    "4-2.B3",
)
NO_ATTEMPT_WHEN_MANUAL = Mutation(
    "no-attempt-when-manual",
    "With manual switchover RHA does not try to start a dead guest.",
    "4-2.B4",
)
MANUAL_SAYS_NOTHING = Mutation(
    "manual-says-nothing",
    "With manual switchover the end of the countdown is not reported.",
    "4-2.B4",
)
MANUAL_SWITCHES_OVER = Mutation(
    "manual-switches-over",
    "With manual switchover the end of the countdown switches over all the same.",
    "4-2.B4",
)
CUT_LINE_SWITCHES_OVER = Mutation(
    "cut-line-switches-over",
    "A cut line switches over although switchover is manual.",
    "3.N11",
)
NO_MAIL = Mutation(
    "no-mail",
    "The mail server of the notification is never called.",
    "4-2.B5",
)
NO_EVENT_LOG_ENTRY = Mutation(
    "no-event-log-entry",
    "The notification writes nothing into the event log of the management OS.",
    "4-2.B5",
)

SYNCHRONISATION_CALLED_RUNNING = Mutation(
    "synchronisation-called-running",
    "A scenario that synchronises is listed as running, and its host is prepared for a reboot all the same.",
    "6-2.S1-S4",
)
PREPARATION_NOT_BEGUN = Mutation(
    "preparation-not-begun",
    "Prepare-Reboot prints its sentence, and no scenario is prepared.",
    "6-2.S1-S4",
)
MAINTENANCE_LEAVES_GUEST_RUNNING = Mutation(
    "maintenance-leaves-guest-running",
    "Maintenance of the host that runs the guests does not shut them down.",
    "6-2.B1",
)
CHANGES_LEFT_UNSENT = Mutation(
    "changes-left-unsent",
    "A host is called ready for its reboot with changes still in the spool.",
    "6-2.B1",
)
REPLICA_MAINTENANCE_STOPS_GUEST = Mutation(
    "replica-maintenance-stops-guest",
    "Maintenance of the standby host shuts down the guests on the other one.",
    "6-2.N1",
)
SWITCHOVER_DURING_MAINTENANCE = Mutation(
    "switchover-during-maintenance",
    "A host that is ready for its reboot is taken for one that has failed, and its scenarios are switched over.",
    "6-2.N2",
)
NEVER_READY_FOR_REBOOT = Mutation(
    "never-ready-for-reboot",
    "The preparation of a host never ends with the word that it is ready.",
    "6-2.S5",
)
REBOOTS_BY_ITSELF = Mutation(
    "reboots-by-itself",
    "A host that is ready for its reboot is rebooted by RHA.",
    "6-2.N5",
)
MAINTENANCE_RESYNCHRONISES = Mutation(
    "maintenance-resynchronises",
    "After the reboot of a prepared host the scenarios synchronise, whatever the event says.",
    "6-2.S6",
)
RESUMPTION_ONLY_SAID = Mutation(
    "resumption-only-said",
    "After the reboot of a prepared host the changes stay in the spool, whatever the event says.",
    "6-2.S6",
)
REBOOT_WITHOUT_RESYNCHRONISATION = Mutation(
    "reboot-without-resynchronisation",
    "After the reboot of a host nobody prepared the scenarios go on as if nothing had happened.",
    "6-2.B0",
)
PREPARATION_UNCONFIRMED = Mutation(
    "preparation-unconfirmed",
    "Prepare-Reboot does its work and prints nothing.",
    "6-2.N6",
)

GUEST_NAME_UNTOLD = Mutation(
    "guest-name-untold",
    "The hosts do not pass on the computer names of their guests.",
    "3.N5",
)
OFF_GUEST_NOT_WARNED = Mutation(
    "off-guest-not-warned",
    "The verification says nothing of a guest that is off.",
    "3.N12",
)
SYNCHRONIZES_IN_THE_MORNING = Mutation(
    "synchronizes-in-the-morning",
    "A running scenario synchronises anew by itself when people come to work.",
    "3.N16a",
)
SWITCHES_OVER_IN_THE_MORNING = Mutation(
    "switches-over-in-the-morning",
    "A running scenario switches over by itself when people come to work.",
    "4-1.N0",
)
TURNED_SCENARIO_LISTED_FORWARD = Mutation(
    "turned-scenario-listed-forward",
    "A scenario that has been switched over is listed as if it had not.",
    "4-1.N1",
)
SWITCHOVER_REPORTED_EARLY = Mutation(
    "switchover-reported-early",
    "A switchover is reported to be complete as soon as it begins.",
    "4-1.N3",
)
SWITCHBACK_REPORTED_EARLY = Mutation(
    "switchback-reported-early",
    "A switchback is reported to be complete as soon as it begins.",
    "5-2.N7",
)

CATALOGUE = {
    mutation.name: mutation
    for mutation in (
        GAROON_OUTDATED,
        CONTROL_SERVICE_ON_MASTER,
        MASTER_ENGINE_STOPPED,
        SERVICE_ACCOUNTS_DIFFER,
        MASTER_WINDOWS_OUTDATED,
        SCENARIO_LEFT_OVER,
        ASSURED_RECOVERY_DROPPED,
        HOSTS_EXCHANGED,
        REPLICA_ENGINE_OUTDATED,
        MISSING_ENGINE_UNNOTICED,
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
        ASSURED_RECOVERY_CLAIMED,
        TEST_SHUTS_DOWN_MASTER,
        TEST_TAKES_MASTER_OFFLINE,
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
        HOST_NOT_WATCHED,
        HYPERV_SERVICE_NOT_WATCHED,
        GUEST_OS_NOT_WATCHED,
        COUNTDOWN_CUT_SHORT,
        GUEST_NOT_STARTED_AGAIN,
        SWITCHOVER_NOT_CALLED_OFF,
        DEAD_GUEST_STAYS,
        NO_ATTEMPT_WHEN_MANUAL,
        MANUAL_SAYS_NOTHING,
        MANUAL_SWITCHES_OVER,
        CUT_LINE_SWITCHES_OVER,
        NO_MAIL,
        NO_EVENT_LOG_ENTRY,
        SYNCHRONISATION_CALLED_RUNNING,
        PREPARATION_NOT_BEGUN,
        MAINTENANCE_LEAVES_GUEST_RUNNING,
        CHANGES_LEFT_UNSENT,
        REPLICA_MAINTENANCE_STOPS_GUEST,
        SWITCHOVER_DURING_MAINTENANCE,
        NEVER_READY_FOR_REBOOT,
        REBOOTS_BY_ITSELF,
        MAINTENANCE_RESYNCHRONISES,
        RESUMPTION_ONLY_SAID,
        REBOOT_WITHOUT_RESYNCHRONISATION,
        PREPARATION_UNCONFIRMED,
        GUEST_NAME_UNTOLD,
        OFF_GUEST_NOT_WARNED,
        SYNCHRONIZES_IN_THE_MORNING,
        SWITCHES_OVER_IN_THE_MORNING,
        TURNED_SCENARIO_LISTED_FORWARD,
        SWITCHOVER_REPORTED_EARLY,
        SWITCHBACK_REPORTED_EARLY,
    )
}


def chosen(names: Iterable[str], catalogue: Mapping[str, Mutation]) -> frozenset[Mutation]:
    """The mutations of these names; a name the catalogue does not have is a SiteError."""
    for name in names:
        if name not in catalogue:
            near = difflib.get_close_matches(name, catalogue, n=1)
            remedy = f'write "{near[0]}"' if near else "`kunren controls --list` names them"
            raise SiteError(f'There is no mutation "{name}"; {remedy}.')
    return frozenset(catalogue[name] for name in names)
