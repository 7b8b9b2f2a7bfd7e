"""Regular expressions are compiled by the matcher that the host gives."""

import pytest

from powershell.errors import OutsideSubset
from powershell.matching import StandardMatcher, compiled, matching_by
from tests.powershell.engine_under_test import stand_in_engine


def test_an_engine_matches_by_the_matcher_it_was_given_and_by_no_other_afterwards():
    class Refusing:
        def compile(self, expression, flags, seconds):
            raise OutsideSubset(f"'{expression}' with this matcher")

    with matching_by(Refusing()), pytest.raises(OutsideSubset, match="'x' with this matcher"):
        compiled("x")
    assert compiled("x").search("x") is not None
    assert stand_in_engine().matcher == StandardMatcher()
