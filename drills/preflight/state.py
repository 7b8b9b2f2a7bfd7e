"""What is judged of the state of a lab: services of RHA, the guest, its networks and the replication scenario."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from drills.preflight.findings import Finding, error, note, warning
from drills.wording import initiation, scenario_state, way
from lab.model.hosts import RhaServices, Service
from lab.model.machines import VirtualMachine
from lab.model.replication import Direction, Initiation, Product, ReplicationScenario
from lab.model.state import LabState
from lab.model.subject import Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class StateCheck:
    """`control_host` is the host that the site file says has the Control Service."""

    subject: Subject
    services: RhaServices
    control_host: str

    def findings(self, state: LabState) -> Iterator[Finding]:
        """Of hosts and guest; nothing where a host did not answer."""
        if state.machines:
            yield from self._services(state)
            yield from self._guest(state)

    def of_scenario(self, state: LabState) -> Iterator[Finding]:
        """Of its settings and state, which each drill judges for itself."""
        scenario = state.scenario(self.subject.scenario)
        if scenario is not None:
            yield from self._scenario(scenario)

    def _services(self, state: LabState) -> Iterator[Finding]:
        engine, control = self.services.engine, self.services.control
        accounts: dict[str, None] = {}
        hosts = (self.subject.master, self.subject.replica)
        kinds = [("engine", engine, host) for host in hosts]
        # The Control Service's name is a guess until a site has shown it.
        for kind, name, host in (*kinds, ("control", control, self.control_host)):
            service = _service(state, host, name)
            if service is None:
                missing = error if kind == "engine" else warning
                yield missing(f"{kind}_missing", host=host, service=name)
            elif not service.running:
                yield error(f"{kind}_stopped", host=host, service=name)
            if service is not None and service.account:
                accounts[service.account.casefold()] = None
        if len(accounts) > 1:
            yield warning("accounts", accounts=tuple(accounts))

    def _guest(self, state: LabState) -> Iterator[Finding]:
        """Where it runs is a precondition; here is how it runs."""
        running = state.running_on(self.subject.guest)
        if len(running) != 1:
            return
        machine = state.machine(running[0], self.subject.guest)
        assert machine is not None, "it runs there"
        if not machine.healthy:
            yield warning("heartbeat", host=machine.host, guest=machine.name)
        if not machine.networks:
            yield warning("unconnected", host=machine.host, guest=machine.name)
        if machine.host == self.subject.master:
            yield from self._networks(machine, state)

    def _networks(self, machine: VirtualMachine, state: LabState) -> Iterator[Finding]:
        """A replica with one network needs no mapping (3.N10)."""
        replica = self.subject.replica
        there = {switch.name for switch in state.switches.get(replica, ())}
        mapped = {each.master_network: each.replica_network for each in self.subject.network_mapping}
        for network in machine.networks:
            wanted = mapped.get(network, network)
            if wanted not in there and (network in mapped or len(there) != 1):
                yield error(
                    "no_network", host=replica, network=network, wanted=wanted, there=tuple(sorted(there)) or "-"
                )

    def _scenario(self, scenario: ReplicationScenario) -> Iterator[Finding]:
        name = scenario.name
        if Product.HIGH_AVAILABILITY.value not in re.split(r"[\s/+]+", scenario.product):
            yield warning("product", name=name, product=scenario.product)
        if {scenario.master.casefold(), scenario.replica.casefold()} != {
            self.subject.master.casefold(),
            self.subject.replica.casefold(),
        }:
            yield warning("other_hosts", name=name, master=scenario.master, replica=scenario.replica)
        if not scenario.assured_recovery:
            yield note("no_integrity_test", name=name)
        if scenario.switchover is Initiation.MANUAL:
            yield note("switchover_manual", name=name, start=initiation(scenario.switchover))
        if scenario.reverse_replication is Initiation.AUTOMATIC:
            yield warning("reverse_automatic", name=name)
        if not scenario.runs(Direction.FORWARD):
            state, direction = scenario_state(scenario.state), way(scenario.direction)
            yield warning("not_running", name=name, state=state, direction=direction)
        elif not scenario.is_alive:
            yield warning("not_watched", name=name)


def _service(state: LabState, host: str, name: str) -> Service | None:
    found = state.services.get(host, ())
    return next((service for service in found if service.name.casefold() == name.casefold()), None)
