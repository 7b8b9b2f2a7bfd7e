"""The event view of RHA's manager: numbered lines with the product's Japanese texts, as the profile has them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from lab.model.replication import RhaEvent
from lab.site.profile import RhaProfile


class EventView:
    """Lines are only added. Texts, severities and the few known codes come from the profile."""

    def __init__(self, profile: RhaProfile, now: Callable[[], datetime]) -> None:
        self._profile = profile
        self._now = now
        self._lines: list[RhaEvent] = []

    def report(self, event: str, source: str, *, host: str = "", detail: str = "") -> RhaEvent:
        """Adds the profile's event of that name; `detail` follows the product's text."""
        known = self._profile.events[event]
        text = known.ja[0].replace("{host}", host)
        line = RhaEvent(
            sequence=len(self._lines) + 1,
            code=known.code,
            severity=known.severity,
            source=source,
            time=self._now().strftime("%Y/%m/%d %H:%M:%S"),
            message=f"{text} {detail}" if detail else text,
        )
        self._lines.append(line)
        return line

    def after(self, sequence: int) -> tuple[RhaEvent, ...]:
        return tuple(self._lines[max(0, sequence) :])
