"""How long a driver waits for one answer of a host."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Lab time per call. `stop` includes the guest's own shutdown, which Stop-VM waits for."""

    question: timedelta = timedelta(seconds=60)
    start: timedelta = timedelta(seconds=120)
    stop: timedelta = timedelta(seconds=600)
    replication: timedelta = timedelta(seconds=120)
