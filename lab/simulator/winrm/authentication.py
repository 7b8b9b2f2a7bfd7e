"""Authentication of connections: HTTP Basic, and NTLM raw or inside SPNEGO, for one account a host."""

from __future__ import annotations

import base64
import binascii
import hmac
import os
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import spnego
from spnego.exceptions import SpnegoError

from lab.simulator.winrm.sealing import NotSealed

_NTLM_MESSAGE: Final = b"NTLMSSP\0"
_NTLM_NEGOTIATE: Final = _NTLM_MESSAGE + b"\x01"
_USER_FILE: Final = "NTLM_USER_FILE"
_user_file_in_use: Final = threading.Lock()
"""pyspnego finds its accounts through the environment of the whole process."""


@dataclass(frozen=True, slots=True)
class Account:
    r"""The one login a simulated host knows; `user` may be DOMAIN\user."""

    user: str
    password: str = field(repr=False)

    def __post_init__(self) -> None:
        if any(character in self.user + self.password for character in ":\r\n"):
            raise ValueError("a simulated account cannot have a colon or a line end in its name or password")


class AccountFile:
    """The account as pyspnego reads it: a private file that lives as long as the listener."""

    def __init__(self, account: Account, host_name: str, folder: Path | None = None) -> None:
        domain, _, user = account.user.rpartition("\\")
        # The key is the domain as the client writes it: none, a dot, the host, or the name the challenge carries.
        domains = [domain] if domain else ["", ".", host_name.upper(), socket.gethostname().upper()]
        handle, name = tempfile.mkstemp(prefix="winrm-account-", dir=folder)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.writelines(f"{written}:{user}:{account.password}\n" for written in domains)
        self._path = Path(name)
        os.environ.setdefault(_USER_FILE, "")

    def close(self) -> None:
        self._path.unlink(missing_ok=True)

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Lets pyspnego know this account and no other; the environment is put back afterwards.

        The name itself stays in the environment, empty: other threads read it meanwhile, by name.
        """
        with _user_file_in_use:
            before = os.environ[_USER_FILE]
            os.environ[_USER_FILE] = str(self._path)
            try:
                yield
            finally:
                os.environ[_USER_FILE] = before


class Refused(Exception):
    """The login is wrong, or is none."""


@dataclass(frozen=True, slots=True)
class Step:
    """One answer of a login; `token` goes back to the client under `scheme`, with 401 until it is established."""

    established: bool
    scheme: str = ""
    token: bytes = b""

    @property
    def header(self) -> str | None:
        """The value of WWW-Authenticate, if there is something to say."""
        return f"{self.scheme} {base64.b64encode(self.token).decode('ascii')}" if self.token else None


class Login:
    """One connection's login: NTLM authenticates the connection, Basic each request."""

    def __init__(self, account: Account, accounts: AccountFile, *, basic: bool) -> None:
        self._account = account
        self._accounts = accounts
        self._basic = basic
        self._context: spnego.ContextProxy | None = None

    @property
    def established(self) -> bool:
        """Whether requests without an Authorization header are authenticated."""
        return self._context is not None and self._context.complete

    @property
    def offers(self) -> tuple[str, ...]:
        return ("Negotiate", 'Basic realm="WSMAN"') if self._basic else ("Negotiate",)

    def step(self, authorization: str) -> Step:
        """Takes a step of the login; Refused, after which the connection is not authenticated."""
        scheme, _, credentials = authorization.strip().partition(" ")
        try:
            token = base64.b64decode(credentials.strip(), validate=True)
        except (binascii.Error, ValueError) as error:
            raise self._refusal() from error
        match scheme.lower():
            case "basic" if self._basic:
                return self._basic_step(token)
            case "negotiate" | "ntlm":
                return self._negotiate_step(scheme, token)
            case _:
                raise self._refusal()

    def unwrap(self, signature: bytes, data: bytes) -> bytes:
        """Unseals with the connection's context; a broken seal costs the connection its login, as on Windows."""
        if self._context is None or not self._context.complete:
            raise NotSealed("the connection has no login")
        try:
            return self._context.unwrap_winrm(signature, data)
        except SpnegoError as error:
            self._context = None
            raise NotSealed("the seal is broken") from error

    def wrap(self, data: bytes) -> tuple[bytes, bytes, int]:
        if self._context is None:
            raise NotSealed("the connection has no login")
        sealed = self._context.wrap_winrm(data)
        return sealed.header, sealed.data, sealed.padding_length

    def _refusal(self) -> Refused:
        self._context = None
        return Refused()

    def _basic_step(self, token: bytes) -> Step:
        """Clients differ in how they encode what is not ASCII: UTF-8, else Latin-1."""
        try:
            text = token.decode("utf-8")
        except UnicodeDecodeError:
            text = token.decode("latin-1")
        user, colon, password = text.partition(":")
        given = f"{user.lower()}{colon}{password}".encode()
        known = f"{self._account.user.lower()}:{self._account.password}".encode()
        if not hmac.compare_digest(given, known):
            raise self._refusal()
        return Step(established=True)

    def _negotiate_step(self, scheme: str, token: bytes) -> Step:
        with self._accounts.in_use():
            try:
                if self._context is None or self._context.complete or token.startswith(_NTLM_NEGOTIATE):
                    protocol = "ntlm" if token.startswith(_NTLM_MESSAGE) else "negotiate"
                    self._context = spnego.server(protocol=protocol)
                answer = self._context.step(token)
            except Exception as error:  # malformed tokens raise whatever pyspnego's unpacking meets first
                raise self._refusal() from error
        return Step(self._context.complete, scheme, answer or b"")
