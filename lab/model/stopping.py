"""When a drill is stopped, and its lab restored, before its last step: what a site does not want to bear longer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class StopCriteria:
    """Each is None where the site file has none."""

    garoon_unavailable: timedelta | None = None
    guest_silent: timedelta | None = None
    """Both hosts answer, and neither hears the guest."""
    engine_stopped: timedelta | None = None
    """Of a host that answers."""
    spool_blocks: int | None = None

    def __bool__(self) -> bool:
        return self != StopCriteria()
