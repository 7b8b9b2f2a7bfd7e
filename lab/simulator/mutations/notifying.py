"""What is wrong with the notification of a scenario (guide 4-2)."""

from __future__ import annotations

from email.message import EmailMessage

from lab.model.notification import Notification
from lab.model.replication import RhaEvent
from lab.simulator.mutations.declaration import mutation
from lab.simulator.rha.notifying import Notifier


@mutation(
    "no-mail",
    "The notification sends no mail.",
    "4-2.B5",
)
class NoMail(Notifier):
    def _post(self, notification: Notification, mail: EmailMessage) -> None:
        pass


@mutation(
    "no-event-log-entry",
    "The notification writes nothing into the event log of the management OS.",
    "4-2.B5",
)
class NoEventLogEntry(Notifier):
    def _log(self, event: RhaEvent) -> None:
        pass
