"""What a drill looks at before it takes a host down, and how it knows a synchronisation that is new."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from lab.errors import OperationRefused
from lab.model.machines import Heartbeat, PowerState, VirtualMachine
from lab.model.replication import Synchronization, SynchronizationMethod
from lab.model.subject import Subject
from steps.rebooting import anew, refuse_to_strand_guests

SUBJECT = Subject(master="M", replica="R", guest="Garoon", scenario="S", garoon_url="http://garoon.example/")
FIGURES = Synchronization(
    method=SynchronizationMethod.BLOCK,
    blocks_compared=24,
    blocks_copied=3,
    started=datetime(2012, 9, 25, 22, 0, tzinfo=UTC),
    ended=datetime(2012, 9, 25, 22, 5, tzinfo=UTC),
)


class Host:
    host = "M"

    def __init__(self, **states):
        self._states = states

    def machines(self):
        return tuple(
            VirtualMachine(name=name, host="M", state=state, heartbeat=Heartbeat.NONE)
            for name, state in self._states.items()
        )


def test_a_host_that_runs_the_drills_guest_alone_may_be_taken_down():
    refuse_to_strand_guests(Host(Garoon=PowerState.RUNNING, DC1=PowerState.OFF), SUBJECT)


def test_a_host_on_which_another_guest_runs_is_not_taken_down():
    with pytest.raises(OperationRefused, match="DC1 runs on M too"):
        refuse_to_strand_guests(Host(Garoon=PowerState.OFF, DC1=PowerState.RUNNING), SUBJECT)


def test_a_synchronisation_is_new_once_it_began_later_compared_blocks_and_ended():
    later = replace(FIGURES, started=FIGURES.started + timedelta(hours=1))
    assert anew(FIGURES, later)
    assert not anew(FIGURES, FIGURES)
    assert not anew(FIGURES, None)
    assert not anew(FIGURES, replace(later, ended=None))
    assert not anew(FIGURES, replace(later, blocks_compared=0))
