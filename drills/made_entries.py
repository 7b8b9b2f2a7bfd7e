"""What a drill has entered in Garoon: removed by the restoration, and looked for by the comparison."""

from __future__ import annotations

from collections.abc import Iterator

from drills.course import Course
from lab.errors import LabError, Refused
from lab.model.garoon import Marker
from lab.ports import GaroonEntries


def remove_entries(course: Course, garoon: GaroonEntries) -> bool:
    """Whether there were any. One that Garoon does not let go is no reason to leave the others."""
    refused: list[Refused] = []
    for marker in course.markers:
        try:
            garoon.remove_marker(marker)
        except Refused as error:
            refused.append(error)
    if refused:
        raise refused[0]
    return bool(course.markers)


def entries_left(course: Course, garoon: GaroonEntries) -> tuple[str, ...]:
    """Titles of what the drill has made, or may have, and what has not been seen to be gone."""
    return (*_not_gone(course, garoon), *course.unanswered)


def _not_gone(course: Course, garoon: GaroonEntries) -> Iterator[str]:
    for marker in course.markers:
        if not _seen_gone(marker, garoon):
            yield marker.title


def _seen_gone(marker: Marker, garoon: GaroonEntries) -> bool:
    try:
        return garoon.find_marker(marker) != marker.title
    except LabError:
        return False
