"""Writes a sample journal the way a run does: a lab clock, a wall clock, numbered entries, evidence files."""

import hashlib
import json
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

LAB_START = datetime(2012, 9, 25, 22, 0, tzinfo=timezone(timedelta(hours=9)))
WALL_START = datetime(2026, 1, 15, 3, 4, 5, 678000, tzinfo=UTC)


class JournalWriter:
    def __init__(self, folder: Path):
        self.folder = folder
        self.lab, self.wall = LAB_START, WALL_START
        self.count = self.pictures = 0
        (folder / "evidence").mkdir(parents=True, exist_ok=True)
        self.path = folder / "journal.jsonl"
        self.path.write_bytes(b"")

    def write(self, what: str, **fields: Any) -> None:
        self.count += 1
        entry = {
            "n": self.count,
            "at": self.lab.isoformat(timespec="milliseconds"),
            "wall": self.wall.isoformat(timespec="milliseconds"),
            "what": what,
            **fields,
        }
        with self.path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(json.dumps(entry, ensure_ascii=False, separators=(", ", ": ")) + "\n")

    def spend(self, seconds: float, wall: float = 0.004) -> None:
        self.lab += timedelta(seconds=seconds)
        self.wall += timedelta(seconds=wall)

    @contextmanager
    def on_the_wall(self) -> Iterator[None]:
        """Before a lab is open its clock is not there either."""
        self.lab, lab = self.wall.astimezone(LAB_START.tzinfo), self.lab
        yield
        self.lab = lab

    def call(self, host: str, script: str, answer: Any = None, *, took: float = 0.08, **fields: Any) -> None:
        self.spend(took)
        entry = {
            "arguments": {},
            "changes": False,
            "outcome": "answered",
            "lab_ms": took * 1000,
            "wall_ms": 4,
            "round_trips": 2,
        }
        digest = hashlib.sha256(script.encode()).hexdigest()
        self.write("call", host=host, script=script, script_sha256=digest, answer=answer, **(entry | fields))

    def guest(self, host: str, state: str, *, networks: list[str], took: float) -> None:
        """What the host was understood to say of the guest in the call before."""
        self.write("guest", **understood(host, state, networks, took))

    def garoon(self, act: str, detail: str, *, url: str, by: str = "browser", outcome: str = "ok") -> None:
        self.spend(0.0, 0.21)
        self.write("garoon", act=act, by=by, url=url, detail=detail, outcome=outcome)

    def wait(self, condition: str, seen: str, *, limit: float, took: float, not_yet: float, met: bool = True) -> None:
        self.write("wait", condition=condition, limit_s=limit, took_s=took, not_yet_s=not_yet, met=met, seen=seen)

    def picture(self, shade: int, *, moment: str, caption: str, url: str) -> None:
        self.pictures += 1
        png = page_picture(shade)
        name = f"evidence/{self.pictures:04}-screenshot.png"
        (self.folder / name).write_bytes(png)
        self.write(
            "evidence",
            id=self.pictures,
            kind="screenshot",
            moment=moment,
            host=None,
            address=url,
            caption=caption,
            file=name,
            media_type="image/png",
            sha256=hashlib.sha256(png).hexdigest(),
            bytes=len(png),
        )


def understood(host: str, state: str, networks: list[str], took: float) -> dict[str, Any]:
    """The fields of an entry about the guest, which is registered where it has a state."""
    return {
        "host": host,
        "guest": "Garoon",
        "registered": bool(state),
        "state": state or None,
        "heartbeat": ("Ok" if state == "Running" else "None") if state else None,
        "networks": networks,
        "took_s": took,
    }


def page_picture(shade: int) -> bytes:
    """A small drawing of a groupware page, uncompressed, so that its bytes do not depend on a version of zlib."""
    width, height = 160, 100
    rows = []
    for y in range(height):
        pixels = [_pixel(x * 2, y * 2, shade) for x in range(width)]
        packed = bytes(
            pixels[i] << 6 | pixels[i + 1] << 4 | pixels[i + 2] << 2 | pixels[i + 3] for i in range(0, width, 4)
        )
        rows.append(b"\0" + packed)
    palette = bytes([250, 251, 252, 66, 104, 134, 201, 210, 219, 226, 148, 60])
    header = struct.pack(">IIBBBBB", width, height, 2, 3, 0, 0, 0)
    data = _stored(b"".join(rows))
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"PLTE", palette)
        + _chunk(b"IDAT", data)
        + _chunk(b"IEND", b"")
    )


def _pixel(x: int, y: int, shade: int) -> int:
    if y < 24:
        return 1
    if x < 70:
        return 2 if y % 18 < 6 and 8 < x < 60 and y > 32 else 0
    if 40 < y < 190 and x < 312:
        day = (x - 76) // 34
        if (x - 76) % 34 == 0 or y % 30 == 0:
            return 2
        if (day + y // 30) % 4 == shade % 4 and 4 < (x - 76) % 34 < 30 and 4 < y % 30 < 16:
            return 3 if day == shade % 7 else 1
    return 0


def _stored(content: bytes) -> bytes:
    block = struct.pack("<BHH", 1, len(content), len(content) ^ 0xFFFF) + content
    return b"\x78\x01" + block + struct.pack(">I", zlib.adler32(content))


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
