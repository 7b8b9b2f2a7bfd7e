"""Worlds that cannot be are refused: each rule is a function, and every change of the world passes them all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from lab.model.machines import Heartbeat, PowerState
from lab.simulator.hosts.host import HyperVHost, Registration


class ImpossibleWorld(Exception):
    """The simulator itself is wrong: no real lab could be in the state it was about to enter."""


def refuse_impossible(hosts: Sequence[HyperVHost]) -> None:
    for rule in RULES:
        rule(hosts)


def check_guests_need_a_powered_host(hosts: Iterable[HyperVHost]) -> None:
    for host, registration in _registrations(hosts):
        if not registration.off and not host.powered:
            raise ImpossibleWorld(
                f"{registration.guest.name} is {registration.state.value} on {host.name}, which is off"
            )


def check_no_disk_runs_twice(hosts: Iterable[HyperVHost]) -> None:
    disks = Counter(registration.disk for _, registration in _registrations(hosts) if not registration.off)
    for disk, guests in disks.items():
        if guests > 1:
            raise ImpossibleWorld(f"{guests} guests run from the disk {disk}")


def check_adapters_are_on_switches_that_are_there(hosts: Iterable[HyperVHost]) -> None:
    for host, registration in _registrations(hosts):
        for adapter in registration.adapters:
            if adapter.switch and adapter.switch not in host.switches:
                raise ImpossibleWorld(f"{registration.guest.name} hangs on {adapter.switch}, which {host.name} has not")


def check_hardware_addresses_differ(hosts: Iterable[HyperVHost]) -> None:
    for host in hosts:
        addresses = Counter(
            adapter.mac_address for registration in host.registrations.values() for adapter in registration.adapters
        )
        for address, adapters in addresses.items():
            if adapters > 1:
                raise ImpossibleWorld(f"{adapters} adapters on {host.name} have the hardware address {address}")


def check_only_running_guests_have_a_heartbeat(hosts: Iterable[HyperVHost]) -> None:
    for host, registration in _registrations(hosts):
        if registration.heartbeat is Heartbeat.OK and registration.state is not PowerState.RUNNING:
            raise ImpossibleWorld(
                f"{registration.guest.name} on {host.name} is {registration.state.value} and has a heartbeat"
            )


def check_only_running_guests_run_applications(hosts: Iterable[HyperVHost]) -> None:
    for host, registration in _registrations(hosts):
        if registration.instance is not None and registration.state is not PowerState.RUNNING:
            raise ImpossibleWorld(
                f"{registration.guest.name} on {host.name} is {registration.state.value} and its application answers"
            )


def check_uptime_belongs_to_running_guests(hosts: Iterable[HyperVHost]) -> None:
    for host, registration in _registrations(hosts):
        runs = registration.state in {PowerState.RUNNING, PowerState.STOPPING}
        if runs != (registration.running_since is not None):
            raise ImpossibleWorld(
                f"{registration.guest.name} on {host.name} is {registration.state.value}, "
                f"running since {registration.running_since}"
            )


RULES = (
    check_guests_need_a_powered_host,
    check_no_disk_runs_twice,
    check_adapters_are_on_switches_that_are_there,
    check_hardware_addresses_differ,
    check_only_running_guests_have_a_heartbeat,
    check_only_running_guests_run_applications,
    check_uptime_belongs_to_running_guests,
)


def _registrations(hosts: Iterable[HyperVHost]) -> Iterator[tuple[HyperVHost, Registration]]:
    for host in hosts:
        for registration in host.registrations.values():
            yield host, registration
