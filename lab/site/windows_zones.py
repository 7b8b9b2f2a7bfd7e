"""Names of time zones as Windows has them, which no site file uses."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources


def iana_name(zone: str) -> str:
    """The name of the zone in the time zone database; empty where Windows has no such zone."""
    return zones().get(zone.strip().casefold(), "")


@cache
def zones() -> Mapping[str, str]:
    text = (resources.files("lab.site") / "windows_zones.toml").read_text(encoding="utf-8")
    return {name.casefold(): same for name, same in tomllib.loads(text).items()}
