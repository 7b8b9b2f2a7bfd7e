"""Steps about the virtual machine: where it is registered, and in what state."""

from __future__ import annotations

from drills.nouns.guest import Guest
from drills.vocabulary import then_
from drills.wording import POWER_STATES
from lab.model.limits import LongWait, at_least
from lab.model.machines import PowerState


@then_(
    en="the virtual machine on the master host is shut down automatically within {minutes:Minutes} minutes",
    ja="{minutes:Minutes} 分以内にマスタ ホストの仮想マシンが自動的にシャットダウンされる",
)
def shut_down(minutes: int, master_guest: Guest) -> None:
    master_guest.await_state(PowerState.OFF, at_least(minutes, LongWait.SWITCHOVER))


@then_(
    en='the virtual machine is "{state}" on the master host',
    ja="マスタ ホストで仮想マシンの状態が「{state}」である",
    words={"state": POWER_STATES},
)
def state_on_master(state: PowerState, master_guest: Guest) -> None:
    master_guest.expect_state(state)


@then_(
    en='the virtual machine is registered and "{state}" on the replica host',
    ja="レプリカ ホストに仮想マシンが登録され、状態が「{state}」である",
    words={"state": POWER_STATES},
)
def state_on_replica(state: PowerState, replica_guest: Guest) -> None:
    replica_guest.expect_state(state)
