from datetime import timedelta
from itertools import pairwise

from lab.model.canaries import Fate
from reports import availability
from reports.canaries import TELLING
from reports.drawing import Axis
from tests.reports.journals import probed
from tests.reports.measured import FAULT, write_measured
from words import words_of


def test_every_canary_is_in_the_strip_and_the_telling_ones_are_called_out(measured):
    drill, found, site = measured
    strip = availability.lay_out(drill, found, site, words_of("en")).strip
    bars = strip.row.bars
    assert sum(int(bar.title.split(" ")[0]) for bar in bars) == len(found.canaries)
    for left, right in pairwise(bars):
        assert left.x <= right.x
    telling = [canary.fate for canary in found.canaries if canary.fate in TELLING]
    assert bool(strip.flags) == bool(telling)
    assert sum(int(flag.label.split(" ")[0]) for flag in strip.flags) == len(telling)


def test_lost_canaries_lie_just_before_the_fault(tmp_path):
    write_measured("missed-ja", tmp_path)
    drill, found, site = probed(tmp_path)
    strip = availability.lay_out(drill, found, site, words_of("en")).strip
    (lost,) = [flag for flag in strip.flags if flag.style == Fate.LOST.value]
    assert lost.label == "6 lost"
    axis = Axis(drill.began.lab, drill.last.lab)
    assert lost.x < axis.x(drill.began.lab + timedelta(seconds=FAULT - 2))
