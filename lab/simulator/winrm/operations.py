"""Operations of the service: one value an operation, as the WinRS and PSRP shells know them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Identify:
    pass


@dataclass(frozen=True, slots=True)
class Get:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Create:
    """`creation` holds the first PSRP fragments; a WinRS shell has none."""

    shell_id: str | None
    environment: Mapping[str, str]
    idle_timeout: timedelta | None
    creation: bytes | None


@dataclass(frozen=True, slots=True)
class Command:
    command_id: str | None
    line: str
    arguments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Receive:
    """A Receive; without a command of the shell itself (PSRP's runspace pool)."""

    command_id: str | None


@dataclass(frozen=True, slots=True)
class Send:
    command_id: str | None
    data: bytes
    end: bool


@dataclass(frozen=True, slots=True)
class Signal:
    """`code` is the last part of the signal's URI, lower case: terminate, ctrl_c, ctrl_break."""

    command_id: str | None
    code: str


@dataclass(frozen=True, slots=True)
class Delete:
    pass


Operation = Identify | Get | Create | Command | Receive | Send | Signal | Delete


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """An operation and what its envelope's header says about it."""

    operation: Operation
    action: str
    resource_uri: str
    shell_id: str | None
    within: timedelta
    max_envelope_size: int
    options: Mapping[str, str]
