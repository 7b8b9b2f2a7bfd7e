"""A listener over a small engine, in a lab whose time jumps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime

import pytest

from lab.simulator.timeline import Jumping, SimulatedClock, Timeline
from lab.simulator.winrm.listener import WinRmListener
from tests.lab.simulator.winrm.winrm_stand import ACCOUNT, WordEngine

OpenListener = Callable[..., WinRmListener]


@pytest.fixture
def clock() -> SimulatedClock:
    timeline = Timeline(datetime(2012, 9, 25, 13, 0, tzinfo=UTC))
    return SimulatedClock(timeline, Jumping(timeline))


@pytest.fixture
def engine(clock: SimulatedClock) -> WordEngine:
    return WordEngine(clock)


@pytest.fixture
def opened(clock: SimulatedClock, engine: WordEngine) -> Iterator[OpenListener]:
    """Opens listeners, and closes them after the test."""
    with ExitStack() as closing:

        def open_listener(host_name="MASTER", account=ACCOUNT, clock=clock, **more) -> WinRmListener:
            listener = WinRmListener(engine, host_name, account, clock, **more)
            listener.open()
            closing.callback(listener.close)
            return listener

        yield open_listener


@pytest.fixture
def listener(opened: OpenListener) -> WinRmListener:
    return opened()
