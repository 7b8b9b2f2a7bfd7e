"""Steps about the notification of faults: by mail, and in the event log of a management OS."""

from __future__ import annotations

from datetime import timedelta

from drills.course import Course
from drills.observation import Observation
from drills.vocabulary import given_, then_, when_
from drills.wording import Text, loose
from lab.errors import OperationUnavailable
from lab.model.notification import Notification
from lab.model.subject import Subject
from lab.model.undertakings import Change, Need
from lab.ports import EventLog, Mailbox, Notifications

RECIPIENT = "garoon-admin@ca.com"
LOOK_BACK_HOURS = 24


@when_(
    en="fault notification by mail and by the event log of the management OS is configured",
    ja="障害時の通知（メール、管理 OS のイベント ログ）を設定する",
    changes=(Change.SET_NOTIFICATION,),
    needs=(Need.SIMULATOR,),
)
def set_notification(
    course: Course,
    notifications: Notifications,
    mailbox: Mailbox | None,
    replica_event_log: EventLog,
    subject: Subject,
) -> None:
    """What is in the log before does not count later."""
    known = replica_event_log.entries(LOOK_BACK_HOURS)
    course.log_after = max((entry.number for entry in known), default=0)
    notifications.set(
        subject.scenario,
        Notification(mail_server=_offered(mailbox).address, recipient=RECIPIENT, event_log=True),
    )
    course.notified = True


@given_(
    en="fault notification by mail and by the event log of the management OS has been configured",
    ja="障害時の通知（メール、管理 OS のイベント ログ）が設定されている",
)
def notification_set(course: Course, observation: Observation) -> None:
    """Not to be brought about later: the product takes it before the run."""
    observation.expect(
        course.notified,
        expected=Text("notification set earlier in this drill", "この訓練で通知を設定済みであること"),
        seen=Text("it was not set", "設定されていない"),
    )


@then_(
    en='a mail with the text "{message}" arrives within {minutes:Minutes} minutes',
    ja="{minutes:Minutes} 分以内に「{message}」というメールが届く",
)
def mail_arrives(
    message: str, minutes: int, mailbox: Mailbox | None, subject: Subject, observation: Observation
) -> None:
    observation.until(
        _offered(mailbox).mails,
        lambda mails: any(
            RECIPIENT in mail.recipients and subject.scenario in mail.subject and loose(message) in loose(mail.text)
            for mail in mails
        ),
        expected=Text(f"a mail to {RECIPIENT} about «{message}»", f"「{message}」を知らせる {RECIPIENT} 宛のメール"),
        seen=lambda mails: Text(
            "; ".join(mail.subject for mail in mails) or "no mail",
            "、".join(mail.subject for mail in mails) or "メールなし",
        ),
        within=timedelta(minutes=minutes),
    )


@then_(
    en='the event log of the management OS on the replica host contains "{message}"',
    ja="レプリカ ホストの管理 OS のイベント ログに「{message}」が記録されている",
)
def logged(message: str, course: Course, replica_event_log: EventLog, observation: Observation) -> None:
    found = [entry for entry in replica_event_log.entries(LOOK_BACK_HOURS) if entry.number > course.log_after]
    observation.expect(
        any(entry.level == "error" and loose(message) in loose(entry.message) for entry in found),
        expected=Text(f"an error entry «{message}»", f"エラーとして「{message}」が記録されていること"),
        seen=Text(
            "; ".join(entry.message for entry in found) or "no entry",
            "、".join(entry.message for entry in found) or "記録なし",
        ),
    )


def _offered(mailbox: Mailbox | None) -> Mailbox:
    if mailbox is None:
        raise OperationUnavailable(
            "Kunren has no mailbox that a real site's mail would reach; drill notification on the simulated lab."
        )
    return mailbox
