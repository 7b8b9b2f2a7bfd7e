"""Observations: expected and seen states, and how long a wait took."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from typing import Protocol, TypeVar

from journal.course import Check
from journal.entry import Entry
from journal.measured import Marked
from journal.seen import Note, Wait
from lab.errors import Indeterminate, LabError, NoResult
from lab.model.limits import Limits, LongWait, Within
from lab.model.probing import Mark
from lab.model.tasks import Awaited
from lab.ports import Asking, Clock
from lab.waiting import LASTING, wait_until
from words import Language, Told, sentence

T = TypeVar("T")
_USUAL = Limits()


class Unmet(AssertionError):
    """An expectation of a step is not met."""

    def __init__(self, expected: Told, seen: Told) -> None:
        super().__init__(expected, seen)
        self.expected = expected
        self.seen = seen

    def __str__(self) -> str:
        return self.in_("en")

    def in_(self, language: Language) -> str:
        return sentence("step.unmet", expected=self.expected, seen=self.seen).in_(language)


class NothingToCompare(Indeterminate):
    """An earlier chapter would have left what this step looks for; whether it would be there is not known."""


class LeftOut(NothingToCompare):
    """What this step looks for would have come of a chapter that the operator has left out; the drill goes on."""


def handed_on(fact: T | None, lacking: Told) -> T:
    """What an earlier step has left for this one; raises NothingToCompare where that step has not run."""
    if fact is None:
        raise NothingToCompare(lacking)
    return fact


def kept(fact: T | None, lacking: Told, *, begun_midway: bool) -> T:
    """What an earlier chapter has made to be looked for now; raises LeftOut where the drill began after it."""
    if fact is None and begun_midway:
        raise LeftOut(lacking)
    return handed_on(fact, lacking)


class Writes(Protocol):
    """The journal, as far as an observation needs it."""

    def write(self, entry: Entry) -> None: ...


class Observation:
    """Judges in the language of the run and notes every wait in the journal."""

    def __init__(
        self,
        clock: Clock,
        journal: Writes,
        language: Language,
        limits: Limits = _USUAL,
        asking: Asking | None = None,
    ) -> None:
        self._clock = clock
        self._journal = journal
        self._asking = asking
        self.language = language
        self.limits = limits
        self._checks: list[Check] = []

    def expect(self, holds: bool, *, expected: Told, seen: Told) -> None:  # noqa: FBT001  # reads as a sentence
        check = Check(expected, seen)
        if check not in self._checks[-1:]:
            self._checks.append(check)
        if not holds:
            raise Unmet(check.expected, check.seen)

    def checks(self) -> Sequence[Check]:
        """What has been judged since this was last asked for, met or not; repetitions in a row count as one."""
        judged, self._checks = self._checks, []
        return judged

    def note(self, text: Told) -> None:
        """Something a reader of the journal should find although it holds."""
        self._journal.write(Note(text=text))

    def mark(self, mark: Mark, text: Told) -> None:
        """Something that is about to be brought about, and that times are counted from."""
        self._journal.write(Marked(mark=mark, text=text))

    def until(
        self,
        look: Callable[[], T],
        holds: Callable[[T], bool],
        *,
        expected: Told,
        seen: Callable[[T], Told],
        within: Within,
        every: timedelta = timedelta(seconds=5),
        asked: bool = False,
    ) -> T:
        """Looks until `holds`; a question that fails meanwhile is a look without a result, not an end.

        What people may be `asked` for is awaited by them: they answer once, and what they see then is judged.

        When the last look has no result either, whether it holds is not known: NoResult.
        """
        limit, kind = self.limits.resolve(within), self.limits.extended(within)
        if kind is not None:
            expected = _by_the_site(expected, limit, kind)
        with self.looking(expected, limit) if asked else nullcontext(Awaited(expected, limit)) as looked:
            waited = wait_until(look, holds, clock=self._clock, within=limit, every=every, final=lambda: looked.asked)
        glance = waited.seen
        text = glance if isinstance(glance, LabError) else seen(glance)
        self._journal.write(
            Wait(
                condition=expected,
                limit=limit,
                took=waited.took,
                not_yet=waited.not_yet,
                met=waited.met,
                seen=text,
                limit_from="" if kind is None else kind.key,
                without_result=0 if waited.cause is None else waited.failed,
                cause=waited.cause,
            )
        )
        result = waited.result()
        self.expect(waited.met, expected=expected, seen=text)
        return result

    def rely(self, *by: str) -> None:
        """The present step uses what people have said before."""
        if self._asking is not None:
            self._asking.rely(*by)

    def leave(self, fact: str) -> None:
        """The present step leaves a fact for later ones; if it rests on what people say, so do they."""
        if self._asking is not None:
            self._asking.leave(fact)

    def take_up(self, fact: str) -> None:
        """The present step uses a fact that an earlier one has left."""
        if self._asking is not None:
            self._asking.take_up(fact)

    @contextmanager
    def looking(self, expected: Told, limit: timedelta = timedelta()) -> Iterator[Awaited]:
        """While a step looks for `expected`, people are asked for it once."""
        if self._asking is None:
            yield Awaited(expected, limit)
            return
        with self._asking.on(expected, limit) as awaited:
            yield awaited

    def throughout(self, check: Callable[[], None], *, minutes: int) -> None:
        """Makes a check every minute, which has to hold each time; a failed question counts only in the last one."""
        unread: LabError | None = None
        failed = 0
        for _ in range(minutes):
            self._clock.sleep(timedelta(minutes=1))
            try:
                check()
                unread = None
            except LASTING:
                raise
            except LabError as error:
                failed, unread = failed + 1, error
        if failed:
            self.note(sentence("wait.without_result", failed=failed, minutes=minutes))
        if unread is not None:
            raise NoResult(sentence("wait.last_without_result", minutes=minutes, error=unread)) from unread


def _by_the_site(expected: Told, limit: timedelta, kind: LongWait) -> Told:
    minutes = f"{limit.total_seconds() / 60:g}"
    return sentence("wait.by_the_site", expected=expected, minutes=minutes, key=kind.key)
