"""A runbook as it is read, in one language: cover, decision page, procedures with their steps, and where to look."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Particular:
    """A name and a value; an empty value is filled in by hand."""

    name: str
    told: str


@dataclass(frozen=True, slots=True)
class Source:
    """What the runbook was made from, and the digest of it."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody sees or has in mind, and the procedure for it."""

    seen: str
    procedure: str
    title: str
    urgent: bool
    begin: str
    """The first step where this is no drill, if it is not the first of all."""


@dataclass(frozen=True, slots=True)
class Instruction:
    """One click of a path; labels that no source shows are `unverified`."""

    text: str
    unverified: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Act:
    """What one person does in one window, and what that window shows then."""

    title: str
    points: tuple[str, ...]
    who: str
    where: str
    clicks: tuple[Instruction, ...]
    shows: tuple[str, ...]
    command: str = ""
    """The same by RHA's PowerShell."""


@dataclass(frozen=True, slots=True)
class Look:
    """Where something is looked at; expectations name it by its id."""

    id: str
    title: str
    window: str
    clicks: tuple[Instruction, ...]


@dataclass(frozen=True, slots=True)
class Expected:
    """What has to be seen: until when, how long it usually takes, and where."""

    text: str
    limit: str
    usual: str
    look: str
    where: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is seen if it is not so, and what to do; `by` is who says so."""

    seen: str
    do: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One step: what to check before, what to do, what to expect, and what if it is not so."""

    number: str
    title: str
    before: tuple[Expected, ...]
    acts: tuple[Act, ...]
    expected: tuple[Expected, ...]
    only_in_drills: bool = False
    note: str = ""
    takes: str = ""
    """How long the action usually took."""
    never: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()
    call: str = ""
    troubles: tuple[Trouble, ...] = ()
    undo: str = ""


@dataclass(frozen=True, slots=True)
class Chapter:
    """One chapter of a drill; `alone` says what of it Kunren does by itself."""

    number: int
    title: str
    points: tuple[str, ...]
    blocks: tuple[Block, ...]
    proven: tuple[str, ...]
    alone: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Procedure:
    """One drill."""

    id: str
    title: str
    about: str
    chapters: tuple[Chapter, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A step as revisions are compared: its digest leaves out times and proofs, which change with each record."""

    title: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """All of it; `changes` is None where no earlier revision was given."""

    id: str
    revision: str
    title: str
    simulated: bool
    remarks: tuple[str, ...]
    cover: tuple[Particular, ...]
    contacts: tuple[Particular, ...]
    sources: tuple[Source, ...]
    decisions: tuple[Decision, ...]
    procedures: tuple[Procedure, ...]
    looks: tuple[Look, ...]
    changes: tuple[str, ...] | None = None

    @property
    def parts(self) -> Mapping[str, Part]:
        """Every step by procedure and number."""
        return dict(_parts(self))

    @property
    def sha256(self) -> str:
        """Of all that it was made from."""
        return digest_of(self.sources)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """Who answers for a runbook, as the site file says; what is empty is filled in by hand."""

    id: str = ""
    revision: str = ""
    owner: str = ""
    approved_by: str = ""
    approved_on: str = ""
    review_on: str = ""
    calls: Mapping[str, str] = field(default_factory=dict)
    """Names and telephone numbers, by whom a procedure says to call."""


def digest_of(sources: Iterable[Source]) -> str:
    return digest([asdict(each) for each in sources])


def digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _parts(book: Book) -> Iterator[tuple[str, Part]]:
    for procedure in book.procedures:
        for chapter in procedure.chapters:
            for block in chapter.blocks:
                told = asdict(replace(block, takes=""))
                for each in (*told["before"], *told["expected"]):
                    del each["usual"]
                yield f"{procedure.id} {block.number}", Part(block.title, digest(told))
    for look in book.looks:
        yield look.id, Part(look.title, digest(asdict(look)))
