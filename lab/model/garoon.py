"""What a drill leaves in Garoon and looks for again."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Marker:
    """An appointment written so that it can be found again: Garoon's event id and its exact title."""

    event_id: int
    title: str


@dataclass(frozen=True, slots=True)
class Capture:
    """A picture of a page and the address it was taken at."""

    png: bytes
    url: str
    title: str
