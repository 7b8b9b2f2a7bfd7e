"""The run of one drill: opens the lab, notes each step, stops at the first that does not pass, restores in any case."""

from __future__ import annotations

import sys
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from drills.interruption import Stops
from drills.left_behind import LeftBehind
from drills.nouns.named import Nouns
from drills.observation import LeftOut, Unmet
from drills.performance import Performance, WayBack
from drills.preflight.changes import Former
from drills.readiness import LabNotReady, as_not_ready
from drills.reading import PlannedChapter, PlannedDrill, PlannedStep
from drills.recording import NotedCalls, recorded
from drills.stop_watch import StopWatch
from drills.tenure import Tenure
from journal.course import ChapterBegan, ChapterEnded, DrillBegan, DrillEnded, Ending, Outcome, StepBegan, StepEnded
from journal.entry import Error
from journal.evidence import EvidenceStore
from journal.masking import Masking
from journal.seen import Phase
from journal.writer import Journal
from lab.errors import Indeterminate, LabError, NotStarted
from lab.model.subject import Subject
from lab.opening import Lab
from lab.ports import CallObserver, Pauses
from words import Language, Told, sentence, told


@dataclass(slots=True, kw_only=True)
class DrillRun:
    """Performs the chapters of `drill` that were not left out; what went wrong is kept for the command."""

    drill: PlannedDrill
    open_lab: Callable[[CallObserver], Lab]
    subject: Subject
    language: Language
    journal: Journal
    evidence: EvidenceStore
    stops: Stops
    way_back: WayBack
    tenure: Tenure
    pauses: Pauses | None = None
    former: Former | None = None
    """The record since which changes of the site are told."""
    left: LeftBehind | None = None
    """What a run that has died left behind: undone in place of a drill without chapters, else the drill goes on."""
    watch: StopWatch | None = field(default=None, init=False)
    not_ready: LabNotReady | None = field(default=None, init=False)
    not_restored: bool = field(default=False, init=False)
    """A lab that goes on to exist is not as it was before, or that is not known."""
    internal_error: str = field(default="", init=False)
    _performance: Performance | None = field(default=None, init=False)
    _nouns: Nouns | None = field(default=None, init=False)
    _masking: Masking = field(init=False)
    _calls: NotedCalls = field(init=False)
    _chapter: int = field(default=-1, init=False)
    _step: int = field(default=-1, init=False)
    _step_open: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        self._masking, self._calls = self.journal.masking, NotedCalls(self.journal)

    # -- from the first chapter to the restoration --------------------------------------------------------------

    def perform(self) -> None:
        """Returns also when the operator asks to stop; the lab has been restored then."""
        reason = Ending.FINISHED
        with self._watching():
            with self._keeping_defects():
                try:
                    self._perform_chapters()
                except KeyboardInterrupt:
                    reason = Ending.INTERRUPTED
            with self._keeping_defects():
                self._end(reason)

    @contextmanager
    def _watching(self) -> Iterator[None]:
        """What Python itself can only warn of is a defect; what libraries warn of is not."""
        former = sys.unraisablehook

        def unraisable(raised: sys.UnraisableHookArgs) -> None:
            lines = traceback.format_exception(raised.exc_type, raised.exc_value, raised.exc_traceback)
            self.internal_error = "".join([f"{raised.err_msg}: {raised.object!r}\n", *lines])

        with warnings.catch_warnings(record=True):
            warnings.simplefilter("error", RuntimeWarning)
            sys.unraisablehook = unraisable
            try:
                yield
            finally:
                sys.unraisablehook = former

    @contextmanager
    def _keeping_defects(self) -> Iterator[None]:
        try:
            yield
        except Exception:  # noqa: BLE001  # whatever broke, the lab is restored, and it is told in the end
            self.internal_error = traceback.format_exc()

    def _perform_chapters(self) -> None:
        if not self.drill.chapters:
            self.stops.heed()
            self._begin(self.drill)
            return
        for number, chapter in enumerate(self.drill.chapters):
            if chapter.left_out:
                continue
            self.stops.heed()
            if self._performance is None and not self._begin(self.drill):
                return
            if not self._perform_chapter(number, chapter) or self.internal_error:
                return

    def _begin(self, drill: PlannedDrill) -> bool:
        """Whether the lab is ready."""
        self.journal.write(DrillBegan(drill=drill.name))
        self._note_left_out(drill)
        try:
            with self.stops.stoppable():
                lab = recorded(self.open_lab(self._calls), self.subject, self.journal)
        except LabError as error:
            return self._give_up(drill, error)
        self._masking, self.journal.masking = self.journal.masking, self.journal.masking.also(lab.secrets)
        self.journal.clock = lab.clock
        performance = Performance(
            drill,
            lab,
            self.subject,
            self.language,
            self.journal,
            self.evidence,
            self.way_back,
            self.tenure,
            self.former,
        )
        performance.course.whole = self.stops.whole
        performance.course.begun_midway = any(chapter.left_out for chapter in drill.chapters)
        try:
            with self.stops.stoppable():
                if drill.chapters:
                    performance.begin(self.left)
                elif self.left is not None:
                    performance.take_up(self.left)
        except (LabError, LabNotReady) as error:
            lab.close()
            return self._give_up(drill, error)
        except BaseException:
            lab.close()
            raise
        self._performance = performance
        if drill.chapters:
            self._nouns = Nouns(performance, self._calls)
        return True

    def _note_left_out(self, drill: PlannedDrill) -> None:
        for number, chapter in enumerate(drill.chapters):
            for step in range(len(chapter.steps) if chapter.left_out else 0):
                self.journal.write(StepEnded(drill=drill.name, chapter=number, step=step, outcome=Outcome.SKIPPED))

    def _give_up(self, drill: PlannedDrill, error: LabError | LabNotReady) -> bool:
        self.not_ready = as_not_ready(error)
        self.journal.write(DrillEnded(drill=drill.name, reason=Ending.NOT_READY, text=told(error)))
        self.journal.masking = self._masking
        return False

    def _end(self, reason: Ending) -> None:
        if self._performance is None:
            return
        with self.stops.held_until_restored() as held:
            self.journal.must_keep = False
            performance = self._now
            try:
                self._end_interrupted_step()
                if self.pauses is not None:
                    with self._keeping_defects():
                        self.pauses.before_restoration(lambda: held.asked)
                self.not_restored = not performance.lab.disposable  # also where a defect ends it
                restored = performance.end(reason, held)
                self.not_restored = restored is not True and not performance.lab.disposable
            finally:
                self._performance = None
                self.journal.masking = self._masking
                performance.lab.close()
        if performance.defects:
            self.internal_error = "\n\n".join(performance.defects)

    # -- chapters and steps -------------------------------------------------------------------------------------

    def _perform_chapter(self, number: int, chapter: PlannedChapter) -> bool:
        """Whether each of its steps passed."""
        self._chapter, self._step = number, -1
        self.journal.write(ChapterBegan(drill=self.drill.name, chapter=number))
        try:
            return all(map(self._perform_step, chapter.steps))
        finally:
            self._end_interrupted_step()
            self._now.look_round(Phase.DURING)
            self.journal.write(ChapterEnded(drill=self.drill.name, chapter=number))

    def _perform_step(self, step: PlannedStep) -> bool:
        """Calls the function that was found when the drill was planned with the nouns it asks for by name."""
        self.stops.heed()
        if self.pauses is not None:
            with self.stops.stoppable():
                self.pauses.before_step()
        if self.watch is not None:
            with self.stops.stoppable():
                self.watch.look(self._now.lab)
        self._step += 1
        self._step_open = True
        premise = step.kind == "given"
        self._now.begin_step(step)
        self._now.observation.checks()  # of judgements between steps
        self.journal.write(StepBegan(drill=self.drill.name, chapter=self._chapter, step=self._step))
        try:
            self._now.require_lease()
            given = {name: getattr(self._nouns, name) for name in step.nouns}
            with self.stops.stoppable():
                step.function(**step.values, **given)
        except LeftOut as lacking:
            self._end_step(Verdict(Outcome.SKIPPED, error=Error(type(lacking).__name__, lacking)))
            return True
        except Exception as exception:
            if isinstance(exception, STEP_ERRORS):
                self._now.pictures.keep_failure()
            self._end_step(verdict_of(exception, premise=premise and self._now.course.begun_midway))
            if isinstance(exception, STEP_ERRORS):
                return False
            raise
        self._end_step(Verdict(Outcome.PASSED))
        return True

    def _end_step(self, verdict: Verdict) -> None:
        self._step_open = False
        self._now.end_step()
        self.journal.write(
            StepEnded(
                drill=self.drill.name,
                chapter=self._chapter,
                step=self._step,
                outcome=verdict.outcome,
                expected=verdict.expected,
                seen=verdict.seen,
                error=verdict.error,
                checks=tuple(self._now.observation.checks()),
            )
        )

    def _end_interrupted_step(self) -> None:
        if self._step_open:
            error = Error("interrupted", self.stops.because or CUT)
            self._end_step(Verdict(Outcome.UNKNOWN, error=error))

    @property
    def _now(self) -> Performance:
        assert self._performance is not None, "steps run only while a drill is performed"
        return self._performance


CUT = sentence("step.cut")
STEP_ERRORS = (AssertionError, LabError)
"""What a step may end with; anything else is a defect of Kunren's."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a step came to, and why where it did not pass."""

    outcome: Outcome
    expected: Told | None = None
    seen: Told | None = None
    error: Error | None = None


def verdict_of(exception: BaseException, *, premise: bool) -> Verdict:
    """Unmet expectations and refusals fail; what could not be observed is unknown, and so is what may have happened.

    An unmet `premise`, which a chapter that was left out would have led to, says nothing about the product.
    """
    if isinstance(exception, Unmet):
        return Verdict(Outcome.UNKNOWN if premise else Outcome.FAILED, exception.expected, exception.seen)
    known = isinstance(exception, STEP_ERRORS) and not isinstance(exception, NotStarted | Indeterminate)
    outcome = Outcome.FAILED if known and not premise else Outcome.UNKNOWN
    return Verdict(outcome, error=Error(type(exception).__name__, told(exception)))
