"""Evidence files, compared with the digest the journal has of them before anything of them is shown."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from pathlib import Path

from journal.files import read_file
from journal.seen import Condition, Evidence

PICTURES = frozenset({"image/png", "image/jpeg"})


@dataclass(frozen=True, slots=True)
class CheckedEvidence:
    """`picture` is a data URI, of verified pictures only; empty otherwise."""

    evidence: Evidence
    picture: str

    @property
    def condition(self) -> Condition:
        return self.evidence.condition


def condition_of(folder: Path, file: str, sha256: str, size: int) -> Condition:
    """What became of a file of the record in `folder` since it was kept with that digest and size."""
    return _looked_at(folder, file, sha256, size)[0]


def check(folder: Path, evidence: Evidence) -> CheckedEvidence:
    """Reads again what is shown: the file may have changed since the record was read."""
    condition, content = _looked_at(folder, evidence.file, evidence.sha256, evidence.size)
    unchanged = condition is Condition.VERIFIED and evidence.condition is Condition.VERIFIED
    if not unchanged or evidence.media_type not in PICTURES:
        return CheckedEvidence(evidence, "")
    return CheckedEvidence(evidence, f"data:{evidence.media_type};base64,{base64.b64encode(content).decode('ascii')}")


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
