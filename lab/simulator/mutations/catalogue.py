"""All mutations by name, and the parts of a lab under some of them."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping

from lab.errors import SiteError
from lab.simulator.mutations import (
    creation,
    guests,
    installation,
    integrity_test,
    leftovers,
    maintenance,
    notifying,
    replication,
    running,
    switchover,
    watching,
)
from lab.simulator.mutations.declaration import Mutation, declared
from lab.simulator.parts import Parts
from words import sentence

_OF_THE_GUIDE: tuple[type[object], ...] = (
    installation.GaroonOutdated,
    installation.ControlServiceOnMaster,
    installation.MasterEngineStopped,
    installation.ServiceAccountsDiffer,
    installation.MasterWindowsOutdated,
    installation.ScenarioLeftOver,
    creation.AssuredRecoveryDropped,
    creation.HostsExchanged,
    installation.ReplicaEngineOutdated,
    creation.MissingEngineUnnoticed,
    creation.RunningGuestsNotDiscovered,
    creation.PropertyNotDefault,
    creation.ComputerNameWrong,
    installation.ReplicaNetworkMissing,
    creation.ReverseAutomatic,
    creation.VerificationWarns,
    creation.RunsWhenCreated,
    running.RunIgnored,
    creation.EngineStopsAfterVerification,
    replication.SynchronizationCopiesNothing,
    running.NoIsAlive,
    switchover.SwitchoverIgnored,
    running.ReverseUnasked,
    switchover.MasterGuestKeepsRunning,
    switchover.CompletionWithoutStart,
    replication.LastSecondLost,
    guests.DatabaseReadOnly,
    guests.UrlStillPointsToMaster,
    creation.AssuredRecoveryClaimed,
    integrity_test.TestShutsDownMaster,
    integrity_test.TestTakesMasterOffline,
    integrity_test.ManualChoiceIgnored,
    integrity_test.ReadyNotAnnounced,
    integrity_test.TestOnProductionNetwork,
    guests.GuestChannelClosed,
    integrity_test.TestCopyWriteProtected,
    integrity_test.TestStopIgnored,
    integrity_test.ResumptionNotAnnounced,
    integrity_test.TestChangesKept,
    integrity_test.WaitingChangesLost,
    integrity_test.TestResynchronises,
    replication.SpoolLost,
    replication.ReplicationStalls,
    switchover.OptionSynchronizes,
    switchover.OptionStartsLate,
    switchover.OptionIgnoredOnTheWayBack,
    running.ReverseNotStarted,
    creation.ReverseVerificationComplains,
    running.ReverseRunsWithoutGuest,
    replication.ReverseCopiesNothing,
    replication.ReverseSpoolLost,
    running.RegistrationStays,
    running.MasterDoesNotWatch,
    switchover.ReplicaGuestKeepsRunning,
    switchover.SwitchbackUnreported,
    replication.ReverseNotApplied,
    switchover.SwitchbackKeepsDirection,
    watching.HostNotWatched,
    watching.HypervServiceNotWatched,
    watching.GuestOsNotWatched,
    watching.CountdownCutShort,
    watching.GuestNotStartedAgain,
    watching.SwitchoverNotCalledOff,
    watching.DeadGuestStays,
    watching.NoAttemptWhenManual,
    watching.ManualSaysNothing,
    watching.ManualSwitchesOver,
    watching.CutLineSwitchesOver,
    notifying.NoMail,
    notifying.NoEventLogEntry,
    maintenance.SynchronisationCalledRunning,
    maintenance.PreparationNotBegun,
    maintenance.MaintenanceLeavesGuestRunning,
    maintenance.ChangesLeftUnsent,
    maintenance.ReplicaMaintenanceStopsGuest,
    maintenance.SwitchoverDuringMaintenance,
    maintenance.NeverReadyForReboot,
    maintenance.RebootsByItself,
    maintenance.MaintenanceResynchronises,
    maintenance.ResumptionOnlySaid,
    maintenance.RebootWithoutResynchronisation,
    maintenance.PreparationUnconfirmed,
    guests.GuestNameUntold,
    creation.OffGuestNotWarned,
    running.SynchronizesInTheMorning,
    running.SwitchesOverInTheMorning,
    creation.TurnedScenarioListedForward,
    switchover.SwitchoverReportedEarly,
    switchover.SwitchbackReportedEarly,
)
_OF_NO_POINT: tuple[type[object], ...] = (
    leftovers.SwitchVanishes,
    leftovers.EngineLeftStopped,
    leftovers.ControlServiceLeftStopped,
    leftovers.TestGuestLeft,
    leftovers.GuestUnplugged,
    leftovers.ScenarioStays,
    leftovers.EntriesStay,
)

CATALOGUE: Mapping[str, Mutation] = {each.name: each for each in map(declared, _OF_THE_GUIDE)}
"""Each breaks a point of the guide that a drill has to notice it by."""
LEFTOVERS: Mapping[str, Mutation] = {each.name: each for each in map(declared, _OF_NO_POINT)}


def chosen(names: Collection[str], catalogue: Mapping[str, Mutation]) -> frozenset[Mutation]:
    """The mutations of these names; a name the catalogue does not have is a SiteError."""
    for name in names:
        if name not in catalogue:
            near = difflib.get_close_matches(name, catalogue, n=1)
            key = "site.no_mutation_near" if near else "site.no_mutation"
            raise SiteError(sentence(key, name=name, near="".join(near)))
    return frozenset(catalogue[name] for name in names)


def mutated(names: Collection[str]) -> Parts:
    """The parts of a lab under these mutations, whatever their order; raises SiteError for a name there is not."""
    wanted = chosen(names, {**CATALOGUE, **LEFTOVERS})
    return Parts(each for each in (*_OF_THE_GUIDE, *_OF_NO_POINT) if declared(each) in wanted)
