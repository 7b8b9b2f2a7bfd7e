"""What `kunren init` asks for: keys of the site file and the options that give them. Light, for the command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Asked:
    """One key of the site file: how an option gives it."""

    help: str
    required: bool = False
    """With --yes there is no default for it."""


def _host(role: str, *, required: bool = True) -> dict[str, Asked]:
    return {
        f"hosts.{role}.winrm": Asked(f"WinRM listener of the {role} host, or its name.", required),
        f"hosts.{role}.user": Asked(f"Login on the {role} host.", required),
        f"hosts.{role}.password_from": Asked("Reference to its password, never the password.", required),
        f"hosts.{role}.name": Asked(f"Computer name of the {role} host (default: as it says itself)."),
        f"hosts.{role}.certificate_authority": Asked("PEM file for its https listener, beside the site file."),
    }


ASKED: Mapping[str, Asked] = {
    "name": Asked("Name of the site.", required=True),
    "time_zone": Asked("Time zone of records (default: Asia/Tokyo)."),
    **_host("master"),
    **_host("replica"),
    "guest.name": Asked("Garoon's virtual machine.", required=True),
    "guest.user": Asked("Account inside it, for drill 6-1 (default: none)."),
    "guest.password_from": Asked("Reference to its password."),
    "replication.scenario": Asked("Replication scenario.", required=True),
    "replication.control_service": Asked("Host of the Control Service: master, replica (default), or control."),
    **_host("control", required=False),
    "garoon.url": Asked("Garoon's URL in use.", required=True),
    "garoon.connect": Asked("ADDRESS:PORT to connect to instead of resolving the URL's name."),
    "garoon.certificate_authority": Asked("PEM file for Garoon over https, beside the site file."),
    "garoon.user": Asked("Garoon user for drills.", required=True),
    "garoon.password_from": Asked("Reference to its password.", required=True),
}


def option_of(key: str) -> str:
    """The option that gives a key, such as --master-winrm."""
    shorter = {"guest.name": "guest", "replication.scenario": "scenario", "replication.control_service": "control"}
    name = shorter.get(key, key.removeprefix("hosts."))
    return "--" + name.replace(".", "-").replace("_", "-")
