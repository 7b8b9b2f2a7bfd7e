"""The split of a recovery, from what was seen of it and nothing else."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lab.model.bounds import Bounds, Length
from lab.model.outages import Outage
from lab.model.probing import Layer, Mark
from lab.model.recovery import (
    GuestLook,
    Held,
    Milestone,
    PlacedMark,
    ProductEvent,
    Prompt,
    RecoveryInput,
    Segment,
    Source,
    recoveries,
)
from tests.lab.model.probed_world import contains, spans


def at(instant, within=0.0):
    return Bounds(instant - within, instant + within)


def outage(began, ended):
    return Outage(began=began, ended=ended, length=ended.since(began), failed=1, good=0, unknown=0)


def course(marks=(), events=(), looks=(), prompts=(), restoration=None, *, pauses=(), **layers):
    return RecoveryInput(
        marks=[PlacedMark(kind, instant) for kind, instant in marks],
        events=[ProductEvent(kind, instant) for kind, instant in events],
        looks=[GuestLook(host=host, running=running, sent=sent, ended=sent + 1) for host, running, sent in looks],
        prompts=prompts,
        pauses=[Held(began, ended) for began, ended in pauses],
        layers={Layer[name]: outages for name, outages in layers.items()},
        restoration=restoration,
    )


WRITE = outage(Bounds(99.0, 101.0), Bounds(499.0, 501.0))
HEARTBEAT = outage(Bounds(98.0, 102.0), Bounds(460.0, 464.0))
TCP = outage(Bounds(99.0, 101.0), Bounds(461.0, 463.0))

POWER_CUT = {
    "marks": [(Mark.FAULT, at(100.0))],
    "events": [
        ("master_fault_detected", at(110.0, 1.0)),
        ("switchover_countdown", at(120.0, 1.0)),
        ("switchover_started", at(410.0, 1.0)),
        ("switchover_completed", at(495.0, 1.0)),
    ],
    "looks": [
        ("MASTER", True, 20.0),
        ("REPLICA", False, 20.0),
        ("REPLICA", False, 412.0),
        ("REPLICA", True, 420.0),
        ("REPLICA", True, 430.0),
    ],
    "WRITE": [WRITE],
    "TCP": [TCP],
    "HEARTBEAT": [HEARTBEAT],
}


def told(recovery):
    return {passed.milestone: (passed.at, passed.witness, passed.name) for passed in recovery.passed}


def test_a_failover_by_itself_passes_all_milestones():
    [recovery] = recoveries(course(**POWER_CUT))
    assert told(recovery) == {
        Milestone.CAUSED: (at(100.0), Source.MARK, "fault"),
        Milestone.DETECTED: (at(110.0, 1.0), Source.EVENT, "master_fault_detected"),
        Milestone.DECIDED: (at(410.0, 1.0), Source.EVENT, "switchover_started"),
        Milestone.STARTED: (Bounds(412.0, 421.0), Source.HOST, "REPLICA"),
        Milestone.UP: (Bounds(460.0, 463.0), Source.PROBES, "TCP"),
        Milestone.SERVED: (Bounds(499.0, 501.0), Source.PROBES, "write"),
    }
    assert [stretch.length for stretch in recovery.stretches] == [
        Length(9.0, 11.0),
        Length(298.0, 302.0),
        Length(1.0, 12.0),
        Length(39.0, 51.0),
        Length(36.0, 41.0),
    ]
    assert recovery.whole == Length(399.0, 401.0)
    assert recovery.human == Length(0.0, 0.0)
    assert recovery.machine == recovery.whole


def test_what_was_not_seen_is_missing_and_not_guessed():
    [recovery] = recoveries(course(**POWER_CUT | {"events": [], "looks": [("MASTER", True, 20.0)], "HEARTBEAT": []}))
    assert recovery.stretches == (
        Segment(Milestone.CAUSED, Milestone.UP, Length(361.0, 363.0)),
        Segment(Milestone.UP, Milestone.SERVED, Length(36.0, 40.0)),
    )


def test_without_a_cause_there_is_no_whole():
    [recovery] = recoveries(course(WRITE=[WRITE]))
    assert [passed.milestone for passed in recovery.passed] == [Milestone.SERVED]
    assert (recovery.whole, recovery.machine) == (None, None)


def test_without_service_to_users_the_whole_is_open():
    [recovery] = recoveries(course(**POWER_CUT | {"WRITE": [outage(Bounds(99.0, 101.0), Bounds(600.0, None))]}))
    assert Milestone.SERVED not in told(recovery)
    assert (recovery.whole, recovery.machine) == (None, None)


def test_a_planned_switchover_is_decided_by_the_command_and_not_detected():
    events = [
        ("switchover_started", at(91.0, 1.0)),
        ("master_fault_detected", at(120.0, 1.0)),
        ("switchover_completed", at(495.0, 1.0)),
    ]
    [recovery] = recoveries(course(**POWER_CUT | {"marks": [(Mark.COMMAND, at(90.0))], "events": events}))
    seen = told(recovery)
    assert seen[Milestone.CAUSED] == (at(90.0), Source.MARK, "command")
    assert seen[Milestone.DECIDED] == (at(90.0), Source.MARK, "command")
    assert Milestone.DETECTED not in seen


def test_without_a_look_at_the_host_the_product_is_believed_no_earlier_than_it_decided():
    [recovery] = recoveries(course(**POWER_CUT | {"looks": []}))
    assert told(recovery)[Milestone.STARTED] == (Bounds(409.0, 463.0), Source.EVENT, "switchover_completed")


def test_with_manual_switchover_the_wait_for_a_person_is_told_apart():
    events = [
        ("master_fault_detected", at(110.0, 1.0)),
        ("master_not_responding", at(200.0, 1.0)),
        ("switchover_started", at(402.0, 1.0)),
    ]
    marks = [(Mark.FAULT, at(100.0)), (Mark.COMMAND, at(400.0))]
    [recovery] = recoveries(course(**POWER_CUT | {"marks": marks, "events": events}))
    assert told(recovery)[Milestone.DECIDED] == (at(400.0), Source.MARK, "command")
    assert recovery.human == Length(199.0, 201.0)
    assert recovery.machine == Length(198.0, 202.0)


def test_waits_for_people_that_overlap_count_once():
    events = [("master_not_responding", at(200.0))]
    marks = [(Mark.FAULT, at(100.0)), (Mark.COMMAND, at(400.0))]
    prompts = [Prompt(at(210.0), at(390.0)), Prompt(at(410.0), at(420.0))]
    [recovery] = recoveries(course(**POWER_CUT | {"marks": marks, "events": events, "prompts": prompts}))
    assert recovery.human == Length(210.0, 210.0)


@pytest.mark.parametrize(
    ("pauses", "paused"),
    [
        ([], Length(0, 0)),
        ([(200.0, 260.0)], Length(60.0, 60.0)),
        ([(200.0, 260.0), (300.0, 330.0)], Length(90.0, 90.0)),
        ([(50.0, 90.0), (600.0, 700.0)], Length(0.0, 0.0)),
        ([(50.0, 130.0)], Length(30.0, 30.0)),
        ([(450.0, 600.0)], Length(49.0, 51.0)),
        ([(400.0, None)], Length(99.0, 101.0)),
    ],
)
def test_a_pause_is_neither_the_machines_time_nor_that_of_people(pauses, paused):
    [held] = recoveries(course(**POWER_CUT | {"pauses": pauses}))
    [other] = recoveries(course(**POWER_CUT))
    assert held.paused == paused
    assert held.human == other.human
    assert held.whole == other.whole
    assert held.machine == Length(other.machine.lower - paused.upper, other.machine.upper - paused.lower)


def test_a_wait_for_people_during_a_pause_is_part_of_the_pause():
    events = [("master_not_responding", at(200.0))]
    marks = [(Mark.FAULT, at(100.0)), (Mark.COMMAND, at(400.0))]
    story = course(**POWER_CUT | {"marks": marks, "events": events, "pauses": [(250.0, 350.0)]})
    [recovery] = recoveries(story)
    assert (recovery.human, recovery.paused) == (Length(100.0, 100.0), Length(100.0, 100.0))
    assert recovery.machine == Length(199.0, 201.0)


def test_an_answer_that_never_came_is_waited_for_until_users_are_served():
    [recovery] = recoveries(course(**POWER_CUT | {"prompts": [Prompt(at(150.0), None)]}))
    assert recovery.human == Length(349.0, 351.0)
    assert recovery.machine == Length(48.0, 52.0)


def test_a_guest_that_is_started_where_it_was_is_a_recovery_too():
    events = [
        ("master_fault_detected", at(110.0, 1.0)),
        ("guest_start_attempted", at(111.0, 1.0)),
        ("switchover_called_off", at(490.0, 1.0)),
    ]
    looks = [("MASTER", True, 20.0), ("MASTER", False, 105.0), ("MASTER", True, 115.0)]
    seen = told(recoveries(course(**POWER_CUT | {"events": events, "looks": looks}))[0])
    assert seen[Milestone.DECIDED] == (at(111.0, 1.0), Source.EVENT, "guest_start_attempted")
    assert seen[Milestone.STARTED] == (Bounds(110.0, 116.0), Source.HOST, "MASTER")


def test_attempts_in_vain_are_no_start():
    looks = [
        ("MASTER", False, 105.0),
        ("MASTER", True, 115.0),
        ("MASTER", False, 125.0),
        ("REPLICA", False, 412.0),
        ("REPLICA", True, 420.0),
    ]
    assert told(recoveries(course(**POWER_CUT | {"looks": looks}))[0])[Milestone.STARTED][2] == "REPLICA"


def test_each_outage_has_its_own_cause():
    second = outage(Bounds(1000.0, 1001.0), Bounds(1099.0, 1101.0))
    marks = [(Mark.FAULT, at(100.0)), (Mark.FAULT_ENDED, at(700.0)), (Mark.COMMAND, at(990.0))]
    first, last = recoveries(course(**POWER_CUT | {"marks": marks, "WRITE": [WRITE, second]}))
    assert told(first)[Milestone.CAUSED][2] == "fault"
    assert told(last)[Milestone.CAUSED] == (at(990.0), Source.MARK, "command")
    assert told(last)[Milestone.DECIDED][0] == at(990.0)
    assert last.whole == Length(109.0, 111.0)


def test_an_outage_after_the_fault_had_ended_is_not_the_faults():
    marks = [(Mark.FAULT, at(10.0)), (Mark.FAULT_ENDED, at(20.0))]
    [recovery] = recoveries(course(**POWER_CUT | {"marks": marks}))
    assert Milestone.CAUSED not in told(recovery)


def test_an_outage_that_begins_with_the_switchover_belongs_to_the_fault_that_led_to_it():
    """While only Hyper-V's service is stopped, users go on."""
    late = outage(Bounds(410.0, 412.0), Bounds(499.0, 501.0))
    [recovery] = recoveries(course(**POWER_CUT | {"WRITE": [late]}))
    assert recovery.whole == Length(399.0, 401.0)


@st.composite
def stories(draw):
    """True instants in order, and bounds around each."""
    true, instant = [], 100.0
    for _ in range(8):
        true.append(instant)
        instant += draw(st.floats(0, 300))
    error = st.floats(0, 3)
    return true, [Bounds(each - draw(error), each + draw(error)) for each in true]


@given(stories())
def test_every_stretch_contains_the_truth(story):
    true, seen = story
    fault, detected, asked, decided, began, started, up, served = range(8)
    found = course(
        marks=[(Mark.FAULT, seen[fault]), (Mark.COMMAND, seen[decided])],
        events=[("master_fault_detected", seen[detected]), ("master_not_responding", seen[asked])],
        looks=[("REPLICA", False, true[began] - 1), ("REPLICA", True, true[started])],
        WRITE=[outage(seen[began], seen[served])],
        TCP=[outage(seen[began], seen[up])],
    )
    [recovery] = recoveries(found)
    truth = {
        Milestone.CAUSED: true[fault],
        Milestone.DETECTED: true[detected],
        Milestone.DECIDED: true[decided],
        Milestone.STARTED: true[started],
        Milestone.UP: true[up],
        Milestone.SERVED: true[served],
    }
    assert all(contains(passed.at, truth[passed.milestone]) for passed in recovery.passed)
    for stretch in recovery.stretches:
        assert spans(stretch.length, truth[stretch.end] - truth[stretch.start])
    assert spans(recovery.whole, true[served] - true[fault])
    assert spans(recovery.human, true[decided] - true[asked])
    assert spans(recovery.machine, true[served] - true[fault] - (true[decided] - true[asked]))


def cut(seen, restoration):
    """An outage as its probes show it when the lab began to be restored."""
    if seen.ended.latest <= restoration:
        return seen
    ended = Bounds(min(seen.ended.earliest, restoration), None)
    return replace(seen, ended=ended, length=Length(ended.since(seen.began).lower, None), returned=seen.ended)


def test_effects_of_the_restoration_are_not_milestones():
    restored = POWER_CUT | {
        "events": POWER_CUT["events"][:2],
        "marks": [(Mark.FAULT, at(100.0)), (Mark.COMMAND, at(406.0))],
        "restoration": 405.0,
    }
    [recovery] = recoveries(course(**restored | {name: [cut(restored[name][0], 405.0)] for name in LAYERS}))
    assert set(told(recovery)) == {Milestone.CAUSED, Milestone.DETECTED}
    assert (recovery.whole, recovery.machine) == (None, None)
    assert recovery.outage.length == Length(304.0, None)


def test_an_outage_of_the_restoration_is_not_what_brought_the_guest_up():
    later = outage(Bounds(700.0, 702.0), Bounds(800.0, 802.0))
    opened = cut(outage(Bounds(99.0, 101.0), Bounds(810.0, 812.0)), 600.0)
    [recovery] = recoveries(course(**POWER_CUT | {"WRITE": [opened], "TCP": [TCP, later], "restoration": 600.0}))
    assert told(recovery)[Milestone.UP][0] == Bounds(460.0, 463.0)
    assert Milestone.SERVED not in told(recovery)


def test_a_completion_told_while_no_host_ran_the_guest_is_not_a_start():
    looks = [("MASTER", True, 20.0), ("MASTER", False, 500.0), ("REPLICA", False, 505.0)]
    opened = cut(outage(Bounds(99.0, 101.0), Bounds(810.0, 812.0)), 600.0)
    [recovery] = recoveries(course(**POWER_CUT | {"looks": looks, "WRITE": [opened], "restoration": 600.0}))
    assert Milestone.STARTED not in told(recovery)


LAYERS = ("WRITE", "TCP", "HEARTBEAT")


@given(stories(), st.floats(100, 2500))
def test_wherever_the_restoration_begins_milestones_are_true_and_come_before_it(story, restoration):
    true, seen = story
    fault, detected, asked, decided, began, started, up, served = range(8)
    found = course(
        marks=[(Mark.FAULT, seen[fault]), (Mark.COMMAND, seen[decided])],
        events=[("master_fault_detected", seen[detected]), ("master_not_responding", seen[asked])],
        looks=[("REPLICA", False, true[began] - 1), ("REPLICA", True, true[started])],
        WRITE=[cut(outage(seen[began], seen[served]), restoration)],
        TCP=[cut(outage(seen[began], seen[up]), restoration)],
        restoration=restoration,
    )
    truth = {
        Milestone.CAUSED: true[fault],
        Milestone.DETECTED: true[detected],
        Milestone.DECIDED: true[decided],
        Milestone.STARTED: true[started],
        Milestone.UP: true[up],
        Milestone.SERVED: true[served],
    }
    assume(true[began] < restoration)
    [recovery] = recoveries(found)
    after = [passed for passed in recovery.passed if passed.milestone is not Milestone.CAUSED]
    assert all(passed.at.latest <= restoration for passed in after)
    assert all(contains(passed.at, truth[passed.milestone]) for passed in recovery.passed)
    if true[served] > restoration:
        assert Milestone.SERVED not in told(recovery)
        assert recovery.whole is None


@pytest.mark.parametrize("layers", [{}, {"TCP": [TCP]}])
def test_without_an_outage_of_writing_there_is_no_recovery(layers):
    assert recoveries(course(marks=[(Mark.FAULT, at(100.0))], **layers)) == ()
