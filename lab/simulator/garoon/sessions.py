"""Sessions and their tickets, in the application's memory: a reboot of the guest ends them all."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass, field

MOST_SESSIONS = 1000


class Tokens:
    """A seeded sequence of 32 lower-case letters and digits each; the same boot hands out the same ones."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._count = 0

    def draw(self) -> str:
        self._count += 1
        return hashlib.sha256(f"{self._seed}/{self._count}".encode()).hexdigest()[:32]


@dataclass(slots=True)
class Session:
    key: str
    user_id: int
    request_token: str
    tokens: Tokens
    tickets: dict[str, str] = field(default_factory=dict)

    def issue(self, form: str) -> str:
        """A new `csrf_ticket` for a form; the one issued for it before is stale from now on."""
        self.tickets[form] = self.tokens.draw()
        return self.tickets[form]

    def redeem(self, form: str, ticket: str) -> bool:
        """Each ticket is good once."""
        return bool(ticket) and self.tickets.pop(form, None) == ticket


class Sessions:
    def __init__(self, seed: str) -> None:
        self._tokens = Tokens(seed)
        self._sessions: OrderedDict[str, Session] = OrderedDict()

    def open(self, user_id: int) -> Session:
        session = Session(self._tokens.draw(), user_id, self._tokens.draw(), self._tokens)
        self._sessions[session.key] = session
        if len(self._sessions) > MOST_SESSIONS:
            self._sessions.popitem(last=False)
        return session

    def find(self, key: str) -> Session | None:
        return self._sessions.get(key)

    def close(self, key: str) -> None:
        self._sessions.pop(key, None)
