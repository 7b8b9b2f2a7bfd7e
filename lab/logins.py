"""Logins that were refused in a run: no session, visitor or probe tries such an account again.

A directory locks an account after a few wrong passwords, and the account may be the product's own.
"""

from __future__ import annotations

import threading

from lab.errors import AuthenticationRefused


class RefusedLogins:
    """Shared by all who log in during a run, from any thread. A place is a host's name or Garoon's URL."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._refused: set[str] = set()

    def check(self, place: str, user: str) -> None:
        """Before a login; AuthenticationRefused where this account has been refused."""
        with self._lock:
            refused = _account(place, user) in self._refused
        if refused:
            raise AuthenticationRefused(
                f"The login of {user} was refused before in this run and was not tried again at {place}, "
                "so that the account is not locked. No further login was tried."
            )

    def refused(self, place: str, user: str) -> None:
        with self._lock:
            self._refused.add(_account(place, user))

    def allow_again(self, place: str, user: str) -> None:
        """One more try, for who knows why a right login may have been refused, such as by a host that boots."""
        with self._lock:
            self._refused.discard(_account(place, user))


def _account(place: str, user: str) -> str:
    r"""A domain's account is one wherever it logs in; a local one (`user`, `.\user`) is another on each machine."""
    domain, _, name = user.rpartition("\\")
    if "@" in user or domain not in {"", "."}:
        return user.casefold()
    return f"{place.casefold()}\\{name.casefold()}"
