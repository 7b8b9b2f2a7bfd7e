"""A connection to one host, kept open between calls."""

from __future__ import annotations

from datetime import timedelta

from lab.drivers.winrm.call_timer import CallTimer
from lab.drivers.winrm.conversation import MAXIMUM_OUTPUT, Answer
from lab.drivers.winrm.resident import POWERSHELLS, NotDelivered, Resident
from lab.errors import AuthenticationRefused, ConnectionLost, Indeterminate, LabError, NotStarted, ScriptFailed
from lab.logins import RefusedLogins
from lab.model.calls import CallRecord
from lab.model.endpoints import Authentication, Endpoint
from lab.model.scripts import ScriptCall, ScriptResult
from lab.ports import CallObserver, Clock
from words import sentence


class WinRmSession:
    """A connection to one host, kept open between calls; for one thread, as pywinrm is.

    On any error the resident process is discarded; the next call starts a new one. A query is repeated once after a
    lost connection; an action that may have reached the host never is. A refused login is not tried again, by this
    session or by another that shares `logins`.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        clock: Clock,
        wall: Clock,
        observer: CallObserver | None = None,
        maximum_output: int = MAXIMUM_OUTPUT,
        logins: RefusedLogins | None = None,
        bits: int = 64,
    ) -> None:
        """`bits`: of the PowerShell that is started on the host."""
        self._bits = bits
        self._endpoint = endpoint
        self._logins = logins or RefusedLogins()
        self._clock = clock
        self._wall = wall
        self._observer = observer
        self._maximum_output = maximum_output
        self._resident: Resident | None = None

    def __repr__(self) -> str:
        return f"<WinRmSession {self.host} {self._endpoint.url}>"

    @property
    def host(self) -> str:
        return self._endpoint.host

    def run(self, call: ScriptCall, *, within: timedelta) -> ScriptResult:
        """The script's output objects as a list; `within` is lab time and includes the start of a resident."""
        account = CallTimer(self._clock, self._wall, within)
        try:
            result = self._run(call, account)
        except LabError as error:
            error.host, error.operation = self.host, call.script
            self._tell(account.record(self.host, call, error=error))
            raise
        except KeyboardInterrupt:
            stopped = Indeterminate(sentence("errors.winrm.stopped", script=call.script, host=self.host))
            self._tell(account.record(self.host, call, error=stopped))
            raise
        self._tell(account.record(self.host, call, answer=result.value))
        return result

    def allow_login_again(self) -> None:
        self._logins.allow_again(self.host, self._endpoint.user)

    def close(self) -> None:
        """Ends the resident and its shell on the host, if the host can be reached."""
        resident, self._resident = self._resident, None
        if resident is not None:
            resident.end()

    def _run(self, call: ScriptCall, account: CallTimer) -> ScriptResult:
        answer = self._answer(call, account)
        if answer.error is not None:
            text = " ".join(answer.error.message.split()) or answer.error.error_id
            place = " ".join(answer.error.position.splitlines()[:1])
            at = f", {place}" if place else ""
            said = sentence("errors.winrm.script", host=self.host, text=text, script=call.script, place=at)
            raise ScriptFailed(said, error_id=answer.error.error_id, stray=account.stray)
        return ScriptResult(
            value=answer.output, stray=account.stray, took=account.took, round_trips=account.round_trips
        )

    def _answer(self, call: ScriptCall, account: CallTimer) -> Answer:
        try:
            return self._ask(call, account)
        except NotDelivered:
            return self._ask_anew(call, account)
        except ConnectionLost:
            if call.changes or account.left <= timedelta():
                raise
            return self._ask_anew(call, account)

    def _ask_anew(self, call: ScriptCall, account: CallTimer) -> Answer:
        try:
            return self._ask(call, account)
        except NotDelivered as error:
            raise NotStarted(sentence("errors.winrm.not_taken", host=self.host, reason=error)) from error

    def _ask(self, call: ScriptCall, account: CallTimer) -> Answer:
        if self._endpoint.authentication is Authentication.BASIC:  # which logs in with every request
            self._logins.check(self.host, self._endpoint.user)
        resident = self._resident or self._start(account)
        self._resident = None  # until it has answered: whatever ends a call early, the next one starts anew
        try:
            with resident.counting(account):
                answer = resident.answer(call, account)
        finally:
            account.stray = resident.stray
            if resident.refusal is not None:
                self._logins.refused(self.host, self._endpoint.user, resident.refusal)
        self._resident = resident
        return answer

    def _start(self, account: CallTimer) -> Resident:
        self._logins.check(self.host, self._endpoint.user)
        resident = Resident(self._endpoint, self._maximum_output, POWERSHELLS[self._bits])
        try:
            with resident.counting(account):
                resident.start(account)
        except AuthenticationRefused as refusal:
            self._logins.refused(self.host, self._endpoint.user, refusal)
            raise
        return resident

    def _tell(self, record: CallRecord) -> None:
        if self._observer is not None:
            self._observer.called(record)
