"""Reading small text files that people and other programs write, in the encodings that Windows gives them."""

from __future__ import annotations

import codecs
from pathlib import Path

from lab.errors import SiteError
from words import Told, reason, sentence

LARGEST = 1 << 20
"""Bytes: a site file has a few thousand."""
_UTF_16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


def read_text(path: Path, what: Told, *, utf_16: bool) -> str:
    """UTF-8 with or without a byte order mark; with `utf_16` also what Windows PowerShell 5.1 writes by itself."""
    about = {"path": path, "what": what}
    try:
        if not path.is_dir() and path.exists() and not path.is_file():  # one that never ends, or that nobody writes
            raise SiteError(sentence("site.unreadable", **about, reason=sentence("reason.device")))
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise SiteError(sentence("site.unreadable", **about, reason=reason(error))) from error
    if len(content) > LARGEST:
        raise SiteError(sentence("site.too_large", **about, n=LARGEST >> 20))
    wide = _UTF_16.get(content[:2])
    if wide is not None and not utf_16:
        raise SiteError(sentence("site.utf_16", **about))
    try:
        return content.decode(wide or "utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        kind = "UTF-16" if wide else "UTF-8"
        raise SiteError(sentence("site.not_encoded", **about, at=error.start, kind=kind)) from error
