"""People at the terminal of a run: who answers there, and how what they are asked is posed to them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial

from rich.console import Console

from board.access import NoAccess, NotOffered, name_of, person_of
from board.answers import NotUsable, answer_of
from board.attendant import AtWork, posed
from board.pauses import points_of
from board.requests import shown, withdrawal
from journal.course import Site, StepBegan
from journal.entry import Entry
from journal.measured import Marked
from journal.people import PausePoint, PersonJoined, PersonNoted, StopAsked
from journal.writer import JournalFile
from kunren.exits import Exit, Mistakes, Stop
from kunren.people.answering import ABORTS, Answering, Sent
from kunren.people.dialogue import Dialogue
from kunren.people.holding import REMIND_AT_S, TerminalPauses, attest
from kunren.people.keyboard import Hurried, Keyboard, TerminalGone, TimeOver, attended
from kunren.terminal import READER, tell
from lab.errors import NoAnswer
from lab.model.probing import Mark
from lab.model.tasks import (
    LONGEST_ANSWER,
    Accepted,
    ClosedRequest,
    OpenRequest,
    Person,
    Question,
    QuestionAnswer,
    Role,
    Task,
    TaskAnswer,
)
from lab.opening import Lab
from words import Language, Told, sentence, words_of

ANSWERING = (Role.OPERATOR, Role.LEAD)


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
    points: frozenset[PausePoint] = frozenset()
    waits: bool = True
    pauses: TerminalPauses = field(init=False)
    _journal: JournalFile | None = None
    _site: Site | None = None
    _lab: AtWork | None = None
    _performed: bool = False

    @property
    def people(self) -> tuple[str, ...]:
        return (self.person.name,)

    def begin(self, journal: JournalFile, site: Site, limit: timedelta) -> None:
        """When the journal has its first entry; a pause lasts until its limit at most."""
        self._journal, self._site = journal, site
        self.pauses = TerminalPauses(
            journal=journal, limit=limit, points=self.points, stop=self.stop, person=self.person, talk=self._talk
        )
        journal.listen(self._follow, StepBegan, Marked)
        journal.write(PersonJoined(by=self.person.name, role=self.person.role, terminal=True))

    def attest(self, limit: timedelta, stopped: Callable[[], bool]) -> None:
        """At the end, what the person has seen, where anything was performed."""
        assert self._journal is not None
        if self._performed:
            attest(self.person, self._journal, self._talk, limit, stopped)

    def _follow(self, entry: Entry) -> None:
        self._performed = self._performed or isinstance(entry, StepBegan)
        self.pauses.faults += isinstance(entry, Marked) and entry.mark is Mark.FAULT

    def _talk(self, keyboard: Keyboard) -> Dialogue:
        words = words_of(self.language)
        return Dialogue(words=words, console=self.console, keyboard=keyboard, keep_note=self._keep_note)

    def _keep_note(self, said: str) -> None:
        assert self._journal is not None
        self._journal.write(PersonNoted(by=self.person.name, role=self.person.role, said=said))

    def _hold(self) -> None:
        self.pauses.wanted = True

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
            keep_note=self._keep_note,
            hold=self._hold if self.person.role is Role.LEAD else None,
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
        if ABORTS in sent and isinstance(answer, QuestionAnswer):
            answer = replace(answer, aborted=True)
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


def require_person(given: Sequence[str], pause: str) -> None:
    """Raises Stop with everything that keeps those on the command line from answering at a terminal."""
    mistakes = Mistakes()
    people = [each for text in given if (each := mistakes.of(partial(_named, text))) is not None]
    for person in people:
        if person.role not in ANSWERING:
            mistakes.add(sentence("asking.no_witness", person=person.name))
    if len(given) > 1:
        mistakes.add(sentence("asking.one_person"))
    if mistakes.of(partial(pause_points, pause)) and len(people) == len(given) and not _led(people):
        mistakes.add(sentence("board.not_offered.no_lead"))
    mistakes.require_none()


def person_at_terminal(given: Sequence[str]) -> Person:
    """Who answers at this terminal, as the command line says, or as is typed now. Raises Stop."""
    if not attended():
        raise Stop(Exit.USAGE, sentence("asking.unattended"))
    try:
        return _named(given[0]) if given else introduced("asking.introduce")
    except TerminalGone as error:
        raise Stop(Exit.USAGE, sentence("asking.unattended")) from error


def pause_points(text: str) -> frozenset[PausePoint]:
    """Raises Stop."""
    try:
        return points_of(text)
    except NotOffered as error:
        raise Stop(Exit.USAGE, error.why) from error


def _led(people: Sequence[Person]) -> bool:
    return any(each.role is Role.LEAD for each in people)


def _named(text: str) -> Person:
    try:
        return person_of(text)
    except NotOffered as error:
        raise Stop(Exit.USAGE, error.why) from error


def introduced(key: str) -> Person:
    """Who is at this terminal, as is typed now; `key` says what for. Raises TerminalGone."""
    words, keyboard = words_of(READER.language), Keyboard()
    tell(sentence(key))
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
