"""What every `Notifications` and event log keeps to, and what only a simulated lab offers."""

import pytest

from lab.errors import OperationRefused
from lab.model.hosts import HostRole
from lab.model.notification import Notification


@pytest.mark.parametrize("role", list(HostRole), ids=lambda role: role.value)
def test_a_log_tells_what_the_product_wrote_oldest_first(lab, role):
    numbers = [entry.number for entry in lab.hosts[role].windows.log_entries(24)]
    assert numbers == sorted(set(numbers))


def test_the_notification_of_a_scenario_that_is_not_there_is_refused(lab, may_change):
    with pytest.raises(OperationRefused):
        lab.rha.notifications.set("nobody", Notification(mail_server="127.0.0.1:25", recipient="a@b", event_log=True))


def test_only_a_simulated_lab_has_faults_to_inject_and_a_mailbox(lab):
    assert (lab.simulated is not None) == lab.disposable
