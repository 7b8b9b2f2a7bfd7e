"""The subject of drills on one site: the names that features leave to the site file."""

from __future__ import annotations

from dataclasses import dataclass

from lab.model.hosts import HostRole
from lab.model.replication import NetworkMapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """`network_mapping` is empty where networks of the same name are mapped to each other."""

    master: str
    replica: str
    guest: str
    scenario: str
    garoon_url: str
    network_mapping: tuple[NetworkMapping, ...] = ()

    def host(self, role: HostRole) -> str:
        return self.master if role is HostRole.MASTER else self.replica
