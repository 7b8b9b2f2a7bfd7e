"""What steps ask for by name, beyond the ports of the lab."""

from __future__ import annotations

import pytest

from drills.performance import Performance
from lab.model.hosts import HostRole
from lab.model.subject import Subject
from steps.maintenance import Preparation
from steps.premises import Premises


@pytest.fixture
def premises(performance: Performance, subject: Subject) -> Premises:
    lab = performance.lab
    return Premises(
        course=performance.course,
        replication=lab.replication,
        wizard=lab.wizard,
        master=lab.hyperv[HostRole.MASTER],
        replica=lab.hyperv[HostRole.REPLICA],
        event_view=performance.event_view,
        garoon=performance.garoon,
        garoon_health=performance.garoon_health,
        clock=lab.clock,
        subject=subject,
        observation=performance.observation,
    )


@pytest.fixture
def preparation(performance: Performance, subject: Subject) -> Preparation:
    lab = performance.lab
    return Preparation(
        course=performance.course,
        host_maintenance=lab.maintenance,
        hyperv=lab.hyperv,
        windows=lab.windows,
        statistics=lab.statistics,
        event_view=performance.event_view,
        subject=subject,
        clock=lab.clock,
    )
