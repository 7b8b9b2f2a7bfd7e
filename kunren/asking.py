"""People at the terminal of a run: who answers there, and how what they are asked is posed to them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from rich.console import Console

from board.access import NoAccess, NotOffered, name_of, person_of
from board.answers import NotUsable, answer_of
from board.attendant import AtWork, posed
from board.requests import shown, withdrawal
from journal.course import Site
from journal.people import PersonJoined, StopAsked
from journal.writer import Journal
from kunren.answering import ABORTS, Answering, Sent
from kunren.exits import Exit, Mistakes, Stop
from kunren.keyboard import Hurried, Keyboard, TerminalGone, TimeOver, attended
from kunren.terminal import READER, tell
from lab.errors import NoAnswer
from lab.model.tasks import (
    LONGEST_ANSWER,
    Accepted,
    ClosedRequest,
    OpenRequest,
    Person,
    Question,
    Role,
    Task,
    TaskAnswer,
)
from lab.opening import Lab
from words import Language, Told, sentence, words_of

ANSWERING = (Role.OPERATOR, Role.LEAD)
REMIND_AT_S = (300.0, 60.0)


@dataclass(slots=True, kw_only=True)
class TerminalAttendant:
    """Asks one person, on the thread of the drill, until the limit of what is asked.

    `stop` asks the run to stop, and `hurried` tells that waits are to be cut short.
    """

    person: Person
    language: Language
    console: Console
    stop: Callable[[], None]
    hurried: Callable[[], bool]
    waits: bool = True
    _journal: Journal | None = None
    _site: Site | None = None
    _lab: AtWork | None = None

    @property
    def people(self) -> tuple[str, ...]:
        return (self.person.name,)

    def begin(self, journal: Journal, site: Site) -> None:
        """When the journal has its first entry."""
        self._journal, self._site = journal, site
        journal.write(PersonJoined(by=self.person.name, role=self.person.role, terminal=True))

    def serve(self, lab: Lab) -> None:
        """What is asked from now on is of this lab."""
        assert lab.people is not None, "only a lab with people is served"
        manager = None if lab.simulated is None else lab.simulated.manager
        self._lab = AtWork(give=lab.people.desk.answer, clock=lab.clock, manager=manager)

    def opened(self, request: OpenRequest) -> None:
        """Returns when it is answered, or its time is over; the desk has the answer by then.

        Raises NoAnswer where no answer can come any more, so that nobody is waited for.
        """
        keyboard = Keyboard(hurried=self.hurried, reminders=REMIND_AT_S)
        answering = self._answering(request, keyboard)
        keyboard.remind = answering.remind
        answering.begin(self._who)
        try:
            keyboard.begin(request.request.limit.total_seconds())
            while not self._accepted(request, answering.answer()):
                pass
        except TimeOver:
            tell("", sentence("asking.over"))
        except (Hurried, TerminalGone) as error:
            key = "hurried" if isinstance(error, Hurried) else "gone"
            asked = request.request
            about = {"operation": sentence(f"operator.operation.{asked.operation}"), "subject": asked.subject}
            raise NoAnswer(sentence(f"errors.operator.{key}", **about), operation=asked.operation) from error

    def closed(self, request: ClosedRequest) -> None:
        """Who is about to do what nobody waits for any more hears of it."""
        if request.withdrawn:
            tell("", withdrawal(request.request))

    def _answering(self, request: OpenRequest, keyboard: Keyboard) -> Answering:
        assert self._journal is not None, "a journal begins before anybody is asked"
        assert self._site is not None
        assert self._lab is not None, "a lab is served before anybody is asked"
        manager, asked, masking = self._lab.manager, request.request, self._journal.masking
        of = posed(request, request.number, manager, masking.value)

        def practise() -> TaskAnswer:
            assert manager is not None, "only a simulated lab is practised on"
            assert isinstance(asked, Task), "only tasks are done"
            did = manager.does(asked)
            return replace(did, reason=masking.text(did.reason))

        return Answering(
            of=of,
            page=shown(of, self._site, self.language),
            words=words_of(self.language),
            console=self.console,
            keyboard=keyboard,
            practise=practise,
            now=self._lab.clock.now,
        )

    def _accepted(self, request: OpenRequest, sent: Sent) -> bool:
        """What is wrong with an answer is told."""
        assert self._lab is not None
        assert self._journal is not None
        try:
            answer = answer_of(sent, request.request, self.person, self._lab.clock.now())
        except NotUsable as error:
            tell(error.why)
            return False
        if self._lab.give(request.number, answer) is Accepted.TOO_LONG:
            tell(sentence("board.refused.too_long", most=LONGEST_ANSWER))
            return False
        if ABORTS in sent:
            because = str(sent.get("text") or sent.get("reason") or "")
            self._journal.write(StopAsked(by=self.person.name, role=self.person.role, because=because))
            if isinstance(request.request, Question):  # who performs a task hears of it from the answer
                self.stop()
        return True

    @property
    def _who(self) -> Told:
        role = sentence(f"people.{self.person.role.value}")
        return sentence("people.person", name=self.person.name, role=role)


def require_person(given: Sequence[str]) -> None:
    """Raises Stop with everything that keeps those on the command line from answering at a terminal."""
    mistakes = Mistakes()
    for person in [each for text in given if (each := mistakes.of(partial(_named, text))) is not None]:
        if person.role not in ANSWERING:
            mistakes.add(sentence("asking.no_witness", person=person.name))
    if len(given) > 1:
        mistakes.add(sentence("asking.one_person"))
    mistakes.require_none()


def person_at_terminal(given: Sequence[str]) -> Person:
    """Who answers at this terminal, as the command line says, or as is typed now. Raises Stop."""
    if not attended():
        raise Stop(Exit.USAGE, sentence("asking.unattended"))
    try:
        return _named(given[0]) if given else _introduced()
    except TerminalGone as error:
        raise Stop(Exit.USAGE, sentence("asking.unattended")) from error


def _named(text: str) -> Person:
    try:
        return person_of(text)
    except NotOffered as error:
        raise Stop(Exit.USAGE, error.why) from error


def _introduced() -> Person:
    words, keyboard = words_of(READER.language), Keyboard()
    tell(sentence("asking.introduce"))
    name, typed = "", ""
    while not name:
        try:
            name = name_of(keyboard.line(lambda: words("asking.field", field=words("board.name"))))
        except NoAccess as error:
            tell(error.why)
    roles = "  ".join(f"{n} {words(f'people.{role.value}')}" for n, role in enumerate(ANSWERING, 1))
    while typed not in {"1", "2"}:
        typed = keyboard.line(lambda: words("asking.role", roles=roles)) or "1"
    return Person(name, ANSWERING[int(typed) - 1])
