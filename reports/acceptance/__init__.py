"""Acceptance: a record compared with a baseline, step by step. See reports.comparison for states."""

from reports.acceptance.result import Acceptance
from reports.acceptance.run import NotComparable, compare
from reports.acceptance.verdicts import Tolerance, Verdict

__all__ = ["Acceptance", "NotComparable", "Tolerance", "Verdict", "compare"]
