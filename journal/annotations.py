"""What people add to a record after its run: findings, corrective actions, feedback, plan updates, sign-offs.

They stand in a second chained file, which begins where the journal ends: the sealed run stays sealed.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, ClassVar, TypeAlias

from journal.chain import LONGEST, digest
from journal.codecs import MOMENT, WHOLE, NotAsPromised
from journal.files import open_file, write_bytes
from journal.form import ASIDE, IF_ANY, Written
from lab.clock import SystemClock
from lab.model.signing import PrivateKey, PublicKey
from words import Explained, Told, reason, sentence

FILE = "annotations.jsonl"
LOCK = "annotations.lock"
_SIGNED = re.compile(rb'(.*), "key": "([A-Za-z0-9+/]{43}=)", "sig": "([A-Za-z0-9+/]{86}==)"\}', re.DOTALL)
_NEVER = datetime.min.replace(tzinfo=UTC)


class Severity(Enum):
    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"
    OBSERVATION = "observation"


class Status(Enum):
    """Of a corrective action."""

    OPEN = "open"
    UNDER_WAY = "under way"
    DONE = "done"
    DROPPED = "dropped"


class SignsAs(Enum):
    PREPARER = "preparer"
    REVIEWER = "reviewer"
    APPROVER = "approver"


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation(Written):
    """A line of the file: who wrote it, and in which role."""

    what: ClassVar[str] = ""

    n: Annotated[int, ASIDE] = 0
    wall: Annotated[datetime, ASIDE] = _NEVER
    key: Annotated[PublicKey | None, ASIDE] = field(default=None)
    """Whose signature it bears, if it is signed."""
    by: Annotated[str, "the name of who wrote it"]
    role: Annotated[str, "their role", IF_ANY] = ""

    def __init_subclass__(cls, what: str = "") -> None:
        if what:
            cls.what = what

    asides: ClassVar[Mapping[str, Callable[[Mapping[str, Any]], Any]]] = {
        "n": lambda value: WHOLE.read(value.get("n"), "n"),
        "wall": lambda value: MOMENT.read(value.get("wall"), "wall"),
    }

    def flaw(self) -> Told | None:
        texts = [self.by, *(getattr(self, name) for name in ("text", "owner") if hasattr(self, name))]
        return None if all(each.strip() for each in texts) else sentence("annotation.blank")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding(Annotation, what="finding"):
    """Something that the drill has shown."""

    id: Annotated[str, "`F1`, `F2` …"]
    severity: Severity
    text: str
    step: Annotated[str, "where it was seen: a drill, or a step as its number has it in the report", IF_ANY] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action(Annotation, what="action"):
    """A corrective action."""

    id: Annotated[str, "`A1`, `A2` …"]
    text: str
    owner: str
    due: Annotated[str, "a date, as 2026-12-31"]
    finding: Annotated[str, "the identity of a finding", IF_ANY] = ""
    status: Status = Status.OPEN

    def flaw(self) -> Told | None:
        with suppress(ValueError):
            date.fromisoformat(self.due)
            return Annotation.flaw(self)
        return sentence("annotation.no_date", due=repr(self.due))


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionChanged(Annotation, what="action.status"):
    """The status of a corrective action has changed."""

    action: Annotated[str, "its identity"]
    status: Status
    comment: Annotated[str, IF_ANY] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback(Annotation, what="feedback"):
    """What somebody who took part says of the drill."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanUpdated(Annotation, what="plan.updated"):
    """A change to the plan or to a procedure because of the drill."""

    text: str
    document: Annotated[str, "what was changed, with its revision", IF_ANY] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOff(Annotation, what="signed.off"):
    """Somebody signs all that stands before: the run, and the annotations so far."""

    signs_as: SignsAs
    date: Annotated[str, "a date, as 2026-12-31"]
    comment: Annotated[str, IF_ANY] = ""

    def flaw(self) -> Told | None:
        with suppress(ValueError):
            date.fromisoformat(self.date)
            return Annotation.flaw(self)
        return sentence("annotation.no_date", due=repr(self.date))


KINDS: Mapping[str, type[Annotation]] = {
    kind.what: kind for kind in (Finding, Action, ActionChanged, Feedback, PlanUpdated, SignedOff)
}
Numbered: TypeAlias = Finding | Action


class AnnotationsUnreadable(Explained):
    """The annotations of a record are not as they were written, or cannot be."""


@dataclass(frozen=True, slots=True)
class Annotations:
    """All that was added to a record, in its order; `head` is the digest of the last line, or of the journal's."""

    entries: tuple[Annotation, ...]
    head: str

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(each for each in self.entries if isinstance(each, Finding))

    @property
    def actions(self) -> tuple[Action, ...]:
        """With the status that each has by now."""
        now = {each.action: each.status for each in self.entries if isinstance(each, ActionChanged)}
        actions = (each for each in self.entries if isinstance(each, Action))
        return tuple(replace(each, status=now.get(each.id, each.status)) for each in actions)

    @property
    def open_actions(self) -> tuple[Action, ...]:
        return tuple(each for each in self.actions if each.status in (Status.OPEN, Status.UNDER_WAY))

    @property
    def sign_offs(self) -> tuple[SignedOff, ...]:
        return tuple(each for each in self.entries if isinstance(each, SignedOff))


def read_annotations(folder: Path, head: str) -> Annotations:
    """Those of a record whose journal ends with the line of that digest. Raises AnnotationsUnreadable."""
    path, entries = folder / FILE, []
    if not os.path.lexists(path):
        return Annotations((), head)
    try:
        with open_file(path) as file:
            for number, line in enumerate(iter(lambda: file.readline(LONGEST), b""), 1):
                entries.append(_read(line, number, head))
                head = digest(line[:-1])
    except OSError as error:
        raise AnnotationsUnreadable(sentence("verify.unreadable", file=path, reason=reason(error))) from error
    return Annotations(tuple(entries), head)


def _read(line: bytes, number: int, before: str) -> Annotation:
    told = sentence("annotation.line", number=number)
    try:
        fields = json.loads(line[:-1].decode("utf-8")) if line.endswith(b"\n") else None
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict) or (fields.get("n"), fields.get("prev")) != (number, before):
        raise AnnotationsUnreadable(told)
    kind = KINDS.get(str(fields.get("what")))
    if kind is None:
        raise AnnotationsUnreadable(sentence("annotation.newer", number=number))
    try:
        return replace(kind.from_json(fields), key=_key_of(line[:-1], fields, told))
    except NotAsPromised as error:
        raise AnnotationsUnreadable(told) from error


def _key_of(line: bytes, fields: Mapping[str, Any], told: Told) -> PublicKey | None:
    """Whose signature a line bears. Raises AnnotationsUnreadable for one that is not that of its key."""
    if "key" not in fields and "sig" not in fields:
        return None
    found = _SIGNED.fullmatch(line)
    try:
        key = PublicKey(base64.b64decode(found[2], validate=True)) if found else None
        signed = key is not None and found is not None and key.signed(base64.b64decode(found[3]), found[1] + b"}")
    except binascii.Error:
        signed = False
    if not signed:
        raise AnnotationsUnreadable(told)
    return key


def annotate(folder: Path, head: str, made: Callable[[Annotations], Annotation], key: PrivateKey | None) -> Annotations:
    """Adds what is made of the annotations so far, and returns when it is on the disk.

    Raises AnnotationsUnreadable and OSError, and whatever `made` does; then nothing has been added.
    """
    lock = folder / LOCK
    try:
        os.close(os.open(lock, os.O_WRONLY | os.O_CREAT | os.O_EXCL))
    except FileExistsError as error:
        raise AnnotationsUnreadable(sentence("annotation.locked", file=lock)) from error
    try:
        found, path = read_annotations(folder, head), folder / FILE
        line = _line(made(found), len(found.entries) + 1, found.head, key)
        write_bytes(path, (path.read_bytes() if found.entries else b"") + line + b"\n")
        descriptor = os.open(path, os.O_RDWR)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    finally:
        lock.unlink()
    return read_annotations(folder, head)


def _line(entry: Annotation, number: int, before: str, key: PrivateKey | None) -> bytes:
    wall = SystemClock().now().isoformat(timespec="milliseconds")
    fields = {"n": number, "prev": before, "wall": wall, "what": entry.what, **entry.to_json()}
    body = json.dumps(fields, ensure_ascii=False, allow_nan=False).encode(errors="backslashreplace")
    if key is None:
        return body
    public, signature = (base64.b64encode(each) for each in (key.public.raw, key.sign(body)))
    return body[:-1] + b', "key": "' + public + b'", "sig": "' + signature + b'"}'
