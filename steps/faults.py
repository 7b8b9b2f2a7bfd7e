"""Steps that make something go wrong, and right again: power, guest, Hyper-V service, the line between the hosts."""

from __future__ import annotations

from functools import partial

from drills.nouns.faults import Faults
from drills.vocabulary import when_
from lab.model.faults import Fault
from lab.model.undertakings import Change, Need

incident = partial(when_, changes=(Change.INJECT_FAULT,), needs=(Need.FAULTS,))


@incident(en="the master host loses power", ja="マスタ ホストに電源断が発生する")
def power_fails(faults: Faults) -> None:
    faults.begin(Fault.POWER_CUT)


@incident(en="the master host regains power", ja="マスタ ホストの電源が復旧する")
def power_returns(faults: Faults) -> None:
    faults.end(Fault.POWER_CUT)


@incident(en="the virtual machine on the master host crashes", ja="マスタ ホストの仮想マシンがクラッシュする")
def guest_crashes(faults: Faults) -> None:
    faults.begin(Fault.GUEST_CRASH)


@incident(
    en="the virtual machine on the master host crashes and can no longer boot",
    ja="マスタ ホストの仮想マシンがクラッシュし、起動できなくなる",
)
def guest_is_damaged(faults: Faults) -> None:
    faults.begin(Fault.GUEST_DAMAGE)


@incident(en="the guest OS on the master host hangs", ja="マスタ ホストのゲスト OS がハングする")
def guest_hangs(faults: Faults) -> None:
    faults.begin(Fault.GUEST_HANG)


@incident(en="the Hyper-V service on the master host stops", ja="マスタ ホストの Hyper-V サービスが停止する")
def hyperv_service_stops(faults: Faults) -> None:
    faults.begin(Fault.HYPERV_SERVICE_STOPPED)


@incident(en="the Hyper-V service on the master host is started again", ja="マスタ ホストの Hyper-V サービスを再開する")
def hyperv_service_starts(faults: Faults) -> None:
    faults.end(Fault.HYPERV_SERVICE_STOPPED)


@incident(en="the network link between the two hosts is cut", ja="両ホスト間の回線が切断される")
def line_is_cut(faults: Faults) -> None:
    faults.begin(Fault.LINE_CUT)


@incident(en="the network link between the two hosts is repaired", ja="両ホスト間の回線が復旧する")
def line_is_mended(faults: Faults) -> None:
    faults.end(Fault.LINE_CUT)
