"""Evidence files, compared with the digest the journal has of them before anything of them is shown."""

from __future__ import annotations

import hashlib
from pathlib import Path

from journal.files import open_file, read_file
from journal.seen import Condition, Evidence

PICTURES = frozenset({"image/png", "image/jpeg"})


def condition_of(folder: Path, file: str, sha256: str, size: int) -> Condition:
    """What became of a file of the record in `folder` since it was kept with that digest and size."""
    return _looked_at(folder, file, sha256, size)[0]


def content_of(folder: Path, evidence: Evidence) -> bytes | None:
    """Reads again what is shown: None where the file has changed since the record was read."""
    condition, content = _looked_at(folder, evidence.file, evidence.sha256, evidence.size)
    return content if condition is Condition.VERIFIED else None


def beginning_of(folder: Path, evidence: Evidence, size: int) -> bytes:
    """As much of a verified file; empty where it cannot be read any longer."""
    try:
        with open_file((folder / evidence.file).resolve()) as file:
            return file.read(size)
    except OSError:
        return b""


def _looked_at(folder: Path, file: str, sha256: str, size: int) -> tuple[Condition, bytes]:
    """A path that leads out of the record's evidence is never opened: the journal may have been written by anyone."""
    root = folder.resolve() / "evidence"
    try:
        path = (folder / file).resolve()
        if not path.is_relative_to(root):
            return Condition.OUTSIDE, b""
        if not path.exists():
            return Condition.MISSING, b""
        if path.stat().st_size != size:
            return Condition.ALTERED, b""
        content = read_file(path)
    except (OSError, ValueError):
        return Condition.UNREADABLE, b""
    same = len(content) == size and hashlib.sha256(content).hexdigest() == sha256
    return (Condition.VERIFIED if same else Condition.ALTERED), content
