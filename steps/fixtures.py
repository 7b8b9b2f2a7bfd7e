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
        replication=lab.rha.replication,
        wizard=lab.rha.wizard,
        master=lab.hosts[HostRole.MASTER].hyperv,
        replica=lab.hosts[HostRole.REPLICA].hyperv,
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
        host_maintenance=lab.rha.maintenance,
        hyperv={role: host.hyperv for role, host in lab.hosts.items()},
        windows={role: host.windows for role, host in lab.hosts.items()},
        statistics=lab.rha.statistics,
        event_view=performance.event_view,
        subject=subject,
        clock=lab.clock,
    )
