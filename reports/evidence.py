"""Evidence files, held against the digest the journal has of them before anything of them is shown."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from lab.model.activities import Evidence

PICTURES = frozenset({"image/png", "image/jpeg"})


class Condition(Enum):
    """What became of a file since it was kept."""

    VERIFIED = "verified"
    ALTERED = "altered"
    MISSING = "missing"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class CheckedEvidence:
    """`picture` is a data URI, of verified pictures only; empty otherwise."""

    evidence: Evidence
    condition: Condition
    picture: str


def check(folder: Path, evidence: Evidence) -> CheckedEvidence:
    """A path that leads out of the record is never opened: the journal may have been written by anyone."""
    root = (folder / "evidence").resolve()
    try:
        path = (folder / evidence.file).resolve()
        if not path.is_relative_to(root):
            return CheckedEvidence(evidence, Condition.OUTSIDE, "")
        content = path.read_bytes()
    except (OSError, ValueError):
        return CheckedEvidence(evidence, Condition.MISSING, "")
    if len(content) != evidence.size or hashlib.sha256(content).hexdigest() != evidence.sha256:
        return CheckedEvidence(evidence, Condition.ALTERED, "")
    if evidence.media_type not in PICTURES:
        return CheckedEvidence(evidence, Condition.VERIFIED, "")
    uri = f"data:{evidence.media_type};base64,{base64.b64encode(content).decode('ascii')}"
    return CheckedEvidence(evidence, Condition.VERIFIED, uri)
