"""Steps about the virtual machine: where it is registered, and in what state."""

from __future__ import annotations

from drills.nouns.guest import Guest, Guests
from drills.vocabulary import then_, when_
from drills.wording import HOST_ROLES, POWER_STATES
from lab.model.hosts import HostRole
from lab.model.limits import LongWait, at_least
from lab.model.machines import PowerState, StopMode
from lab.model.undertakings import Change


@when_(
    en="the virtual machine on the {role} host is shut down",
    ja="{role} ホストの仮想マシンをシャットダウンする",
    words={"role": HOST_ROLES},
    changes=(Change.STOP_GUEST,),
)
def shut_down(role: HostRole, guests: Guests) -> None:
    guests[role].stop(StopMode.SHUT_DOWN)
    guests[role].await_state(PowerState.OFF)


@when_(
    en="the virtual machine on the {role} host is started",
    ja="{role} ホストの仮想マシンを起動する",
    words={"role": HOST_ROLES},
    changes=(Change.START_GUEST,),
)
def start(role: HostRole, guests: Guests) -> None:
    guests[role].start()
    guests[role].await_state(PowerState.RUNNING)


@then_(
    en="the virtual machine on the {role} host is shut down automatically within {minutes:Minutes} minutes",
    ja="{minutes:Minutes} 分以内に{role} ホストの仮想マシンが自動的にシャットダウンされる",
    words={"role": HOST_ROLES},
)
def shut_down_by_itself(role: HostRole, minutes: int, guests: Guests) -> None:
    guests[role].await_state(PowerState.OFF, at_least(minutes, LongWait.SWITCHOVER))


@then_(
    en="the virtual machine is no longer listed in Hyper-V Manager on the {role} host",
    ja="{role} ホストの Hyper-V マネージャから仮想マシンが表示されなくなっている",
    words={"role": HOST_ROLES},
)
def unregistered(role: HostRole, guests: Guests) -> None:
    guests[role].expect_unregistered()


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
