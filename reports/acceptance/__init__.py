"""Acceptance: a record compared with a baseline, step by step. See reports.page.comparison for states."""

from reports.acceptance.result import Acceptance, Tolerance, Verdict
from reports.acceptance.run import NotComparable, compare

__all__ = ["Acceptance", "NotComparable", "Tolerance", "Verdict", "compare"]
