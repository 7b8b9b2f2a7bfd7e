"""The history in one language: sentences and tables, which a terminal shows as they are and a page with pictures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from guide import Shown
from journal.course import Environment, Outcome
from lab.model.bounds import Length
from lab.model.objectives import Attainment
from reports.history import History
from reports.history.circumstances import Change
from reports.history.course import Course
from reports.history.folder import Listed
from reports.history.proofs import Proof, State
from reports.history.summary import Standing
from reports.history.trends import Series
from reports.page.rows import Row, Table
from words import Words

MOST_CHANGES = 4
"""That are told of a proof; all of them stand among the changes."""
OF_STATE: Mapping[State, Outcome] = {
    State.PROVEN: Outcome.PASSED,
    State.LAPSED: Outcome.UNKNOWN,
    State.FAILED: Outcome.FAILED,
    State.UNKNOWN: Outcome.UNKNOWN,
    State.NEVER: Outcome.NOT_RUN,
    State.MANUAL: Outcome.SKIPPED,
}
PROOF = ("point", "text", "state", "last", "age", "by", "why")
DOUBTED = frozenset({State.LAPSED, State.FAILED, State.UNKNOWN})
NOTED = frozenset({"proofs", "trends", "patches", "retention", "records"})


@dataclass(frozen=True, slots=True)
class SiteSheet:
    """One site in one environment."""

    title: str
    simulated: bool
    lines: tuple[str, ...]
    lapsed: Table
    """Those of the first of `tables` that have to be shown again."""
    tables: tuple[Table, ...]
    never: str
    """Which points were never proven, as one line."""
    series: tuple[Series, ...]


class Sheet:
    """All that is told of a history in the language of `words`."""

    def __init__(self, history: History, words: Words) -> None:
        self._history, self._words = history, words
        self.now = history.now.moment

    @property
    def heading(self) -> str:
        history = self._history
        counted = len(history.listed) - len(history.amiss)
        now = f"{self._words.moment(self.now)} ({self._words.offset(self.now)})"
        return self._words(
            "history.heading", folder=str(history.folder.path), now=now, n=len(history.listed), counted=counted
        )

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is to be known of the whole."""
        history, words = self._history, self._words
        read, n = history.folder.read, len(history.folder.listed)
        told = [words("history.heading_thorough") if read == n else words("history.heading_quick", read=read)]
        if history.others:
            told.append(words("history.others", n=history.others))
        if history.now.site is None:
            told.append(words("history.no_site"))
        elif not history.now.intervals:
            told.append(words("history.no_interval"))
        return tuple(told)

    @property
    def alarms(self) -> tuple[str, ...]:
        n = len(self._history.amiss)
        return (self._words("history.said.amiss", n=n),) if n else ()

    @property
    def said(self) -> tuple[str, ...]:
        """What is to be done, and what may be deleted."""
        actions, ended = self._history.actions, [each for each in self._history.retentions if each.until < self.now]
        overdue = sum(each.overdue(self.now) for each in actions)
        done, kept = self._words("history.said.actions_none"), self._words("history.said.retention_none")
        return (
            self._words("history.said.actions", n=len(actions), overdue=overdue) if actions else done,
            self._words("history.said.retention", n=len(ended)) if ended else kept,
            *(() if self._history.amiss else [self._words("history.said.amiss_none")]),
        )

    @property
    def amiss(self) -> Table:
        found = (
            Row(
                (each.place, self._word("standing", each.standing.value), self._site(each), self.told(each)),
                Outcome.UNKNOWN if each.standing is Standing.COPY else Outcome.FAILED,
            )
            for each in self._history.amiss
        )
        return self._table("amiss", ("record", "state", "site", "reason"), found)

    @property
    def sites(self) -> tuple[SiteSheet, ...]:
        return tuple(map(self._of_site, self._history.courses))

    @property
    def last(self) -> tuple[Table, ...]:
        """What is not of one site."""
        return (self._actions(), self._retentions(), self._records())

    def line(self, series: Series) -> str:
        """What a series shows, in words."""
        return self._words(
            "history.trend.line",
            drill=series.title.in_(self._words.language),
            measure=self._word("measure", series.measure.value),
            result=self.result(series),
        )

    def result(self, series: Series) -> str:
        words, last = self._words, series.last
        told = {"n": series.n, "last": self.length(last.length), "day": self.day(last.began)}
        if series.n == 1:
            said = [words("history.trend.one", **told)]
        else:
            spread = {"median": self.length(series.median), "range": self.length(series.range)}
            said = [words("history.trend.more", **told, **spread), self._word("against", series.against_former.value)]
            said.append(self._word("tendency", series.trend.value))
        if attained := series.attained:
            counted = {each.value: attained.get(each, 0) for each in Attainment if each is not Attainment.NONE}
            said.insert(0, words("history.trend.attained", **counted))
        if missing := series.of - series.n:
            said.append(words("history.trend.unmeasured", n=missing))
        return words.together(filter(None, said))

    def length(self, length: Length) -> str:
        if length.lower == length.upper:
            return self._words.length(timedelta(seconds=length.lower))
        return self._words.between(length.lower, length.upper)

    def day(self, moment: datetime) -> str:
        return moment.strftime(self._words("history.day"))

    def changes(self, found: Sequence[Change], most: int | None = None) -> str:
        """Each as a sentence."""
        told = list(dict.fromkeys(each.told.in_(self._words.language) for each in found))
        shown = told[:most]
        if len(shown) < len(told):
            shown.append(self._words("history.said.more_changes", n=len(told) - len(shown)))
        return self._words.together(shown)

    def _word(self, group: str, name: str) -> str:
        return self._words(f"history.{group}.{name}")

    def _table(self, name: str, head: Iterable[str], rows: Iterable[Row]) -> Table:
        note = self._word("note", name) if name in NOTED else ""
        titles = tuple(self._word("head", each) for each in head)
        return Table(name, self._word("part", name), titles, tuple(rows), note)

    # -- of a site -----------------------------------------------------------------------------------------------------

    def _of_site(self, course: Course) -> SiteSheet:
        key = (course.site, course.environment)
        proofs, series = self._history.proofs[key], tuple(self._history.series[key])
        own = key == self._history.now.site
        trends = (Row((each.title.in_(self._words.language), *self._trend(each))) for each in series)
        return SiteSheet(
            title=self._words("history.site_told", site=course.site, environment=self._environment(course.environment)),
            simulated=course.environment is Environment.SIMULATED,
            lines=tuple(self._said(course, proofs, own=own)),
            lapsed=self._table("lapsed", PROOF, (self._proof(each) for each in proofs if each.state in DOUBTED)),
            tables=(
                self._table("proofs", PROOF, map(self._proof, proofs)),
                *([self._drills()] if own and self._history.drills else []),
                self._table("patches", ("between", "record", "changes"), self._patches(course)),
                self._table("trends", ("drill", "measure", "result"), trends),
            ),
            never=self._never(proofs),
            series=series,
        )

    def _never(self, proofs: Sequence[Proof]) -> str:
        found = [each.point.id for each in proofs if each.state is State.NEVER]
        told = self._words("report.between_terms").join(found)
        return self._words("history.said.never", n=len(found), points=told) if found else ""

    def _said(self, course: Course, proofs: Sequence[Proof], *, own: bool) -> Iterator[str]:
        shown = [each for each in proofs if each.point.shown is Shown.DRILL]
        counted = {
            state.value: sum(each.state is state for each in shown) for state in State if state is not State.MANUAL
        }
        yield self._words("history.said.proofs", all=len(shown), **counted)
        if own and self._history.drills:
            due = [each.drill for each in self._history.drills if each.overdue(self.now)]
            told = self._words("report.between_terms").join(due)
            yield (
                self._words("history.said.overdue", n=len(due), drills=told)
                if due
                else self._words("history.said.not_overdue")
            )
        if course.patches:
            last = course.patches[-1]
            changes = self.changes(last.changes, MOST_CHANGES)
            yield self._words("history.said.patched", day=self.day(last.until), changes=changes)

    def _proof(self, proof: Proof) -> Row:
        last, days = proof.last, proof.days(self.now)
        return Row(
            (
                proof.point.id,
                proof.point.text.in_(self._words.language),
                self._word("state", proof.state.value),
                self.day(last.run.began) if last else "–",
                "–" if days is None else self._words("history.days", n=days),
                f"{last.run.drill.drill} › {last.chapter} ({last.run.listed.place})" if last else "–",
                self.why(proof),
            ),
            OF_STATE[proof.state],
        )

    def why(self, proof: Proof) -> str:
        """Why a proof does not hold, or why that is not known."""
        return self._words.together(self._whys(proof))

    def _whys(self, proof: Proof) -> Iterator[str]:
        if proof.failed:
            run = proof.failed.run
            yield self._words("history.said.failed", day=self.day(run.began), record=run.listed.place)
        if proof.changes:
            yield self.changes(proof.changes, MOST_CHANGES)
        if proof.untold:
            topics = self._words("report.between_terms").join(self._word("topic", each.value) for each in proof.untold)
            yield self._words("history.said.untold", topics=topics)

    def _patches(self, course: Course) -> Iterator[Row]:
        for each in reversed(course.patches):
            yield Row((f"{self.day(each.since)} – {self.day(each.until)}", each.record, self.changes(each.changes)))

    def _trend(self, series: Series) -> tuple[str, str]:
        return self._word("measure", series.measure.value), self.result(series)

    def _drills(self) -> Table:
        rows = (
            Row(
                (
                    each.drill,
                    self._words("history.days", n=each.every.days),
                    self.day(each.last) if each.last else self._words("history.never"),
                    self.day(each.due(self.now)),
                ),
                Outcome.FAILED if each.overdue(self.now) else Outcome.PASSED,
            )
            for each in self._history.drills
        )
        return self._table("drills", ("drill", "every", "last", "due"), rows)

    # -- of all --------------------------------------------------------------------------------------------------------

    def _actions(self) -> Table:
        rows = (
            Row(
                (f"{each.action.id} {each.action.text}", each.action.owner, each.action.due, each.listed.place),
                Outcome.FAILED if each.overdue(self.now) else Outcome.UNKNOWN,
            )
            for each in self._history.actions
        )
        return self._table("actions", ("action", "owner", "due", "record"), rows)

    def _retentions(self) -> Table:
        rows = (
            Row(
                (each.listed.place, self.day(each.listed.began), self.day(each.until)),
                Outcome.UNKNOWN if each.until < self.now else None,
            )
            for each in self._history.retentions
        )
        return self._table("retention", ("record", "began", "until"), rows)

    def _records(self) -> Table:
        newest = sorted(self._history.listed, key=_began, reverse=True)
        head = ("record", "began", "site", "drill", "outcome", "digest", "reason")
        return self._table("records", head, map(self._record, newest))

    def _record(self, listed: Listed) -> Row:
        reading, outcome = listed.reading, listed.reading.outcome
        return Row(
            (
                listed.place,
                self.day(reading.began) if reading.began else "–",
                self._site(listed),
                self._words("report.between_terms").join(each.drill for each in reading.drills) or "–",
                self._words(f"outcome.{outcome.value}") if outcome else "–",
                listed.known.sha256[:16] or "–",
                self.told(listed),
            ),
            outcome if listed.counts else Outcome.FAILED,
        )

    def told(self, listed: Listed) -> str:
        """Why a record does not count, and what else is amiss with it."""
        reason = [] if listed.reason is None else [listed.reason.in_(self._words.language)]
        remarks = [each.in_(self._words.language) for each in listed.reading.remarks]
        seal = self._history.seal(listed)
        sealed = [self._words(f"history.{seal}", id=listed.reading.key)] if seal else []
        return self._words.together((*reason, *remarks, *sealed))

    def _site(self, listed: Listed) -> str:
        reading = listed.reading
        if not reading.site or reading.environment is None:
            return self._words("history.unknown_site")
        about = {"site": reading.site, "environment": self._environment(reading.environment)}
        return self._words("history.site_told", **about)

    def _environment(self, environment: Environment) -> str:
        return self._words(f"history.{environment.value}")


def _began(listed: Listed) -> tuple[bool, float, str]:
    began = listed.reading.began
    return (began is not None, began.timestamp() if began else 0.0, listed.place)
