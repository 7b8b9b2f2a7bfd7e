"""Settings of the stand-in: its version, its path and the drill's login."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Protocol

JAPAN = timezone(timedelta(hours=9), "JST")
TIMEZONE_NAME = "Asia/Tokyo"


@dataclass(frozen=True, slots=True, kw_only=True)
class GaroonSettings:
    """`version` is the guide's (3.5 SP2). What 3.5.2 calls its API is not known from any source: 1.2.0 is a guess."""

    base_path: str = "/scripts/cbgrn/grn.exe"
    version: str = "3.5.2"
    api_version: str = "1.2.0"
    login_name: str = "kunren"
    password: str = field(default_factory=lambda: new_password("drill"), repr=False)
    seed: int = 0


def new_password(kind: str) -> str:
    """A password for this lab alone, whose form is recognised where passwords do not belong."""
    return f"{kind}-{secrets.token_hex(10)}"


class GuestClock(Protocol):
    """The guest's clock."""

    def now(self) -> datetime: ...


class Disk(Protocol):
    """The guest's disk: a real folder, and word to its replication that a write was committed.

    A `read_only` one can be read and refuses every write, as a damaged volume does.
    """

    @property
    def folder(self) -> Path: ...

    @property
    def read_only(self) -> bool: ...

    def written(self) -> None: ...
