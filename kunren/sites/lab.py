"""`kunren lab`: the simulated lab on its own, for any WinRM client and any browser."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator

import click

from kunren.exits import Exit, Stop
from kunren.terminal import tell
from lab.errors import SiteError
from lab.model.endpoints import Endpoint
from lab.model.hosts import HostRole
from lab.simulator.manager_page import ManagerPage
from lab.simulator.serving import SimulatedLab
from lab.site.file import Site
from words import Told, sentence


def serve_lab(site: Site, *, speed: float, as_json: bool) -> None:
    """Returns when it is interrupted."""
    if site.simulation is None:
        raise Stop(Exit.USAGE, sentence("usage.not_simulated", site=site.name))
    try:
        lab = SimulatedLab(site.simulation, speed=speed)
    except SiteError as error:
        raise Stop(Exit.NOT_READY, error) from error
    manager = ManagerPage(lab, site.language)
    try:
        tell(*([_line(lab, manager.url)] if as_json else _sheet(lab, speed, manager.url)))
        threading.Event().wait()
    except KeyboardInterrupt:
        click.echo("", err=True)
    finally:
        manager.close()
        lab.close()


def _line(lab: SimulatedLab, manager: str) -> str:
    """The one line of the command's contract."""
    garoon = lab.garoon
    hosts = {role.value: _login(endpoint) for role, endpoint in lab.endpoints.items()}
    if (control := lab.control) not in lab.endpoints.values():
        hosts["control"] = _login(control)
    return json.dumps(
        {
            "hosts": hosts,
            "guest": {"name": lab.guest_name, "user": lab.guest.user, "password": lab.guest.password},
            "garoon": {
                "url": garoon.url,
                "connect": garoon.connect,
                "user": garoon.user,
                "password": garoon.password,
            },
            "manager": manager,
        }
    )


def _login(endpoint: Endpoint) -> dict[str, str]:
    return {"name": endpoint.host, "winrm": endpoint.url, "user": endpoint.user, "password": endpoint.password}


def _sheet(lab: SimulatedLab, speed: float, manager: str) -> Iterator[Told]:
    master, garoon = lab.endpoints[HostRole.MASTER], lab.garoon
    yield sentence("lab.serving", speed=f"{speed:g}")
    for at in dict.fromkeys((master, lab.endpoints[HostRole.REPLICA], lab.control)):
        yield sentence("lab.host", name=f"{at.host:8}", url=at.url, user=at.user, password=at.password)
    guest = {"user": lab.guest.user, "password": lab.guest.password}
    yield sentence("lab.guest", name=f"{lab.guest_name:8}", host=master.host, **guest)
    page = {"url": garoon.url, "connect": garoon.connect, "user": garoon.user, "password": garoon.password}
    yield sentence("lab.garoon", **page)
    yield sentence("lab.manager", url=manager)
