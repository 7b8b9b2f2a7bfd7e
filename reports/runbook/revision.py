"""What a runbook was in a revision, as the file beside it keeps it, and what has changed since."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date

from reports.runbook.book import Book, Part
from words import Language, Words

SCHEMA = 1


class NoRevision(ValueError):
    """A file that does not say what a runbook was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """The steps of a runbook by their places, with the digests of their texts in one language."""

    id: str
    revision: str
    made: str
    language: Language
    sha256: str
    parts: Mapping[str, Part]


def revision_of(book: Book, edition: str, made: date, words: Words) -> Revision:
    return Revision(
        id=book.id,
        revision=edition,
        made=made.isoformat(),
        language=words.language,
        sha256=book.sha256,
        parts=book.parts,
    )


def written(revision: Revision) -> str:
    """The file beside the runbook."""
    return json.dumps({"kunren_runbook": SCHEMA, **asdict(revision)}, ensure_ascii=False, indent=1) + "\n"


def read(text: str) -> Revision:
    """Raises NoRevision."""
    try:
        told = json.loads(text)
        if told.pop("kunren_runbook") != SCHEMA:
            raise NoRevision
        parts = {str(name): Part(str(part["title"]), str(part["sha256"])) for name, part in told.pop("parts").items()}
        if told["language"] not in ("en", "ja"):
            raise NoRevision
        return Revision(parts=parts, **{name: str(value) for name, value in told.items()})  # type: ignore[arg-type]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise NoRevision from error


def changes(before: Revision, now: Revision, words: Words) -> tuple[str, ...]:
    """As sentences, in the order of the runbook; of a revision in the same language."""
    found = tuple(_changes(before, now, words))
    said = [words("runbook.since", revision=before.revision or "–", day=before.made)]
    if found and before.revision == now.revision and now.revision:
        said.append(words("runbook.same_revision", revision=now.revision))
    return (*said, *(found or (words("runbook.unchanged"),)))


def _changes(before: Revision, now: Revision, words: Words) -> Iterator[str]:
    for name, part in now.parts.items():
        was = before.parts.get(name)
        if was is None:
            yield words("runbook.added", part=name, title=part.title)
        elif was.sha256 != part.sha256:
            yield words("runbook.changed", part=name, title=part.title)
    for name, part in before.parts.items():
        if name not in now.parts:
            yield words("runbook.removed", part=name, title=part.title)
