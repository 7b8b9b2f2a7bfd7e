"""Journals of simulated runs, as they were recorded. `python -m tests.reports.recorded` records them anew.

Only the pictures are not those of the run, which are large, but small drawings in their places.
"""

import gzip
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from journal.entries import Evidence, entry_of
from tests.reports.writing import page_picture

RECORDED = Path(__file__).parent / "recordings"
RUNS = {
    "switchover-en": ("4-1-clean-switchover", "--lang", "en"),
    "host-failure-ja": ("4-2-host-failure", "--lang", "ja"),
}


def write_recorded(name: str, folder: Path) -> None:
    """The record's journal and evidence, as they were when the run had ended."""
    (folder / "evidence").mkdir(parents=True)
    lines = gzip.decompress((RECORDED / f"{name}.jsonl.gz").read_bytes())
    (folder / "journal.jsonl").write_bytes(lines)
    for line in lines.splitlines():
        fields = json.loads(line)
        if fields["what"] == Evidence.what:
            evidence = entry_of(fields)
            (folder / evidence.file).write_bytes(page_picture(evidence.id))


def record(name: str) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "record"
        subprocess.run([sys.executable, "-m", "kunren", "drill", *RUNS[name], "--out", str(folder)], check=True)
        lines = [_drawn(json.loads(line)) for line in (folder / "journal.jsonl").read_bytes().splitlines()]
        shutil.rmtree(folder)
    text = "".join(json.dumps(line, ensure_ascii=False, separators=(", ", ": ")) + "\n" for line in lines)
    (RECORDED / f"{name}.jsonl.gz").write_bytes(gzip.compress(text.encode(), mtime=0))


def _drawn(fields: dict) -> dict:
    """With the digest of the drawing, and without the words the recording was called with."""
    if fields["what"] == Evidence.what:
        png = page_picture(fields["id"])
        return fields | {"sha256": hashlib.sha256(png).hexdigest(), "bytes": len(png)}
    if fields["what"] == "run.began":
        own = {"login": "sato", "controller": "drill-01", "command_line": ["kunren", "drill"]}
        return fields | {"operator": fields["operator"] | own, "platform": "Linux"}
    return fields


if __name__ == "__main__":
    RECORDED.mkdir(exist_ok=True)
    for each in RUNS:
        record(each)
