"""The lease of a site: who drills there, from where, into which record, and until when that is to be believed."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from words import Language, sentence

VALID = timedelta(minutes=10)
"""How long a lease that is not renewed any more is believed, on the clock of the host it lies on."""
UNREADABLE = "?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """`token` tells one run from another; `renewed` is by the host's clock, and `count` grows with each renewal.

    `system` is where `pid` means something: a machine since it was started, or a container on it; empty if unknown.
    """

    token: str
    site: str
    owner: str
    controller: str
    pid: int
    record: str
    began: str
    renewed: str
    system: str = ""
    count: int = 0
    took_over: str = ""
    """Why it was taken from another run, in the operator's words."""

    def renewed_at(self, clock: str) -> Lease:
        return replace(self, renewed=clock, count=self.count + 1)

    def fresh(self, clock: str) -> bool:
        """Renewed within VALID of `clock`; a time in the future, as of a clock that was set back, counts as fresh."""
        return datetime.fromisoformat(clock) - datetime.fromisoformat(self.renewed) <= VALID

    def text(self) -> str:
        """ASCII, as Windows PowerShell's default encodings differ in the rest."""
        return json.dumps(asdict(self), ensure_ascii=True, sort_keys=True)

    def in_(self, language: Language) -> str:
        about = {name: getattr(self, name) for name in ("owner", "controller", "pid", "began", "record", "renewed")}
        told = sentence("errors.lease.told", **about)
        return (sentence("errors.lease.took_over", lease=told, why=self.took_over) if self.took_over else told).in_(
            language
        )

    def __str__(self) -> str:
        return self.in_("en")


def lease_of(text: str) -> Lease | None:
    """Reads a lease; None where there is none. An unreadable text counts as a lease of an unknown owner."""
    if not text:
        return None
    try:
        values: Any = json.loads(text)
        lease = Lease(**values)
        datetime.fromisoformat(lease.renewed).utcoffset()
        whole = isinstance(lease.pid, int) and isinstance(lease.count, int)
    except (ValueError, TypeError):
        whole = False
    if whole and datetime.fromisoformat(lease.renewed).tzinfo is not None:
        return lease
    return Lease(
        token=UNREADABLE,
        site=UNREADABLE,
        owner=UNREADABLE,
        controller=UNREADABLE,
        pid=0,
        record=UNREADABLE,
        began=UNREADABLE,
        renewed="9999-12-31T00:00:00+00:00",
    )
