"""The mail of a notification as people tell of it, and a real site's notification, which people set up."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from drills.nouns.notification import FaultNotification
from drills.nouns.observed import Context
from drills.observation import Observation, Unmet
from lab.drivers.operator.mail import OperatorMailbox
from lab.model.tasks import Answer, OpenRequest, Person, Question, QuestionAnswer, Task, TaskAnswer, TaskOutcome
from lab.opening import open_lab, performed_by_commands
from lab.site.built_in import SIMULATED
from lab.site.file import load_site
from tests.kunren.running.test_permission import site_with

MESSAGE = "マスタ ホストは応答していません。スイッチオーバーが必要です"
MAIL = {"mail_subject": "[RHA] CybozuGaroonHyper-V", "arrived": "22:14", "text": f"MASTER: {MESSAGE}。"}


class Reader:
    waits = False
    people = ()

    def __init__(self) -> None:
        self.requests: list[Any] = []
        self.rows: tuple[dict[str, str], ...] = (MAIL,)

    def opened(self, request: OpenRequest) -> Answer:
        self.requests.append(request.request)
        by, at = Person("Sato"), request.asked
        if isinstance(request.request, Task):
            return TaskAnswer(outcome=TaskOutcome.DONE, by=by, at=at)
        return QuestionAnswer(rows=self.rows, by=by, at=at)

    def closed(self, _: object) -> None:
        """Nothing is left to do."""


@pytest.fixture
def looked(tmp_path: Any) -> Any:
    file = tmp_path / "site.toml"
    file.write_text('rha.by = "operator"\n' + SIMULATED.read_text(encoding="utf-8"), encoding="utf-8")
    reader = Reader()
    with open_lab(load_site(file), attendants=(reader,)) as lab:
        people = lab.people
        assert people is not None
        journal: Any = type("Journal", (), {"write": lambda *_: None})()
        observation = Observation(lab.clock, journal, "en", lab.limits, people.attention)
        course: Any = None
        context = Context(people.subject, course, observation, lab.clock)
        log: Any = type("Log", (), {"log_entries": lambda *_: ()})()
        yield reader, FaultNotification(lab.rha, OperatorMailbox(people), log, context)


def test_people_are_asked_once_what_has_arrived(looked: Any) -> None:
    reader, notification = looked
    notification.await_mail(MESSAGE, timedelta(minutes=5))
    (asked,) = reader.requests
    assert isinstance(asked, Question)
    assert (asked.operation, asked.wait) == ("notification_mail", timedelta(minutes=5))
    assert MESSAGE in str(asked.awaited)


@pytest.mark.parametrize("rows", [(), (MAIL | {"text": "Scenario started."},)])
def test_no_mail_and_another_mail_are_not_the_one(looked: Any, rows: Any) -> None:
    reader, notification = looked
    reader.rows = rows
    with pytest.raises(Unmet, match="a mail to the recipient of the site's notifications"):
        notification.await_mail(MESSAGE, timedelta(seconds=20))


def test_who_sets_the_notification_up_knows_server_and_recipient(looked: Any) -> None:
    reader, notification = looked
    notification.configure()
    (asked,) = reader.requests
    assert (asked.operation, [name for name, _ in asked.values]) == ("set_notification", ["name", "event_log"])
    assert notification.configured


def test_on_a_real_site_no_command_sets_it(tmp_path: Any) -> None:
    site = site_with(tmp_path)
    every = frozenset(site.profile.operations)
    assert performed_by_commands(site, every) == every - {"set_notification"}
