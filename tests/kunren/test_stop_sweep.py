"""A stop after any entry of a drill's journal: the lab is restored, or it is said that it is not, and that is true.

The signals are real ones, alternately Ctrl-C's and a service manager's, which one handler takes.
"""

import random
import signal
from collections import Counter
from itertools import cycle

import pytest

from tests.kunren.divided import end_of, ends, untruth
from tests.kunren.stops import StopAt
from tests.representatives import standing_for_all
from words import words_of

DRILLS = ["4-1-clean-switchover", "5-switchback", "6-1-assured-recovery", "6-2-host-maintenance"]
NUMBERS = (signal.SIGINT, signal.SIGTERM)
PASSED, STOPPED, NOT_RESTORED = 0, 130, 5


def stoppable(drill):
    """The numbers of the entries that are no probes, of which there are many, and which change nothing."""
    whole = end_of(StopAt(drill))
    assert (whole["code"], whole["told"][-1]) == (PASSED, words_of("en")("lab_state.restored"))
    assert whole["before"] == whole["after"]
    return [number for number, entry in enumerate(whole["journal"], 1) if entry["what"] != "probe"]


def described(found):
    case = found["case"]
    ended = [entry for entry in found["journal"] if entry["what"] in {"restore.act", "restore.ended"}]
    return f"{case} at {stopped_at(found)}: {untruth(found)}; {found['said']}; {ended}"


def stopped_at(found):
    case, entries = found["case"], found["journal"]
    return "?" if case["acts"] or case["entry"] > len(entries) else entries[case["entry"] - 1]["what"]


def expect_truth(found):
    """Either 130 and a lab that is as it was, or 5 and one that is not; whichever, it is the last line said.

    A drill that has ended, and has passed, is not stopped any more.
    """
    codes = {PASSED} if stopped_at(found) == "run.ended" else {STOPPED, NOT_RESTORED}
    assert found["code"] in codes, described(found)
    assert untruth(found) == "", described(found)


def stops_at(drill, entries):
    return [StopAt(drill, entry, number) for entry, number in zip(entries, cycle(NUMBERS), strict=False)]


ACTS = {DRILLS[0]: range(1, 7), DRILLS[1]: range(1, 10), DRILLS[2]: range(1, 18), DRILLS[3]: range(1, 9)}
"""Calls by which each drill itself changes something, in their order."""
START_OF_TEST, STOP_OF_TEST = 3, 10


SAMPLE = list(zip(DRILLS, (True, False, True, False), strict=True))


@pytest.mark.parametrize(("drill", "acts"), standing_for_all(SAMPLE, (DRILLS[0], True), (DRILLS[3], False)))
def test_a_stop_after_a_sampled_entry_or_a_sampled_act_restores_the_lab(drill, acts):
    chance = random.Random(drill)
    found = end_of(StopAt(drill, chance.choice(ACTS[drill]) if acts else chance.randint(20, 400), acts=acts))
    expect_truth(found)
    assert found["code"] == STOPPED, described(found)


@pytest.mark.parametrize("number", standing_for_all([START_OF_TEST, STOP_OF_TEST], START_OF_TEST))
def test_an_integrity_test_is_ended_that_was_just_being_started_or_stopped(number):
    found = end_of(StopAt(DRILLS[2], number, acts=True))
    expect_truth(found)
    [act] = [each for each in found["journal"] if each.get("act") == "end the replica integrity test"]
    assert (found["code"], act["outcome"]) == (STOPPED, "done"), described(found)
    restoring = [each["what"] for each in found["journal"]].index("restore.began")
    ended = [each for each in found["journal"][restoring:] if each.get("change") == "stop integrity test"]
    assert len(ended) <= 1, "people would be asked again for what they have done"


@pytest.mark.controls
@pytest.mark.parametrize("drill", DRILLS)
def test_a_stop_after_any_entry_restores_the_lab(drill):
    codes = Counter()
    for found in ends(stops_at(drill, stoppable(drill)), 2):
        expect_truth(found)
        codes[found["code"]] += 1
    assert set(codes) == {STOPPED, PASSED}
    assert codes[PASSED] == 1


def twice(drill, entries, count):
    chance = random.Random(drill)
    return [StopAt(drill, chance.choice(entries), later=chance.randint(1, 90)) for _ in range(count)]


def test_a_second_stop_cuts_waits_short_and_the_comparison_is_made_and_told():
    found = end_of(StopAt("4-1-clean-switchover", 310, later=25))
    expect_truth(found)
    assert [entry for entry in found["journal"] if entry["what"] == "restore.ended"]


@pytest.mark.controls
@pytest.mark.parametrize("drill", DRILLS)
def test_a_second_stop_at_any_later_entry_is_told_truthfully(drill):
    codes = Counter()
    for found in ends(twice(drill, stoppable(drill), 100), 2):
        expect_truth(found)
        codes[found["code"]] += 1
    assert {STOPPED, NOT_RESTORED} <= set(codes) <= {STOPPED, NOT_RESTORED, PASSED}
