"""`kunren lab`: the simulated lab on its own, for any WinRM client and any browser."""

from __future__ import annotations

import json
import threading

import click

from kunren.exits import Exit, Stop
from kunren.terminal import tell
from lab.errors import SiteError
from lab.model.endpoints import Endpoint
from lab.model.hosts import HostRole
from lab.simulator.serving import SimulatedLab
from lab.site.file import Site


def serve_lab(site: Site, *, speed: float, as_json: bool) -> None:
    """Returns when it is interrupted."""
    if site.simulation is None:
        raise Stop(Exit.USAGE, f"{site.name} is a real site; `kunren lab` serves simulated ones.")
    try:
        lab = SimulatedLab(site.simulation, speed=speed)
    except SiteError as error:
        raise Stop(Exit.NOT_READY, error) from error
    try:
        tell(_line(lab) if as_json else _sheet(lab, speed))
        threading.Event().wait()
    except KeyboardInterrupt:
        click.echo("", err=True)
    finally:
        lab.close()


def _line(lab: SimulatedLab) -> str:
    """The one line of the command's contract."""
    garoon = lab.garoon
    return json.dumps(
        {
            "hosts": {role.value: _login(endpoint) for role, endpoint in lab.endpoints.items()},
            "guest": {"name": lab.guest_name, "user": lab.guest.user, "password": lab.guest.password},
            "garoon": {
                "url": garoon.url,
                "connect": garoon.connect,
                "user": garoon.user,
                "password": garoon.password,
            },
        }
    )


def _login(endpoint: Endpoint) -> dict[str, str]:
    return {"name": endpoint.host, "winrm": endpoint.url, "user": endpoint.user, "password": endpoint.password}


def _sheet(lab: SimulatedLab, speed: float) -> str:
    master, replica, garoon = lab.endpoints[HostRole.MASTER], lab.endpoints[HostRole.REPLICA], lab.garoon
    return "\n".join(
        (
            f"SIMULATED lab, {speed:g} lab seconds per wall-clock second; stop it with Ctrl-C.",
            *(f"{at.host:8} {at.url}  user {at.user}  password {at.password}" for at in (master, replica)),
            f"{lab.guest_name:8} guest of {master.host}  user {lab.guest.user}  password {lab.guest.password}",
            f"Garoon   {garoon.url}  at {garoon.connect}  user {garoon.user}  password {garoon.password}",
        )
    )
