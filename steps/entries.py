"""Steps about what users enter in Garoon while their virtual machine is being replicated, and where it arrives."""

from __future__ import annotations

from datetime import timedelta

from drills.nouns.earlier import EarlierChapters
from drills.nouns.garoon import GaroonService
from drills.nouns.scenario import Scenario, Spool
from drills.observation import handed_on
from drills.vocabulary import given_, then_, when_
from lab.model.replication import ScenarioState
from lab.model.undertakings import Change
from words import sentence


@when_(
    en='the entry "{name}" is made in Garoon',
    ja="ガルーンに予定「{name}」を登録する",
    changes=(Change.ENTER_IN_GAROON,),
)
def make_named_entry(name: str, garoon: GaroonService) -> None:
    garoon.entries[name] = garoon.make_entry()


@when_(
    en='the entry "{name}" is made in Garoon while the synchronisation is in progress',
    ja="同期の実行中に、ガルーンに予定「{name}」を登録する",
    changes=(Change.ENTER_IN_GAROON,),
)
def make_entry_during_synchronization(name: str, garoon: GaroonService, scenario: Scenario) -> None:
    """The state is asked for afterwards: an entry made too late would show nothing."""
    garoon.entries[name] = garoon.make_entry()
    scenario.expect(
        lambda scenario: scenario is not None and scenario.state is ScenarioState.SYNCHRONIZING,
        sentence("steps.synchronization.in_progress"),
    )


@then_(en='the entry "{name}" is present', ja="予定「{name}」が反映されている")
def named_entry_is_there(name: str, garoon: GaroonService) -> None:
    garoon.expect_entry(garoon.named(name))


@then_(
    en='the entry "{name}" reaches the replica host within {seconds:Seconds} seconds',
    ja="{seconds:Seconds} 秒以内に予定「{name}」の変更がレプリカ ホストに届く",
)
def entry_reaches_replica(name: str, seconds: int, garoon: GaroonService, spool: Spool) -> None:
    """The changes since the entry was about to be made have been replicated, and none waits in the spool."""
    handed_on(garoon.entries.get(name), sentence("errors.drill.no_entry", name=name))
    spool.await_replicated(timedelta(seconds=seconds))


@given_(
    en="no change of the virtual machine is pending in the spool",
    ja="スプールに未送信の変更がない",
)
def nothing_waits(earlier: EarlierChapters, spool: Spool) -> None:
    earlier.replicate()
    spool.await_empty(timedelta(minutes=10))
