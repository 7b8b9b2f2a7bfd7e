"""The cost of a script call in lab time, wall-clock time and round trips, and its record."""

from __future__ import annotations

from datetime import timedelta

from lab.errors import LabError, NotStarted, Refused
from lab.model.calls import MASK, CallOutcome, CallRecord, redacted, redacted_answer
from lab.model.scripts import JsonValue, ScriptCall
from lab.ports import Clock
from lab.scripts import load_script


class CallTimer:
    """Times one call: the time left until its timeout, and its cost so far."""

    def __init__(self, clock: Clock, wall: Clock, within: timedelta) -> None:
        self._clock = clock
        self._wall = wall
        self._began = clock.monotonic()
        self._wall_began = wall.monotonic()
        self.within = within
        self.round_trips = 0
        self.stray: tuple[str, ...] = ()

    @property
    def took(self) -> timedelta:
        """Lab time since the call began."""
        return timedelta(seconds=self._clock.monotonic() - self._began)

    @property
    def left(self) -> timedelta:
        """Lab time until the call's deadline."""
        return self.within - self.took

    def record(
        self, host: str, call: ScriptCall, *, answer: JsonValue = None, error: LabError | None = None
    ) -> CallRecord:
        return CallRecord(
            host=host,
            call=ScriptCall(
                call.script, {**redacted(call.arguments), **dict.fromkeys(call.secrets, MASK)}, call.undertaking
            ),
            script_sha256=load_script(call.script).sha256,
            outcome=_outcome(error),
            error=error,
            took=self.took,
            wall=timedelta(seconds=self._wall.monotonic() - self._wall_began),
            round_trips=self.round_trips,
            answer=redacted_answer(answer),
            stray=self.stray,
        )


def _outcome(error: LabError | None) -> CallOutcome:
    match error:
        case None:
            return CallOutcome.ANSWERED
        case NotStarted():
            return CallOutcome.NOT_STARTED
        case Refused():
            return CallOutcome.REFUSED
        case _:
            return CallOutcome.INDETERMINATE
