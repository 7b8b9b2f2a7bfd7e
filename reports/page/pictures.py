"""Pictures of a report: each different one stands in it once, whatever shows it, and is read only as it is written."""

from __future__ import annotations

import base64
import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from journal.record import DrillRecord
from journal.seen import Condition, Evidence
from reports.evidence import PICTURES, beginning_of, content_of

UNKNOWN_SIZE = (1280, 800)
FRAME_WITHIN = 65_536
"""Bytes in which a picture says how large it is."""
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


@dataclass(frozen=True, slots=True)
class Picture:
    """One that may be shown; `number` counts the different ones, `width` and `height` are in pixels."""

    number: int
    evidence: Evidence
    width: int
    height: int
    shown_by: tuple[Evidence, ...]
    """Every piece of evidence that is this picture."""


class Gallery:
    """The pictures of a record's evidence in `folder`; only those that are as they were kept are shown."""

    def __init__(self, record: DrillRecord, folder: Path) -> None:
        self._folder = folder
        self.evidence = tuple(each for each in record.everything if isinstance(each, Evidence))
        self._of: dict[str, Picture] = {}
        by_content: dict[str, list[Evidence]] = {}
        for each in self.evidence:
            if each.media_type in PICTURES and each.condition is Condition.VERIFIED:
                by_content.setdefault(each.sha256, []).append(each)
        for shown_by in by_content.values():
            first = shown_by[0]
            size = dimensions(beginning_of(folder, first, FRAME_WITHIN))
            self._of[first.sha256] = Picture(len(self._of) + 1, first, *size, tuple(shown_by))

    @property
    def verified(self) -> int:
        return sum(each.condition is Condition.VERIFIED for each in self.evidence)

    @property
    def pictures(self) -> Iterable[Picture]:
        return self._of.values()

    def of(self, evidence: Evidence) -> Picture | None:
        """None where it is no picture, or not as it was kept."""
        return self._of.get(evidence.sha256) if evidence.condition is Condition.VERIFIED else None

    def data(self, picture: Picture) -> str:
        """As a data URI; empty where the file has changed since the gallery was made."""
        content = content_of(self._folder, picture.evidence)
        if content is None:
            return ""
        return f"data:{picture.evidence.media_type};base64,{base64.b64encode(content).decode('ascii')}"

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Names and contents, for a report that has its pictures beside it."""
        for picture in self.pictures:
            content = content_of(self._folder, picture.evidence)
            if content is not None:
                yield file_name(picture), content


def file_name(picture: Picture) -> str:
    return f"picture-{picture.number}.{picture.evidence.media_type.removeprefix('image/')}"


def by_id(evidence: Iterable[Evidence]) -> Mapping[int, Evidence]:
    return {each.id: each for each in evidence}


def dimensions(content: bytes) -> tuple[int, int]:
    """Width and height of a PNG or a JPEG, as its header has them."""
    if content[:8] == b"\x89PNG\r\n\x1a\n" and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return (width, height) if width and height else UNKNOWN_SIZE
    return next(_jpeg_frames(content), UNKNOWN_SIZE)


def _jpeg_frames(content: bytes) -> Iterator[tuple[int, int]]:
    place = 2
    while content[:2] == b"\xff\xd8" and place + 9 <= len(content) and content[place] == 0xFF:
        marker, length = content[place + 1], int.from_bytes(content[place + 2 : place + 4], "big")
        if marker in _JPEG_FRAMES:
            height, width = struct.unpack(">HH", content[place + 5 : place + 9])
            if width and height:
                yield width, height
        place += 2 + length
