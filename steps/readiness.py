"""Is the lab fit for a drill? Asked before anything is touched."""

from __future__ import annotations

from collections.abc import Mapping

from lab.model.hosts import HostRole
from lab.model.state import LabState
from lab.model.subject import Subject
from lab.ports import HyperV, Replication, Windows

HYPERV_SERVICE = "vmms"


class LabNotReady(Exception):
    """The lab is not fit for a drill; nothing was touched."""


def look_over(
    subject: Subject,
    windows: Mapping[HostRole, Windows],
    hyperv: Mapping[HostRole, HyperV],
    replication: Replication,
) -> LabState:
    """The state of the lab before the drill; LabNotReady says what is missing."""
    for role, host in ((HostRole.MASTER, subject.master), (HostRole.REPLICA, subject.replica)):
        facts = windows[role].facts()
        if facts.name.casefold() != host.casefold():
            raise LabNotReady(
                f"The {role.value} host calls itself {facts.name}, the site file {host}: correct the site file."
            )
        if not any(service.running for service in windows[role].services([HYPERV_SERVICE])):
            raise LabNotReady(f"The Hyper-V service ({HYPERV_SERVICE}) does not run on {host}: start it.")
    state = capture_state(subject, hyperv, replication)
    running = state.running_on(subject.guest)
    if len(running) != 1:
        where = " and ".join(running) or "neither host"
        raise LabNotReady(f"The guest {subject.guest} runs on {where}; a drill begins with it running on one.")
    return state


def capture_state(subject: Subject, hyperv: Mapping[HostRole, HyperV], replication: Replication) -> LabState:
    return LabState(
        machines={
            subject.master: hyperv[HostRole.MASTER].machines(),
            subject.replica: hyperv[HostRole.REPLICA].machines(),
        },
        scenarios=replication.scenarios(),
    )
