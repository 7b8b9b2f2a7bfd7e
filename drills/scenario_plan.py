"""The plan of a replication scenario, as the guide's wizard pages make it."""

from __future__ import annotations

from lab.model.machines import VirtualMachine
from lab.model.replication import Initiation, NetworkMapping, ScenarioPlan
from lab.model.subject import Subject


def complete_plan(
    machine: VirtualMachine | None, subject: Subject, switchover: Initiation = Initiation.AUTOMATIC
) -> ScenarioPlan:
    """The guide's own choices from the first page of the wizard to the last; manual switchover is its other one."""
    return ScenarioPlan(
        name=subject.scenario,
        master=subject.master,
        replica=subject.replica,
        guests=(subject.guest,),
        switchover=switchover,
        network_mapping=same_name_mapping(machine, subject),
    )


def same_name_mapping(machine: VirtualMachine | None, subject: Subject) -> tuple[NetworkMapping, ...]:
    """The site file's mapping, or each network to its namesake."""
    if subject.network_mapping:
        return subject.network_mapping
    return tuple(NetworkMapping(name, name) for name in (machine.networks if machine else ()))
