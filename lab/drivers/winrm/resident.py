"""The resident PowerShell in a shell of a host: it is started, asked and ended."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

from winrm.exceptions import AuthenticationError, WinRMOperationTimeoutError

from lab.drivers.winrm.call_timer import CallTimer
from lab.drivers.winrm.conversation import DEEPEST, Answer, Conversation, Flooded, TooDeep, TooOld, pieces
from lab.drivers.winrm.failures import not_begun, reason_of, was_refused
from lab.drivers.winrm.wire import WIRE_ERRORS, Wire, context_for
from lab.errors import AnswerUnreadable, AuthenticationRefused, ConnectionLost, NotStarted, ScriptTimedOut
from lab.model.endpoints import Authentication, Endpoint
from lab.model.scripts import ScriptCall
from lab.scripts import RESIDENT, load_script
from words import Explained, sentence

_IDLE = "PT900S"
"""How long a host keeps an idle shell, such as one whose connection was lost."""
POWERSHELLS = {64: "powershell", 32: r"%SystemRoot%\SysWOW64\WindowsPowerShell\v1.0\powershell.exe"}
"""By their bits; WinRM's own shells have 64."""
POWERSHELL_OPTIONS = (
    *("-NoProfile", "-NonInteractive", "-ExecutionPolicy", "RemoteSigned"),
    # Without these powershell.exe reads standard input itself, and writes warnings to standard error as CLIXML.
    *("-InputFormat", "None", "-OutputFormat", "Text"),
)


class NotDelivered(Explained):
    """The host refused the request, or no connection was made: nothing was begun."""


class Resident:
    """One resident PowerShell in one shell on one connection; after an error it is not used again."""

    def __init__(self, endpoint: Endpoint, maximum_output: int, powershell: str = "powershell") -> None:
        self._endpoint = endpoint
        self._powershell = powershell
        self._host = endpoint.host
        self._wire = Wire(endpoint, context_for(endpoint))
        self._shell = ""
        self._command = ""
        self.refusal: AuthenticationRefused | None = None
        """Of a login that had been accepted before, by a request of Basic."""
        self._conversation = Conversation(secrets.token_hex(8), maximum_output=maximum_output)

    @property
    def stray(self) -> tuple[str, ...]:
        return self._conversation.stray

    @contextmanager
    def counting(self, account: CallTimer) -> Iterator[None]:
        before = self._wire.sent
        try:
            yield
        finally:
            account.round_trips += self._wire.sent - before

    def start(self, account: CallTimer) -> None:
        """Opens the shell and starts the resident; nothing of any call has been sent when this fails."""
        text = load_script(RESIDENT).text
        encoded = base64.b64encode(text.encode("utf-16-le")).decode()
        try:
            self._wire.within(account)
            self._shell = self._wire.open_shell(codepage=65001, noprofile=True, idle_timeout=_IDLE)
            self._wire.within(account)
            self._command = self._wire.run_command(
                self._shell,
                self._powershell,
                (*POWERSHELL_OPTIONS, "-EncodedCommand", encoded),
                console_mode_stdin=False,
            )
        except WIRE_ERRORS as error:
            self._note_refusal(error)
            self.end()
            raise not_begun(self._endpoint, error) from error

    def answer(self, call: ScriptCall, account: CallTimer) -> Answer:
        line = self._conversation.ask(load_script(call.script).text, call.arguments, call.secrets)
        *first, last = pieces(line)
        for piece in first:
            self._send(piece, account, begins=False)
        self._send(last, account, begins=True)
        return self._hear(call, account)

    def end(self) -> None:
        """Ends process and shell as far as the host still answers; a host that is gone has nothing to end."""
        self._wire.hurry()
        with suppress(*WIRE_ERRORS):
            if self._command and self.refusal is None:
                self._wire.cleanup_command(self._shell, self._command)
            if self._shell and self.refusal is None:
                self._wire.close_shell(self._shell)
        self._wire.transport.close_session()

    def _send(self, piece: bytes, account: CallTimer, *, begins: bool) -> None:
        self._wire.within(account)
        try:
            self._wire.put_in(self._shell, self._command, piece)
        except WIRE_ERRORS as error:
            self._wire.transport.close_session()
            self._note_refusal(error)
            if self.refusal is not None:
                raise self.refusal from error
            reason = reason_of(error)
            if not begins or was_refused(error):
                raise NotDelivered(reason) from error
            raise ConnectionLost(sentence("errors.winrm.sending_broke", host=self._host, reason=reason)) from error

    def _hear(self, call: ScriptCall, account: CallTimer) -> Answer:
        while account.left > timedelta():
            self._wire.within(account)
            try:
                received = self._wire.take_out(self._shell, self._command)
            except WinRMOperationTimeoutError:
                continue
            except WIRE_ERRORS as error:
                self._wire.transport.close_session()
                self._note_refusal(error)
                about = {"host": self._host, "script": call.script, "reason": reason_of(error)}
                raise ConnectionLost(sentence("errors.winrm.waiting_broke", **about)) from error
            self._conversation.hear_error(received.errors)
            answer = self._listen(call, received.output)
            if answer is not None:
                return answer
            if received.ended:
                self._conversation.fall_silent()
                self.end()
                how = {"script": call.script, "host": self._host, "code": received.exit_code}
                if self.stray:
                    raise AnswerUnreadable(sentence("errors.winrm.ended_saying", **how, said=self.stray[0]))
                raise AnswerUnreadable(sentence("errors.winrm.ended", **how))
        self.end()
        seconds = f"{account.within.total_seconds():g}"
        raise ScriptTimedOut(sentence("errors.winrm.timed_out", script=call.script, host=self._host, seconds=seconds))

    def _note_refusal(self, error: Exception) -> None:
        basic = self._endpoint.authentication is Authentication.BASIC
        if basic and isinstance(error, AuthenticationError):
            refusal = not_begun(self._endpoint, error)
            if isinstance(refusal, AuthenticationRefused):
                self.refusal = refusal

    def _listen(self, call: ScriptCall, output: bytes) -> Answer | None:
        try:
            return self._conversation.hear(output)
        except Flooded as error:
            self.end()
            raise AnswerUnreadable(sentence("errors.winrm.flooded", script=call.script, host=self._host)) from error
        except TooDeep as error:
            self.end()
            said = sentence("errors.winrm.too_deep", script=call.script, host=self._host, deepest=DEEPEST)
            raise AnswerUnreadable(said) from error
        except TooOld as error:
            self.end()
            raise NotStarted(sentence("errors.winrm.too_old", host=self._host, version=error)) from error
