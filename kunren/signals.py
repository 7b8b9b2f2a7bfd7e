"""The first instants of the command: what stops it is heard before anything that takes time is loaded."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from drills.interruption import STOPS, stopped_by

STOPPED = 130
OBJECTS_BETWEEN_SWEEPS = 50_000
"""Python's 700 is for programs that make little: while modules are loaded, sweeps take a tenth of the time."""


class Beginning:
    """Ends the process at once while nothing has been begun; afterwards, and while Python ends, it does nothing."""

    def __init__(self) -> None:
        self.over = False

    def __call__(self, _number: int, _frame: FrameType | None) -> None:
        if not self.over:
            write_to_stderr(b"kunren: stopped before anything was begun.\n")
            os._exit(STOPPED)


BEGINNING = Beginning()


def begin() -> None:
    """What the process needs before all else."""
    gc.set_threshold(OBJECTS_BETWEEN_SWEEPS, *gc.get_threshold()[1:])
    for number in STOPS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, BEGINNING)
    _fill_closed_streams()


@contextmanager
def loading() -> Iterator[None]:
    """While a command loads what it works with, it has not begun: a stop ends the process at once.

    A KeyboardInterrupt amid the making of a class makes Python end the process by SIGINT, even if it is caught.
    """
    over, BEGINNING.over = BEGINNING.over, False
    try:
        with stopped_by(BEGINNING):
            yield
    finally:
        BEGINNING.over = over


def end() -> None:
    """While Python ends it gives handlers of its own back to the system, which would kill; what is ignored stays so."""
    BEGINNING.over = True
    gc.freeze()  # as it ends Python would look several times for cycles in memory that is given back as a whole
    if hasattr(signal, "pthread_sigmask"):  # one that comes while its handler changes is told as an error by Python
        signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
    for number in STOPS:
        signal.signal(number, signal.SIG_IGN)


def write_to_stderr(sentence: bytes) -> None:
    """Without the stream of that name, which may be closed or in the middle of another sentence."""
    try:
        os.write(2, sentence)
    except OSError:  # no reader is left
        return


def _fill_closed_streams() -> None:
    """A closed stdin, stdout or stderr would give its number to the next file, and its reader what is written there."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)
