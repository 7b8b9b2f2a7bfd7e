"""The product as it is installed on the hosts of the lab: its services, its engines, and the hosts that have one."""

from __future__ import annotations

from typing import ClassVar

from lab.model.hosts import Service
from lab.model.replication import DiscoveredGuest, EngineVersion
from lab.simulator.hosts.host import CONTROL, MASTER, REPLICA, HyperVHost
from lab.simulator.world import World
from lab.site.profile import RhaProfile
from lab.site.simulation import CURRENT_ENGINE

SERVICE_ACCOUNT = r"KUNREN\svc-rha"
DISPLAYED = {
    "en": ("CA ARCserve RHA Engine", "CA ARCserve RHA Control Service"),
    "ja": ("CA ARCserve RHA エンジン", "CA ARCserve RHA コントロール サービス"),
}
"""How Windows shows the services; no source gives the Japanese names."""


class RhaRefusal(Exception):
    """The Control Service says no, in one Japanese sentence of the simulator's own."""


class Installation:
    """One per lab; the Control Service is on the replica host (guide 2) if not set otherwise."""

    hosts: ClassVar = {"master": MASTER, "replica": REPLICA, "control": CONTROL}
    """The host it is installed on, by where the settings want it."""

    def __init__(self, world: World, profile: RhaProfile) -> None:
        self.profile = profile
        self._world = world
        self._home = world.hosts[self.hosts[world.settings.control_service]]
        self._install_services()

    @property
    def home(self) -> HyperVHost:
        return self._home

    def engine(self, host: str) -> EngineVersion:
        """The engine on a host; its version is empty where the host is not of the lab or does not respond."""
        with self._world.lock:
            self._answering()
            found = self._world.host_called(host)
            version = found.engine_version if found is not None and self._engine_answers(found) else ""
            return EngineVersion(host, version, up_to_date=version == CURRENT_ENGINE)

    def discover(self, master: str) -> tuple[DiscoveredGuest, ...]:
        """The guests the wizard finds on a host, all of them selected; a guest that is off does not tell its name."""
        with self._world.lock:
            self._answering()
            host = self._physical_host(master)
            return tuple(
                DiscoveredGuest(
                    name=each.guest.name,
                    computer_name=each.told_name,
                    state=each.state.value,
                    selected=True,
                )
                for each in host.registrations.values()
            )

    def _answering(self) -> None:
        if not self._home.service_runs(self.profile.control_service.name):
            raise RhaRefusal(f"{self._home.name} のコントロール サービスに接続できません。")

    def _engine_answers(self, host: HyperVHost) -> bool:
        return bool(host.engine_version) and not host.cut_off and host.service_runs(self.profile.engine_service.name)

    def _physical_host(self, name: str) -> HyperVHost:
        """A host with an engine. A guest's name or address is the mistake guide 3, step 5, warns of."""
        host = self._world.host_called(name)
        if host is not None and self._engine_answers(host):
            return host
        for guest in self._world.guests.values():
            if name.casefold() in {guest.name.casefold(), guest.computer_name.casefold(), guest.address}:
                raise RhaRefusal(
                    f"{name} は仮想マシンです。物理サーバ(管理 OS)のホスト名または IP アドレスを指定してください。"
                )
        raise RhaRefusal(f"{name} に CA ARCserve RHA エンジンが見つかりません。")

    def _install_services(self) -> None:
        """Every component runs under the same service account (guide 2)."""
        engine, control = self.profile.engine_service.name, self.profile.control_service.name
        names = DISPLAYED["ja" if self._world.settings.japanese else "en"]
        for host in self._world.hosts.values():
            if host.engine_version:
                host.services[engine] = Service(engine, names[0], running=True, account=SERVICE_ACCOUNT)
        self._home.services[control] = Service(control, names[1], running=True, account=SERVICE_ACCOUNT)
