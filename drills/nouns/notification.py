"""The notification of faults: by mail, and in the event log of the management OS that runs the Control Service."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from drills.nouns.observed import Context, Observed
from drills.wording import says, several
from lab.errors import OperationUnavailable
from lab.model.notification import Mail, Notification
from lab.ports import Mailbox, Windows
from words import Told, sentence

if TYPE_CHECKING:
    from lab.opening import Rha

LOOK_BACK_HOURS = 24


class FaultNotification(Observed[Sequence[Mail]]):
    """Looked at, the mails that have arrived, as people tell of a real site's; raises OperationUnavailable without."""

    def __init__(self, rha: Rha, mailbox: Mailbox | None, windows: Windows, context: Context) -> None:
        super().__init__(context)
        self._rha = rha
        self._mailbox = mailbox
        self._windows = windows
        self._log_after = 0
        self.configured = False

    def now(self) -> Sequence[Mail]:
        return self._offered().mails()

    def told(self, seen: Sequence[Mail]) -> Told:
        return several([mail.subject for mail in seen], sentence("steps.notification.no_mail"))

    def configure(self) -> None:
        """What is in the log before does not count later."""
        known = self._windows.log_entries(LOOK_BACK_HOURS)
        self._log_after = max((entry.number for entry in known), default=0)
        box = self._offered()
        wanted = Notification(mail_server=box.address, recipient=box.recipient, event_log=True)
        self._rha.notifications.set(self.context.subject.scenario, wanted)
        self.configured = True

    def await_mail(self, message: str, within: timedelta) -> None:
        """At the drill's own address, about its scenario; people look for the text where only they know the address."""
        scenario, recipient = self.context.subject.scenario, self._offered().recipient
        self.context.observation.until(
            self.now,
            lambda mails: any(
                says(mail.text, message)
                and (not recipient or (recipient in mail.recipients and scenario in mail.subject))
                for mail in mails
            ),
            expected=sentence("steps.notification.mail", recipient=recipient, message=message)
            if recipient
            else sentence("steps.notification.mail_of_site", message=message),
            seen=self.told,
            within=within,
            asked=not recipient,
        )

    def expect_logged(self, message: str) -> None:
        found = [entry for entry in self._windows.log_entries(LOOK_BACK_HOURS) if entry.number > self._log_after]
        self.context.observation.expect(
            any(entry.level == "error" and says(entry.message, message) for entry in found),
            expected=sentence("steps.notification.logged", message=message),
            seen=several([entry.message for entry in found], sentence("steps.notification.no_entry")),
        )

    def _offered(self) -> Mailbox:
        if self._mailbox is None:
            raise OperationUnavailable(sentence("errors.drill.no_mailbox"))
        return self._mailbox
