"""Steps about the notification of faults: by mail, and in the event log of a management OS."""

from __future__ import annotations

from datetime import timedelta

from drills.nouns.notification import FaultNotification
from drills.observation import Observation
from drills.vocabulary import given_, then_, when_
from lab.model.undertakings import Change, Need
from words import sentence


@when_(
    en="fault notification by mail and by the event log of the management OS is configured",
    ja="障害時の通知（メール、管理 OS のイベント ログ）を設定する",
    changes=(Change.SET_NOTIFICATION,),
    needs=(Need.PEOPLE,),
)
def set_notification(notification: FaultNotification) -> None:
    """What is in the log before does not count later."""
    notification.configure()


@given_(
    en="fault notification by mail and by the event log of the management OS has been configured",
    ja="障害時の通知（メール、管理 OS のイベント ログ）が設定されている",
)
def notification_set(notification: FaultNotification, observation: Observation) -> None:
    """Not to be brought about later: the product takes it before the run."""
    observation.expect(
        notification.configured,
        expected=sentence("steps.notification.configured"),
        seen=sentence("steps.notification.not_configured"),
    )


@then_(
    en='a mail with the text "{message}" arrives within {minutes:Minutes} minutes',
    ja="{minutes:Minutes} 分以内に「{message}」というメールが届く",
    needs=(Need.PEOPLE,),
)
def mail_arrives(message: str, minutes: int, notification: FaultNotification) -> None:
    notification.await_mail(message, timedelta(minutes=minutes))


@then_(
    en='the event log of the management OS on the replica host contains "{message}"',
    ja="レプリカ ホストの管理 OS のイベント ログに「{message}」が記録されている",
)
def logged(message: str, notification: FaultNotification) -> None:
    notification.expect_logged(message)
