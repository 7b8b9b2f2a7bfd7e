"""The runbook as Markdown: for a wiki, for a ticket, and for whoever prints it elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.metadata import version

from reports.page.summary import plain
from reports.runbook.book import Act, Block, Book, Chapter, Expected, Instruction, Particular, Procedure
from words import Words

GENERATOR = "Kunren runbook"
"""What a runbook says that it was made by: one without it is not overwritten."""
BOX, BLANK = "☐", "____:____"


def markdown(book: Book, words: Words) -> Iterator[str]:
    """In lines."""
    yield from (f"{line}\n" for line in _Markdown(words).lines(book))


class _Markdown:
    def __init__(self, words: Words) -> None:
        self._words = words

    def _part(self, name: str) -> str:
        return plain(self._words(f"runbook.part.{name}"))

    def lines(self, book: Book) -> Iterator[str]:
        yield f"<!-- {GENERATOR} {version('kunren')} -->"
        yield f"# {plain(book.title)}"
        if book.simulated:
            told = f"**{plain(self._words('report.simulated'))}** {plain(self._words('runbook.simulated'))}"
            yield from ("", told)
        yield from ("", *(f"- {plain(each)}" for each in book.remarks))
        yield from self._particulars("cover", book.cover)
        yield from self._particulars("calls", book.contacts)
        yield from self._decisions(book)
        yield from self._changes(book)
        for procedure in book.procedures:
            yield from self._procedure(procedure)
        yield from ("", f"## {self._part('looks')}")
        for look in book.looks:
            yield from ("", f"### {look.id} {plain(look.title)} ({plain(look.window)})", "")
            yield from self._clicks(look.clicks, "")
        yield from self._sources(book)

    def _particulars(self, part: str, told: Iterable[Particular]) -> Iterator[str]:
        yield from ("", f"## {self._part(part)}", "", "| | |", "| --- | --- |")
        yield from (f"| {plain(each.name)} | {plain(each.told) or '________________'} |" for each in told)

    def _decisions(self, book: Book) -> Iterator[str]:
        head = (self._words("runbook.column.seen"), self._words("runbook.column.procedure"))
        yield from ("", f"## {self._part('decide')}", "", f"| {' | '.join(map(plain, head))} |", "| --- | --- |")
        for each in book.decisions:
            kind = self._words("runbook.urgent" if each.urgent else "runbook.planned")
            begin = f" – **{plain(each.begin)}**" if each.begin else ""
            yield f"| {plain(kind)}: {plain(each.seen)} | {plain(each.procedure)}: {plain(each.title)}{begin} |"

    def _changes(self, book: Book) -> Iterator[str]:
        yield from ("", f"## {self._part('changes')}", "")
        yield from (f"- {plain(each)}" for each in (book.changes or (self._words("runbook.first"),)))

    def _sources(self, book: Book) -> Iterator[str]:
        yield from ("", f"## {self._part('sources')}", "", "| | SHA-256 |", "| --- | --- |")
        yield from (f"| {plain(each.name)} | `{each.sha256}` |" for each in book.sources)

    # -- procedures ----------------------------------------------------------------------------------------------------

    def _procedure(self, procedure: Procedure) -> Iterator[str]:
        yield from ("", f"## {plain(self._words('runbook.heading', id=procedure.id, title=procedure.title))}")
        if procedure.about:
            yield from ("", plain(procedure.about))
        for chapter in procedure.chapters:
            yield from self._chapter(chapter)

    def _chapter(self, chapter: Chapter) -> Iterator[str]:
        yield from ("", f"### {plain(self._words('runbook.chapter', n=chapter.number, title=chapter.title))}", "")
        yield from (f"- {self._part('proven')}: {plain(each)}" for each in chapter.proven)
        yield from (f"- {self._part('alone')}: {plain(each)}" for each in chapter.alone)
        for block in chapter.blocks:
            yield from self._block(block)

    def _block(self, block: Block) -> Iterator[str]:
        begun, ended, by = (plain(self._words(f"runbook.box.{name}")) for name in ("begun", "ended", "by"))
        boxes = f"{begun} {BLANK} {ended} {BLANK} {by} ________"
        yield from ("", f"#### {block.number} {plain(block.title)}", "", f"{BOX} {boxes}", "")
        if block.only_in_drills:
            yield f"- **{plain(self._words('runbook.only_in_drills'))}**"
        yield from (f"- {plain(each)}" for each in (block.note, block.takes) if each)
        yield from self._expectations("before", block.before)
        yield from self._list("never", block.never)
        yield from self._list("stop", (*block.stops, f"→ {block.call}") if block.stops else ())
        for act in block.acts:
            yield from self._act(act)
        yield from self._expectations("expected", block.expected)
        yield from self._list("troubles", (f"{each.seen} → {each.do} ({each.by})" for each in block.troubles))
        yield from self._list("undo", (block.undo,) if block.undo else ())

    def _act(self, act: Act) -> Iterator[str]:
        points = f" ({plain(self._words('runbook.points', points=', '.join(act.points)))})" if act.points else ""
        yield f"- **{self._part('do')}**: {plain(act.title)}{points}"
        yield f"  - {plain(self._words('runbook.column.who'))}: {plain(act.who)}"
        yield f"  - {plain(self._words('runbook.column.where'))}: {plain(act.where)}"
        yield from self._clicks(act.clicks, "  ")
        yield f"  - {self._part('shows')}"
        yield from (f"    - {BOX} {plain(each)}" for each in act.shows)
        if act.command:
            yield f"  - {plain(act.command)}"

    def _clicks(self, clicks: Iterable[Instruction], indent: str) -> Iterator[str]:
        for number, each in enumerate(clicks, start=1):
            labels = self._words("report.between_terms").join(each.unverified)
            doubt = f" ({self._words('runbook.unverified', labels=labels)})" if labels else ""
            yield f"{indent}{number}. {BOX} {plain(each.text + doubt)}"

    def _expectations(self, part: str, expected: Iterable[Expected]) -> Iterator[str]:
        told = tuple(expected)
        if told:
            yield f"- **{self._part(part)}**"
        for each in told:
            limit = self._words("runbook.within", limit=each.limit) if each.limit else ""
            where = f"{each.where} ({each.look})" if each.look else each.where
            usual = self._words("runbook.usually", usual=each.usual) if each.usual else ""
            facts = " · ".join(plain(fact) for fact in (where, limit, usual) if fact)
            yield f"  - {BOX} {plain(each.text)} – {facts} · {BLANK}"

    def _list(self, part: str, told: Iterable[str]) -> Iterator[str]:
        lines = tuple(told)
        if lines:
            yield f"- **{self._part(part)}**"
        yield from (f"  - {plain(each)}" for each in lines)
