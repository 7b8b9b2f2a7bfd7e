"""Mail is sent through the site's own server, within a time that no server can stretch."""

from __future__ import annotations

import smtplib
import socket
import ssl
import threading
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from lab.clock import SystemClock
from lab.errors import AuthenticationRefused, ConnectionLost, HostUnreachable, NotStarted, Refused
from lab.model.endpoints import MailEncryption, MailServer
from lab.model.text import one_line
from lab.tls import context_of, tls_trouble, unvouched
from words import Quoted, Told, reason, sentence

PATIENCE = 60.0
"""Seconds for the whole of it."""
_LONGEST_WORDS = 200


class SmtpSender:
    """Implements `lab.ports.Sender`."""

    def __init__(self, server: MailServer, patience: float = PATIENCE) -> None:
        self._server = server
        self._patience = patience

    def send(self, message: EmailMessage) -> None:
        """Raises LabError: ConnectionLost where it may have been sent all the same."""
        self._complete(message)
        failures: list[Exception | None] = []

        def converse() -> None:
            try:
                self._converse(message)
            except Exception as error:  # noqa: BLE001  # told by the thread that waits
                failures.append(error)
            else:
                failures.append(None)

        conversation = threading.Thread(target=converse, name="mail", daemon=True)
        conversation.start()
        conversation.join(self._patience)
        if not failures:
            raise ConnectionLost(self._about("errors.mail.slow", n=round(self._patience)))
        if (failure := failures[0]) is not None:
            raise failure

    def _complete(self, message: EmailMessage) -> None:
        """With what every mail has; what it has already is left as it is."""
        usual = {
            "From": self._server.sender,
            "Date": format_datetime(SystemClock().now()),
            "Message-ID": make_msgid(domain=self._server.sender.rpartition("@")[2]),
        }
        for name, value in usual.items():
            if name not in message:
                message[name] = value

    def _converse(self, message: EmailMessage) -> None:
        with self._connected() as connection:
            if self._server.login is not None:
                self._log_in(connection, self._server.login.user, self._server.login.password)
            try:
                refused = connection.send_message(message)
            except smtplib.SMTPServerDisconnected as error:
                raise ConnectionLost(self._about("errors.mail.broke_off")) from error
            except smtplib.SMTPRecipientsRefused as error:
                raise Refused(self._refusal(*next(iter(error.recipients.values())))) from error
            except smtplib.SMTPResponseException as error:
                raise Refused(self._refusal(error.smtp_code, error.smtp_error)) from error
            except smtplib.SMTPException as error:
                raise NotStarted(self._about("errors.mail.unable")) from error
            except OSError as error:
                raise ConnectionLost(self._about("errors.mail.broke_off")) from error
        if refused:
            raise Refused(self._about("errors.mail.not_to_all", addresses=", ".join(sorted(refused))))

    def _connected(self) -> smtplib.SMTP:
        server = self._server
        try:
            context = context_of(server.certificate_authority)
            where = (server.host, server.port, socket.gethostname())
            if server.encryption is MailEncryption.TLS:
                return smtplib.SMTP_SSL(*where, timeout=self._patience, context=context)
            connection = smtplib.SMTP(*where, timeout=self._patience)
            if server.encryption is MailEncryption.STARTTLS:
                _encrypt(connection, context)
        except ssl.SSLError as error:
            authority = server.certificate_authority
            why = unvouched(tls_trouble(error), table="mail", address="host", authority=authority)
            raise HostUnreachable(self._about("errors.mail.unreached", reason=why)) from error
        except smtplib.SMTPNotSupportedError as error:
            raise NotStarted(self._about("errors.mail.no_starttls")) from error
        except smtplib.SMTPResponseException as error:
            raise NotStarted(self._refusal(error.smtp_code, error.smtp_error)) from error
        except smtplib.SMTPException as error:
            raise NotStarted(self._about("errors.mail.no_smtp")) from error
        except OSError as error:
            raise HostUnreachable(self._about("errors.mail.unreached", reason=reason(error))) from error
        return connection

    def _log_in(self, connection: smtplib.SMTP, user: str, password: str) -> None:
        try:
            connection.login(user, password)
        except smtplib.SMTPAuthenticationError as error:
            raise AuthenticationRefused(self._about("errors.mail.login_refused", user=user)) from error
        except UnicodeEncodeError as error:
            raise AuthenticationRefused(self._about("errors.mail.not_ascii")) from error
        except (smtplib.SMTPException, OSError) as error:
            raise NotStarted(self._about("errors.mail.no_login")) from error

    def _about(self, key: str, **more: object) -> Told:
        return sentence(key, host=f"{self._server.host}:{self._server.port}", **more)

    def _refusal(self, code: int, said: bytes | str) -> Told:
        text = said.decode(errors="replace") if isinstance(said, bytes) else said
        return self._about("errors.mail.refused", code=code, said=Quoted(one_line(text)[:_LONGEST_WORDS]))


def _encrypt(connection: smtplib.SMTP, context: ssl.SSLContext) -> None:
    """Closed again where it cannot be."""
    try:
        connection.starttls(context=context)
    except BaseException:
        connection.close()
        raise
