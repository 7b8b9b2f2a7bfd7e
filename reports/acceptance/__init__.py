"""Acceptance: a record held against a baseline, step by step. Not to be confused with reports.comparison, of states."""

from reports.acceptance.result import Acceptance
from reports.acceptance.run import NotComparable, compare
from reports.acceptance.verdicts import Tolerance, Verdict

__all__ = ["Acceptance", "NotComparable", "Tolerance", "Verdict", "compare"]
