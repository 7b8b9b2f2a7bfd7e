"""A comparison for a change ticket, in one language: sentences and tables, as a page and as Markdown show them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from journal.course import Outcome
from journal.record import DrillRecord
from reports import judge
from reports.acceptance import lines
from reports.acceptance.differences import Cause, Difference, Ruling
from reports.acceptance.pictures import PicturePair, SideBySide, side_by_side
from reports.acceptance.result import Acceptance, ComparedDrill, Measure, Pair, Verdict
from reports.acceptance.spread import Spread, spreads
from reports.acceptance.surroundings import of_both
from reports.page.rows import Row, Table
from words import Words

OF_VERDICT = {
    Verdict.SAME: Outcome.PASSED,
    Verdict.FASTER: Outcome.PASSED,
    Verdict.ACCEPTED: Outcome.PASSED,
    Verdict.SLOWER: Outcome.FAILED,
    Verdict.DIFFERENT: Outcome.FAILED,
    Verdict.UNKNOWN: Outcome.UNKNOWN,
}
USERS = (Measure.OUTAGE, Measure.LOST, Measure.RTO, Measure.RPO, Measure.RESPONSE)
FOLLOWS = "↳ "
SIGNERS = ("tester", "owner", "approver")


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What a document is made of; `passed` are the runs of the baseline where there are several, the latest first."""

    acceptance: Acceptance
    ruling: Ruling
    folders: Pair[str]
    passed: tuple[DrillRecord, ...] = ()

    @property
    def spreads(self) -> tuple[Spread, ...]:
        return tuple(spreads(self.acceptance.runs, self.passed))


class Sheet:
    """The document."""

    def __init__(self, held: Held, words: Words) -> None:
        self._held, self._words = held, words
        self.simulated = held.acceptance.runs.record.simulated
        self.outcome = OF_VERDICT[held.ruling.verdict]
        self.title = words("acceptance.document")

    @property
    def verdict(self) -> str:
        return lines.told(self._held.ruling.verdict, self._words)

    @property
    def said(self) -> tuple[str, ...]:
        """What a reader has to know first."""
        words, found = self._words, self._held.acceptance
        plan = found.runs.record.plan
        change = (("change", plan.change), ("reason", plan.reason)) if plan else (("change", ""),)
        none = words("acceptance.environment.untold")
        told = (f"{words(f'acceptance.{key}')}: {value or none}" for key, value in change)
        return tuple(map(lines.visible, (*told, *lines.head(found, self._held.folders, words), *self._unused())))

    def _unused(self) -> Iterator[str]:
        told = list(lines.accepted(self._held.ruling, self._words))
        yield from told[len(self._held.ruling.accepted) :]

    @property
    def tables(self) -> tuple[Table, ...]:
        """Those that have rows."""
        every = (
            self._table("environment", ("environment", "baseline", "record"), self._environment()),
            self._table("drills", ("drill", "verdict", "baseline", "record", "count", "agreed"), self._drills()),
            self._table("differences", ("where", "baseline", "record", "verdict"), self._differences()),
            self._table("accepted", ("where", "baseline", "record", "who", "until", "why"), self._accepted()),
            self._table("users", ("where", "baseline", "record", "verdict"), self._users()),
            self._table("spread", ("part", "count_of_runs", "median", "range", "record", "standing"), self._spread()),
        )
        return tuple(table for table in every if table.rows)

    @property
    def nothing(self) -> str:
        return "" if self._held.ruling.causes else self._words("acceptance.no_difference")

    @cached_property
    def pictures(self) -> SideBySide:
        return side_by_side(self._held.acceptance, self._held.folders)

    @property
    def pictures_told(self) -> str:
        """Empty where neither run has a picture of a step that both have."""
        found = self.pictures
        if not found.differing + found.same:
            return ""
        shown = len(found.pairs)
        return self._words("acceptance.pictures", differing=found.differing, same=found.same, shown=shown)

    def where(self, pair: PicturePair) -> str:
        told = self._words("acceptance.first", drill=pair.drill, number=pair.step, text=pair.text)
        return lines.visible(told)

    @property
    def sign_off(self) -> Table:
        rows = (Row((self._words(f"acceptance.signer.{each}"), "", "", "")) for each in SIGNERS)
        return self._table("sign_off", ("role", "name", "date", "signature"), rows)

    def _table(self, name: str, head: Sequence[str], rows: Iterator[Row]) -> Table:
        columns = tuple(self._words(f"acceptance.column.{each}") for each in head)
        shown = (Row(tuple(map(lines.visible, row.cells)), row.outcome) for row in rows)
        return Table(name, self._words(f"acceptance.part.{name}"), columns, tuple(shown))

    def _environment(self) -> Iterator[Row]:
        for each in of_both(self._held.acceptance.surroundings):
            if each.differs is not False:
                yield Row(lines.surrounding_cells(each, self._words))

    def _drills(self) -> Iterator[Row]:
        ruling, words = self._held.ruling, self._words
        for drill in self._held.acceptance.drills:
            count = len(ruling.of(drill.drill))
            agreed = sum(found.drill == drill.drill for found, _ in ruling.accepted)
            verdict = ruling.verdict_of(drill)
            told = (drill.drill, lines.told(verdict, words), *lines.lengths(drill.seconds, words))
            yield Row((*told, str(count), str(agreed)), OF_VERDICT[verdict])
        none = ("", "", "", "")
        for name, key in (
            *((each, "missing_drill") for each in self._held.acceptance.missing),
            *((each, "added_drill") for each in self._held.acceptance.added),
        ):
            yield Row((name, words(f"acceptance.{key}"), *none), Outcome.UNKNOWN)

    def _differences(self) -> Iterator[Row]:
        for cause in self._held.ruling.causes:
            yield from self._of_cause(cause)

    def _of_cause(self, cause: Cause) -> Iterator[Row]:
        yield self._difference(cause.difference, "")
        yield from (self._difference(each, FOLLOWS) for each in cause.consequences)

    def _difference(self, found: Difference, before: str) -> Row:
        row = lines.differing(found, self._words)
        where = f"{before}{lines.place(found, self._words)} – {row.text}"
        told = lines.told(found.verdict, self._words)
        return Row((where, row.baseline, row.record, told), None if before else OF_VERDICT[found.verdict])

    def _accepted(self) -> Iterator[Row]:
        for found, by in self._held.ruling.accepted:
            row = lines.differing(found, self._words)
            where = f"{lines.place(found, self._words)} – {row.text}"
            yield Row((where, row.baseline, row.record, by.who, by.until.isoformat(), by.why))

    def _users(self) -> Iterator[Row]:
        for drill, row in ((each, row) for each in self._held.acceptance.drills for row in self._measures(each)):
            told = lines.told(row.verdict, self._words) if row.verdict else ""
            outcome = OF_VERDICT[row.verdict] if row.verdict else None
            where = row.text if len(self._held.acceptance.drills) == 1 else f"{drill.drill}: {row.text}"
            yield Row((where, row.baseline, row.record, told), outcome)

    def _measures(self, drill: ComparedDrill) -> Iterator[lines.Row]:
        return (lines.measure(each, self._words) for each in drill.measures if each.measure in USERS)

    def _spread(self) -> Iterator[Row]:
        yield from (Row(cells) for cells in lines.spread(self._held.spreads, self._words))


def passed(run: DrillRecord) -> bool:
    """Whether a run can be a baseline of several."""
    verdict = judge.verdict(run)
    return verdict.outcome is Outcome.PASSED and not verdict.partial
