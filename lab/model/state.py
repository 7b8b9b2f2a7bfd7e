"""The state of a lab at one moment, as far as a drill must put it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lab.model.machines import VirtualMachine
from lab.model.replication import ReplicationScenario


@dataclass(frozen=True, slots=True)
class LabState:
    """Guests by host, and the replication scenarios; what changes by itself (uptime) takes no part in comparing."""

    machines: Mapping[str, tuple[VirtualMachine, ...]]
    scenarios: tuple[ReplicationScenario, ...]

    def machine(self, host: str, name: str) -> VirtualMachine | None:
        return next((machine for machine in self.machines[host] if machine.name == name), None)

    def scenario(self, name: str) -> ReplicationScenario | None:
        return next((scenario for scenario in self.scenarios if scenario.name == name), None)

    def running_on(self, name: str) -> tuple[str, ...]:
        """The hosts on which the guest runs."""
        return tuple(
            host
            for host, machines in self.machines.items()
            if any(machine.name == name and machine.running for machine in machines)
        )

    def facts(self) -> dict[str, object]:
        """What is compared, and what records show."""
        return {
            "machines": {
                host: [
                    {
                        "name": machine.name,
                        "state": machine.state.value,
                        "heartbeat": machine.heartbeat.value,
                        "adapters": [
                            {"switch": adapter.switch, "ip": list(adapter.ip_addresses)} for adapter in machine.adapters
                        ],
                    }
                    for machine in sorted(machines, key=lambda machine: machine.name)
                ]
                for host, machines in self.machines.items()
            },
            "scenarios": [
                {
                    "name": scenario.name,
                    "state": scenario.state.value,
                    "direction": scenario.direction.value,
                    "master": scenario.master,
                    "replica": scenario.replica,
                }
                for scenario in sorted(self.scenarios, key=lambda scenario: scenario.name)
            ],
        }


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that is not as it was: where, and the two values in the products' own words."""

    subject: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.subject}: {self.before} → {self.after}"


def differences(before: LabState, after: LabState) -> tuple[Difference, ...]:
    """What of `before` is not so any more, and what is new."""
    was, now = _lines(before), _lines(after)
    return tuple(
        Difference(subject, was.get(subject, "—"), now.get(subject, "—"))
        for subject in sorted(was.keys() | now.keys())
        if was.get(subject) != now.get(subject)
    )


def _lines(state: LabState) -> dict[str, str]:
    lines = {}
    for host, machines in state.machines.items():
        for machine in machines:
            switches = ", ".join(adapter.switch or "—" for adapter in machine.adapters)
            lines[f"{host}/{machine.name}"] = f"{machine.state.value} ({switches})"
    for scenario in state.scenarios:
        lines[f"RHA/{scenario.name}"] = f"{scenario.state.value} ({scenario.direction.value})"
    return lines
