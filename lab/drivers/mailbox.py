"""The harness's mailbox: an SMTP receiver on loopback that keeps what it is sent."""

from __future__ import annotations

import asyncio
import socket
import threading
from email import message_from_bytes, policy
from functools import cached_property
from typing import TYPE_CHECKING

from lab.model.notification import Mail
from lab.ports import Clock

if TYPE_CHECKING:
    from aiosmtpd.smtp import SMTP, Envelope, Session

LOOPBACK = "127.0.0.1"
RECIPIENT = "garoon-admin@ca.com"
TIMEOUT = 10.0
"""Wall seconds a sender may be silent."""
LARGEST_MAIL = 1 << 20


class LoopbackMailbox:
    """Receives from when its address is first asked for until `close`, in a thread of its own."""

    recipient = RECIPIENT

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._mails: list[Mail] = []
        self._loop: asyncio.AbstractEventLoop
        self._closing = asyncio.Event()
        self._receiver: threading.Thread | None = None

    @cached_property
    def address(self) -> str:
        listening = socket.create_server((LOOPBACK, 0))
        self._loop = asyncio.new_event_loop()
        self._receiver = threading.Thread(target=self._run, args=(listening,), name="mailbox", daemon=True)
        self._receiver.start()
        return f"{LOOPBACK}:{listening.getsockname()[1]}"

    def mails(self) -> tuple[Mail, ...]:
        """All that arrived, oldest first."""
        with self._lock:
            return tuple(self._mails)

    def close(self) -> None:
        if self._receiver is not None and self._receiver.is_alive():
            self._loop.call_soon_threadsafe(self._closing.set)
            self._receiver.join()

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's
        """Keeps a mail that has arrived whole."""
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=policy.default)
        body = message.get_body(("plain",))
        mail = Mail(
            sender=envelope.mail_from or "",
            recipients=tuple(envelope.rcpt_tos),
            subject=str(message["Subject"] or ""),
            text=body.get_content().replace("\r\n", "\n") if body is not None else "",
            received=self._clock.now(),
        )
        with self._lock:
            self._mails.append(mail)
        return "250 OK"

    def _run(self, listening: socket.socket) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._receive(listening))

    async def _receive(self, listening: socket.socket) -> None:
        async with await self._loop.create_server(self._conversation, sock=listening):
            await self._closing.wait()

    def _conversation(self) -> SMTP:
        from aiosmtpd.smtp import SMTP  # noqa: PLC0415  # few drills have mail, and loading it takes long

        return SMTP(
            self,
            data_size_limit=LARGEST_MAIL,
            hostname="kunren",
            ident="kunren mailbox",
            timeout=TIMEOUT,
            loop=self._loop,
        )
