"""Logins that were refused in a run: no session, visitor or probe tries such an account again.

A directory locks an account after a few wrong passwords, and the account may be the product's own.
"""

from __future__ import annotations

import threading

from lab.errors import AuthenticationRefused
from words import Told, sentence


class NotTried(AuthenticationRefused):
    """The login has been refused before; nothing was sent."""

    def __init__(self, why: Told, *, repeats: Told | None) -> None:
        super().__init__(why)
        self.repeats = repeats
        """The refusal, if it was at the same place, so that there is nothing new to tell."""


class RefusedLogins:
    """Shared by all who log in during a run, from any thread. A place is a host's name or Garoon's URL."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._refused: dict[str, tuple[AuthenticationRefused, str]] = {}

    def check(self, place: str, user: str) -> None:
        """Raises NotTried, before a login, where this account has been refused."""
        with self._lock:
            refusal, where = self._refused.get(_account(place, user), (None, ""))
        if refusal is not None:
            why = sentence("errors.login.not_tried", refusal=refusal.why, place=place)
            raise NotTried(why, repeats=refusal.why if where == place else None)

    def refused(self, place: str, user: str, refusal: AuthenticationRefused) -> None:
        with self._lock:
            self._refused[_account(place, user)] = refusal, place

    def allow_again(self, place: str, user: str) -> None:
        """One more try, for who knows why a right login may have been refused, such as by a host that boots."""
        with self._lock:
            self._refused.pop(_account(place, user), None)


def _account(place: str, user: str) -> str:
    r"""A domain's account is one wherever it logs in; a local one (`user`, `.\user`) is another on each machine."""
    domain, _, name = user.rpartition("\\")
    if "@" in user or domain not in {"", "."}:
        return user.casefold()
    return f"{place.casefold()}\\{name.casefold()}"
