"""The titles of what drills enter in Garoon: how they are written, and how they are known again."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from enum import Enum

_TIME = r"\d{2}:\d{2}:\d{2}"
_MOMENT = rf"\d{{4}}-\d{{2}}-\d{{2}} {_TIME}"
# Seconds since 1970 in 32 bits end at 2038-01-19 03:14:07 UTC, which is in no time zone before the 18th.
_LAST_DAY_OF_32_BITS = date(2038, 1, 17)
_TEN_YEARS = timedelta(days=3652)


class EntryKind(Enum):
    """Kinds of entries that drills leave."""

    CANARY = re.compile(rf"Kunren canary \d{{8}}-\d{{6}} #\d+ {_TIME}", re.ASCII)
    DRILL = re.compile(rf"訓練 {_MOMENT} #\d+", re.ASCII)
    INTEGRITY_TEST = re.compile(rf"整合性テスト {_MOMENT}", re.ASCII)


_WRITTEN = {
    EntryKind.CANARY: (re.compile(r"\d{8}-\d{6}"), "%Y%m%d-%H%M%S"),
    EntryKind.DRILL: (re.compile(_MOMENT), "%Y-%m-%d %H:%M:%S"),
    EntryKind.INTEGRITY_TEST: (re.compile(_MOMENT), "%Y-%m-%d %H:%M:%S"),
}


def moment_in(title: str, kind: EntryKind) -> datetime | None:
    """The site's time in such a title: when a canary's lab was opened, or when the entry was made."""
    pattern, form = _WRITTEN[kind]
    found = pattern.search(title)
    try:
        return datetime.strptime(found[0], form) if found else None  # noqa: DTZ007  # a title has no zone
    except ValueError:
        return None


def kind_of(title: str) -> EntryKind | None:
    """The kind of entry that has exactly such a title; None for other entries."""
    return next((kind for kind in EntryKind if kind.value.fullmatch(title)), None)


def drill_title(now: datetime, number: int) -> str:
    return f"訓練 {now:%Y-%m-%d %H:%M:%S} #{number}"


def integrity_test_title(now: datetime) -> str:
    return f"整合性テスト {now:%Y-%m-%d %H:%M:%S}"


def canary_prefix(began: datetime) -> str:
    """The beginning of the titles of one drill's canaries."""
    return f"Kunren canary {began:%Y%m%d-%H%M%S} #"


def canary_title(prefix: str, number: int, now: datetime) -> str:
    return f"{prefix}{number} {now:%H:%M:%S}"


def canary_day(today: date) -> date:
    """Ten years ahead, but before a Garoon that counts seconds in 32 bits comes to its end, for as long as that is.

    From 2038-01-17 on only a Garoon that counts further is left, and it is ten years ahead again.
    """
    ahead = today + _TEN_YEARS
    return _LAST_DAY_OF_32_BITS if today < _LAST_DAY_OF_32_BITS < ahead else ahead
