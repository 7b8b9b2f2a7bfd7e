"""What steps ask for by name, beyond the ports of the lab."""

from __future__ import annotations

import pytest

from drills.performance import Performance
from lab.model.subject import Subject
from steps.maintenance import Preparation


@pytest.fixture
def preparation(performance: Performance, subject: Subject) -> Preparation:
    lab = performance.lab
    return Preparation(
        course=performance.course,
        host_maintenance=lab.rha.maintenance,
        hyperv={role: host.hyperv for role, host in lab.hosts.items()},
        windows={role: host.windows for role, host in lab.hosts.items()},
        statistics=lab.rha.statistics,
        event_view=performance.event_view,
        subject=subject,
        clock=lab.clock,
    )
