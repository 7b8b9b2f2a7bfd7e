"""Journals of simulated runs, as they were recorded. `python -m tests.reports.recorded [NAME…]` records them anew.

When and by whom they were recorded is not kept, nor the chain of their lines, nor are the pictures, which are large:
small drawings stand for them.
"""

import gzip
import hashlib
import json
import multiprocessing
import os
import re
import signal
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from journal.chain import FIRST, digest
from journal.course import RunBegan, StepBegan
from journal.seen import Evidence
from journal.writer import JournalFile
from kunren.cli import main as kunren
from lab.site.built_in import SIMULATED
from tests.reports.drawings import page_picture

RECORDINGS = Path(__file__).parent / "recordings"
SHORT = "4-1-clean-switchover.feature"
"""A switchover without probes, in a lab where everything takes little time."""
QUICK = {"disk_gib": 1, "boot_seconds": 5, "heartbeat_seconds": 5, "is_alive_seconds": 5}
BEGAN = datetime(2026, 1, 15, 3, 4, 5, 678000, tzinfo=UTC)
"""Of each recording, on the wall's clock."""


@dataclass(frozen=True)
class Recording:
    """A drill, in a lab with further settings; with `stops_in` Ctrl-C is pressed in that step of the first chapter."""

    language: str
    drill: str = SHORT
    simulation: tuple[tuple[str, object], ...] = tuple(QUICK.items())
    stops_in: int | None = None
    by: str = "powershell"

    def perform(self, folder: Path) -> None:
        site = folder / "site.toml"
        settings = "".join(f"{key} = {json.dumps(value)}\n" for key, value in self.simulation)
        plain = re.sub("^disk_gib.*\n", "", SIMULATED.read_text(encoding="utf-8"), flags=re.MULTILINE)
        site.write_text(f'rha.by = "{self.by}"\n{plain}{settings}', encoding="utf-8")
        if self.stops_in is not None:
            self._stop_in_time()
        shipped = not self.drill.endswith(".feature")
        drill = self.drill if shipped else RECORDINGS / "features" / self.language / self.drill
        kunren.main(
            ["drill", str(drill), "--site", str(site), "--lang", self.language, "--out", str(folder / "record")]
        )

    def _stop_in_time(self) -> None:
        write = JournalFile.write

        def stopping(journal, entry):
            write(journal, entry)
            if isinstance(entry, StepBegan) and (entry.chapter, entry.step) == (0, self.stops_in):
                os.kill(os.getpid(), signal.SIGINT)

        JournalFile.write = stopping


def short(language: str, *mutations: str, stops_in: int | None = None, **settings: object) -> Recording:
    simulation = QUICK | settings | ({"mutations": mutations} if mutations else {})
    return Recording(language, simulation=tuple(simulation.items()), stops_in=stops_in)


LOST = ("last-second-lost", "reverse-not-started")
RUNS = {
    "passed-en": short("en"),
    "passed-ja": short("ja"),
    "failed-en": short("en", *LOST),
    "failed-ja": short("ja", *LOST),
    "interrupted-ja": short("ja", stops_in=5),
    "slower-en": short("en", heartbeat_seconds=25),
    "slower-ja": short("ja", heartbeat_seconds=25),
    "switchover-en": Recording("en", "4-1-clean-switchover"),
    "host-failure-ja": Recording("ja", "4-2-host-failure"),
    "operated-ja": Recording("ja", by="operator"),
}


def recorded(name: str) -> list[dict]:
    return [json.loads(line) for line in gzip.decompress((RECORDINGS / f"{name}.jsonl.gz").read_bytes()).splitlines()]


def files_of(lines: list[dict]) -> dict[str, bytes]:
    """The record's journal and evidence, as they were when the run had ended."""
    pictures = {line["file"]: page_picture(line["id"]) for line in lines if line["what"] == Evidence.what}
    return {"journal.jsonl": b"".join(chained(lines))} | pictures


def chained(lines: Iterable[dict]) -> Iterator[bytes]:
    """As the writer of journals chains them."""
    prev = FIRST
    for line in lines:
        text = _written({"n": line["n"], "prev": prev, **{key: line[key] for key in line if key not in ("n", "prev")}})
        yield text
        prev = digest(text[:-1])


def write_files(folder: Path, files: dict[str, bytes]) -> None:
    (folder / "evidence").mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)


def write_lines(folder: Path, lines: list[dict]) -> None:
    write_files(folder, files_of(lines))


def record(name: str) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        process = multiprocessing.get_context("fork").Process(target=RUNS[name].perform, args=(Path(scratch),))
        process.start()
        process.join()
        lines = [json.loads(line) for line in (Path(scratch) / "record" / "journal.jsonl").read_bytes().splitlines()]
    text = b"".join(_written(line) for line in _told(lines))
    (RECORDINGS / f"{name}.jsonl.gz").write_bytes(gzip.compress(text, mtime=0))


def _written(line: dict) -> bytes:
    return (json.dumps(line, ensure_ascii=False, separators=(", ", ": ")) + "\n").encode(errors="backslashreplace")


def _told(lines: list[dict]) -> Iterator[dict]:
    earlier = datetime.fromisoformat(lines[0]["wall"]) - BEGAN
    for line in lines:
        wall = datetime.fromisoformat(line["wall"]) - earlier
        told = {name: line[name] for name in line if name != "prev"} | {"wall": wall.isoformat(timespec="milliseconds")}
        if line["what"] == Evidence.what:
            png = page_picture(line["id"])
            told |= {"sha256": hashlib.sha256(png).hexdigest(), "bytes": len(png)}
        if line["what"] == RunBegan.what:
            drill = line["drills"][0]["drill"]
            who = {"login": "sato", "controller": "drill-01", "command_line": ["kunren", "drill", drill]}
            told |= {"operator": line["operator"] | who, "platform": "Linux", "python": "3.11"}
        yield told


if __name__ == "__main__":
    for each in sys.argv[1:] or RUNS:
        record(each)
