"""Regular expressions with the standard library alone: allowed where the work is bounded, else refused beforehand."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from powershell.errors import OutsideSubset
from powershell.match_cost import costs
from powershell.matching import StandardMatcher, compiled, matching_by
from tests.powershell.engine_under_test import stand_in_engine

ATOMS = st.sampled_from(["a", "b", r"\w", "[^a]", ".", r"\d", r"\s", r"\b", "[ab]"])
QUANTIFIERS = st.sampled_from(["", "", "*", "+", "?", "*?", "{2}", "{1,3}", "{3,}", "{0,9}"])


def _wider(inner):
    group = st.tuples(st.sampled_from(["(", "(?:", "(?=", "(?i:"]), inner).map(lambda parts: f"{parts[0]}{parts[1]})")
    quantified = st.tuples(st.one_of(ATOMS, group), QUANTIFIERS).map("".join)
    return st.one_of(
        st.lists(quantified, min_size=1, max_size=4).map("".join),
        st.tuples(inner, inner).map("|".join),
    )


EXPRESSIONS = st.recursive(ATOMS, _wider, max_leaves=12).flatmap(
    lambda body: st.sampled_from([body, f"^{body}x", f"{body}x", rf"({body})\1x"])
)


@given(EXPRESSIONS, st.text("ab 1", max_size=60).map(lambda text: text + "a" * 30))
def test_a_search_that_is_allowed_ends_soon_and_finds_what_re_finds(expression, text):
    try:
        pattern = StandardMatcher().compile(expression, 0, 0.02)
        began = time.thread_time()
        found = pattern.search(text)
    except (re.error, OutsideSubset):
        return
    assert time.thread_time() - began < 0.5
    assert (found and found.start(0)) == ((same := re.search(expression, text)) and same.start())


@pytest.mark.parametrize(
    ("expression", "flags", "cuts"),
    [
        ("abc", 0, 0),
        ("a+", 0, 1),
        (r"\d+\.\d+\.\d+", 0, 1),
        (r"(\w+)=(\w+)", 0, 1),
        (r"(\w+)\s+(\w+)$", 0, 1),
        ("a+A", 0, 0),
        ("a+A", re.IGNORECASE, 1),
        ("(?i:a+A)", 0, 1),
        (".*,.*", 0, 2),
        ("a{3}", 0, 0),
        (r"(\w)\1", 0, 1),
        ("a + # (b+)+\n A", re.VERBOSE, 0),
        ('"[^"]*"', 0, 0),
    ],
)
def test_a_loop_counts_unless_what_follows_ends_it(expression, flags, cuts):
    assert costs(expression, flags)[0].cuts == cuts


@pytest.mark.parametrize("expression", ["(a+)+$", "(a|b)*c", r"(\w+\s?)*$", "((a*)b*)*", "(?:a|aa){2,}$", r"(a*)\1+x"])
def test_a_loop_over_what_matches_in_several_ways_has_no_bound(expression):
    with pytest.raises(OutsideSubset, match=r"may take longer than 2\.0 s"):
        compiled(expression).search("a" * 10)


def test_a_long_text_is_refused_where_a_short_one_is_not():
    loops = compiled(r"\w+\w+x")
    assert loops.search("a" * 100) is None
    with pytest.raises(OutsideSubset):
        loops.search("a" * 5000)


def test_an_engine_matches_by_the_matcher_it_was_given_and_by_no_other_afterwards():
    class Refusing:
        def compile(self, expression, flags, seconds):
            raise OutsideSubset(f"'{expression}' with this matcher")

    with matching_by(Refusing()), pytest.raises(OutsideSubset, match="'x' with this matcher"):
        compiled("x")
    assert compiled("x").search("x") is not None
    assert stand_in_engine().matcher == StandardMatcher()
