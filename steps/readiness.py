"""Is the lab fit for a drill? Asked before anything is touched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from lab.model.hosts import HYPERV_SERVICE, HostRole, Service
from lab.model.state import LabState
from lab.model.subject import Subject
from lab.ports import HyperV, Replication, Windows
from steps.clocks import HostClocks
from steps.observation import Writes


class LabNotReady(Exception):
    """The lab is not fit for a drill; nothing was touched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surveyor:
    """Looks at the whole lab, which is more than a drill that goes on needs: `services` are the names that matter."""

    subject: Subject
    windows: Mapping[HostRole, Windows]
    hyperv: Mapping[HostRole, HyperV]
    replication: Replication
    services: Mapping[HostRole, Sequence[str]]
    journal: Writes

    def look_over(self, clocks: HostClocks) -> LabState:
        """The state of the lab before the drill; LabNotReady says what is missing."""
        services = {role: self._fit(role, clocks) for role in HostRole}
        state = self._survey(services)
        running = state.running_on(self.subject.guest)
        if len(running) != 1:
            where = " and ".join(running) or "neither host"
            raise LabNotReady(f"The guest {self.subject.guest} runs on {where}; a drill begins with it running on one.")
        return state

    def survey(self) -> LabState:
        """The same of a lab of which nothing is taken for granted."""
        return self._survey({role: self._services(role) for role in HostRole})

    def not_installed(self, state: LabState) -> tuple[str, ...]:
        """Services that matter and are not there, so that nothing can be said of them: HOST service/NAME."""
        return tuple(
            f"{host} service/{name}"
            for role in HostRole
            for host in (self.subject.host(role),)
            for name in self.services[role]
            if name.casefold() not in {service.name.casefold() for service in state.services[host]}
        )

    def _fit(self, role: HostRole, clocks: HostClocks) -> tuple[Service, ...]:
        """The first call to a host has its PowerShell to start, and would make a poor reading of its clock."""
        services, host = self._services(role), self.subject.host(role)
        facts = clocks.ask(host, self.windows[role], "before")
        self.journal.write(
            "host",
            host=host,
            os=facts.os,
            os_version=facts.os_version,
            powershell_version=facts.powershell_version,
            boot_time=facts.boot_time,
        )
        if facts.name.casefold() != host.casefold():
            raise LabNotReady(
                f"The {role.value} host calls itself {facts.name}, the site file {host}: correct the site file."
            )
        if not any(service.name.casefold() == HYPERV_SERVICE and service.running for service in services):
            raise LabNotReady(f"The Hyper-V service ({HYPERV_SERVICE}) does not run on {host}: start it.")
        return services

    def _services(self, role: HostRole) -> tuple[Service, ...]:
        return self.windows[role].services(self.services[role])

    def _survey(self, services: Mapping[HostRole, tuple[Service, ...]]) -> LabState:
        return replace(
            capture_state(self.subject, self.hyperv, self.replication),
            switches={self.subject.host(role): self.hyperv[role].switches() for role in HostRole},
            services={self.subject.host(role): found for role, found in services.items()},
        )


def capture_state(subject: Subject, hyperv: Mapping[HostRole, HyperV], replication: Replication) -> LabState:
    """As much of it as a drill changes on its way: guests and replication scenarios."""
    return LabState(
        machines={subject.host(role): hyperv[role].machines() for role in HostRole},
        scenarios=replication.scenarios(),
    )
