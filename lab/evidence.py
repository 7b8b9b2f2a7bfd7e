"""Evidence: files of a record, each named in order, stored once and known by its SHA-256."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, Literal

from lab.journal import Journal

Moment = Literal["before", "during", "after"]
ENDINGS = {"image/png": "png", "application/json": "json", "text/html": "html", "text/plain": "txt"}


class EvidenceStore:
    """Keeps files below `evidence/` of the record and notes each in the journal."""

    def __init__(self, folder: Path, journal: Journal) -> None:
        self._folder = folder / "evidence"
        self._folder.mkdir(exist_ok=True)
        self._journal = journal
        self._count = 0

    def picture(self, png: bytes, *, caption: str, moment: Moment, address: str) -> None:
        self._keep(png, "screenshot", "image/png", caption=caption, moment=moment, host=None, address=address)

    def facts(self, value: object, *, kind: str, caption: str, moment: Moment, host: str | None = None) -> None:
        text = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        self._keep(text.encode(), kind, "application/json", caption=caption, moment=moment, host=host)

    def _keep(self, content: bytes, kind: str, media_type: str, **about: Any) -> None:
        self._count += 1
        name = f"{self._count:04}-{kind}.{ENDINGS[media_type]}"
        (self._folder / name).write_bytes(content)
        self._journal.write(
            "evidence",
            id=self._count,
            kind=kind,
            media_type=media_type,
            file=f"evidence/{name}",
            sha256=hashlib.sha256(content).hexdigest(),
            bytes=len(content),
            **about,
        )
