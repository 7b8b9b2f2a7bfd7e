"""Steps of a drill that goes on after a switchover or a switchback, performed in an earlier chapter."""

from __future__ import annotations

from drills.course import Course
from drills.observation import Observation
from drills.vocabulary import given_
from drills.wording import Text, scenario_text
from lab.model.limits import LongWait
from lab.model.machines import PowerState
from lab.model.replication import Direction, ScenarioState
from lab.model.subject import Subject
from lab.model.undertakings import Need
from lab.ports import HyperV, Replication
from steps.machines import expect_machine
from steps.premises import Premises
from steps.replication import await_state
from steps.reverse import await_power


@given_(en="the switchover has been performed", ja="スイッチオーバーが実行されている")
def switchover_performed(
    course: Course, premises: Premises, replica: HyperV, subject: Subject, observation: Observation
) -> None:
    """Performs it, after an entry in Garoon, when the drill was begun midway and the guest is still on the master."""
    premises.switch_over()
    there = replica.machine(subject.guest)
    observation.expect(
        course.switched_over or (premises.begun_midway and there is not None and there.running),
        expected=Text("a switchover performed earlier in this drill", "この訓練でスイッチオーバーが実行済みであること"),
        seen=Text("none was performed", "実行されていない"),
    )


@given_(
    en="the virtual machine runs on the replica host",
    ja="仮想マシンがレプリカ ホストで実行中である",
    needs=(Need.GUEST_ON_REPLICA,),
)
def runs_on_replica(premises: Premises, replica: HyperV, subject: Subject, observation: Observation) -> None:
    """Moves it there by a switchover when the drill was begun midway; else it is only looked at."""
    premises.work_on_replica()
    expect_machine(replica, subject.guest, PowerState.RUNNING, observation)


@given_(
    en="the virtual machine has been switched over and the switchover is complete",
    ja="仮想マシンのスイッチオーバーが完了している",
    needs=(Need.GUEST_ON_REPLICA,),
)
def switched_over(
    premises: Premises, replica: HyperV, replication: Replication, subject: Subject, observation: Observation
) -> None:
    premises.work_on_replica()
    await_state(ScenarioState.STOPPED, replication, subject, observation, LongWait.SYNCHRONIZATION)
    await_power(replica, subject.guest, PowerState.RUNNING, observation)


@given_(
    en="the switched-over scenario has been run again",
    ja="スイッチオーバー済みのシナリオが再度実行されている",
    needs=(Need.BACKWARD_REPLICATION, Need.GUEST_ON_REPLICA),
)
def run_again(premises: Premises, replication: Replication, subject: Subject, observation: Observation) -> None:
    """Runs it where the drill was begun midway."""
    premises.run_again()
    scenario = replication.scenario(subject.scenario)
    observation.expect(
        scenario is not None and scenario.under_way(Direction.BACKWARD),
        expected=Text("a scenario run from replica to master", "レプリカからマスタへの方向で実行されたシナリオ"),
        seen=scenario_text(scenario),
    )


@given_(
    en="the replication scenario runs from the replica host to the master host",
    ja="シナリオがレプリカ ホストからマスタ ホストの方向に実行中である",
    needs=(Need.BACKWARD_REPLICATION, Need.GUEST_ON_REPLICA),
)
def runs_backward(premises: Premises, replication: Replication, subject: Subject, observation: Observation) -> None:
    """Brings it about where the drill was begun midway."""
    premises.replicate_in_reverse()
    scenario = replication.scenario(subject.scenario)
    observation.expect(
        scenario is not None and scenario.state is ScenarioState.RUNNING and scenario.direction is Direction.BACKWARD,
        expected=Text("replication from replica to master", "レプリカからマスタへのレプリケーション"),
        seen=scenario_text(scenario),
    )


@given_(en="the switchback has been performed", ja="スイッチバックが実行されている")
def switchback_performed(course: Course, premises: Premises, observation: Observation) -> None:
    """Performs it where the drill was begun midway."""
    premises.switch_back()
    observation.expect(
        course.switched_back,
        expected=Text("a switchback performed earlier in this drill", "この訓練でスイッチバックが実行済みであること"),
        seen=Text("none was performed", "実行されていない"),
    )
