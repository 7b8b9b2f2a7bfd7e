"""Steps of a drill that goes on after a switchover or a switchback, performed in an earlier chapter."""

from __future__ import annotations

from drills.course import Course
from drills.nouns.earlier import EarlierChapters
from drills.nouns.guest import Guest
from drills.nouns.scenario import Scenario
from drills.observation import Observation
from drills.vocabulary import given_
from lab.model.machines import PowerState
from lab.model.replication import Direction, ScenarioState
from lab.model.undertakings import Need
from words import sentence


@given_(en="the switchover has been performed", ja="スイッチオーバーが実行されている")
def switchover_performed(earlier: EarlierChapters, observation: Observation) -> None:
    """Performs it, after an entry in Garoon, when the drill was begun midway and the guest is still on the master."""
    earlier.switch_over()
    observation.expect(
        earlier.has_switched_over(),
        expected=sentence("steps.switchover.performed"),
        seen=sentence("steps.switchover.not_performed"),
    )


@given_(
    en="the virtual machine runs on the replica host",
    ja="仮想マシンがレプリカ ホストで実行中である",
    needs=(Need.GUEST_ON_REPLICA,),
)
def runs_on_replica(earlier: EarlierChapters, replica_guest: Guest) -> None:
    """Moves it there by a switchover when the drill was begun midway; else it is only looked at."""
    earlier.work_on_replica()
    replica_guest.expect_state(PowerState.RUNNING)


@given_(
    en="the virtual machine has been switched over and the switchover is complete",
    ja="仮想マシンのスイッチオーバーが完了している",
    needs=(Need.GUEST_ON_REPLICA,),
)
def switched_over(earlier: EarlierChapters, replica_guest: Guest, scenario: Scenario) -> None:
    earlier.work_on_replica()
    scenario.await_state(ScenarioState.STOPPED)
    replica_guest.await_state(PowerState.RUNNING)


@given_(
    en="the switched-over scenario has been run again",
    ja="スイッチオーバー済みのシナリオが再度実行されている",
    needs=(Need.BACKWARD_REPLICATION, Need.GUEST_ON_REPLICA),
)
def run_again(earlier: EarlierChapters, scenario: Scenario) -> None:
    """Runs it where the drill was begun midway."""
    earlier.run_again()
    expected = sentence("steps.scenario.runs_backward")
    scenario.expect_under_way(Direction.BACKWARD, expected)


@given_(
    en="the replication scenario runs from the replica host to the master host",
    ja="シナリオがレプリカ ホストからマスタ ホストの方向に実行中である",
    needs=(Need.BACKWARD_REPLICATION, Need.GUEST_ON_REPLICA),
)
def runs_backward(earlier: EarlierChapters, scenario: Scenario) -> None:
    """Brings it about where the drill was begun midway."""
    earlier.replicate_in_reverse()
    scenario.expect_running(Direction.BACKWARD)


@given_(en="the switchback has been performed", ja="スイッチバックが実行されている")
def switchback_performed(course: Course, earlier: EarlierChapters, observation: Observation) -> None:
    """Performs it where the drill was begun midway."""
    earlier.switch_back()
    observation.take_up("switchover")
    observation.expect(
        course.switched_back,
        expected=sentence("steps.switchover.switchback_performed"),
        seen=sentence("steps.switchover.not_performed"),
    )
