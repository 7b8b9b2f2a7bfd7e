"""Who may use the board: one-time links, the sessions they lead to, and the addresses it answers at."""

from __future__ import annotations

import ipaddress
import re
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from lab.model.tasks import Person, Role
from words import Explained, sentence

LOOPBACK = "127.0.0.1"
NAME_LONGEST = 60
ANNOUNCED_EVERY_S = 10.0
"""A link that was used before brings a new one to the terminal, but not more often than this."""
_HOST = re.compile(r"\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+")
_LOCAL_NAMES = ("localhost", LOOPBACK, "[::1]")


class NotOffered(Explained):
    """The board cannot be offered at an address, or not in this way; the sentence says what to do."""


class NoAccess(Explained):
    """Somebody may not use the board, or not for this; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where the board answers; port 0 is a free one."""

    host: str
    port: int

    @property
    def loopback(self) -> bool:
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host.strip("[]")).is_loopback
        except ValueError:
            return False

    @property
    def names(self) -> tuple[str, ...]:
        """What a browser may call it: no other name that leads here is answered (DNS rebinding)."""
        return tuple({self.host.lower(), *(_LOCAL_NAMES if self.loopback else ())})


def address_of(text: str) -> Address:
    """HOST:PORT. Raises NotOffered."""
    host, colon, port = text.rpartition(":")
    if not colon or not _HOST.fullmatch(host) or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise NotOffered(sentence("board.not_offered.address", address=text))
    if host.strip("[]") in {"0.0.0.0", "::"}:  # noqa: S104  # to be refused
        raise NotOffered(sentence("board.not_offered.everywhere", address=text))
    return Address(host, int(port))


def person_of(text: str) -> Person:
    """NAME=ROLE. Raises NotOffered."""
    name, equals, role = text.rpartition("=")
    try:
        return Person(name_of(name), Role(role.strip())) if equals else Person(name_of(text))
    except (ValueError, NoAccess) as error:
        raise NotOffered(sentence("board.not_offered.person", person=text)) from error


def name_of(text: str) -> str:
    name = " ".join(text.split())
    if not name or len(name) > NAME_LONGEST or not name.isprintable():
        raise NoAccess(sentence("board.refused.name", most=NAME_LONGEST))
    return name


@dataclass(slots=True)
class Session:
    """A browser that was let in; `token` is sent with all that changes something, which a cookie alone must not."""

    person: Person
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    pages: int = 0
    """How many of its pages are open."""


@dataclass(slots=True)
class _Link:
    """`person` is who was invited; None where visitors give their own names."""

    person: Person | None
    used: bool = False


@dataclass(slots=True)
class Access:
    """Links and sessions; `announce` tells a new link where the run was started, and nowhere else.

    Where it is `by_name`, only those come who were named when the run was started.
    """

    origin: str
    announce: Callable[[str, Person | None], None]
    by_name: bool = False
    _links: dict[str, _Link] = field(default_factory=dict)
    _sessions: dict[str, Session] = field(default_factory=dict)
    _guarding: threading.Lock = field(default_factory=threading.Lock)
    _announced: float = float("-inf")

    def invite(self, person: Person | None = None) -> None:
        token = secrets.token_urlsafe(24)
        with self._guarding:
            self._links[_digest(token)] = _Link(person)
        self.announce(f"{self.origin}/enter/{token}", person)

    def invited(self, token: str) -> Person | None:
        """Who may come in by this link; None: anybody. Raises NoAccess for one that is not open."""
        return self._open_link(token).person

    def enter(self, token: str, name: str, role: str) -> tuple[str, Session]:
        """The cookie and the session of who comes in; the link is used up."""
        link = self._open_link(token)
        try:
            person = link.person or Person(name_of(name), Role(role))
        except ValueError as error:
            raise NoAccess(sentence("board.refused.role")) from error
        with self._guarding:
            if link.used:
                raise NoAccess(sentence("board.refused.used"))
            link.used = True
            cookie, session = secrets.token_urlsafe(32), Session(person)
            self._sessions[_digest(cookie)] = session
        return cookie, session

    def session(self, cookie: str) -> Session | None:
        return self._sessions.get(_digest(cookie))

    @property
    def sessions(self) -> tuple[Session, ...]:
        with self._guarding:
            return tuple(self._sessions.values())

    def _open_link(self, token: str) -> _Link:
        link = self._links.get(_digest(token))
        if link is None:
            raise NoAccess(sentence("board.refused.link"))
        if link.used:
            now = time.monotonic()
            if now - self._announced >= ANNOUNCED_EVERY_S:
                self._announced = now
                self.invite(link.person)
            raise NoAccess(sentence("board.refused.used"))
        return link


def require(session: Session, *roles: Role) -> None:
    """Raises NoAccess for a person of another role."""
    if session.person.role not in roles:
        raise NoAccess(sentence(f"board.refused.for_{roles[0].value}"))


def from_elsewhere(headers: Mapping[str, str], origin: str) -> bool:
    """Whether a page of another origin may have sent it; a browser says which page did."""
    site = headers.get("sec-fetch-site", "same-origin")
    return headers.get("origin", origin) != origin or site not in {"same-origin", "none"}


def _digest(token: str) -> str:
    """Tokens are looked up by digest, so that how long it takes tells nothing of them."""
    return sha256(token.encode("utf-8", "replace")).hexdigest()
