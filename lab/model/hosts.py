"""Hyper-V hosts and the Windows services that matter on them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

HYPERV_SERVICE = "vmms"
SIMULATED = "SIMULATED"
"""In the caption of a simulated host's Windows, so that no record can take it for a real one."""


class HostRole(Enum):
    """The role a host has in the site file; it does not change when the replica becomes active."""

    MASTER = "master"
    REPLICA = "replica"


@dataclass(frozen=True, slots=True)
class Service:
    """A Windows service as `Get-Service` shows it."""

    name: str
    display_name: str
    running: bool
    account: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RhaServices:
    """Names of the Windows services that RHA lives on: the engine's on both hosts, the Control Service's on one."""

    engine: str
    control: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HostFacts:
    """What a host says of itself; `os` is the caption of its Windows."""

    name: str
    os: str
    os_version: str
    powershell_version: str
    boot_time: str
    clock: str
