from hypothesis import given
from hypothesis import strategies as st

from reports.acceptance.pairing import aligned, only_in

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
