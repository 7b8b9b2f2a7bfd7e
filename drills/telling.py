"""A line every 30 s about what a restoration waits for, also while a call to a silent host lasts."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from drills.interruption import Held, UnderWay

TELL_EVERY = 30.0
"""Seconds between two lines about a wait."""


@contextmanager
def telling(held: Held, tell: Callable[[UnderWay], None]) -> Iterator[None]:
    """Calls `tell`, from a thread of its own, whenever nothing was told of what is under way for 30 s of the wall."""
    over = threading.Event()

    def watch() -> None:
        while not over.wait(TELL_EVERY / 60):
            doing = held.under_way
            if doing is not None and time.monotonic() - doing.told >= TELL_EVERY:
                doing.told = time.monotonic()
                tell(doing)

    thread = threading.Thread(target=watch, name="telling", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
