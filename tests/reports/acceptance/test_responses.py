"""Garoon's response times in two drills: the middle of enough answers is weighed, and nothing else."""

from dataclasses import replace

import pytest

from lab.model.probing import Layer
from reports.acceptance import Tolerance, Verdict
from reports.acceptance.responses import ENOUGH, compare_responses
from reports.load import load_record
from tests.reports.measured import varied


@pytest.fixture(scope="module")
def probing(tmp_path_factory):
    folder = tmp_path_factory.mktemp("measured")
    varied("measured-en", folder)
    return load_record(folder).drills[0].measurement.probing


def changed(probing, layer, seconds, count=None):
    """Each answer of the layer, or its first ones alone, later by so much."""
    probes = {
        track: tuple(
            replace(each, ended=each.ended + seconds if track.layer is layer and each.ended is not None else each.ended)
            for each in (of[:count] if track.layer is layer else of)
        )
        for track, of in probing.probes.items()
    }
    return replace(probing, probes=probes)


def verdict(baseline, record, layer=Layer.READ):
    return next(each.verdict for each in compare_responses(baseline, record, Tolerance()) if each.layer == layer.value)


def test_an_answer_that_takes_longer_by_what_a_person_notices_is_slower(probing):
    assert verdict(probing, probing) is Verdict.SAME
    assert verdict(probing, changed(probing, Layer.READ, 2.0)) is Verdict.SLOWER
    assert verdict(changed(probing, Layer.READ, 2.0), probing) is Verdict.FASTER
    assert verdict(probing, changed(probing, Layer.READ, 0.1)) is Verdict.SAME
    assert verdict(probing, changed(probing, Layer.LOGIN, 2.0)) is Verdict.SAME


def test_few_answers_weigh_nothing(probing):
    assert verdict(probing, changed(probing, Layer.READ, 9.0, ENOUGH - 1)) is None
