"""Steps that make something go wrong, and right again: power, guest, Hyper-V service, the line between the hosts."""

from __future__ import annotations

from lab.errors import OperationUnavailable
from lab.model.incidents import Incident
from lab.model.probing import Mark
from lab.model.undertakings import Change, Need
from lab.ports import Clock, Incidents
from steps.course import Course, EventView
from steps.observation import Observation
from steps.vocabulary import when_
from steps.wording import INCIDENT_TEXTS


@when_(
    en="the power of the master host fails",
    ja="マスタ ホストの電源が失われる",
    changes=(Change.INJECT_FAULT,),
    needs=(Need.SIMULATOR,),
)
def power_fails(
    course: Course, incidents: Incidents | None, event_view: EventView, clock: Clock, observation: Observation
) -> None:
    begin(Incident.POWER_CUT, course, incidents, event_view, clock, observation)


@when_(
    en="the power of the master host returns",
    ja="マスタ ホストの電源が復旧する",
    changes=(Change.INJECT_FAULT,),
    needs=(Need.SIMULATOR,),
)
def power_returns(incidents: Incidents | None, observation: Observation) -> None:
    end(Incident.POWER_CUT, incidents, observation)


@when_(
    en="the virtual machine on the master host crashes",
    ja="マスタ ホストの仮想マシンがクラッシュする",
    changes=(Change.INJECT_FAULT,),
    needs=(Need.SIMULATOR,),
)
def guest_crashes(
    course: Course, incidents: Incidents | None, event_view: EventView, clock: Clock, observation: Observation
) -> None:
    begin(Incident.GUEST_CRASH, course, incidents, event_view, clock, observation)


@when_(
    en="the virtual machine on the master host crashes and does not boot any more",
    ja="マスタ ホストの仮想マシンがクラッシュし、起動できなくなる",
    changes=(Change.INJECT_FAULT,),
    needs=(Need.SIMULATOR,),
)
def guest_is_damaged(
    course: Course, incidents: Incidents | None, event_view: EventView, clock: Clock, observation: Observation
) -> None:
    begin(Incident.GUEST_DAMAGE, course, incidents, event_view, clock, observation)


@when_(
    en="the guest OS on the master host hangs",
    ja="マスタ ホストのゲスト OS がハングする",
    changes=(Change.INJECT_FAULT,),
    needs=(Need.SIMULATOR,),
)
def guest_hangs(
    course: Course, incidents: Incidents | None, event_view: EventView, clock: Clock, observation: Observation
) -> None:
    begin(Incident.GUEST_HANG, course, incidents, event_view, clock, observation)


@when_(
    en="the Hyper-V service on the master host stops",
    ja="マスタ ホストの Hyper-V サービスが停止する",
    changes=(Change.INJECT_FAULT,),
    needs=(Need.SIMULATOR,),
)
def hyperv_service_stops(
    course: Course, incidents: Incidents | None, event_view: EventView, clock: Clock, observation: Observation
) -> None:
    begin(Incident.HYPERV_SERVICE_STOPPED, course, incidents, event_view, clock, observation)


@when_(
    en="the Hyper-V service on the master host is started again",
    ja="マスタ ホストの Hyper-V サービスを再開する",
    changes=(Change.INJECT_FAULT,),
    needs=(Need.SIMULATOR,),
)
def hyperv_service_starts(incidents: Incidents | None, observation: Observation) -> None:
    end(Incident.HYPERV_SERVICE_STOPPED, incidents, observation)


@when_(
    en="the line between the two hosts is cut",
    ja="両ホスト間の回線が切断される",
    changes=(Change.INJECT_FAULT,),
    needs=(Need.SIMULATOR,),
)
def line_is_cut(
    course: Course, incidents: Incidents | None, event_view: EventView, clock: Clock, observation: Observation
) -> None:
    begin(Incident.LINE_CUT, course, incidents, event_view, clock, observation)


@when_(
    en="the line between the two hosts is mended",
    ja="両ホスト間の回線が復旧する",
    changes=(Change.INJECT_FAULT,),
    needs=(Need.SIMULATOR,),
)
def line_is_mended(incidents: Incidents | None, observation: Observation) -> None:
    end(Incident.LINE_CUT, incidents, observation)


def begin(
    incident: Incident,
    course: Course,
    incidents: Incidents | None,
    event_view: EventView,
    clock: Clock,
    observation: Observation,
) -> None:
    """From here on the event view's new lines count, and entries made before are those the incident may have cost."""
    lab = offered(incidents)
    event_view.refresh()
    course.commanded_after = event_view.last
    course.incident_at = clock.now()
    course.incidents.append(incident)
    observation.mark(Mark.FAULT, INCIDENT_TEXTS[incident])
    lab.begin(incident)


def end(incident: Incident, incidents: Incidents | None, observation: Observation) -> None:
    lab = offered(incidents)
    observation.mark(Mark.FAULT_ENDED, INCIDENT_TEXTS[incident])
    lab.end(incident)


def offered(incidents: Incidents | None) -> Incidents:
    if incidents is None:
        raise OperationUnavailable(
            "This is a real site, on which Kunren makes nothing go wrong; drill failures on the simulated lab."
        )
    return incidents
