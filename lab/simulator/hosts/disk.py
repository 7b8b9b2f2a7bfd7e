"""The disk of a simulated guest: a real folder, read, compared and written in blocks of 4 KiB."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

BLOCK = 4096


@dataclass(frozen=True, slots=True)
class GuestDisk:
    """One host's copy of a guest's disk, as the guest's application sees it."""

    folder: Path
    on_written: Callable[[], None] = field(repr=False, compare=False)
    read_only: bool = False

    def written(self) -> None:
        """Tells of a committed write: replication captures the changed blocks now."""
        self.on_written()


@dataclass(frozen=True, slots=True)
class FileImage:
    """A file's size, and a digest for each of its blocks."""

    size: int
    digests: tuple[bytes, ...]


FolderImage: TypeAlias = Mapping[str, FileImage]


@dataclass(frozen=True, slots=True)
class BlockWrite:
    index: int
    data: bytes


@dataclass(frozen=True, slots=True)
class FileChange:
    """A change of a file from an earlier to a later content; without a size the file is gone."""

    path: str
    size: int | None
    blocks: tuple[BlockWrite, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """A folder as it was read, and the changes that lead there from the image it was compared with."""

    image: FolderImage
    changes: tuple[FileChange, ...]

    @property
    def blocks_compared(self) -> int:
        return sum(len(file.digests) for file in self.image.values())


def folder_image(folder: Path) -> FolderImage:
    return difference(folder, {}).image


def difference(folder: Path, before: FolderImage, *, whole_files: bool = False) -> Difference:
    """Compares the folder with an image, block by block; `whole_files` takes every block of a file that differs."""
    image: dict[str, FileImage] = {}
    changes: list[FileChange] = []
    for path, content in _contents(folder):
        blocks = [content[start : start + BLOCK] for start in range(0, len(content), BLOCK)]
        image[path] = FileImage(len(content), tuple(map(_digest, blocks)))
        known = before.get(path)
        if known == image[path]:
            continue
        old = known.digests if known is not None and not whole_files else ()
        writes = (
            BlockWrite(index, block)
            for index, block in enumerate(blocks)
            if index >= len(old) or old[index] != image[path].digests[index]
        )
        changes.append(FileChange(path, len(content), tuple(writes)))
    gone = [FileChange(path, None) for path in before if path not in image]
    return Difference(image, (*gone, *changes))


def apply(folder: Path, changes: Iterable[FileChange]) -> int:
    """Writes the changes into the folder; returns the number of blocks written."""
    written = 0
    for change in changes:
        path = folder / change.path
        if change.size is None:
            path.unlink(missing_ok=True)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("r+b" if path.exists() else "w+b") as file:
            for block in change.blocks:
                file.seek(block.index * BLOCK)
                file.write(block.data)
            file.truncate(change.size)
        written += len(change.blocks)
    return written


def _contents(folder: Path) -> Iterable[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        try:
            if path.is_file():
                yield path.relative_to(folder).as_posix(), path.read_bytes()
        except FileNotFoundError:
            continue  # the guest removed it (a database's journal) between the listing and the reading


def _digest(block: bytes) -> bytes:
    return hashlib.blake2b(block, digest_size=16).digest()
