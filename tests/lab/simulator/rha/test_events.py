"""The notification of a scenario: errors go out by mail and into the event log of the replica's management OS."""

import pytest

from lab.drivers.mailbox import LoopbackMailbox
from lab.errors import SiteError
from lab.model.faults import Fault
from lab.model.notification import Notification
from lab.model.replication import Initiation
from lab.simulator.faults import SimulatedFaults
from lab.simulator.rha.events import EventView
from lab.site.profile import load_profile
from tests.lab.simulator.premises import SCENARIO, premises

NEEDED = "マスタ ホストは応答していません。スイッチオーバーが必要です"


def failed_lab(folder, server, *, event_log=True, **settings):
    lab = premises(folder, **settings)
    lab.create(switchover=Initiation.MANUAL)
    lab.rha.notify(SCENARIO, Notification(mail_server=server, recipient="admin@ca.com", event_log=event_log))
    lab.replicate()
    SimulatedFaults(lab.world, "Garoon").begin(Fault.POWER_CUT)
    lab.wait(600)
    return lab


@pytest.fixture
def mailbox(tmp_path):
    box = LoopbackMailbox(premises(tmp_path / "clock").clock)
    yield box
    box.close()


def logged(lab, host="REPLICA"):
    return [(entry.log, entry.level, entry.message) for entry in lab.world.hosts[host].event_log]


def test_a_fault_and_the_needed_switchover_are_mailed_and_logged(tmp_path, mailbox):
    lab = failed_lab(tmp_path, mailbox.address)
    assert [mail.subject.split(": ")[1] for mail in mailbox.mails()] == [
        "MASTER から応答がありません。 管理 OS",
        NEEDED,
    ]
    assert "EM00166" in mailbox.mails()[1].text
    assert logged(lab)[1] == ("Application", 2, f"{SCENARIO}: {NEEDED}")
    assert logged(lab, "MASTER") == []


def test_a_mail_server_that_is_not_there_is_reported_and_stops_nothing(tmp_path):
    lab = failed_lab(tmp_path, "127.0.0.1:1")
    assert any(message.startswith("通知メールを送信できませんでした。") for message in lab.messages())
    assert NEEDED in lab.messages()
    assert len(logged(lab)) == 2


def test_the_event_log_is_left_alone_when_only_mail_is_wanted(tmp_path, mailbox):
    assert logged(failed_lab(tmp_path, mailbox.address, event_log=False)) == []


@pytest.mark.parametrize(("mutation", "mails", "entries"), [("no-mail", 0, 2), ("no-event-log-entry", 2, 0)])
def test_a_mutation_silences_one_way(tmp_path, mailbox, mutation, mails, entries):
    lab = failed_lab(tmp_path, mailbox.address, mutations=(mutation,))
    assert (len(mailbox.mails()), len(logged(lab))) == (mails, entries)


def test_a_text_of_an_event_that_there_is_not_is_refused():
    profile = load_profile("arcserve_rha")
    with pytest.raises(SiteError, match=r'no event "switchover_complete".*switchover_completed'):
        EventView(profile, now=None, texts={"switchover_complete": "x"})
