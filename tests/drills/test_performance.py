"""What the comparison after a drill tells first."""

from types import SimpleNamespace

import pytest

from drills.interruption import Held
from drills.performance import Performance
from drills.readiness import Reading
from lab.model.limits import Limits
from lab.model.machines import Heartbeat, PowerState, VirtualMachine
from lab.model.state import LabState
from lab.simulator.timeline import Jumping, SimulatedClock, Timeline
from lab.site.file import simulated_site
from lab.site.simulation import SimulationSettings

SUBJECT = simulated_site().subject

NOT_REMOVED = {"en": "Garoon: 0 → 2 canary entries not removed", "ja": "Garoon: 0 → 未削除の確認用の予定 2 件"}


def on(host, state=PowerState.RUNNING):
    return VirtualMachine(name=SUBJECT.guest, host=host, state=state, heartbeat=Heartbeat("Ok"))


def compared(language, *replica, test_under_way=False):
    """What is told where the guest ran on the master host, runs there now, and is on the replica host like this."""
    written, timeline = [], Timeline(SimulationSettings().start)
    before = LabState(machines={SUBJECT.master: (on(SUBJECT.master),), SUBJECT.replica: ()}, scenarios=())
    now = LabState(machines={**before.machines, SUBJECT.replica: replica}, scenarios=())
    lab = SimpleNamespace(
        clock=SimulatedClock(timeline, Jumping(timeline)),
        limits=Limits(),
        people=None,
        safety=SimpleNamespace(
            lease=None,
            may_differ=frozenset({f"{SUBJECT.replica}/{SUBJECT.guest}"}),
            guard=SimpleNamespace(doubtful=()),
        ),
    )
    journal = SimpleNamespace(write=written.append)
    performance = Performance(SimpleNamespace(name="4-1"), lab, SUBJECT, language, journal, None)
    performance.before, performance._entries = before, None
    performance.whereabouts = SimpleNamespace(seen=lambda host: None)
    performance.measuring = SimpleNamespace(lost_in_restoration=0)
    performance.course.test_under_way = test_under_way
    performance._surveyor = SimpleNamespace(survey_what_answers=lambda _: Reading(before=before, now=now, unread=()))
    performance._compare(2, Held(already=True), stays=False)
    return [each.in_(language) for each in written[-1].differences]


@pytest.mark.parametrize(
    ("language", "test_under_way", "first"),
    [
        (
            "en",
            False,
            (
                "SPLIT BRAIN: Garoon runs on MASTER and on REPLICA; turn it off at once on the host whose data may be "
                "discarded, and run no scenario before that (guide 3, step 11)"
            ),
        ),
        (
            "ja",
            False,
            (
                "【スプリット ブレイン】Garoon が MASTER と REPLICA の両方で実行中です。データを破棄してよい側の"
                "ホストで直ちにオフにし、それまでシナリオを実行しないでください（手順書 3 手順 11）"
            ),
        ),
        (
            "en",
            True,
            (
                "THE REPLICA INTEGRITY TEST IS STILL IN PROGRESS: its copy of Garoon runs on REPLICA; stop the test in "
                "the manager (guide 6-1, step 7)"
            ),
        ),
    ],
    ids=["en", "ja", "test guest"],
)
def test_a_guest_that_runs_on_both_hosts_is_told_first_with_the_way_out(language, test_under_way, first):
    """Also where the site file permits the guest on the replica host to differ."""
    told = compared(language, on(SUBJECT.replica), test_under_way=test_under_way)
    assert told == [first, NOT_REMOVED[language]]


@pytest.mark.parametrize("test_under_way", [False, True])
def test_of_a_guest_that_runs_on_one_host_no_such_thing_is_told(test_under_way):
    off = on(SUBJECT.replica, PowerState.OFF)
    assert compared("en", off, test_under_way=test_under_way) == [NOT_REMOVED["en"]]
