"""The harness's mailbox: a small, strict SMTP receiver (RFC 5321) on loopback that keeps what it is sent."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from email import message_from_bytes, policy
from typing import Protocol

from lab.model.notification import Mail
from lab.ports import Clock

LOOPBACK = "127.0.0.1"
PATIENCE = 10.0
"""Wall seconds a sender may be silent."""
LONGEST_LINE = 1000
LARGEST_MAIL = 1 << 20
_PATH = re.compile(r"<([^\s<>@]+@[^\s<>@]+)>")


class LoopbackMailbox:
    """Receives from its construction until `close`; each sender is served in a thread of its own."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._mails: list[Mail] = []
        self._listening = socket.create_server((LOOPBACK, 0))
        self.address = f"{LOOPBACK}:{self._listening.getsockname()[1]}"
        self._acceptor = threading.Thread(target=self._accept, name="mailbox", daemon=True)
        self._acceptor.start()

    def mails(self) -> tuple[Mail, ...]:
        """All that arrived, oldest first."""
        with self._lock:
            return tuple(self._mails)

    def close(self) -> None:
        with suppress(OSError):  # nothing is connected to a listening socket; that is what wakes accept()
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._acceptor.join()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), name="mailbox sender", daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(PATIENCE)
        # A sender that hangs up in the middle, or says nothing, has delivered nothing: nobody is left to be told.
        with connection, suppress(OSError), connection.makefile("rwb") as lines:
            Conversation(lines, self._keep).run()

    def _keep(self, sender: str, recipients: tuple[str, ...], content: bytes) -> None:
        message = message_from_bytes(content, policy=policy.default)
        body = message.get_body(("plain",))
        mail = Mail(
            sender=sender,
            recipients=recipients,
            subject=str(message["Subject"] or ""),
            text=body.get_content().replace("\r\n", "\n") if body is not None else "",
            received=self._clock.now(),
        )
        with self._lock:
            self._mails.append(mail)


class Lines(Protocol):
    """The two directions of a connection."""

    def readline(self, limit: int, /) -> bytes: ...

    def write(self, data: bytes, /) -> int: ...

    def flush(self) -> None: ...


class Conversation:
    """One SMTP session: commands in their order, everything else refused with the reply code of RFC 5321, 4.2.3."""

    def __init__(self, lines: Lines, keep: Callable[[str, tuple[str, ...], bytes], None]) -> None:
        self._lines = lines
        self._keep = keep
        self._greeted = False
        self._sender: str | None = None
        self._recipients: list[str] = []

    def run(self) -> None:
        self._reply("220 kunren mailbox")
        while (line := self._line()) is not None:
            verb, _, rest = line.partition(" ")
            match verb.upper():
                case "EHLO" | "HELO" if rest.strip():
                    self._greeted = True
                    self._reset()
                    self._reply("250 kunren")
                case "MAIL":
                    self._mail_from(rest)
                case "RCPT":
                    self._recipient(rest)
                case "DATA":
                    self._data()
                case "RSET":
                    self._reset()
                    self._reply("250 OK")
                case "NOOP":
                    self._reply("250 OK")
                case "QUIT":
                    self._reply("221 Bye")
                    return
                case _:
                    self._reply("500 Command not recognised")

    def _mail_from(self, rest: str) -> None:
        path = _path(rest, "FROM:")
        if not self._greeted or self._sender is not None:
            self._reply("503 Bad sequence of commands")
        elif path is None:
            self._reply("501 Syntax: MAIL FROM:<address>")
        else:
            self._sender = path
            self._reply("250 OK")

    def _recipient(self, rest: str) -> None:
        path = _path(rest, "TO:")
        if self._sender is None:
            self._reply("503 Bad sequence of commands")
        elif path is None:
            self._reply("501 Syntax: RCPT TO:<address>")
        else:
            self._recipients.append(path)
            self._reply("250 OK")

    def _data(self) -> None:
        if self._sender is None or not self._recipients:
            self._reply("503 Bad sequence of commands")
            return
        self._reply("354 End data with <CR><LF>.<CR><LF>")
        content = bytearray()
        while (line := self._lines.readline(LONGEST_LINE + 1)) not in {b".\r\n", b""}:
            content += line.removeprefix(b".")
        if not line:
            return
        if len(content) > LARGEST_MAIL:
            self._reply("552 Too much mail data")
        else:
            self._keep(self._sender, tuple(self._recipients), bytes(content))
            self._reply("250 OK")
        self._reset()

    def _reset(self) -> None:
        self._sender = None
        self._recipients = []

    def _line(self) -> str | None:
        """A command without its end; None when the sender has hung up."""
        line = self._lines.readline(LONGEST_LINE + 1)
        return line.rstrip(b"\r\n").decode("ascii", errors="replace") if line.endswith(b"\n") else None

    def _reply(self, text: str) -> None:
        self._lines.write(f"{text}\r\n".encode("ascii"))
        self._lines.flush()


def _path(rest: str, keyword: str) -> str | None:
    """The address in <>; parameters may follow it (RFC 5321, 4.1.1.11), and none is offered."""
    if not rest.upper().startswith(keyword):
        return None
    found = _PATH.fullmatch(rest[len(keyword) :].strip())
    return found.group(1) if found else None
