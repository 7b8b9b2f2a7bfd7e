"""The seal of a record: what a run left, signed at its end. docs/record.md describes its files."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from journal.codecs import NotAsPromised
from journal.course import Environment, Outcome
from journal.files import open_file, write_bytes
from journal.form import Written
from lab.model.signing import PrivateKey, PublicKey
from words import Explained, sentence

SEAL, SIGNATURE, KEY = "seal.json", "seal.sig", "seal.pem"
STAMP, UNSTAMPED = "seal.tsr", "seal.unstamped.txt"
JOURNAL = "journal.jsonl"
RENDERED = re.compile(r"record\.json|report[^/]*\.(html|md|pdf)")
"""What is written from the journal, and again at any time: it is sealed apart."""
_APART = re.compile(r"seal\.(json|sig|pem|tsr|unstamped\.txt)|annotations[^/]*|journal\.jsonl")
SCHEMA = 1
LARGEST = 1 << 26
"""Bytes of a seal; one of ten thousand pictures has two million."""
_PIECE = 1 << 20


class SealUnreadable(Explained):
    """What is there instead of a seal, or of which version it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedJournal(Written):
    """The journal: its lines, its bytes, the SHA-256 of its last line (without newline) and of the whole."""

    entries: int
    size: int
    head: str
    sha256: str


@dataclass(frozen=True, slots=True)
class SealedFile(Written):
    """A file by its content."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered(Written):
    """The files that were written from the journal, by which version, and in which language."""

    renderer: Annotated[str, "Kunren's version"]
    language: str
    files: Annotated[Mapping[str, SealedFile], "by name"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedVerdict(Written):
    """What the run came to, as it was told at its end."""

    outcome: Outcome
    restoration: Outcome
    partial: bool
    interrupted: bool
    attested: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedBy(Written):
    """The key, whose `public` are its 32 bytes in base64."""

    id: str
    kind: Literal["site", "simulated"]
    public: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal(Written):
    """All that one signature covers."""

    schema: int = SCHEMA
    record: str
    journal: SealedJournal
    files: Annotated[Mapping[str, SealedFile], "every other file, by its path"]
    rendered: Rendered
    verdict: SealedVerdict
    simulated: bool
    environment: Environment
    site: str
    began: datetime
    ended: datetime
    sealed: datetime
    key: SealedBy

    @property
    def text(self) -> bytes:
        """As it is signed: canonical JSON, and a newline."""
        plain = json.dumps(self.to_json(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return f"{plain}\n".encode(errors="backslashreplace")

    @property
    def public_key(self) -> PublicKey:
        return PublicKey(base64.b64decode(self.key.public))


def sealed_by(key: PublicKey) -> SealedBy:
    kind: Literal["site", "simulated"] = "simulated" if key.of_simulated_runs else "site"
    return SealedBy(id=key.id, kind=kind, public=base64.b64encode(key.raw).decode())


class KeyRefused(ValueError):
    """A simulated run has one key, and no real run may have it."""


def seal(folder: Path, found: Seal, key: PrivateKey) -> None:
    """Signs and writes it, and returns when all of the record is on the disk. Raises KeyRefused and OSError."""
    if found.simulated is not key.public.of_simulated_runs or found.key != sealed_by(key.public):
        raise KeyRefused
    for name, _ in files_in(folder):
        _to_disk(folder / name)
    try:
        write_bytes(folder / KEY, key.public.pem)
        write_bytes(folder / SIGNATURE, key.sign(found.text))
        write_bytes(folder / SEAL, found.text)
    except OSError:
        for name in (SEAL, SIGNATURE, KEY):
            (folder / name).unlink(missing_ok=True)
        raise
    for name in (SEAL, SIGNATURE, KEY):
        _to_disk(folder / name)
    for below in (folder, *(each for each in folder.rglob("*") if each.is_dir())):
        _to_disk(below)


def _to_disk(path: Path) -> None:
    if path.is_dir() and os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def files_in(folder: Path) -> Iterator[tuple[str, bool]]:
    """Every file below a folder by its path, and whether it is one: a link, a pipe or a device is not."""
    for where, folders, files in os.walk(folder, onerror=_refuse):
        below = Path(where)
        for name in sorted((*files, *(each for each in folders if (below / each).is_symlink()))):
            path = below / name
            yield path.relative_to(folder).as_posix(), stat.S_ISREG(path.lstat().st_mode)


def _refuse(error: OSError) -> None:
    raise error


def kinds_in(folder: Path) -> tuple[dict[str, bool], dict[str, bool]]:
    """The files that a seal covers, and those that are written from the journal. Raises OSError."""
    every = {name: regular for name, regular in files_in(folder) if not _APART.fullmatch(name)}
    rendered = {name: regular for name, regular in every.items() if RENDERED.fullmatch(name)}
    return {name: regular for name, regular in every.items() if name not in rendered}, rendered


def content_of(path: Path) -> SealedFile:
    """Read piece by piece. Raises OSError."""
    digest, size = hashlib.sha256(), 0
    with open_file(path) as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
            size += len(piece)
    return SealedFile(digest.hexdigest(), size)


@dataclass(frozen=True, slots=True)
class Signed:
    """A seal as it was found, and whether its signature and its key file are those of its key."""

    seal: Seal
    signed: bool
    key_file: bool


def is_sealed(folder: Path) -> bool:
    return any(os.path.lexists(folder / name) for name in (SEAL, SIGNATURE, KEY))


def read_seal(folder: Path) -> Signed:
    """Raises SealUnreadable and OSError."""
    with open_file(folder / SEAL) as file:
        text = file.read(LARGEST + 1)
    found = _seal_of(text)
    return Signed(
        found,
        found.public_key.signed(_little(folder / SIGNATURE), text),
        _little(folder / KEY) == found.public_key.pem,
    )


def _seal_of(text: bytes) -> Seal:
    try:
        plain: Any = json.loads(text) if len(text) <= LARGEST else None
        schema = plain.get("schema") if isinstance(plain, dict) else None
        if isinstance(schema, int) and schema > SCHEMA:
            raise SealUnreadable(sentence("verify.newer_seal", schema=schema, known=SCHEMA))
        found = Seal.from_json(plain)
        raw = base64.b64decode(found.key.public, validate=True)
    except (ValueError, RecursionError, NotAsPromised) as error:
        raise SealUnreadable(sentence("verify.no_seal_file")) from error
    if len(raw) != 32 or found.key != sealed_by(PublicKey(raw)):
        raise SealUnreadable(sentence("verify.no_seal_file"))
    return found


def _little(path: Path) -> bytes:
    """Empty where it is not there."""
    try:
        with open_file(path) as file:
            return file.read(_PIECE)
    except FileNotFoundError:
        return b""
