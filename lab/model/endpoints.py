"""Addresses and logins of a lab: hosts over WinRM, Garoon over HTTP, and the mail server of those who run drills."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from urllib.parse import urlsplit, urlunsplit


class Authentication(Enum):
    """The login method of a host. Over plain HTTP all but BASIC seal every message."""

    NTLM = "ntlm"
    KERBEROS = "kerberos"
    BASIC = "basic"


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """The WinRM listener of one host; `host` is the name the lab knows it by.

    `certificate_authority` is a PEM file that vouches for an HTTPS listener; empty: the authorities of this machine.
    `table` is where the site file describes the host.
    """

    host: str
    url: str
    user: str
    password: str = field(repr=False)
    authentication: Authentication = Authentication.NTLM
    certificate_authority: str = ""
    table: str = "hosts.*"


@dataclass(frozen=True, slots=True, kw_only=True)
class GaroonEndpoint:
    """Garoon's URL in use and the login of the drill's user.

    `connect` ("address:port") is where the URL's host is reached; empty: wherever its name leads.
    `certificate_authority` is a PEM file that vouches for it over https; empty: the authorities of this machine.
    """

    url: str
    user: str
    password: str = field(repr=False)
    connect: str = ""
    certificate_authority: str = ""


def local_url(url: str) -> str:
    """The URL as it is opened inside the guest: localhost for its host (guide 6-1, step 6)."""
    parts = urlsplit(url)
    port = "" if parts.port is None else f":{parts.port}"
    return urlunsplit(parts._replace(netloc=f"localhost{port}"))


@dataclass(frozen=True, slots=True)
class Login:
    """An account: inside the guest, for access through its host, or of RHA."""

    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class StampAuthority:
    """A time-stamp authority of RFC 3161; `roots` is the PEM file that vouches for its stamps, within `seconds`."""

    url: str
    roots: str
    certificate_authority: str = ""
    seconds: float = 15


class MailEncryption(Enum):
    """How a mail server is spoken to; `NONE` is for one on the same machine or network, without a login."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """The server that mail is sent through; `to` are those who get what names nobody.

    `certificate_authority` is a PEM file that vouches for it; empty: the authorities of this machine.
    """

    host: str
    port: int
    encryption: MailEncryption
    sender: str
    to: tuple[str, ...] = ()
    login: Login | None = None
    certificate_authority: str = ""
