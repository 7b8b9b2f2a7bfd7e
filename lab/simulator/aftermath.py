"""What a lab that misbehaves leaves behind once a scenario is removed, which is the last that a restoration does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from lab.model.machines import SwitchType
from lab.simulator.faults import Mutation
from lab.simulator.hosts import MASTER, REPLICA, HyperVHost, Registration
from lab.simulator.inventory import GAROON, VERIFICATION_NETWORK, initial_adapters
from lab.simulator.leftovers import (
    CONTROL_SERVICE_LEFT_STOPPED,
    ENGINE_LEFT_STOPPED,
    GUEST_UNPLUGGED,
    SWITCH_VANISHES,
    TEST_GUEST_LEFT,
)
from lab.simulator.world import World


def leave_behind(world: World, engine: str, control: str) -> None:
    """Called while the world is acting; the names are those of the product's services."""
    effects: dict[Mutation, Callable[[], None]] = {
        SWITCH_VANISHES: lambda: _lose_switch(world.hosts[REPLICA]),
        ENGINE_LEFT_STOPPED: lambda: _stop_service(world.hosts[MASTER], engine),
        CONTROL_SERVICE_LEFT_STOPPED: lambda: _stop_service(world.hosts[REPLICA], control),
        TEST_GUEST_LEFT: lambda: _leave_test_guest(world.hosts[REPLICA]),
        GUEST_UNPLUGGED: lambda: _unplug(world.hosts[MASTER]),
    }
    for mutation, effect in effects.items():
        if world.misbehaves(mutation):
            effect()
            world.changed()


def _lose_switch(host: HyperVHost) -> None:
    host.switches.pop(VERIFICATION_NETWORK, None)


def _stop_service(host: HyperVHost, name: str) -> None:
    if name in host.services:
        host.services[name] = replace(host.services[name], running=False)


def _leave_test_guest(host: HyperVHost) -> None:
    """Off and on an internal network, from the replica's own disk."""
    network = next(each.switch.name for each in host.switches.values() if each.switch.type is SwitchType.INTERNAL)
    host.registrations[GAROON.name] = Registration(
        guest=GAROON,
        host=host.name,
        disk=host.disk_folder(GAROON.name),
        adapters=tuple(replace(adapter, switch=network) for adapter in initial_adapters(GAROON)),
    )


def _unplug(host: HyperVHost) -> None:
    registration = host.registrations.get(GAROON.name)
    if registration is not None:
        registration.adapters = tuple(replace(adapter, switch="") for adapter in registration.adapters)
