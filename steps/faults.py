"""Steps that make something go wrong, and right again: power, guest, Hyper-V service, the line between the hosts."""

from __future__ import annotations

from drills.course import Course
from drills.nouns.event_view import EventView
from drills.observation import Observation
from drills.vocabulary import when_
from drills.wording import FAULT_TEXTS
from lab.errors import OperationUnavailable
from lab.model.faults import Fault
from lab.model.probing import Mark
from lab.model.undertakings import Change, Need
from lab.ports import Clock, FaultInjection


@when_(
    en="the master host loses power",
    ja="マスタ ホストに電源断が発生する",
    changes=(Change.INJECT_FAULT,),
    needs=(Need.SIMULATOR,),
)
def power_fails(
    course: Course, faults: FaultInjection | None, event_view: EventView, clock: Clock, observation: Observation
) -> None:
    begin(Fault.POWER_CUT, course, faults, event_view, clock, observation)


@when_(
    en="the master host regains power",
    ja="マスタ ホストの電源が復旧する",
    changes=(Change.INJECT_FAULT,),
    needs=(Need.SIMULATOR,),
)
def power_returns(faults: FaultInjection | None, observation: Observation) -> None:
    end(Fault.POWER_CUT, faults, observation)


@when_(
    en="the virtual machine on the master host crashes",
    ja="マスタ ホストの仮想マシンがクラッシュする",
    changes=(Change.INJECT_FAULT,),
    needs=(Need.SIMULATOR,),
)
def guest_crashes(
    course: Course, faults: FaultInjection | None, event_view: EventView, clock: Clock, observation: Observation
) -> None:
    begin(Fault.GUEST_CRASH, course, faults, event_view, clock, observation)


@when_(
    en="the virtual machine on the master host crashes and can no longer boot",
    ja="マスタ ホストの仮想マシンがクラッシュし、起動できなくなる",
    changes=(Change.INJECT_FAULT,),
    needs=(Need.SIMULATOR,),
)
def guest_is_damaged(
    course: Course, faults: FaultInjection | None, event_view: EventView, clock: Clock, observation: Observation
) -> None:
    begin(Fault.GUEST_DAMAGE, course, faults, event_view, clock, observation)


@when_(
    en="the guest OS on the master host hangs",
    ja="マスタ ホストのゲスト OS がハングする",
    changes=(Change.INJECT_FAULT,),
    needs=(Need.SIMULATOR,),
)
def guest_hangs(
    course: Course, faults: FaultInjection | None, event_view: EventView, clock: Clock, observation: Observation
) -> None:
    begin(Fault.GUEST_HANG, course, faults, event_view, clock, observation)


@when_(
    en="the Hyper-V service on the master host stops",
    ja="マスタ ホストの Hyper-V サービスが停止する",
    changes=(Change.INJECT_FAULT,),
    needs=(Need.SIMULATOR,),
)
def hyperv_service_stops(
    course: Course, faults: FaultInjection | None, event_view: EventView, clock: Clock, observation: Observation
) -> None:
    begin(Fault.HYPERV_SERVICE_STOPPED, course, faults, event_view, clock, observation)


@when_(
    en="the Hyper-V service on the master host is started again",
    ja="マスタ ホストの Hyper-V サービスを再開する",
    changes=(Change.INJECT_FAULT,),
    needs=(Need.SIMULATOR,),
)
def hyperv_service_starts(faults: FaultInjection | None, observation: Observation) -> None:
    end(Fault.HYPERV_SERVICE_STOPPED, faults, observation)


@when_(
    en="the network link between the two hosts is cut",
    ja="両ホスト間の回線が切断される",
    changes=(Change.INJECT_FAULT,),
    needs=(Need.SIMULATOR,),
)
def line_is_cut(
    course: Course, faults: FaultInjection | None, event_view: EventView, clock: Clock, observation: Observation
) -> None:
    begin(Fault.LINE_CUT, course, faults, event_view, clock, observation)


@when_(
    en="the network link between the two hosts is repaired",
    ja="両ホスト間の回線が復旧する",
    changes=(Change.INJECT_FAULT,),
    needs=(Need.SIMULATOR,),
)
def line_is_mended(faults: FaultInjection | None, observation: Observation) -> None:
    end(Fault.LINE_CUT, faults, observation)


def begin(
    fault: Fault,
    course: Course,
    faults: FaultInjection | None,
    event_view: EventView,
    clock: Clock,
    observation: Observation,
) -> None:
    """From here on the event view's new lines count, and entries made before are those the fault may have cost."""
    lab = offered(faults)
    event_view.refresh()
    course.commanded_after = event_view.last
    course.fault_at = clock.now()
    course.faults.append(fault)
    observation.mark(Mark.FAULT, FAULT_TEXTS[fault])
    lab.begin(fault)


def end(fault: Fault, faults: FaultInjection | None, observation: Observation) -> None:
    lab = offered(faults)
    observation.mark(Mark.FAULT_ENDED, FAULT_TEXTS[fault])
    lab.end(fault)


def offered(faults: FaultInjection | None) -> FaultInjection:
    if faults is None:
        raise OperationUnavailable(
            "This is a real site, on which Kunren makes nothing go wrong; drill failures on the simulated lab."
        )
    return faults
