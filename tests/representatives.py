"""Cases that cost a process or a drill each: a few stand for all, and `make controls` tries the rest."""

import pytest


def standing_for_all(cases, *ordinary):
    """The cases as parameters, a tuple as several; those that are not `ordinary` are marked `controls`."""
    missing = [case for case in ordinary if case not in cases]
    assert not missing, f"not among the cases: {missing}"
    return [
        pytest.param(
            *(case if isinstance(case, tuple) else (case,)), marks=() if case in ordinary else pytest.mark.controls
        )
        for case in cases
    ]
