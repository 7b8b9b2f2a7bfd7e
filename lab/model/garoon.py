"""Entries that a drill leaves in Garoon and looks for again, and findings of an examination of Garoon."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import Enum

from words import Told

NOT_IN_A_TITLE = frozenset({"Cc", "Cs", "Zl", "Zp"})  # controls, lone surrogates, line and paragraph separators
NOT_IN_XML = frozenset("\ufffe\uffff")


@dataclass(frozen=True, slots=True)
class Marker:
    """An appointment written so that it can be found again: Garoon's event id and its exact title."""

    event_id: int
    title: str


@dataclass(frozen=True, slots=True)
class OwnAppointment:
    """An appointment in the user's own schedule; `members` are numbers of users, and empty where others are members."""

    event_id: int
    title: str
    private: bool
    members: tuple[int, ...]
    starts: str


@dataclass(frozen=True, slots=True)
class Capture:
    """A picture of a page and the address it was taken at; `trouble` says what kept it from being taken, or whole."""

    png: bytes
    url: str
    title: str
    trouble: Told | None = None


class GaroonLayer(Enum):
    """Layers that have to work for Garoon to work, from the outside in; a status code proves none of them."""

    APPLICATION = "application"
    LOGIN_PAGE = "login page"
    LOGIN = "login"
    PORTAL = "portal"
    SCHEDULE = "schedule"
    API = "API"


@dataclass(frozen=True, slots=True)
class Product:
    """Garoon's name of itself, and its version."""

    name: str
    version: str


@dataclass(frozen=True, slots=True)
class Examination:
    """The verdict on one layer, and what was seen there."""

    layer: GaroonLayer
    sound: bool
    seen: Told


def comes_back_unchanged(title: str) -> bool:
    """Whether a title survives form fields, HTML and XML: one line, nothing invisible at its ends, no controls."""
    return (
        bool(title)
        and title == title.strip()
        and not any(unicodedata.category(char) in NOT_IN_A_TITLE or char in NOT_IN_XML for char in title)
    )
