import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.model.versions import at_least, is_version

NUMBERS = st.lists(st.integers(0, 99999), min_size=1, max_size=4)


@pytest.mark.parametrize(
    ("told", "wanted", "expected"),
    [
        ("3.5.2", "3.5.2", True),
        ("3.10", "3.5.2", True),
        ("3.5", "3.5.2", False),
        ("16.0.2 build 5291", "16", True),
        ("6.0.6002", "6.1.7601", False),
        ("10.0.14393", "6.1.7601", True),
        ("", "16", None),
        ("r16 SP2", "16", None),
        ("9" * 5000, "16", None),
        ("16", "abc", None),
        ("16", "", None),
        ("16", "v16.5", None),
        ("16", "<v>", None),
        ("99.0", "９９.0", None),
        ("99.0", "3.5.2 or so", None),
    ],
)
def test_versions_are_compared_number_by_number(told, wanted, expected):
    assert at_least(told, wanted) is expected


@given(NUMBERS, NUMBERS)
def test_a_version_with_more_behind_it_is_as_late(numbers, more):
    version = ".".join(map(str, numbers))
    assert at_least(version, version)
    assert at_least(".".join(map(str, [*numbers, *more])), version)
    assert not at_least(version, ".".join(map(str, [numbers[0] + 1, *more])))


@given(st.text(), st.text())
def test_what_is_not_a_version_is_never_reached(told, wanted):
    if not is_version(wanted):
        assert at_least(told, wanted) is None
