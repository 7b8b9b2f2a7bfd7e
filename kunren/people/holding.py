"""What the person at the terminal does beside answering: lets a held drill go on, and attests it at its end."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from board.pauses import PausesAtPoints
from journal.people import PauseEnding, PausePoint, PersonAttested, StopAsked
from journal.writer import Journal
from kunren.people.dialogue import Dialogue
from kunren.people.keyboard import Hurried, Keyboard, TerminalGone, TimeOver
from kunren.terminal import tell
from lab.model.tasks import Person
from words import sentence

Talk = Callable[[Keyboard], Dialogue]
REMIND_AT_S = (300.0, 60.0)


@dataclass(slots=True, kw_only=True)
class TerminalPauses(PausesAtPoints):
    """Ended at the terminal."""

    person: Person
    talk: Talk
    wanted: bool = False
    faults: int = 0

    def _asked(self) -> str:
        return self.person.name if self.wanted else ""

    def _faults(self) -> int:
        return self.faults

    def _begin(self) -> None:
        self.wanted = False

    def _end(self) -> None:
        """Nobody else is told."""

    def _wait(self, point: PausePoint, until: float, stopped: Callable[[], bool]) -> tuple[PauseEnding, str]:
        abort = ["asking.abort"] * (point is not PausePoint.RESTORATION)
        try:
            dialogue = begun(self.talk, until - time.monotonic(), stopped)
            tell(sentence("asking.held", point=sentence(f"pause.{point.name.lower()}")))
            if dialogue.decide(["board.go_on", *abort]) == "board.go_on":
                return PauseEnding.CONTINUED, self.person.name
        except Hurried:
            return PauseEnding.STOPPED, ""
        except (TimeOver, TerminalGone):
            return PauseEnding.NOT_ENDED, ""
        self.journal.write(StopAsked(by=self.person.name, role=self.person.role))
        self.stop()
        return PauseEnding.STOPPED, ""


def attest(person: Person, journal: Journal, talk: Talk, limit: timedelta, stopped: Callable[[], bool]) -> None:
    """In the sentence that is offered, or in another, or not at all."""
    try:
        dialogue = begun(talk, limit.total_seconds(), stopped)
        tell("", sentence("asking.attest"))
        said = dialogue.words("board.attest_default")
        chosen = dialogue.decide(["asking.attest_so", "asking.attest_own", "asking.attest_nothing"], said=said)
        if chosen == "asking.attest_nothing":
            return
        if chosen == "asking.attest_own":
            said = dialogue.text("board.attest_sentence", needed=True)
    except (TimeOver, Hurried, TerminalGone):
        return
    journal.write(PersonAttested(by=person.name, role=person.role, said=said))


def begun(talk: Talk, limit: float, hurried: Callable[[], bool]) -> Dialogue:
    """A dialogue whose time runs."""
    keyboard = Keyboard(hurried=hurried, reminders=REMIND_AT_S)
    dialogue = talk(keyboard)
    keyboard.remind = dialogue.remind
    keyboard.begin(limit)
    return dialogue
