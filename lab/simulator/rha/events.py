"""Reports of the Control Service: lines of the event view, and the notification of errors (guide 4-2)."""

from __future__ import annotations

import smtplib
from collections.abc import Callable, Mapping
from datetime import datetime
from email.message import EmailMessage

from lab.errors import SiteError
from lab.model.notification import Notification
from lab.model.replication import RhaEvent, Severity
from lab.simulator.hosts.host import HyperVHost, LoggedEvent
from lab.simulator.world import World
from lab.site.profile import RhaProfile
from words import sentence

SENDER = "rha@replica.ca.com"
LEVEL_ERROR = 2
SMTP_TIMEOUT = 10.0
"""Wall seconds to wait for a mail server."""


class EventView:
    """Numbered lines, which are only added; their Japanese texts, severities and codes come from the profile."""

    def __init__(self, profile: RhaProfile, now: Callable[[], datetime], texts: Mapping[str, str]) -> None:
        """`texts` are those of another release. Raises SiteError for one of an event that there is not."""
        for name in texts.keys() - profile.events.keys():
            raise SiteError(sentence("site.no_event", name=name, known=tuple(sorted(profile.events))))
        self._profile = profile
        self._now = now
        self._texts = texts
        self._lines: list[RhaEvent] = []

    def report(self, event: str, source: str, *, host: str = "", detail: str = "") -> RhaEvent:
        """Adds the profile's event of that name; `detail` follows the product's text."""
        known = self._profile.events[event]
        text = self._texts.get(event, known.ja[0]).replace("{host}", host)
        line = RhaEvent(
            sequence=len(self._lines) + 1,
            code=known.code,
            severity=known.severity,
            source=source,
            time=self._now().strftime("%Y/%m/%d %H:%M:%S"),
            message=f"{text} {detail}" if detail else text,
        )
        self._lines.append(line)
        return line

    def after(self, sequence: int) -> tuple[RhaEvent, ...]:
        return tuple(self._lines[max(0, sequence) :])


class Notifier:
    """Tells of one scenario's errors; `failed` is told the reason when a mail could not be sent."""

    def __init__(self, world: World, profile: RhaProfile, host: HyperVHost, *, failed: Callable[[str], None]) -> None:
        self._world = world
        self._profile = profile
        self._host = host
        self._failed = failed

    def tell(self, notification: Notification, event: RhaEvent) -> None:
        """Called while the world is acting; the mail is sent when the change is complete."""
        if event.severity is not Severity.ERROR:
            return
        if notification.event_log:
            self._log(event)
        if notification.mail_server:
            self._post(notification, self._mail(notification, event))

    def _log(self, event: RhaEvent) -> None:
        source = self._profile.event_log
        self._host.event_log.append(
            LoggedEvent(
                log=source.log,
                provider=source.provider,
                level=LEVEL_ERROR,
                time=self._world.now_on(self._host.name),
                message=f"{event.source}: {event.message}",
            )
        )

    def _post(self, notification: Notification, mail: EmailMessage) -> None:
        self._world.afterwards(lambda: self._send(notification, mail))

    def _mail(self, notification: Notification, event: RhaEvent) -> EmailMessage:
        mail = EmailMessage()
        mail["From"] = SENDER
        mail["To"] = notification.recipient
        mail["Subject"] = f"{event.source}: {event.message}"
        mail["Date"] = self._world.now_on(self._host.name)
        mail.set_content(f"{event.code} {event.time} {event.source}\n{event.message}\n".lstrip())
        return mail

    def _send(self, notification: Notification, mail: EmailMessage) -> None:
        server, _, port = notification.mail_server.rpartition(":")
        try:
            with smtplib.SMTP(server, int(port), timeout=SMTP_TIMEOUT) as connection:
                connection.send_message(mail)
        except (OSError, smtplib.SMTPException) as error:
            self._failed(str(error))
