"""The simulated lab as steps have it."""

from tests.drills.conftest import journal, simulated_lab, survey  # noqa: F401
