"""Time-stamps of a record: of its pre-registration before the run, of its seal after it, and what they prove."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from cryptography import x509

from journal.files import open_file, read_file, write_bytes
from journal.seal import SEAL, SIGNATURE, STAMP, UNSTAMPED
from journal.verification import Finding, Mark, Topic
from kunren.exits import Exit, Stop
from lab.errors import LabError
from lab.model.endpoints import StampAuthority
from lab.model.stamping import LARGEST, NotStamped, Untrusted, claimed, proven
from words import LANGUAGES, Quoted, Told, reason, sentence

REGISTRATION = "sources/preregistration.json"
REGISTRATION_STAMP, REGISTRATION_UNSTAMPED = "sources/preregistration.tsr", "sources/preregistration.unstamped.txt"
_LONGEST_REASON = 400


def stamp_into(folder: Path, names: tuple[str, str], content: bytes, authority: StampAuthority) -> Told | None:
    """Keeps a time-stamp of the content, or why there is none, which is told; never raises for the authority.

    `names` are those of the stamp, and of the reason.
    """
    from lab.drivers.time_stamps import HttpStamper  # noqa: PLC0415  # few sites name an authority

    try:
        answer = HttpStamper(authority).stamp(content)
    except LabError as error:
        told = sentence("stamp.unstamped", file=names[0], reason=error)
        write_bytes(folder / names[1], "".join(f"{told.in_(each)}\n" for each in LANGUAGES).encode())
        return told
    write_bytes(folder / names[0], answer)
    return None


def sealed_content(folder: Path) -> bytes:
    """What a time-stamp of a seal is of: the seal and its signature, one after the other."""
    return read_file(folder / SEAL) + read_file(folder / SIGNATURE)


def roots_in(file: Path) -> tuple[x509.Certificate, ...]:
    """Raises Stop for what holds no certificate."""
    try:
        return tuple(x509.load_pem_x509_certificates(read_file(file)))
    except OSError as error:
        raise Stop(Exit.USAGE, sentence("key.unreadable", file=file, reason=reason(error))) from error
    except ValueError as error:
        raise Stop(Exit.USAGE, sentence("stamp.no_certificate", file=file)) from error


def stamped(folder: Path, roots: Sequence[x509.Certificate], *, simulated: bool) -> Iterator[Finding]:
    """By whom and when seal and pre-registration were time-stamped. Raises OSError."""
    both = ((STAMP, UNSTAMPED), (REGISTRATION_STAMP, REGISTRATION_UNSTAMPED))
    there = [names for names in both if any(os.path.lexists(folder / each) for each in names)]
    if not there:
        yield Finding(Topic.TIMED, Mark.TOLD, sentence("verify.not_timed"))
    for stamp, why in there:
        if simulated:
            yield Finding(Topic.TIMED, Mark.ALTERED, sentence("verify.timed_simulated", file=stamp))
        elif os.path.lexists(folder / stamp):
            content = sealed_content(folder) if stamp == STAMP else read_file(folder / REGISTRATION)
            yield _stamped(folder, stamp, content, roots)
        else:
            said = _little(folder / why, _LONGEST_REASON).decode(errors="replace")
            told = Quoted(" ".join(said.split()))
            yield Finding(Topic.TIMED, Mark.TOLD, sentence("verify.untimed_because", said=told))


def _stamped(folder: Path, name: str, content: bytes, roots: Sequence[x509.Certificate]) -> Finding:
    answer = _little(folder / name, LARGEST + 1)
    try:
        found = proven(answer, content, roots) if roots else claimed(answer, content)
    except NotStamped as error:
        return Finding(Topic.TIMED, Mark.ALTERED, sentence("verify.no_stamp", file=name, reason=error))
    except Untrusted as error:
        return Finding(Topic.TIMED, Mark.UNKNOWN, sentence("verify.no_stamp", file=name, reason=error))
    about = {"file": name, "by": Quoted(found.by), "at": found.time.isoformat(timespec="seconds")}
    if roots:
        return Finding(Topic.TIMED, Mark.PROVEN, sentence("verify.timed", **about))
    return Finding(Topic.TIMED, Mark.UNKNOWN, sentence("verify.timed_unknown", **about))


def _little(path: Path, most: int) -> bytes:
    with open_file(path) as file:
        return file.read(most)
