"""When a difference in time is one: always beyond both tolerances, whatever the bounds leave open."""

from hypothesis import given
from hypothesis import strategies as st

from lab.model.bounds import Length
from reports.acceptance.result import Tolerance, Verdict, aligned, only_in, pace, together

SECONDS = st.floats(0, 10_000, allow_nan=False)
TOLERANCES = st.builds(Tolerance, st.floats(0, 1), st.floats(0, 60))
VERDICTS = st.lists(st.sampled_from(Verdict))
FASTEST_FIRST = (Verdict.FASTER, Verdict.SAME, Verdict.SLOWER)


@st.composite
def known(draw):
    lower, more = draw(SECONDS), draw(SECONDS)
    return Length(lower, lower + more)


LENGTHS = st.one_of(known(), SECONDS.map(lambda lower: Length(lower, None)))


@given(LENGTHS, LENGTHS, TOLERANCES)
def test_slower_exceeds_both_tolerances_whatever_the_truth_between_the_bounds(baseline, record, tolerance):
    verdict = pace(baseline, record, tolerance)
    if verdict is Verdict.SLOWER:
        assert record.lower - baseline.upper > tolerance.seconds - 1e-6
        assert record.lower - baseline.upper > tolerance.share * baseline.upper - 1e-6
    if verdict is Verdict.FASTER:
        assert baseline.lower - record.upper > tolerance.seconds - 1e-6
        assert baseline.lower - record.upper > tolerance.share * baseline.lower - 1e-6


@given(known(), known(), TOLERANCES)
def test_with_no_end_open_there_is_always_a_verdict(baseline, record, tolerance):
    assert pace(baseline, record, tolerance) in FASTEST_FIRST


@given(LENGTHS, TOLERANCES)
def test_what_is_held_against_itself_is_the_same_or_of_no_known_end(length, tolerance):
    assert pace(length, length, tolerance) is (Verdict.UNKNOWN if length.upper is None else Verdict.SAME)


@given(LENGTHS, SECONDS, TOLERANCES)
def test_where_an_end_is_open_nothing_is_the_same(baseline, lower, tolerance):
    assert pace(baseline, Length(lower, None), tolerance) in (Verdict.SLOWER, Verdict.UNKNOWN)


@given(known(), known(), SECONDS, TOLERANCES)
def test_more_time_never_makes_it_faster(baseline, record, more, tolerance):
    longer = Length(record.lower + more, record.upper + more)
    verdicts = [FASTEST_FIRST.index(pace(baseline, each, tolerance)) for each in (record, longer)]
    assert verdicts == sorted(verdicts)


@given(known(), known(), TOLERANCES, st.floats(0, 1), st.floats(0, 60))
def test_a_wider_tolerance_never_finds_a_difference_that_a_narrower_one_does_not(base, record, tolerance, share, more):
    wider = Tolerance(tolerance.share + share, tolerance.seconds + more)
    if pace(base, record, tolerance) is Verdict.SAME:
        assert pace(base, record, wider) is Verdict.SAME


@given(VERDICTS)
def test_a_whole_has_the_gravest_verdict_of_its_parts_and_is_never_the_same_with_one_unknown(verdicts):
    whole = together(verdicts)
    assert whole in verdicts or (not verdicts and whole is Verdict.UNKNOWN)
    assert all(list(Verdict).index(whole) <= list(Verdict).index(each) for each in verdicts)
    if whole in (Verdict.SAME, Verdict.FASTER):
        assert Verdict.UNKNOWN not in verdicts


TEXTS = st.lists(st.sampled_from("abc"), max_size=8)


@given(TEXTS, TEXTS)
def test_everything_stands_once_in_its_order_and_only_what_agrees_side_by_side(baseline, record):
    pairs = list(aligned(baseline, record, baseline, record))
    assert [one for one, _ in pairs if one is not None] == baseline
    assert [other for _, other in pairs if other is not None] == record
    assert all(one == other for one, other in pairs if None not in (one, other))


def test_what_only_one_has_is_told_and_another_order_differs():
    assert only_in(["a", "b"], ["a", "b", "c"]) == ((), ("c",))
    assert only_in(["a", "b"], ["b", "a"]) != ((), ())
