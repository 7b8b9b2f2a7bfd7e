"""A replication scenario as the Control Service keeps it, and how a guest's network carries over to the other host."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from lab.model.notification import Notification
from lab.model.replication import Direction, ReplicationScenario, ScenarioPlan, ScenarioProperty, ScenarioState
from lab.simulator.hosts.host import HyperVHost
from lab.simulator.rha.replication import Replication
from lab.simulator.timeline import Appointment

_DEFAULT_PROPERTIES = (
    ("シナリオ", "同期の種類", "ブロック レベル同期"),
    ("シナリオ", "同じサイズおよび変更時刻のファイルを無視", "オフ"),
    ("マスタ", "スプールの最大サイズ", "無制限"),
    ("マスタ", "再起動後に実行", "オン"),
    ("レプリカ", "スプールの最大サイズ", "無制限"),
    ("レプリカ", "スケジュールされた一時停止", "オフ"),
)
"""The properties a scenario is created with (guide 3, steps 8 and 9); names and values are the simulator's own."""


class Process(Protocol):
    """A process of a scenario that excludes all others: a switchover, an integrity test, a host's preparation."""

    def advance(self) -> None:
        """Looks at the world and goes on when its present stage is over."""


class Watching(Protocol):
    """The standby host's Is Alive checks."""

    @property
    def alarmed(self) -> bool: ...

    def stop(self) -> None: ...


@dataclass(slots=True, kw_only=True)
class ScenarioRecord:
    """`master` and `replica` are the hosts the plan names or gives the address of; roles stay, the direction turns."""

    plan: ScenarioPlan
    server_type: str
    master: HyperVHost
    replica: HyperVHost
    properties: tuple[ScenarioProperty, ...]
    state: ScenarioState = ScenarioState.EDITING
    direction: Direction = Direction.FORWARD
    replication: Replication | None = None
    process: Process | None = None
    is_alive: bool = False
    alive_check: Appointment | None = None
    watch: Watching | None = None
    notification: Notification | None = None

    @property
    def name(self) -> str:
        return self.plan.name

    @property
    def active(self) -> HyperVHost:
        """The host whose guests users work on; the other one, the standby, watches it."""
        return self.master if self.direction is Direction.FORWARD else self.replica

    @property
    def standby(self) -> HyperVHost:
        return self.replica if self.direction is Direction.FORWARD else self.master

    @property
    def listed_state(self) -> ScenarioState:
        return self.state

    def turn(self) -> None:
        self.direction = Direction.BACKWARD if self.direction is Direction.FORWARD else Direction.FORWARD

    def stop_watching(self) -> None:
        """No more Is Alive checks."""
        self.is_alive = False
        if self.alive_check is not None:
            self.alive_check.cancel()
            self.alive_check = None
        if self.watch is not None:
            self.watch.stop()
            self.watch = None

    def network_on_standby(self, network: str) -> str | None:
        """The standby's network for a guest on that network of the active host; None where the mapping is missing.

        Exactly one network on both hosts maps by itself (guide 3, step 10).
        """
        if not network:
            return ""
        if len(self.master.switches) == len(self.replica.switches) == 1:
            return next(iter(self.standby.switches))
        for pair in self.plan.network_mapping:
            if self.direction is Direction.FORWARD and pair.master_network == network:
                return pair.replica_network
            if self.direction is Direction.BACKWARD and pair.replica_network == network:
                return pair.master_network
        return None

    def view(self) -> ReplicationScenario:
        return ReplicationScenario(
            name=self.plan.name,
            server_type=self.server_type,
            product=self.plan.product.value,
            assured_recovery=self.plan.assured_recovery,
            master=self.plan.master,
            replica=self.plan.replica,
            state=self.listed_state,
            direction=self.direction,
            guests=self.plan.guests,
            is_alive=self.is_alive,
            switchover=self.plan.switchover,
            reverse_replication=self.plan.reverse_replication,
        )


def default_properties() -> tuple[ScenarioProperty, ...]:
    return tuple(ScenarioProperty(group, name, value, value) for group, name, value in _DEFAULT_PROPERTIES)
