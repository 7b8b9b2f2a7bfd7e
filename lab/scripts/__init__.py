"""The PowerShell files that are sent to hosts, by name: constant texts, one question or one action each."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

RESIDENT = "Resident"


@dataclass(frozen=True, slots=True)
class Script:
    """A script's text and its SHA-256, by which a journal names exactly what was run."""

    name: str
    text: str
    sha256: str


@cache
def load_script(name: str) -> Script:
    """The script `name`.ps1; FileNotFoundError when there is none."""
    content = files(__package__).joinpath(f"{name}.ps1").read_bytes()
    return Script(name, content.decode("ascii"), hashlib.sha256(content).hexdigest())


def script_names() -> tuple[str, ...]:
    """Every script that may be called, without the resident that runs them."""
    names = (entry.name.removesuffix(".ps1") for entry in files(__package__).iterdir() if entry.name.endswith(".ps1"))
    return tuple(sorted(name for name in names if name != RESIDENT))


def digests() -> Mapping[str, str]:
    """The SHA-256 of every script by its name, the resident's as well."""
    return {name: load_script(name).sha256 for name in sorted((*script_names(), RESIDENT))}
