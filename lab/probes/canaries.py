"""Canaries: numbered entries written through Garoon all through a drill, read back and taken away at its end.

They lie where they disturb no user: private appointments of the drill's own user, about ten years ahead.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, time, timedelta

from lab.drivers.garoon import soap
from lab.drivers.garoon.http import GaroonHttp
from lab.model.entry_titles import canary_day, canary_prefix, canary_title
from lab.model.garoon import Marker

AT = time(hour=3)
LENGTH = timedelta(minutes=5)
REMOVED_AT_ONCE = 50


class GaroonCanaries:
    """The canaries of one drill, told from others by the instant it began at."""

    def __init__(self, garoon: GaroonHttp, began: datetime) -> None:
        self._garoon = garoon
        self._prefix = canary_prefix(began)
        self._starts = datetime.combine(canary_day(began.date()), AT, began.tzinfo)
        self._user_id = 0

    def prepare(self) -> None:
        """Asks once for the id of the user for whom canaries are written."""
        self._user_id = self._garoon.user_id()

    def title(self, number: int, now: datetime) -> str:
        return canary_title(self._prefix, number, now)

    def event(self, title: str) -> soap.Parameters:
        return soap.new_event(title, "", self._user_id, self._starts, self._starts + LENGTH, private=True)

    def read(self) -> Mapping[str, int]:
        """Each title that is there, and how often."""
        return Counter(marker.title for marker in self._there())

    def remove(self) -> tuple[int, int]:
        """Removes them; returns how many were removed, and how many are still there."""
        ids = [marker.event_id for marker in self._there()]
        for first in range(0, len(ids), REMOVED_AT_ONCE):
            self._garoon.remove_events(ids[first : first + REMOVED_AT_ONCE])
        left = len(self._there())
        return len(ids) - left, left

    def _there(self) -> list[Marker]:
        found = self._garoon.events_between(self._starts, self._starts + LENGTH)
        return [marker for marker in found if marker.title.startswith(self._prefix)]
