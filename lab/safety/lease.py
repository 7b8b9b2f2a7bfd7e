"""The `SiteLease` port: a small file on the Control Service's host, which controllers anywhere can see."""

from __future__ import annotations

import hashlib
import os
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from lab.drivers.rows import Row, answer_of, ask, only
from lab.errors import LabError, LeaseLost, OperationRefused, ScriptFailed
from lab.model.lease import Lease, lease_of
from lab.model.limits import Limits
from lab.model.scripts import ScriptCall
from lab.model.undertakings import Change, Undertaking
from lab.ports import Clock, HostSession
from words import sentence

RENEW_EVERY_S = 20.0
WATCHED_FOR = timedelta(seconds=2 * RENEW_EVERY_S + 5)
"""Wall time in which a run that is alive renews its lease, whatever its clocks say."""
CLAIMS = 5
"""How often a lease is claimed that is being renewed meanwhile."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The lease file on the host: its text, the lease in it, and the host's clock."""

    text: str
    lease: Lease | None
    clock: str


class LeaseFile:
    """Asks for the lease and replaces it; the host refuses a replacement of what has changed meanwhile."""

    def __init__(self, session: HostSession, limits: Limits) -> None:
        self._session = session
        self._limits = limits

    @property
    def host(self) -> str:
        return self._session.host

    def look(self) -> Seen:
        row = self._answer(ScriptCall("Get-Lease"))
        text = row.text("Text")
        return Seen(text, lease_of(text), row.text("Clock"))

    def replace(self, expected: str, text: str) -> None:
        """OperationRefused where another text lies there by now."""
        arguments = {"Expected": expected, "Text": text}
        try:
            self._answer(ScriptCall("Set-Lease", arguments, Undertaking(Change.HOLD_LEASE, self.host)))
        except ScriptFailed as error:
            raise OperationRefused(
                sentence("errors.lease.raced", host=self.host, error=error),
                host=self.host,
                operation="lease",
            ) from error

    def _answer(self, call: ScriptCall) -> Row:
        return only(ask(self._session, call, self._limits.question), answer_of(call.script, self.host))


class HeldLease:
    """A lease under way: renewed by a thread of its own until it is released, or lost to another run.

    It is renewed before every change too, so that a run that has lost its lease changes nothing more.
    """

    def __init__(self, file: LeaseFile, lease: Lease) -> None:
        self._file = file
        self._lease = lease
        self._text = lease.text()
        self._line = threading.Lock()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._renew, name="lease", daemon=True)
        self.lost: Lease | None = None
        """The lease of the run that has taken the site over."""

    def hold(self, expected: str) -> None:
        """Raises OperationRefused when another run was quicker."""
        self._file.replace(expected, self._text)
        self._thread.start()

    def confirmed(self) -> bool:
        """Whether it is still held, as the host says now; as it was last seen where the host does not answer."""
        for _ in range(2):
            try:
                self._renew_once()
            except OperationRefused:
                continue  # another run was quicker: the next look tells whose lease it is
            except LabError:
                pass
            break
        return not self.lost

    def release(self) -> None:
        self._over.set()
        self._thread.join()
        if not self.lost:
            self._file.replace(self._text, "")

    def _renew(self) -> None:
        while not self._over.wait(RENEW_EVERY_S):
            try:
                self._renew_once()
            except LabError:
                continue  # a host that is down, as one that the drill reboots, is asked again
            if self.lost:
                return

    def _renew_once(self) -> None:
        with self._line:
            seen = self._file.look()
            if seen.lease is not None and seen.lease.token != self._lease.token:
                self.lost = seen.lease
                return
            renewed = self._lease.renewed_at(seen.clock)
            self._file.replace(seen.text, renewed.text())
            self._lease, self._text = renewed, renewed.text()


class SiteLease:
    """Whether another run drills this site, and the lease of this one."""

    def __init__(self, file: LeaseFile, wall: Clock) -> None:
        self._file = file
        self._wall = wall
        self._held: HeldLease | None = None
        self._seen = ""
        """The token of the lease that lay there when it was looked for."""
        self.forsaken: Lease | None = None
        """The lease of a run that has ended without releasing it, as one that was killed."""

    @property
    def held(self) -> bool:
        """Whether this run has claimed the site and not released it."""
        return self._held is not None

    @property
    def lost(self) -> Lease | None:
        return None if self._held is None else self._held.lost

    def other(self) -> Lease | None:
        """The lease of a run that is alive. One that looks forsaken is watched for as long as it takes to renew it."""
        seen = self._file.look()
        self._seen, self.forsaken = _token(seen), None
        if seen.lease is None:
            return None
        if not _of_a_dead_process(seen.lease):
            if seen.lease.fresh(seen.clock):
                return seen.lease
            self._wall.sleep(WATCHED_FOR)
            later = self._file.look()
            self._seen = _token(later)
            if later.text != seen.text:
                return later.lease
        self.forsaken = seen.lease
        return None

    def claim(self, lease: Callable[[str], Lease]) -> None:
        """Takes the place of the lease that `other` saw, or of none; `lease` is given the host's clock.

        OperationRefused when another run has claimed the site since, or does so at the same time. A renewal of the
        lease that is replaced is no such claim: it is looked at again.
        """
        for more in reversed(range(CLAIMS)):
            seen = self._unclaimed()
            held = HeldLease(self._file, lease(seen.clock))
            try:
                held.hold(seen.text)
            except OperationRefused:
                if not more:
                    raise
            else:
                self._held = held
                return

    def _unclaimed(self) -> Seen:
        """The lease that `other` saw, as it is now."""
        seen = self._file.look()
        if _token(seen) != self._seen:
            raise OperationRefused(
                sentence("errors.lease.begun", lease=seen.lease or sentence("errors.lease.ended")),
                host=self._file.host,
                operation="lease",
            )
        return seen

    def require(self) -> None:
        """Raises LeaseLost when another run has taken the site over since this one claimed it."""
        if self._held is not None and not self._held.confirmed():
            raise LeaseLost(sentence("errors.lease.taken_over", lease=self.lost))

    def release(self) -> None:
        held, self._held = self._held, None
        if held is not None:
            held.release()

    def abandon(self) -> None:
        """Releases what is still held when the lab is closed; where that fails, the lease expires by itself."""
        with suppress(LabError):
            self.release()


def _token(seen: Seen) -> str:
    return "" if seen.lease is None else seen.lease.token


def this_system() -> str:
    """Tells this machine since it was started, and this container, from any other, whatever their names.

    A digest, as a machine-id is confidential (machine-id(5)); empty where the system does not tell.
    """
    machine = Path("/etc/machine-id")
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii")
        numbers = str(Path("/proc/self/ns/pid").readlink())
        known = machine.read_text(encoding="ascii") if machine.exists() else ""
    except (OSError, ValueError):
        return ""
    return hashlib.sha256(repr((socket.gethostname(), known, boot, numbers)).encode()).hexdigest()


def _of_a_dead_process(lease: Lease) -> bool:
    """Whether its process has ended, as is known on the owner's system only; elsewhere the lease has to expire."""
    if not lease.system or lease.system != this_system() or lease.pid <= 0:
        return False
    try:
        os.kill(lease.pid, 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False
