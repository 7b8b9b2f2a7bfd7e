"""Live progress of a run, read from its journal: rich in a terminal, plain lines elsewhere."""

from __future__ import annotations

import traceback
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from rich.console import Console
from rich.live import Live
from rich.markup import escape
from rich.spinner import Spinner
from rich.text import Text

from drills.reading import PlannedDrill, PlannedStep
from journal.course import (
    ActOutcome,
    ChapterBegan,
    DrillBegan,
    DrillEnded,
    Ending,
    Environment,
    Outcome,
    RestoreAct,
    RestoreBegan,
    RestoreEnded,
    RestoreWaiting,
    RunBegan,
    RunEnded,
    StepBegan,
    StepEnded,
)
from journal.entry import Entry
from journal.people import (
    AnswerLate,
    PauseBegan,
    PauseEnded,
    PersonAnswered,
    PersonAsked,
    PersonAttested,
    PersonJoined,
    PersonNoted,
    StopAsked,
)
from journal.seen import HostSeen, Note, OperatorAnswer
from lab.model.state import Difference
from lab.model.text import one_line
from words import Language, Told, sentence, words_of

PEOPLE = (
    *(PersonAsked, PersonAnswered, AnswerLate, PersonJoined, PersonNoted, PersonAttested, StopAsked),
    *(PauseBegan, PauseEnded),
)
TOLD = (
    *(
        RunBegan,
        HostSeen,
        DrillBegan,
        ChapterBegan,
        StepBegan,
        StepEnded,
        Note,
        OperatorAnswer,
    ),
    *PEOPLE,
    *(RestoreBegan, RestoreWaiting, RestoreAct, RestoreEnded, DrillEnded, RunEnded),
)
"""The kinds of entries that a watcher is told of."""
ACT_MARKS = {ActOutcome.DONE: ("green", "✓"), ActOutcome.FAILED: ("red", "✗")}
MOST_ENTRIES = 3
MARKS = {
    Outcome.PASSED: ("green", "✓"),
    Outcome.FAILED: ("red", "✗"),
    Outcome.UNKNOWN: ("yellow", "?"),
    Outcome.SKIPPED: ("dim", "-"),
}


class Progress:
    """Listens to a journal and prints the progress of the run."""

    def __init__(
        self, drills: Sequence[PlannedDrill], language: Language, console: Console, asked_at: Told | None = None
    ) -> None:
        """People are asked elsewhere, `asked_at`, or at this console, which is left to them meanwhile."""
        self._drills = {drill.name: drill for drill in drills}
        self._words = words_of(language)
        self._console = console
        self._spinner = Spinner("dots" if console.encoding.startswith("utf") else "line")
        self._live = _live(self._spinner, console) if console.is_terminal else None
        self._began: datetime | None = None
        self._said_simulated = False
        self._asking = False
        self._asked_at = asked_at
        self._asked: str | None = None
        """What Kunren was doing when it asked people; None while nothing is asked."""
        self._doing = ""
        self.defect = ""

    def __call__(self, entry: Entry) -> None:
        """A defect in the output is reported at the end: it must not end a drill or prevent its restoration."""
        if self.defect:
            return
        try:
            self._tell(entry)
        except Exception:  # noqa: BLE001  # whatever it is
            self.defect = traceback.format_exc()

    def _tell(self, entry: Entry) -> None:
        match entry:
            case RunBegan() | HostSeen():
                self._simulated(entry)
            case DrillBegan() | DrillEnded():
                self._drill(entry)
            case ChapterBegan():
                chapter = self._drills[entry.drill].chapters[entry.chapter]
                points = " ".join(chapter.guide)
                self._line(f"  {_shown(chapter.name)}  [dim]{_shown(points)}[/]")
            case StepBegan():
                self._began = entry.at.lab
                self._working(self._text(entry))
            case StepEnded() if entry.outcome is not Outcome.SKIPPED or entry.error:
                self._step_ended(entry)
            case RestoreBegan():
                self._restoration_began(entry)
            case OperatorAnswer() if self._asking:
                self._asking = False
                self._working(self._words("progress.restoring"))
            case PersonAsked():
                self._people_asked(entry)
            case PersonAnswered():
                self._line(f"      [dim]{self._told(entry.text)}[/]")
                self._people_answered()
            case PauseBegan() if self._asked_at is None:
                self._rest()
                self._line(f"      [dim]{self._told(entry.text)}[/]")
            case PauseBegan() | PauseEnded():
                self._line(f"      [dim]{self._told(entry.text)}[/]")
            case AnswerLate() | PersonJoined() | PersonNoted() | PersonAttested() | StopAsked():
                self._line(f"      [dim]{self._told(entry.text)}[/]")
            case Note():
                self._line(f"    [dim]{self._words('progress.note')}: {self._told(entry.text)}[/]")
            case RestoreWaiting() if self._asked is None or self._asked_at is not None:
                self._line(f"      [dim]{self._waiting(entry)}[/]")
            case RestoreAct() if entry.outcome is not ActOutcome.NEEDLESS:
                self._act(entry)
            case RestoreEnded():
                self._restored(entry)
            case RunEnded():
                self._rest()

    def _drill(self, entry: DrillBegan | DrillEnded) -> None:
        if isinstance(entry, DrillBegan):
            drill = self._drills[entry.drill]
            self._line(f"[bold]{_shown(drill.name)}[/]  {_shown(drill.title)}")
            for number, left in enumerate(drill.chapters, 1):
                if left.left_out:
                    self._line(f"  [dim]- {number}. {_shown(left.name)}: {self._words('progress.left out')}[/]")
        elif entry.reason is Ending.NOT_READY:
            self._line(f"  [red]{self._words('progress.not ready')}[/]: {self._told(entry.text)}")
        elif entry.reason is Ending.NOT_BEGUN:
            because = self._words("progress.not begun", because=entry.text or "")
            self._line(f"[bold]{_shown(entry.drill)}[/]  [yellow]{_shown(because)}[/]")

    def _restoration_began(self, entry: RestoreBegan) -> None:
        """A question to the operator has the terminal to itself until it is answered."""
        self._rest()
        doing = self._words("progress.restoring" if entry.acts and entry.mode != "never" else "progress.comparing")
        self._line(f"    {doing}")
        self._asking = entry.mode == "ask" and bool(entry.acts)
        if not self._asking:
            self._working(doing)

    def _people_asked(self, entry: PersonAsked) -> None:
        """At this console the question has it to itself until it is answered."""
        where = self._told(self._asked_at)
        self._line(f"      [dim]{self._told(entry.text)}[/]{f'  {where}' if where else ''}")
        self._asked = self._doing
        if self._asked_at is None:
            self._rest()

    def _people_answered(self) -> None:
        doing, self._asked = self._asked, None
        if doing:
            self._working(doing)

    def _step_ended(self, entry: StepEnded) -> None:
        self._rest()
        colour, mark = MARKS[entry.outcome]
        verdict = (
            ""
            if entry.outcome is Outcome.PASSED
            else f"  [{colour}]{self._words(f'progress.{entry.outcome.value}')}[/]"
        )
        self._line(f"    [{colour}]{mark}[/] {_shown(self._text(entry))}  [dim]{self._took(entry)}[/]{verdict}")
        for word, text in (("expected", entry.expected), ("seen", entry.seen)):
            if text:
                self._line(f"        {self._words(f'progress.{word}')}: {self._told(text)}")
        if entry.error:
            self._line(f"        {self._told(entry.error.text)}")

    def _restored(self, entry: RestoreEnded) -> None:
        self._rest()
        match entry.restored:
            case True:
                restored = self._words("progress.restored_but_stays" if entry.stays else "progress.restored")
                attested = f"  {self._told(sentence('answer.compared_attested', by=entry.by))}" if entry.by else ""
                self._line(f"    [green]✓[/] {restored}{attested}")
            case False:
                self._line(f"    [red]✗ {self._words('progress.not restored')}[/]")
            case None:
                self._line(f"    [yellow]? {self._words('progress.restoration unknown')}[/]")
        for difference in _folded(entry.differences):
            self._line(f"        {self._told(difference)}")
        for difference in entry.stays:
            self._line(f"        {self._told(difference)}  [dim]{self._words('progress.stays')}[/]")
        for difference in entry.permitted:
            self._line(f"        {self._told(difference)}  [dim]{self._words('progress.permitted')}[/]")

    def _act(self, entry: RestoreAct) -> None:
        """One that was left alone says why."""
        colour, mark = ACT_MARKS.get(entry.outcome, ("yellow", "-"))
        name = self._words.known("restore", entry.act)
        because = entry.error.text if entry.error else entry.because
        why = because.in_(self._words.language) if because else ""
        done = entry.outcome is ActOutcome.DONE
        outcome = "" if done else self._words(f"progress.act {entry.outcome.value}")
        told = f"{outcome}: {why}" if outcome and why else outcome or why
        self._line(f"      [{colour}]{mark}[/] {_shown(name)}{f'  {_shown(told)}' if told else ''}")

    def _waiting(self, entry: RestoreWaiting) -> str:
        left = self._words.length(timedelta(seconds=round(entry.left.total_seconds())))
        return _shown(self._words("progress.waiting", left=left, condition=entry.condition or ""))

    def _told(self, text: Told | None) -> str:
        return _shown(text.in_(self._words.language)) if text else ""

    def _text(self, entry: StepBegan | StepEnded) -> str:
        step: PlannedStep = self._drills[entry.drill].chapters[entry.chapter].steps[entry.step]
        return f"{step.keyword} {step.text}"

    def _took(self, entry: StepEnded) -> str:
        if self._began is None:
            return ""
        seconds = round((entry.at.lab - self._began).total_seconds())
        return f"{seconds // 60}:{seconds % 60:02}" if seconds else ""

    def _working(self, what: str) -> None:
        self._doing = what
        if self._live is not None:
            self._spinner.update(text=Text(one_line(f"{self._words('progress.working')}: {what}")))
            self._live.start()

    def _rest(self) -> None:
        self._doing = ""
        if self._live is not None:
            self._live.stop()

    def _simulated(self, entry: RunBegan | HostSeen) -> None:
        simulated = entry.simulated if isinstance(entry, HostSeen) else entry.environment is Environment.SIMULATED
        if simulated and not self._said_simulated:
            self._said_simulated = True
            self._line(f"[bold reverse] SIMULATED [/] {self._words('progress.simulated')}")

    def _line(self, text: str) -> None:
        self._console.print(text, soft_wrap=True, highlight=False)


def _folded(differences: Sequence[Told]) -> Iterator[Told]:
    """Many entries that a drill has left are one line; a report has each of them."""
    entries = [each for each in differences if isinstance(each, Difference) and each.of_entry]
    if len(entries) > MOST_ENTRIES:
        yield from (each for each in differences if each not in entries)
        yield sentence("progress.entries_left", n=len(entries))
    else:
        yield from differences


def _shown(text: str) -> str:
    """Text from outside, on one line and without markup."""
    return escape(one_line(text))


def _live(spinner: Spinner, console: Console) -> Live:
    """Leaves stdout and stderr alone: what others write is not read as styled text."""
    return Live(spinner, console=console, transient=True, redirect_stdout=False, redirect_stderr=False)
