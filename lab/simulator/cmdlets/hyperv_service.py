"""Hyper-V's commands while the Virtual Machine Management service does not run: each says so, and does nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from lab.model.hosts import HYPERV_SERVICE
from lab.simulator.cmdlets.lab_host import LabHost, hyperv_error
from lab.simulator.hosts.hyperv import service_stopped
from lab.simulator.transitions import HyperVRefusal
from powershell import Body, Cmdlet, CommandContext


def needing_the_service(host: LabHost, cmdlets: Iterable[Cmdlet]) -> tuple[Cmdlet, ...]:
    return tuple(replace(cmdlet, body=_served(host, cmdlet.body)) for cmdlet in cmdlets)


def _served(host: LabHost, served: Callable[[CommandContext], Body]) -> Callable[[CommandContext], Body]:
    def refuse(context: CommandContext) -> None:
        refusal = HyperVRefusal(service_stopped(host.name), "ObjectNotFound", "ObjectNotFound")
        context.throw(hyperv_error(context, refusal))

    refused = Body.of(refuse)

    def choose(context: CommandContext) -> Body:
        runs = host.world.hosts[host.name].service_runs(HYPERV_SERVICE)
        return served(context) if runs else refused(context)

    return choose
