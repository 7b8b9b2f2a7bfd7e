"""Folders that live as long as what they serve: private, gone afterwards, and swept by a later run if it was killed."""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path

if sys.platform != "win32":
    import fcntl

_MARKER = ".kunren-scratch"
_NAME = re.compile(r"kunren-(lab|run|relay|browser)-[a-z0-9_]{8}")


class ScratchFolder:
    """A folder from its construction until `close`, locked by this process and those forked from it."""

    def __init__(self, kind: str) -> None:
        sweep_once()
        while (claimed := _claimed(Path(tempfile.mkdtemp(prefix=f"kunren-{kind}-")))) is None:
            continue  # another run's sweep was quicker
        self.path, self._claim = claimed
        (self.path / _MARKER).touch()

    def close(self) -> None:
        shutil.rmtree(self.path, ignore_errors=True)  # a program that still writes there keeps what it writes
        if self._claim is not None:
            os.close(self._claim)
            self._claim = None

    def __enter__(self) -> Path:
        return self.path

    def __exit__(self, *_: object) -> None:
        self.close()


@cache
def sweep_once() -> None:
    """Sweeps, once a process, what killed runs of this user have left in the folder for temporary files."""
    sweep(Path(tempfile.gettempdir()))


def sweep(temporary: Path) -> None:
    """Removes our folders that are not in use; follows no link, and touches nothing of another user."""
    if sys.platform == "win32" or not shutil.rmtree.avoids_symlink_attacks:
        return
    with suppress(OSError):  # a folder that cannot be listed has nothing for us
        for entry in os.scandir(temporary):
            if _NAME.fullmatch(entry.name) and entry.is_dir(follow_symlinks=False):
                _sweep_one(Path(entry.path))


def _sweep_one(folder: Path) -> None:
    claim = _locked(folder, wait=False)
    if claim is None:
        return
    try:
        if os.fstat(claim).st_uid != os.geteuid():
            return
        if (folder / _MARKER).is_file():
            shutil.rmtree(folder, ignore_errors=True)
        else:
            folder.rmdir()  # only an empty one, of a run that was killed before it had marked it
    except OSError:
        return  # another run sweeps too, or it holds what is not ours
    finally:
        os.close(claim)


def _claimed(folder: Path) -> tuple[Path, int | None] | None:
    """The folder with our lock on it; None when it was swept before we had it."""
    if sys.platform == "win32":
        return folder, None
    claim = _locked(folder, wait=True)
    if claim is None:
        return None
    if os.fstat(claim).st_nlink == 0 or not folder.exists():
        os.close(claim)
        return None
    return folder, claim


def _locked(folder: Path, *, wait: bool) -> int | None:
    """A descriptor that holds the folder's lock; None when another has it, or the folder is gone or not a folder."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        os.close(descriptor)
        return None
    return descriptor
