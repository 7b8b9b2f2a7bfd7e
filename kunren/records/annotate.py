"""`kunren annotate`: what people have to say of a run, beside its sealed record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from journal.annotations import (
    Annotation,
    Annotations,
    AnnotationsUnreadable,
    annotate,
    read_annotations,
)
from journal.seal import JOURNAL, is_sealed
from journal.verification import Mark, Topic, read_journal
from kunren.exits import Exit, Stop
from kunren.records.keys import own_key
from kunren.records.verify import verify
from lab.clock import SystemClock
from reports.page.annotated import told
from words import Told, reason, sentence

OF_THE_RUN = (Topic.CONSISTENT, Topic.COMPLETE, Topic.SEALED)


def add(folder: Path, made: Callable[[Annotations], Annotation], key: str) -> tuple[Told, ...]:
    """Adds what is made of the annotations so far; how it reads now. Raises Stop, and then nothing has been added.

    A report that was sealed before does not show it, which is told as well.
    """
    _require_unaltered(folder)
    signing = own_key(key) if key else None

    def sound(so_far: Annotations) -> Annotation:
        entry = made(so_far)
        if flaw := entry.flaw():
            raise Stop(Exit.USAGE, flaw)
        return entry

    try:
        head = read_journal(folder / JOURNAL).journal.head
        added = told(annotate(folder, head, sound, signing).entries[-1])
    except AnnotationsUnreadable as error:
        raise Stop(Exit.USAGE, error.why) from error
    except OSError as error:
        raise Stop(Exit.USAGE, sentence("annotation.unwritable", folder=folder, reason=reason(error))) from error
    return (added, sentence("annotation.unshown", folder=folder)) if is_sealed(folder) else (added,)


def _require_unaltered(folder: Path) -> None:
    found = verify(folder, None, rendering=False).findings
    altered = [each.told for each in found if each.mark is Mark.ALTERED and each.topic in OF_THE_RUN]
    if altered:
        raise Stop(Exit.USAGE, sentence("annotation.altered", why=altered[0]))


def listed(folder: Path) -> Iterator[Told]:
    """Every annotation, in its order."""
    try:
        found = read_annotations(folder, read_journal(folder / JOURNAL).journal.head)
    except AnnotationsUnreadable as error:
        raise Stop(Exit.USAGE, error.why) from error
    except OSError as error:
        raise Stop(Exit.USAGE, sentence("verify.unreadable", file=folder / JOURNAL, reason=reason(error))) from error
    yield from map(told, found.entries)
    n, left = len(found.entries), tuple(each.id for each in found.open_actions)
    yield sentence("annotation.sum_open" if left else "annotation.sum", n=n, actions=left)


def next_id(letter: str, so_far: Annotations) -> str:
    many = len(so_far.findings if letter == "F" else so_far.actions)
    return f"{letter}{many + 1}"


def require_finding(identity: str, so_far: Annotations) -> str:
    """The identity, or none. Raises Stop."""
    return _known(identity, tuple(each.id for each in so_far.findings)) if identity else ""


def require_action(identity: str, so_far: Annotations) -> str:
    """Raises Stop."""
    return _known(identity, tuple(each.id for each in so_far.actions))


def _known(identity: str, known: tuple[str, ...]) -> str:
    if identity not in known:
        raise Stop(Exit.USAGE, sentence("annotation.unknown", id=identity, known=known or sentence("annotation.none")))
    return identity


def today() -> str:
    """On this machine."""
    now: datetime = SystemClock().now()
    return f"{now.astimezone():%Y-%m-%d}"
