"""Every behaviour a drill checks can turn it red: one mutation of the lab, one step that does not pass, and why."""

from typing import NamedTuple

import pytest
from markupsafe import escape

from lab.simulator.faults import CATALOGUE
from tests.kunren.conftest import drill, site_with


class Catch(NamedTuple):
    """The drill that notices a mutation, the step it notices it by, and what is seen there.

    `restored`: whether a lab that misbehaves in this way can still be put back.
    """

    drill: str
    step: str
    seen: str
    restored: bool = True


SWITCHOVER = "4-1-clean-switchover"
RECOVERY = "6-1-assured-recovery"
CAUGHT_BY = {
    "master-guest-keeps-running": Catch(
        SWITCHOVER,
        "the virtual machine on the master host is shut down by itself within 10 minutes",
        "running on MASTER",
        restored=False,
    ),
    "completion-without-start": Catch(
        SWITCHOVER,
        'the virtual machine is registered and "running" on the replica host',
        "off on REPLICA",
        restored=False,
    ),
    "last-second-lost": Catch(SWITCHOVER, "the entry made on the master host is there", "no such entry"),
    "database-read-only": Catch(SWITCHOVER, "a new entry can be made", "attempt to write a readonly database"),
    "url-still-points-to-master": Catch(
        SWITCHOVER, "a user opens Garoon at its original URL, trying for up to 10 minutes", "refused"
    ),
    "integrity-test-without-ar": Catch(RECOVERY, "it is refused", "it was accepted"),
    "integrity-test-shuts-down-master": Catch(
        RECOVERY,
        "the virtual machine on the master host runs on and has not been restarted since the test began",
        "off on MASTER",
    ),
    "manual-choice-ignored": Catch(
        RECOVERY,
        'the event "レプリカ<レプリカホスト名>は、手動 HyperV 整合性テストの準備が整っています"'
        " appears within 15 minutes",
        "へのレプリケーションが再開されました",
    ),
    "ready-not-announced": Catch(
        RECOVERY,
        'the event "レプリカ<レプリカホスト名>は、手動 HyperV 整合性テストの準備が整っています"'
        " appears within 15 minutes",
        "レプリカ整合性テストを開始しました。",
    ),
    "test-on-production-network": Catch(
        RECOVERY, "there it is connected to an internal virtual network only", "connected to 本番ネットワーク"
    ),
    "guest-channel-closed": Catch(
        RECOVERY,
        "an administrator logs on to the test guest through the replica host",
        "A failure occurred while attempting to connect to the target virtual machine.",
    ),
    "test-copy-write-protected": Catch(
        RECOVERY, "a new entry can be made in the test guest", "attempt to write a readonly database"
    ),
    "test-stop-ignored": Catch(
        RECOVERY, "the test guest is gone from the replica host within 5 minutes", "running on REPLICA"
    ),
    "resumption-not-announced": Catch(
        RECOVERY,
        'the event "レプリカ <レプリカホスト名>へのレプリケーションが再開されました" appears within 5 minutes',
        "no new event",
    ),
    "test-changes-kept": Catch(
        RECOVERY, "the entry made in the first test is not there, in the test guest", "«整合性テスト"
    ),
    "waiting-changes-lost": Catch(RECOVERY, "the entry made meanwhile is there, in the test guest", "no such entry"),
    "test-resynchronises": Catch(
        RECOVERY, "no synchronisation has followed: not one block has been compared for it", "blocks compared"
    ),
}


def test_every_mutation_of_the_catalogue_has_a_step_that_catches_it():
    assert CAUGHT_BY.keys() == CATALOGUE.keys()


@pytest.mark.browser
@pytest.mark.parametrize("mutation", CAUGHT_BY)
def test_a_mutation_turns_the_step_red_that_is_about_it(mutation, tmp_path):
    caught = CAUGHT_BY[mutation]
    site = site_with(tmp_path, f'mutations = ["{mutation}"]\n')
    run = drill(tmp_path / "record", caught.drill, "--site", site)
    assert run.code == 1, run.stdout + run.stderr
    [(text, outcome, what)] = run.not_passed()
    assert (text, outcome) == (caught.step, "failed")
    assert caught.seen in what
    assert str(escape(caught.step)) in run.report
    assert run.entries("restore.ended")[0]["restored"] is caught.restored
