"""A record far larger than a run leaves, and what its report costs: `python -m tests.bench.large_record FOLDER`.

20 drills of 25 chapters of 20 steps, 7 calls and 18 probes a step, and a picture of 60 KB a chapter; two numbers after
the folder are other counts of calls and probes.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import resource
import struct
import subprocess
import sys
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from tests.reports.recorded import recorded

Entry = Mapping[str, Any]
DRILLS, CHAPTERS, STEPS = 20, 25, 20
PIXELS = (160, 124)
BEGAN = datetime.fromisoformat("2026-01-15T12:00:00+09:00")
TEXT = "ガルーンの予定が元のURLに表示される"
LAYERS = ("TCP", "HTTP", "login page", "login", "read", "write")
ANSWERS = [[{"Name": "Garoon", "State": "Running", "UptimeSeconds": n, "Note": "x" * 300}] for n in range(50)]
OF_WHOLE = {"n", "prev", "at", "wall"}


@dataclass(frozen=True, slots=True)
class Size:
    calls: int = 7
    probes: int = 18
    pictures: int = 500


def write(folder: Path, size: Size) -> None:
    (folder / "evidence").mkdir(parents=True, exist_ok=True)
    before = "0" * 64
    with (folder / "journal.jsonl").open("wb") as journal:
        for n, entry in enumerate(_entries(folder, size), 1):
            at = (BEGAN + timedelta(milliseconds=5 * n)).isoformat(timespec="milliseconds")
            line = json.dumps({"n": n, "prev": before, "at": at, "wall": at, **entry}, ensure_ascii=False).encode()
            journal.write(line + b"\n")
            before = hashlib.sha256(line).hexdigest()


def _entries(folder: Path, size: Size) -> Iterator[Entry]:
    yield _plan()
    pictures, numbers = iter(range(1, size.pictures + 1)), count(1)
    for place in range(DRILLS):
        drill = f"drill-{place}"
        yield {"what": "drill.began", "drill": drill}
        if size.probes:
            tracks = [{"layer": layer, "of": "", "interval_s": 1.0} for layer in LAYERS]
            schedule = {"interval_s": 1.0, "timeout_s": 1, "confirmations": 3, "tracks": tracks}
            yield {"what": "probing.began", "origin": BEGAN.isoformat(timespec="milliseconds"), **schedule}
        for chapter in range(CHAPTERS):
            yield {"what": "chapter.began", "drill": drill, "chapter": chapter}
            for step in range(STEPS):
                yield from _step({"drill": drill, "chapter": chapter, "step": step}, size, next(numbers))
            if number := next(pictures, 0):
                yield _evidence(folder, number)
            yield {"what": "chapter.ended", "drill": drill, "chapter": chapter}
        yield {"what": "drill.ended", "drill": drill, "reason": "finished", "text": ""}
    yield {"what": "run.ended", "reason": "finished"}


def _plan() -> Entry:
    head = {name: value for name, value in recorded("passed-ja")[0].items() if name not in OF_WHOLE}
    drill = {name: value for name, value in head["drills"][0].items() if name != "chapters"}
    steps = [{"keyword": "もし", "text": f"{TEXT} ({number})"} for number in range(STEPS)]
    chapters = [{"name": f"章 {n}", "guide": ["4-1.S1"], "left_out": False, "steps": steps} for n in range(CHAPTERS)]
    drills = [{**drill, "drill": f"drill-{number}", "chapters": chapters} for number in range(DRILLS)]
    return {**head, "drills": drills, "objectives": {}}


def _step(place: Entry, size: Size, number: int) -> Iterator[Entry]:
    yield {"what": "step.began", **place}
    told = {"host": "REPLICA", "script": "Get-Machine", "script_sha256": "ab" * 32, "arguments": {"Name": ["Garoon"]}}
    came = {"outcome": "answered", "error": "", "lab_ms": 80.0, "wall_ms": 5.25, "round_trips": 2, "stray": []}
    for each in range(size.calls):
        yield {"what": "call", **told, "changes": each == 0, **came, "answer": ANSWERS[(number + each) % len(ANSWERS)]}
    for each in range(size.probes):
        due = float(number * 3 + each // len(LAYERS))
        sent = {"due_s": due, "sent_s": due, "ended_s": due + 0.05, "result": "ok", "seen": "status 200"}
        yield {"what": "probe", "layer": LAYERS[each % len(LAYERS)], "of": "", "number": int(due) + 1, **sent}
    failed = {"outcome": "failed", "expected": "running", "seen": "off"}
    yield {"what": "step.ended", **place, **({"outcome": "passed"} if number % 400 else failed), "checks": []}


def _evidence(folder: Path, number: int) -> Entry:
    content, file = picture(number), f"evidence/{number:04}-screenshot.png"
    (folder / file).write_bytes(content)
    told = {"id": number, "kind": "screenshot", "moment": "after", "address": "http://garoon", "caption": "予定"}
    kept = {"media_type": "image/png", "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    return {"what": "evidence", **told, "file": file, **kept}


def picture(number: int) -> bytes:
    """A PNG of 60 KB that nothing makes smaller."""
    width, height = PIXELS
    pixels = random.Random(number).randbytes(3 * width * height)
    rows = b"".join(b"\0" + pixels[place : place + 3 * width] for place in range(0, len(pixels), 3 * width))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 0)), (b"IEND", b""))
    )


def measure(folder: Path) -> tuple[float, float, float]:
    """CPU seconds and most memory in MB that `kunren report` needs, and MB of the file that it writes."""
    out = folder.with_name(f"{folder.name}-report")
    command = [sys.executable, "-m", "kunren", "report", str(folder), "--out", str(out)]
    used = _child(command)
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, (out / "report.html").stat().st_size / 1e6


def _child(command: Sequence[str]) -> resource.struct_rusage:
    """What it used, and no other child."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, command
    return used


def costs(folder: Path, size: Size) -> str:
    if not (folder / "journal.jsonl").exists():
        write(folder, size)
    told = "{:.1f} s of CPU, {:.0f} MB, file {:.1f} MB".format(*measure(folder))
    return f"{size.calls} calls and {size.probes} probes a step: {told}"


if __name__ == "__main__":
    print(costs(Path(sys.argv[1]), Size(*map(int, sys.argv[2:]))))
