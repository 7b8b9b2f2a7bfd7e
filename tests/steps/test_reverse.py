"""Whether replication began before the guest booted is judged by times of either kind that RHA writes."""

from datetime import UTC, datetime, timedelta, timezone
from types import SimpleNamespace

import pytest

from drills.observation import Observation, Unmet
from lab.model.machines import Heartbeat, PowerState, VirtualMachine
from lab.model.replication import Synchronization, SynchronizationMethod
from steps.reverse import expect_began_before_boot

JAPAN = timezone(timedelta(hours=9))
NOW = datetime(2012, 9, 25, 22, 0, tzinfo=JAPAN)


def judge(began, uptime_s):
    figures = Synchronization(
        method=SynchronizationMethod.SKIPPED, blocks_compared=0, blocks_copied=0, started=began, ended=began
    )
    machine = VirtualMachine(
        name="Garoon",
        host="MASTER",
        state=PowerState.RUNNING,
        heartbeat=Heartbeat.OK,
        uptime_seconds=uptime_s,
    )
    expect_began_before_boot(
        SimpleNamespace(synchronization=lambda: figures),
        SimpleNamespace(now=lambda: machine),
        SimpleNamespace(facts=lambda: SimpleNamespace(clock=NOW.isoformat())),
        Observation(None, None, "en"),
    )


@pytest.mark.parametrize("zone", [JAPAN, None, UTC], ids=["with the host's offset", "without one", "in UTC"])
def test_a_time_with_an_offset_or_without_is_compared(zone):
    began = (NOW - timedelta(seconds=60)).astimezone(zone or JAPAN)
    began = began if zone else began.replace(tzinfo=None)
    judge(began, uptime_s=30)
    with pytest.raises(Unmet):
        judge(began, uptime_s=90)
