"""Which PowerShell is spoken: Windows PowerShell 4.0 or 5.1, or PowerShell 7; and what the older ones lack."""

from __future__ import annotations

import functools
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from powershell.facts import fact


class Dialect(Enum):
    """A version of PowerShell, whose syntax, commands and texts a session has."""

    WINDOWS_POWERSHELL_4_0 = "4.0"
    WINDOWS_POWERSHELL_5_1 = "5.1"
    POWERSHELL_7 = "7"

    @property
    def windows(self) -> bool:
        """Whether this is Windows PowerShell, which runs on .NET Framework."""
        return self is not Dialect.POWERSHELL_7

    @classmethod
    def of_version(cls, version: str) -> Dialect:
        """The dialect of a PowerShell of that version, e.g. of 5.1.14393.206."""
        for dialect in cls:
            if f"{version}.".startswith(f"{dialect.value}."):
                return dialect
        raise ValueError(f"There is no dialect for PowerShell {version}.")


@dataclass(frozen=True, slots=True)
class Lacking:
    """What a dialect lacks of what newer ones have: names in small letters, parameters and members by their owner."""

    commands: frozenset[str]
    parameters: Mapping[str, frozenset[str]]
    members: Mapping[str, frozenset[str]]


@functools.cache
def lacking(dialect: Dialect) -> Lacking:
    """From `facts/dialects.json`, which names its sources."""
    facts = fact("dialects")
    of_dialect = facts.get(dialect.value, {"commands": "", "parameters": {}})
    members = facts["members"] if dialect.windows else {}
    return Lacking(
        frozenset(of_dialect["commands"].lower().split()), _by_owner(of_dialect["parameters"]), _by_owner(members)
    )


def _by_owner(names: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    return {owner.lower(): frozenset(listed.lower().split()) for owner, listed in names.items()}


class _Session(threading.local):
    """The dialect of the session that this thread runs or ran last: its errors are told after its end."""

    dialect: Dialect = Dialect.POWERSHELL_7


_session: Final = _Session()


def speak(dialect: Dialect) -> None:
    """A pipeline of a session in that dialect begins in this thread."""
    _session.dialect = dialect


def spoken() -> Dialect:
    """The dialect of the pipeline that this thread runs: what the texts of numbers, dates and errors depend on."""
    return _session.dialect
