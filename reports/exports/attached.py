"""What exports to other programs have of the evidence, and of texts: only what those programs show without harm."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from journal.course import Outcome
from journal.record import DrillRecord
from journal.seen import Evidence
from lab.model.text import one_line, visible
from reports.evidence import PICTURES, content_of
from words import Words

MOST_CHARACTERS = 20_000
"""Of one text."""
MOST_BYTES = 20_000_000
"""Of all evidence that a file holds itself."""
TEXT = "text/plain"


@dataclass(frozen=True, slots=True)
class Attached:
    """A picture, or a text: no page of a host's becomes one of the reader's."""

    name: str
    media_type: str
    content: bytes

    @property
    def ending(self) -> str:
        return "txt" if self.media_type == TEXT else self.media_type.removeprefix("image/")


class Attachments:
    """Of the record in a folder; where there is no room for another its place says where it is."""

    def __init__(self, record: DrillRecord, folder: Path, words: Words, room: int = MOST_BYTES) -> None:
        self._record, self._folder, self._words, self._room = record, folder, words, room

    def of(self, evidence: Evidence) -> Attached:
        name = one_line(evidence.caption or evidence.file)
        content = content_of(self._folder, evidence) if evidence.size <= self._room else None
        if content is None:
            told = self._words("exports.elsewhere", file=evidence.file, sha256=evidence.sha256, record=self._record.id)
            return Attached(name, TEXT, told.encode())
        self._room -= len(content)
        if evidence.media_type in PICTURES:
            return Attached(name, evidence.media_type, content)
        return Attached(name, TEXT, visible(content.decode("utf-8", "replace")).encode())


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts from outside: what controls or hides is named, and one that is too long says how much it lacks."""

    record: DrillRecord
    words: Words
    most: int = MOST_CHARACTERS

    def line(self, text: str) -> str:
        return self._cut(one_line(text))

    def lines(self, text: str) -> str:
        return self._cut(visible(text))

    def why(self, outcome: Outcome, told: str) -> str:
        """With the word itself where it is unknown, for which readers have others."""
        if outcome is Outcome.UNKNOWN:
            told = "\n".join((self.words("outcome.unknown"), *filter(None, [told])))
        return self.lines(told)

    def _cut(self, text: str) -> str:
        left_out = len(text) - self.most
        if left_out <= 0:
            return text
        return text[: self.most] + self.words("exports.cut", n=left_out, record=self.record.id)


def about(record: DrillRecord, words: Words) -> dict[str, str]:
    """Of which record an export is."""
    return {
        "record": record.id,
        "journal": record.journal.sha256,
        "site": one_line(record.site.name),
        "environment": words("report.simulated" if record.simulated else "report.real"),
        "simulated": str(record.simulated).lower(),
        "kunren": one_line(record.tools.kunren),
    }
