"""Evidence: pictures of a record, each named in order and known by its SHA-256."""

from __future__ import annotations

import hashlib
from pathlib import Path

from journal.seen import Evidence, Phase
from journal.writer import Journal


class EvidenceStore:
    """Keeps pictures below `evidence/` of the record and notes each in the journal."""

    def __init__(self, folder: Path, journal: Journal) -> None:
        self._folder = folder / "evidence"
        self._folder.mkdir(exist_ok=True)
        self._journal = journal
        self._count = 0

    def picture(self, png: bytes, *, caption: str, moment: Phase, address: str) -> None:
        """`address` is the page's, as the browser showed it. Raises RecordLost."""
        self._count += 1
        name = f"{self._count:04}-screenshot.png"
        try:
            (self._folder / name).write_bytes(png)
        except OSError as error:
            raise self._journal.lose(error) from error
        self._journal.write(
            Evidence(
                id=self._count,
                kind="screenshot",
                moment=moment,
                address=address,
                caption=caption,
                file=f"evidence/{name}",
                media_type="image/png",
                sha256=hashlib.sha256(png).hexdigest(),
                size=len(png),
            )
        )
