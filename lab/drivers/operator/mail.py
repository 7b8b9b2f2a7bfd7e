"""The `Mailbox` port by people: they look into the mailbox that the site's notifications go to."""

from __future__ import annotations

from dataclasses import dataclass

from lab.drivers.operator.operations import OperatorOperations
from lab.model.notification import Mail


@dataclass(frozen=True, slots=True)
class OperatorMailbox:
    """Whose mail server and recipient those are is for people to know, who set up the notification."""

    people: OperatorOperations
    address: str = ""
    recipient: str = ""

    def mails(self) -> tuple[Mail, ...]:
        """The notification, as a person has read it; none where it has not arrived."""
        people = self.people
        return tuple(
            Mail(
                sender="",
                recipients=(),
                subject=str(said.row["mail_subject"]),
                text=str(said.row["text"]),
                received=people.clock.now(),
            )
            for said in people.look_up("notification_mail", people.subject.scenario)
        )
