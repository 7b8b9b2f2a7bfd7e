"""The drill board of a run: opened before anything is touched, shown while it lasts, and closed with it."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from board.access import LOOPBACK, Access, Address, NotOffered, address_of, person_of
from board.attendant import AtWork, BoardAttendant
from board.pauses import BoardPauses, points_of
from board.picture import Stage
from board.room import Room
from board.server import BoardServer, Pages, listening
from board.state import BoardState
from board.tls import Tls, require_usable
from drills.interruption import Stops
from journal.evidence import EvidenceStore
from journal.writer import JournalFile
from kunren.exits import Exit, Mistakes, Stop
from kunren.terminal import tell
from lab.clock import SystemClock
from lab.model.limits import Limits
from lab.model.tasks import Person, Role
from lab.opening import Lab
from words import Language, Told, sentence

A = TypeVar("A")
T = TypeVar("T")
STOP = getattr(signal, "SIGTERM", signal.SIGINT)
"""Unlike SIGINT it is not ignored in what a shell has started in its background."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardOptions:
    """As the command line has them."""

    address: str = ""
    certificate: Path | None = None
    key: Path | None = None
    people: Sequence[str] = ()
    pause: str = ""


class RunBoard:
    """Has its address from the start, begins with the journal, and ends with the verdict."""

    def __init__(self, options: BoardOptions) -> None:
        """Raises Stop with everything that is wrong with the options; no request is served yet."""
        mistakes = Mistakes()
        address = mistakes.of(_offered(address_of, options.address or f"{LOOPBACK}:0"))
        people = [mistakes.of(_offered(person_of, each)) for each in options.people]
        self._people = tuple(each for each in people if each is not None)
        names = [each.name.casefold() for each in self._people]
        mistakes.add(
            *(
                sentence("board.not_offered.twice", person=each.name)
                for number, each in enumerate(self._people)
                if each.name.casefold() in names[:number]
            )
        )
        self._tls = None if address is None else mistakes.of(_offered(partial(_tls, address), options))
        self._points = mistakes.of(_offered(points_of, options.pause)) or frozenset()
        unsafe = () if address is None else tuple(_unsafe(address, options))
        mistakes.add(*unsafe)
        if self._points and None not in people and people and not any(each.role is Role.LEAD for each in self._people):
            mistakes.add(sentence("board.not_offered.no_lead"))
        bound = None if address is None or unsafe else mistakes.of(_offered(listening, address))
        try:
            mistakes.require_none()
        except Stop:
            if bound is not None:
                bound.close()
            raise
        assert address is not None, "one that is not offered is a mistake"
        assert bound is not None, "so is one that is taken"
        self._address, self._listening = address, bound
        self._server = BoardServer(self._listening, self._tls)
        self._state = BoardState()
        self._room: Room | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """What the terminal is told of a run that ends without a verdict, the board is told as well."""
        self.end(error.sentences if isinstance(error, Stop) else ())

    def begin(self, journal: JournalFile, folder: Path, limits: Limits, language: Language) -> None:
        """From now on it listens to the journal, into which people write as well."""
        self._language, self._limits = language, limits
        self.evidence = EvidenceStore(folder, journal)
        self.attendant = BoardAttendant(self._state, journal)
        self.pauses = BoardPauses(
            state=self._state, journal=journal, limit=limits.task, points=self._points, stop=ask_to_stop
        )
        self._room = Room(
            state=self._state,
            journal=journal,
            evidence=self.evidence,
            attendant=self.attendant,
            pauses=self.pauses,
            stop=ask_to_stop,
        )
        journal.listen(self._state, *BoardState.kinds)

    @property
    def origin(self) -> str:
        scheme, usual = ("http", 80) if self._tls is None else ("https", 443)
        port = self._listening.getsockname()[1]
        return f"{scheme}://{self._address.host}" + ("" if port == usual else f":{port}")

    @property
    def defect(self) -> str:
        return self._state.defect

    def open(self) -> None:
        """When the journal has its first entry; tells the links."""
        assert self._room is not None, "the board begins before it is opened"
        access = Access(self.origin, self._announce, by_name=bool(self._people))
        pages = Pages(self._room, access, self._address, self._language, secure=self._tls is not None)
        self._state.listen(pages.changed)
        self._server.start(pages.application)
        for person in self._people or (None,):
            access.invite(person)

    def serve(self, lab: Lab) -> None:
        """People are asked about this lab from now on."""
        assert lab.people is not None, "only a lab with people is served"
        manager = None if lab.simulated is None else lab.simulated.manager
        self.attendant.serve(AtWork(give=lab.people.desk.answer, clock=lab.clock, manager=manager))

    def attest(self, stops: Stops) -> None:
        """Waits for those who came, unless the run was stopped elsewhere; then the journal may end."""
        assert self._room is not None, "the board begins before it ends"
        at_board = self._state.picture.stopped is not None
        self._room.attest(self._limits.answer, lambda: stops.asked_again or (stops.asked and not at_board))
        self._room.close()

    def end(self, verdict: Sequence[Told] = ()) -> None:
        """Shows the verdict as the last picture. Does nothing the second time."""
        if self._state.picture.stage is Stage.ENDED:
            return
        if self._room is not None:
            self._room.close()
        self._state.change(stage=Stage.ENDED, verdict=tuple(verdict), open=None, pause=None)
        self._server.close()

    def _announce(self, link: str, person: Person | None) -> None:
        if person is None:
            told = sentence("board.link", link=link)
        else:
            role = sentence(f"people.{person.role.value}")
            told = sentence("board.link_of", link=link, person=sentence("people.person", name=person.name, role=role))
        tell(told.in_(self._language))


def _offered(make: Callable[[A], T], of: A) -> Callable[[], T]:
    def made() -> T:
        try:
            return make(of)
        except NotOffered as error:
            raise Stop(Exit.USAGE, error.why) from error

    return made


def _unsafe(address: Address, options: BoardOptions) -> Iterator[Told]:
    """What is open to the network is encrypted, and lets in by name; half of an encryption is none."""
    given = {"--board-certificate": options.certificate, "--board-key": options.key}
    lacking = [name for name, file in given.items() if file is None]
    if address.loopback and len(lacking) == 1:
        yield sentence("board.not_offered.half_tls", option=lacking[0])
    if not address.loopback and (options.certificate is None or options.key is None):
        yield sentence("board.not_offered.no_tls", address=options.address)
    if not address.loopback and not options.people:
        yield sentence("board.not_offered.no_people", address=options.address)


def _tls(address: Address, options: BoardOptions) -> Tls | None:
    if options.certificate is None or options.key is None:
        return None
    tls = Tls(options.certificate, options.key)
    require_usable(tls, address, SystemClock().now())
    return tls


def ask_to_stop() -> None:
    """From any thread, as a service manager does it: the signal is handled on the thread of the drill."""
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident or 0, STOP)
    else:
        signal.raise_signal(STOP)
