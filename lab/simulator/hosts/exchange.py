"""Exchange between a simulated process and the request that waits for it: output one way, turns the other.

In a drill only the waiting client may move time. So a process runs only while a Receive waits for it, and hands
the turn back at a quiet point: it waits for input, it has ended, time has passed since it wrote, or the client's
operation time-out is over. Everything written at one instant is delivered together; two runs deliver alike. Where time
passes by itself (a lab that stands alone) an `Alarm` says so, and processes run as they please.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NoReturn, TypeAlias

from lab.simulator.timeline import Appointment
from powershell import Clock

PIPE_CAPACITY: Final = 1 << 20
"""Bytes of output a process may be ahead of its reader; then it waits, as on a full pipe."""

CONTROL_C_EXIT: Final = 0xC000013A
"""STATUS_CONTROL_C_EXIT, the exit code of a process that was ended from outside."""
UNHANDLED_EXCEPTION: Final = 0xE0434352
"""The exit code of a .NET process that died of an exception."""


class ProcessTerminated(BaseException):
    """The client has ended the process. Like KeyboardInterrupt, it passes handlers of Exception."""


Alarm: TypeAlias = Callable[[timedelta, Callable[[], None]], Appointment]
"""Calls an action once, when a duration of lab time is over: `Timeline.after` where time passes by itself."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of one stream's output."""

    stream: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Received:
    """The result of a Receive: output, and the exit code once everything before the end has been delivered."""

    chunks: tuple[Chunk, ...]
    exit_code: int | None


class Exchange:
    """The process puts output, waits for input and ends; the client receives, or terminates it."""

    def __init__(self, clock: Clock, alarm: Alarm | None = None) -> None:
        self.changed = threading.Condition()
        self._clock = clock
        self._alarm = alarm
        self._output: deque[Chunk] = deque()
        self._size = 0
        self._written_at: datetime | None = None
        self._deadline: datetime | None = None
        self._exit_code: int | None = None
        self._turn = alarm is not None
        self._terminated = False
        self._receiving = threading.Lock()

    def start(self, work: Callable[[], int], name: str) -> None:
        """Runs `work`, the process, in a thread of its own until it returns an exit code or is terminated."""

        def live() -> None:
            exit_code = UNHANDLED_EXCEPTION
            try:
                self.checkpoint()
                exit_code = work()
            except ProcessTerminated:
                exit_code = CONTROL_C_EXIT
            finally:
                self._end(exit_code)

        threading.Thread(target=live, name=name, daemon=True).start()

    # The process.

    def checkpoint(self) -> None:
        """A point at which the process may lose its turn, or learn that it has been ended."""
        with self.changed:
            self._pass()

    def put(self, stream: str, data: bytes) -> None:
        """A piece of output; it is delivered whole."""
        with self.changed:
            self._pass()
            self._written_at = self._written_at or self._clock.now()
            self._output.append(Chunk(stream, data))
            self._size += len(data)
            if self._alarm is not None:
                self.changed.notify_all()
                self._wait(lambda: self._size < PIPE_CAPACITY)
            elif self._size >= PIPE_CAPACITY:
                self._hand_over()

    def wait_for_input(self, there: Callable[[], bool]) -> None:
        """Blocks until `there()`, which is asked under the lock."""
        with self.changed:
            self._pass()
            while not there():
                self._hand_over()
                if self._alarm is not None:
                    self._wait(there)

    def hang(self) -> NoReturn:
        """A command that never answers: only the client ends it."""
        self.wait_for_input(lambda: False)
        raise ProcessTerminated

    def _end(self, exit_code: int) -> None:
        with self.changed:
            self._exit_code = exit_code
            self._turn = False
            self.changed.notify_all()

    def _pass(self) -> None:
        now = self._clock.now()
        overdue = self._deadline is not None and now >= self._deadline
        late_output = self._written_at is not None and now > self._written_at
        if self._alarm is None and self._turn and (overdue or late_output):
            self._hand_over()
        self._wait(lambda: self._turn)

    def _hand_over(self) -> None:
        """Gives the turn back, in a drill, and waits for the next one."""
        if self._alarm is None:
            self._turn = False
            self.changed.notify_all()
            self._wait(lambda: self._turn)

    def _wait(self, condition: Callable[[], bool]) -> None:
        self.changed.wait_for(lambda: condition() or self._terminated)
        if self._terminated:
            raise ProcessTerminated

    # The client.

    def post(self, stream: str, data: bytes) -> None:
        """Output that comes not from the process but from the service beside it."""
        with self.changed:
            self._output.append(Chunk(stream, data))
            self._size += len(data)
            self.changed.notify_all()

    @property
    def ended(self) -> bool:
        with self.changed:
            return self._exit_code is not None

    def receive(self, within: timedelta, limit: int) -> Received | None:
        """Some `limit` bytes of output, or the end; None when `within` of lab time is over before there is any."""
        with self._receiving:
            if self._alarm is not None:
                return self._receive_as_time_passes(self._alarm, within, limit)
            return self._receive_in_turn(within, limit)

    def terminate(self) -> None:
        """Ends the process at its next point; it may be the process itself that brings this about."""
        with self.changed:
            self._terminated = True
            self.changed.notify_all()

    def _receive_in_turn(self, within: timedelta, limit: int) -> Received | None:
        with self.changed:
            deadline = self._clock.now() + within
            if self._nothing_to_deliver():
                self._deadline = deadline
                self._turn = True
                self.changed.notify_all()
                self.changed.wait_for(lambda: not self._turn)
                self._deadline = None
            if not self._nothing_to_deliver():
                return self._take(limit)
        self._clock.spend(max(deadline - self._clock.now(), timedelta()))
        return None

    def _receive_as_time_passes(self, alarm: Alarm, within: timedelta, limit: int) -> Received | None:
        over = threading.Event()

        def ring() -> None:
            over.set()
            with self.changed:
                self.changed.notify_all()

        appointment = alarm(within, ring)
        try:
            with self.changed:
                self.changed.wait_for(lambda: over.is_set() or not self._nothing_to_deliver())
                return None if self._nothing_to_deliver() else self._take(limit)
        finally:
            appointment.cancel()

    def _nothing_to_deliver(self) -> bool:
        return not self._output and self._exit_code is None

    def _take(self, limit: int) -> Received:
        taken: list[Chunk] = []
        room = limit
        while self._output and (not taken or len(self._output[0].data) <= room):
            taken.append(self._output.popleft())
            room -= len(taken[-1].data)
        self._size -= sum(len(chunk.data) for chunk in taken)
        if not self._output:
            self._written_at = None
        self.changed.notify_all()
        return Received(tuple(taken), None if self._output else self._exit_code)
