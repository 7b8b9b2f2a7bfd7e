"""Probes: looks at one layer of the service, due at set instants, independent of the look before."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from words import Told


class Layer(Enum):
    """Layers of the service, outside in; users are served when the last of them answers."""

    HOST = "host"
    """A host's WinRM says who it is."""

    HEARTBEAT = "heartbeat"
    """Hyper-V reports a guest heartbeat, on the host where the guest runs."""

    TCP = "TCP"
    HTTP = "HTTP"
    LOGIN_PAGE = "login page"
    LOGIN = "login"
    READ = "read"
    WRITE = "write"


class Result(Enum):
    """A probe that was due and not sent is UNKNOWN, and so is one that cannot be judged; neither is ever up."""

    OK = "ok"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Acknowledgement(Enum):
    """Garoon's answer to the writer of a canary."""

    ACKNOWLEDGED = "acknowledged"
    REFUSED = "refused"
    """Garoon declined, or no connection stood: nothing was begun."""

    UNKNOWN = "unknown"


class Mark(Enum):
    """Acts of a drill from which recovery times are counted."""

    FAULT = "fault"
    FAULT_ENDED = "fault ended"
    COMMAND = "command"


@dataclass(frozen=True, slots=True)
class Track:
    """One series of probes; `of` is the host where a layer has one a host, and empty elsewhere."""

    layer: Layer
    of: str = ""


@dataclass(frozen=True, slots=True)
class Canary:
    """An entry written by a probe of the layer WRITE, known by its title."""

    title: str
    acknowledgement: Acknowledgement


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """Times are seconds since the beginning of probing on the lab's clock.

    `sent` and `ended` are None for a probe that was never sent; `seen` is what a reader should know of the answer.
    """

    track: Track
    number: int
    due: float
    sent: float | None
    ended: float | None
    result: Result
    seen: Told
    canary: Canary | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeSchedule:
    """Each track has a probe every `interval` seconds; `confirmations` good ones in a row are a recovery."""

    interval: float
    timeout: float
    confirmations: int
