"""Reading and writing in a record's folder, which may come from anyone: no link is followed, no pipe waited for."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from words import Language, sentence

_READ = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
_KINDS = (
    (stat.S_ISLNK, "link"),
    (stat.S_ISDIR, "folder"),
    (lambda mode: not stat.S_ISREG(mode), "device"),
)


class NotAFile(OSError):
    """A name in a record stands for something other than a file: a `link`, a `folder` or a `device`."""

    def __init__(self, kind: str, path: Path) -> None:
        self.why = sentence(f"reason.{kind}")
        super().__init__(errno.EINVAL, str(self.why), str(path))

    def in_(self, language: Language) -> str:
        return self.why.in_(language)


def open_file(path: Path) -> BinaryIO:
    """Opens a file for reading. Raises OSError also for a link, a pipe or a device, whatever there is to read."""
    _require_file(os.lstat(path).st_mode, path)
    descriptor = os.open(path, _READ)
    try:
        _require_file(os.fstat(descriptor).st_mode, path)
    except OSError:
        os.close(descriptor)
        raise
    return os.fdopen(descriptor, "rb")


def read_file(path: Path) -> bytes:
    with open_file(path) as file:
        return file.read()


def write_bytes(path: Path, content: bytes) -> None:
    """Puts a new file in the place of what has that name; a link of that name is replaced, not followed."""
    _write(path, (content,))


def write_file(path: Path, text: str | Iterable[str]) -> None:
    """The same of a text, in UTF-8; one that comes in parts is never held as a whole."""
    _write(path, (part.encode("utf-8") for part in ((text,) if isinstance(text, str) else text)))


def _write(path: Path, parts: Iterable[bytes]) -> None:
    scratch = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(scratch, _NEW, 0o666)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.writelines(parts)
        scratch.replace(path)
    except BaseException:
        scratch.unlink(missing_ok=True)
        raise


def _require_file(mode: int, path: Path) -> None:
    for is_kind, kind in _KINDS:
        if is_kind(mode):
            raise NotAFile(kind, path)
