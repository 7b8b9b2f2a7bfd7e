"""Reading small text files that people and other programs write, in the encodings that Windows gives them."""

from __future__ import annotations

import codecs
from pathlib import Path

from lab.errors import SiteError

LARGEST = 1 << 20
"""Bytes: a site file has a few thousand."""
_UTF_16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


def read_text(path: Path, what: str, *, utf_16: bool) -> str:
    """UTF-8 with or without a byte order mark; with `utf_16` also what Windows PowerShell 5.1 writes by itself."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise SiteError(f"{path}: the {what} cannot be read ({error.strerror}); check the path.") from error
    if len(content) > LARGEST:
        raise SiteError(f"{path}: the {what} has more than {LARGEST >> 20} MiB; check the path.")
    wide = _UTF_16.get(content[:2])
    if wide is not None and not utf_16:
        raise SiteError(f"{path}: the {what} is UTF-16; save it as UTF-8.")
    try:
        return content.decode(wide or "utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        kind = "UTF-16" if wide else "UTF-8"
        raise SiteError(f"{path}: byte {error.start} is not {kind}; save the file as UTF-8.") from error
