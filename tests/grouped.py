"""Many small cases in one test, as a test of its own costs more than a case does; all cases that fail are told."""

import pytest


def expect_each(cases, check):
    """Calls `check` with each of the cases, a tuple as several arguments."""
    failures = []
    for case in cases:
        try:
            check(*case) if isinstance(case, tuple) else check(case)
        except (Exception, pytest.fail.Exception) as failure:  # noqa: BLE001 - all are raised below
            failure.add_note(f"in the case {case!r}")
            failures.append(failure)
    if failures:
        raise BaseExceptionGroup("cases that fail", failures)
