"""The `Notifications` port: whom Arcserve RHA tells of a fault, set before the scenario is run."""

from __future__ import annotations

from lab.drivers.rha.commands import RhaOperations
from lab.model.notification import Notification


class NotificationSettings:
    def __init__(self, commands: RhaOperations) -> None:
        self._commands = commands

    def set(self, scenario: str, notification: Notification) -> None:
        self._commands.act(
            "set_notification",
            {
                "name": scenario,
                "mail_server": notification.mail_server,
                "recipient": notification.recipient,
                "event_log": notification.event_log,
            },
        )
