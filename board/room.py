"""What the people in the room do at the board: answer, note, pause, stop, attest."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from board.access import NoAccess, Session, require
from board.answers import NotUsable, answer_of, picture_of, text_of
from board.attendant import BoardAttendant, Late
from board.pauses import STOP_HEARD_S, BoardPauses
from board.picture import Present, Stage
from board.state import BoardState
from journal.entry import Entry
from journal.evidence import EvidenceStore
from journal.people import AnswerLate, PersonAttested, PersonJoined, PersonNoted, StopAsked, outcome_of
from journal.writer import Journal, RecordLost
from lab.model.tasks import Person, QuestionAnswer, Request, Role, Task, TaskAnswer, TaskOutcome
from words import sentence

Sent = Mapping[str, Any]


@dataclass(slots=True, kw_only=True)
class Room:
    """Called on threads of the server, one act at a time; nothing is noted any more after `close`."""

    state: BoardState
    journal: Journal
    evidence: EvidenceStore
    attendant: BoardAttendant
    pauses: BoardPauses
    stop: Callable[[], None]
    _acting: threading.Lock = field(default_factory=threading.Lock)
    _finished: threading.Event = field(default_factory=threading.Event)
    _closed: bool = False

    def join(self, person: Person, sessions: Sequence[Session]) -> None:
        self._note(PersonJoined(by=person.name, role=person.role))
        self.show(sessions)

    def show(self, sessions: Sequence[Session]) -> None:
        """Who is there; of two browsers of one person one counts."""
        people: dict[tuple[str, str], bool] = {}
        for each in sessions:
            key = (each.person.name, each.person.role.value)
            people[key] = people.get(key, False) or each.pages > 0
        self.state.change(people=tuple(Present(name, role, here) for (name, role), here in people.items()))

    def do(self, act: str, session: Session, sent: Sent) -> None:
        """Raises NoAccess or NotUsable, with a sentence for who has asked for it; KeyError for no such act."""
        ACTS[act](self, session, sent)

    def attest(self, limit: timedelta, stopped: Callable[[], bool]) -> None:
        """On the thread of the drill: waits until those who came have attested, or its limit is over."""
        if not self.state.picture.people:
            return
        self.state.change(stage=Stage.ATTESTING, attest_until=datetime.now(UTC) + limit, stopped=None)
        until = time.monotonic() + limit.total_seconds()
        while not stopped() and (left := until - time.monotonic()) > 0:
            if self._finished.wait(min(left, STOP_HEARD_S)):
                break
        self.state.change(attest_until=None)

    def close(self) -> None:
        """When it returns nothing more is written into the journal."""
        with self._acting:
            self._closed = True

    # -- acts ----------------------------------------------------------------------------------------------------------

    def _answer(self, session: Session, sent: Sent) -> None:
        require(session, Role.OPERATOR, Role.LEAD)

        def read(request: Request) -> TaskAnswer | QuestionAnswer:
            return answer_of(sent, request, session.person, self.attendant.now)

        try:
            self.attendant.answer(_serial(sent), read)
        except Late as late:
            self._note(_late(late, session.person))
            raise

    def _practise(self, session: Session, sent: Sent) -> None:
        require(session, Role.OPERATOR, Role.LEAD)
        self.attendant.practise(_serial(sent))

    def _remark(self, session: Session, sent: Sent) -> None:
        content, media_type = picture_of(sent)
        said = text_of(sent, "text", needed=not content)
        with self._acting:
            self._require_open()
            number = self._keep(content, media_type, said) if content else 0
            self._write(PersonNoted(by=session.person.name, role=session.person.role, said=said, picture=number))

    def _pause(self, session: Session, _: Sent) -> None:
        require(session, Role.LEAD)
        if self.state.picture.stage is not Stage.PERFORMING:
            raise NotUsable(sentence("board.refused.no_pause"))
        self.pauses.ask(session.person.name)

    def _go_on(self, session: Session, _: Sent) -> None:
        require(session, Role.LEAD)
        if not self.pauses.go_on(session.person.name):
            raise NotUsable(sentence("board.refused.not_paused"))

    def _stop(self, session: Session, sent: Sent) -> None:
        """Any person may, in any role: something that goes wrong must not wait for the lead."""
        picture = self.state.picture
        if picture.stage is not Stage.PERFORMING or picture.stopped is not None:
            raise NotUsable(sentence("board.refused.no_stop"))
        because = text_of(sent, "because")
        self._note(StopAsked(by=session.person.name, role=session.person.role, because=because))
        self._break_off(session.person, because)
        self.stop()

    def _break_off(self, person: Person, because: str) -> None:
        """What people are asked ends as well, where a signal does not end the wait for it."""
        now, open_one = self.attendant.now, self.state.picture.open
        if open_one is None:
            return
        answer = (
            TaskAnswer(outcome=TaskOutcome.ABORTED, by=person, at=now, reason=because)
            if isinstance(open_one.request.request, Task)
            else QuestionAnswer(rows=(), by=person, at=now, text=because, known=False, aborted=True)
        )
        try:
            self.attendant.answer(open_one.serial, lambda _: answer)
        except NotUsable:
            return  # it has ended meanwhile

    def _attest(self, session: Session, sent: Sent) -> None:
        if self.state.picture.stage is not Stage.ATTESTING:
            raise NotUsable(sentence("board.refused.no_attestation"))
        said = text_of(sent, "text", needed=True)
        self._note(PersonAttested(by=session.person.name, role=session.person.role, said=said))

    def _finish(self, session: Session, _: Sent) -> None:
        require(session, Role.LEAD, Role.OPERATOR)
        self._finished.set()

    # -- the journal ---------------------------------------------------------------------------------------------------

    def _note(self, entry: Entry) -> None:
        with self._acting:
            self._require_open()
            self._write(entry)

    def _require_open(self) -> None:
        if self._closed:
            raise NoAccess(sentence("board.refused.ended"))

    def _write(self, entry: Entry) -> None:
        try:
            self.journal.write(entry)
        except RecordLost as error:
            raise NotUsable(sentence("board.refused.not_kept")) from error

    def _keep(self, content: bytes, media_type: str, caption: str) -> int:
        try:
            return self.evidence.photo(content, media_type=media_type, caption=caption)
        except RecordLost as error:
            raise NotUsable(sentence("board.refused.not_kept")) from error


def _late(late: Late, person: Person) -> AnswerLate:
    asked, answer = late.request, late.answer
    return AnswerLate(
        by=person.name,
        role=person.role,
        number=asked.number,
        operation=asked.request.operation,
        outcome=outcome_of(answer),
        rows=() if isinstance(answer, TaskAnswer) else answer.rows,
        remark=answer.reason if isinstance(answer, TaskAnswer) else answer.text,
    )


def _serial(sent: Sent) -> int:
    serial = sent.get("serial")
    if not isinstance(serial, int):
        raise NotUsable(sentence("board.refused.answer"))
    return serial


ACTS: Mapping[str, Callable[[Room, Session, Sent], None]] = {
    "answer": Room._answer,
    "practise": Room._practise,
    "note": Room._remark,
    "pause": Room._pause,
    "go-on": Room._go_on,
    "stop": Room._stop,
    "attest": Room._attest,
    "finish": Room._finish,
}
