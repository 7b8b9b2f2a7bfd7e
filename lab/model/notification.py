"""Notification of faults: by mail, and by the event log of a management OS."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """The notification of a replication scenario; `mail_server` is host:port."""

    mail_server: str
    recipient: str
    event_log: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A mail as it arrived; `received` is on the lab's clock."""

    sender: str
    recipients: tuple[str, ...]
    subject: str
    text: str
    received: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    """An entry of a Windows event log; `number` grows with time, `time` is the host's, as it says it."""

    number: int
    level: str
    time: str
    message: str
