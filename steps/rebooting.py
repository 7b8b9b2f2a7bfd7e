"""Steps in which an operator reboots a host, with or without host maintenance (guide 6-2), and what comes after."""

from __future__ import annotations

from drills.nouns.guest import Guest
from drills.nouns.maintenance import Maintenance
from drills.vocabulary import then_, when_
from drills.wording import HOST_ROLES
from lab.model.hosts import HostRole
from lab.model.limits import LongWait, at_least
from lab.model.machines import PowerState
from lab.model.subject import Subject
from lab.model.undertakings import Change
from words import sentence


@when_(
    en="the operator reboots the management OS of the {role} host",
    ja="運用担当者が{role} ホストの管理 OS を再起動する",
    words={"role": HOST_ROLES},
    changes=(Change.RESTART_HOST,),
)
@when_(
    en="the operator reboots the management OS of the {role} host without host maintenance",
    ja="ホスト メンテナンスを行わずに、運用担当者が{role} ホストの管理 OS を再起動する",
    words={"role": HOST_ROLES},
    changes=(Change.RESTART_HOST,),
)
def reboot(role: HostRole, maintenance: Maintenance) -> None:
    maintenance.reboot(role)


@then_(
    en="the {role} host has been rebooted and responds again within {minutes:Minutes} minutes",
    ja="{minutes:Minutes} 分以内に{role} ホストが再起動され、再び応答する",
    words={"role": HOST_ROLES},
)
def rebooted(role: HostRole, minutes: int, maintenance: Maintenance) -> None:
    maintenance.await_reboot(role, at_least(minutes, LongWait.REBOOT))


@when_(
    en="the operator starts the virtual machine on the master host unless it has started automatically",
    ja="マスタ ホストで仮想マシンが自動的に起動していなければ、運用担当者が起動する",
    changes=(Change.START_GUEST,),
)
def start_unless_running(master_guest: Guest, subject: Subject) -> None:
    """No source says whether RHA starts the guests it has shut down; Hyper-V by default does not start them."""
    machine = master_guest.now()
    if machine is not None and machine.state is PowerState.OFF:
        master_guest.context.observation.note(
            sentence("steps.guest.still_off", guest=subject.guest, master=subject.master)
        )
        master_guest.start()


@then_(
    en="the virtual machine runs on the master host within {minutes:Minutes} minutes",
    ja="{minutes:Minutes} 分以内にマスタ ホストで仮想マシンが実行中になる",
)
def runs_again(minutes: int, master_guest: Guest) -> None:
    master_guest.await_state(PowerState.RUNNING, at_least(minutes, LongWait.REBOOT))


@then_(
    en="every scenario of the {role} host is resynchronised within {minutes:Minutes} minutes",
    ja="{minutes:Minutes} 分以内に{role} ホストのすべてのシナリオが再同期される",
    words={"role": HOST_ROLES},
    asks=("statistics",),
)
def resynchronised(role: HostRole, minutes: int, maintenance: Maintenance) -> None:
    maintenance.await_resynchronised(role, at_least(minutes, LongWait.SYNCHRONIZATION))
