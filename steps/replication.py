"""Steps about the replication scenario: running, watching, switching over, and what the event view says."""

from __future__ import annotations

from datetime import timedelta

from drills.nouns.earlier import EarlierChapters
from drills.nouns.event_view import EventView
from drills.nouns.guest import Guest
from drills.nouns.scenario import Scenario
from drills.observation import Observation
from drills.vocabulary import given_, then_, when_
from drills.wording import SCENARIO_STATES, SYNCHRONIZATION_METHODS
from lab.model.limits import LongWait, at_least
from lab.model.machines import PowerState
from lab.model.replication import Direction, ScenarioState, SynchronizationMethod
from lab.model.undertakings import Change, Need
from lab.ports import Clock
from words import sentence


@when_(
    en='the scenario is run with "{method}" synchronisation',
    ja="同期方法「{method}」でシナリオを実行する",
    words={"method": SYNCHRONIZATION_METHODS},
    changes=(Change.RUN_SCENARIO,),
)
def run(method: SynchronizationMethod, scenario: Scenario) -> None:
    scenario.run(method)


@then_(
    en="synchronisation begins within {minutes:Minutes} minutes",
    ja="{minutes:Minutes} 分以内に同期が始まる",
    asks=("statistics",),
)
def synchronisation_begins(minutes: int, scenario: Scenario, observation: Observation) -> None:
    """Both the scenario's state and the statistics have to show it."""
    observation.until(
        lambda: (scenario.now(), scenario.synchronization()),
        lambda seen: seen[0] is not None and not seen[0].at_rest and seen[1] is not None,
        expected=sentence("steps.synchronization.begun"),
        seen=lambda seen: scenario.told(seen[0]),
        within=timedelta(minutes=minutes),
        asked=True,
    )


@given_(en="the scenario has been run", ja="シナリオが実行されている", needs=(Need.FORWARD_REPLICATION,))
def has_been_run(earlier: EarlierChapters, scenario: Scenario) -> None:
    """Runs it where it is at rest and the drill was begun midway."""
    if earlier.acts:
        earlier.run()
    scenario.expect(
        lambda scenario: scenario is not None and not scenario.at_rest,
        sentence("steps.scenario.run"),
    )


@then_(
    en='the disk of the virtual machine is copied to the replica host by "{method}" synchronisation',
    ja="同期方法「{method}」で仮想マシンのディスクがレプリカ ホストにコピーされる",
    words={"method": SYNCHRONIZATION_METHODS},
    asks=("statistics",),
)
def synchronised(method: SynchronizationMethod, scenario: Scenario) -> None:
    scenario.await_copied(by=method)


@then_(
    en='the state of the scenario is "{state}" within {minutes:Minutes} minutes',
    ja="{minutes:Minutes} 分以内にシナリオの状態が「{state}」になる",
    words={"state": SCENARIO_STATES},
)
def reaches_state(state: ScenarioState, minutes: int, scenario: Scenario) -> None:
    scenario.await_state(state, at_least(minutes, LongWait.SYNCHRONIZATION))


@then_(
    en="the replica host monitors the master host by Is Alive within {minutes:Minutes} minutes",
    ja="{minutes:Minutes} 分以内にレプリカ ホストからマスタ ホストへの監視（Is Alive）が始まる",
)
def is_alive(minutes: int, scenario: Scenario) -> None:
    scenario.await_is_alive(Direction.FORWARD, at_least(minutes, LongWait.IS_ALIVE))


@given_(
    en="the replication scenario runs from the master host to the replica host",
    ja="シナリオがマスタ ホストからレプリカ ホストの方向に実行中である",
    needs=(Need.FORWARD_REPLICATION, Need.GUEST_ON_MASTER),
)
def runs_forward(earlier: EarlierChapters) -> None:
    """In a lab that is gone with the run it is created and run where it is missing or at rest."""
    earlier.run_forward()


@when_(
    en="the switchover is performed and confirmed",
    ja="スイッチオーバーを実行し、確認のダイアログで［はい］を選ぶ",
    changes=(Change.SWITCH_OVER,),
)
def switch_over(master_guest: Guest, scenario: Scenario) -> None:
    master_guest.expect_state(PowerState.RUNNING)
    scenario.switch_over()


@then_(
    en="the switchover begins within {minutes:Minutes} minutes", ja="{minutes:Minutes} 分以内にスイッチオーバーが始まる"
)
def switchover_begins(minutes: int, scenario: Scenario) -> None:
    scenario.until(
        lambda scenario: scenario is not None and scenario.state is not ScenarioState.RUNNING,
        sentence("steps.scenario.no_longer_running"),
        timedelta(minutes=minutes),
    )


@then_(
    en='the event "{message}" appears within {minutes:Minutes} minutes',
    ja="{minutes:Minutes} 分以内にイベント「{message}」が表示される",
)
def event_appears(message: str, minutes: int, event_view: EventView) -> None:
    event_view.await_message(message, at_least(minutes, LongWait.SWITCHOVER))


@then_(en="the replication scenario has stopped automatically", ja="シナリオは自動的に停止している")
def stopped_by_itself(scenario: Scenario) -> None:
    scenario.await_state(ScenarioState.STOPPED, timedelta(minutes=2))


@then_(
    en="{minutes:Minutes} minutes later reverse replication has not started",
    ja="{minutes:Minutes} 分後もリバース レプリケーションは実行されていない",
)
def still_stopped(minutes: int, clock: Clock, scenario: Scenario) -> None:
    clock.sleep(timedelta(minutes=minutes))
    scenario.expect(
        lambda scenario: scenario is not None and scenario.state is ScenarioState.STOPPED,
        sentence("steps.scenario.still_stopped"),
    )


@given_(
    en="the last synchronisation of the scenario has been noted",
    ja="シナリオの最後の同期を記録してある",
    asks=("statistics",),
)
def synchronisation_noted(scenario: Scenario) -> None:
    scenario.note_synchronization()


@then_(
    en="the scenario has not been synchronised since", ja="その後、シナリオの同期は行われていない", asks=("statistics",)
)
def not_synchronised_since(scenario: Scenario) -> None:
    scenario.expect_not_synchronized()
