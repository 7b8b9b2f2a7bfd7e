"""What `kunren init` tries of a site: names, ports, logins and lists, by questions that change nothing."""

from __future__ import annotations

import socket
import ssl
from contextlib import closing
from dataclasses import dataclass
from urllib.parse import urlsplit

from lab.clock import SystemClock
from lab.drivers.garoon.http import GaroonHttp
from lab.drivers.hyperv import HyperVHost
from lab.drivers.powershell_direct import GuestChannel
from lab.drivers.windows import WindowsHost
from lab.drivers.winrm.session import WinRmSession
from lab.errors import AuthenticationRefused, LabError
from lab.logins import RefusedLogins
from lab.model.endpoints import Endpoint, GaroonEndpoint, Login
from lab.model.hosts import HostFacts
from lab.model.limits import Limits
from lab.ports import HostSession
from lab.safety.permissions import ChangeGuard, GuardedSession
from lab.site.profile import load_profile
from lab.tls import context_of, tls_trouble, unvouched
from words import Term, Told, reason, sentence

SECURE, PLAIN = 5986, 5985
PATIENCE = 5.0
"""Seconds for a connection."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What was seen, and whether it is as a drill needs it."""

    seen: tuple[Told, ...]
    sound: bool = True
    refused: bool = False
    """The login was refused."""
    untrusted: bool = False
    """TLS did not come about, which a PEM file may mend."""
    facts: HostFacts | None = None
    """What the host says of itself."""
    guests: tuple[str, ...] = ()
    """The virtual machines of the host."""

    @property
    def name(self) -> str:
        """The computer name that the host gives itself; empty where it did not."""
        return "" if self.facts is None else self.facts.name


def listener(address: str) -> str:
    """The address of a WinRM listener; of a mere host name, that of the listener that answers, https first."""
    host = address.strip()
    if "/" in host or ":" in host or not host:
        return host
    for port in (SECURE, PLAIN):
        if _connects(host, port) is None:
            return _listener(host, port)
    return _listener(host, SECURE)


def _listener(host: str, port: int) -> str:
    return f"{'https' if port == SECURE else 'http'}://{host}:{port}/wsman"


def reach(url: str, *, table: str, connect: str = "", authority: str = "") -> Trial:
    """Whether the name resolves, the port answers, and TLS comes about; `connect` is where the host is instead."""
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    host, port = parts.hostname or "", parts.port or (443 if secure else 80)
    if connect:
        host, _, number = connect.rpartition(":")
        port = int(number)
    try:
        addresses = {str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError):  # UnicodeError: a label of the name is too long
        return Trial((sentence("init.seen.no_name", host=host),), sound=False)
    about = {"host": host, "addresses": ", ".join(sorted(addresses)), "port": port}
    if problem := _connects(host, port):
        return Trial((sentence("init.seen.no_port", reason=problem, **about),), sound=False)
    seen: Told = sentence("init.seen.port", **about)
    if secure and (trouble := _tls(host, port, parts.hostname or "", table=table, authority=authority)):
        return Trial((seen, sentence("init.seen.tls", trouble=trouble)), sound=False, untrusted=True)
    return Trial((seen,))


def log_in(endpoint: Endpoint, logins: RefusedLogins, *, has_guests: bool = True) -> Trial:
    """Logs in to a host once and asks what it is, which rights the login has, and which virtual machines are there.

    The host of the Control Service alone has none.
    """
    clock, limits = SystemClock(), Limits()
    with closing(WinRmSession(endpoint, clock=clock, wall=clock, logins=logins)) as line:
        session = GuardedSession(line, ChangeGuard(permitted=False))
        seen: list[Told] = []
        windows = WindowsHost(session, load_profile("arcserve_rha").event_log, limits)
        try:
            facts = windows.facts()
            about = {"name": facts.name, "os": facts.os, "powershell": facts.powershell_version}
            seen.append(sentence("init.seen.host", **about))
            may = windows.rights().may_manage_hyperv
            if not may:
                why = sentence("readiness.no_right", host=facts.name)
                seen.append(sentence("init.seen.failed", why=why))
            machines = HyperVHost(session, limits).machines() if has_guests else ()
        except LabError as error:
            return Trial(
                (*seen, sentence("init.seen.failed", why=error.why)),
                sound=False,
                refused=isinstance(error, AuthenticationRefused),
            )
    seen.extend(
        sentence("init.seen.guest", name=each.name, state=Term("power_state", each.state.value)) for each in machines
    )
    if has_guests and not machines:
        seen.append(sentence("init.seen.no_guest", host=facts.name))
    return Trial(tuple(seen), sound=may, facts=facts, guests=tuple(each.name for each in machines))


def log_in_inside(endpoint: Endpoint, guest: str, login: Login, logins: RefusedLogins) -> Trial:
    """Logs on to a guest once, through its host, and asks for its computer name."""
    clock = SystemClock()

    def line() -> HostSession:
        session = WinRmSession(endpoint, clock=clock, wall=clock, logins=logins)
        return GuardedSession(session, ChangeGuard(permitted=False))

    with closing(GuestChannel(line, guest, login, Limits(), logins)) as channel:
        try:
            seen = sentence("init.seen.inside", guest=guest, name=channel.computer_name())
        except LabError as error:
            return Trial(
                (sentence("init.seen.failed", why=error.why),),
                sound=False,
                refused=isinstance(error, AuthenticationRefused),
            )
    return Trial((seen,))


def use_garoon(endpoint: GaroonEndpoint, logins: RefusedLogins) -> Trial:
    """Opens Garoon's pages and logs in once; nothing is entered."""
    with closing(GaroonHttp(endpoint, SystemClock(), logins=logins)) as garoon:
        try:
            found = garoon.examine()
        except LabError as error:
            return Trial(
                (sentence("init.seen.failed", why=error.why),),
                sound=False,
                refused=isinstance(error, AuthenticationRefused),
            )
    seen = tuple(
        sentence(
            "init.seen.layer" if each.sound else "init.seen.no_layer",
            layer=Term("garoon_layer", each.layer.value),
            seen=each.seen,
        )
        for each in found
    )
    return Trial(seen, sound=all(each.sound for each in found))


def _connects(host: str, port: int) -> Told | None:
    """The reason why no connection comes about; None where one does."""
    try:
        socket.create_connection((host, port), timeout=PATIENCE).close()
    except TimeoutError:
        return sentence("init.seen.timeout", n=round(PATIENCE))
    except (OSError, UnicodeError) as error:
        return reason(error) if isinstance(error, OSError) else sentence("init.seen.bad_name")
    return None


def _tls(host: str, port: int, name: str, *, table: str, authority: str) -> Told | None:
    try:
        with (
            socket.create_connection((host, port), timeout=PATIENCE) as plain,
            context_of(authority).wrap_socket(plain, server_hostname=name),
        ):
            return None
    except ssl.SSLError as error:
        address = "url" if table == "garoon" else "winrm"
        return unvouched(tls_trouble(error), table=table, address=address, authority=authority)
    except OSError as error:
        return reason(error)
