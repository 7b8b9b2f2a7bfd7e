"""Evidence: pictures of a record, each named in order and known by its SHA-256."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path

from journal.seen import Evidence, Phase
from journal.writer import Journal

ENDINGS = {"image/png": "png", "image/jpeg": "jpg"}


class EvidenceStore:
    """Keeps pictures below `evidence/` of the record and notes each in the journal."""

    def __init__(self, folder: Path, journal: Journal) -> None:
        self._folder = folder / "evidence"
        self._folder.mkdir(exist_ok=True)
        self._journal = journal
        self._counting = threading.Lock()
        self._count = 0

    def picture(self, png: bytes, *, caption: str, moment: Phase, address: str) -> None:
        """`address` is the page's, as the browser showed it. Raises RecordLost."""
        self._keep(png, "screenshot", "image/png", caption=caption, moment=moment, address=address)

    def photo(self, content: bytes, *, media_type: str, caption: str) -> int:
        """A picture given at the board, PNG or JPEG; returns its number. Raises RecordLost."""
        return self._keep(content, "photo", media_type, caption=caption)

    def file(self, number: int) -> Path | None:
        """The photo of that number, if there is one."""
        return next((self._folder.glob(f"{number:04}-photo.*")), None)

    def _keep(
        self,
        content: bytes,
        kind: str,
        media_type: str,
        *,
        caption: str,
        moment: Phase | None = None,
        address: str = "",
    ) -> int:
        with self._counting:
            self._count += 1
            number = self._count
        name = f"{number:04}-{kind}.{ENDINGS[media_type]}"
        try:
            (self._folder / name).write_bytes(content)
        except OSError as error:
            raise self._journal.lose(error) from error
        self._journal.write(
            Evidence(
                id=number,
                kind=kind,
                moment=moment,
                address=address,
                caption=caption,
                file=f"evidence/{name}",
                media_type=media_type,
                sha256=hashlib.sha256(content).hexdigest(),
                size=len(content),
            )
        )
        return number
