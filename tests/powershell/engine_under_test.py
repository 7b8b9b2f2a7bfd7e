"""The embedded engine on the stand-in host: one script in a fresh runspace, its answer in the corpus' terms."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from powershell.conversion import to_text
from powershell.engine import PipelineCommand, TerminatingError
from powershell.errors import ErrorRecord, ExitScript
from powershell.host import PowerShell
from powershell.matching import Matcher
from powershell.values import NOTHING, type_name
from tests.powershell import stand_ins
from tests.powershell.recordings import Answer, ErrorAnswer


@dataclass(slots=True)
class StoppedClock:
    """Stands still but for what commands spend."""

    moment: datetime = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def spend(self, duration: timedelta) -> None:
        self.moment += duration


@dataclass(slots=True)
class CollectedStreams:
    values: list[Any] = field(default_factory=list)
    errors: list[ErrorRecord] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    informations: list[Any] = field(default_factory=list)

    def output(self, value: Any) -> None:
        self.values.append(None if value is NOTHING else value)

    def error(self, record: ErrorRecord) -> None:
        self.errors.append(record)

    def warning(self, text: str) -> None:
        self.warnings.append(text)

    def verbose(self, text: str) -> None: ...

    def debug(self, text: str) -> None: ...

    def information(self, record: Any) -> None:
        self.informations.append(record)

    def progress(self, activity: str, status: str, percent: int) -> None: ...


def stand_in_engine(matcher: Matcher | None = None) -> PowerShell:
    engine = PowerShell((), StoppedClock(), "HV1", types=stand_ins.TYPES, views=stand_ins.VIEWS, matcher=matcher)
    engine.commands.add(stand_ins.cmdlets())
    return engine


@contextmanager
def another_host_at_work() -> Iterator[Callable[[], float]]:
    """Another engine that runs meanwhile; gives the longest that it was kept waiting, in seconds."""
    gaps, done = [0.0], threading.Event()

    def work() -> None:
        runspace = stand_in_engine().open_runspace()
        last = time.monotonic()
        while not done.is_set():
            runspace.invoke([PipelineCommand(text="1 + 1", is_script=True)], CollectedStreams())
            now = time.monotonic()
            gaps.append(now - last)
            last = now
            done.wait(0.01)

    thread = threading.Thread(target=work)
    thread.start()
    yield lambda: max(gaps)
    done.set()
    thread.join()


def run_script(script: str, matcher: Matcher | None = None) -> Answer:
    runspace = stand_in_engine(matcher).open_runspace()
    streams, ended_by = CollectedStreams(), None
    try:
        runspace.invoke([PipelineCommand(text=script, is_script=True)], streams)
    except TerminatingError as error:
        ended_by = _error(error.record)
    except ExitScript:
        ended_by = None
    text = CollectedStreams()
    ended_by = ended_by if _is_refused(ended_by) else _render(runspace, streams.values, text) or ended_by
    return Answer(
        types=tuple(type_name(value) for value in streams.values),
        text="".join(text.values),
        errors=tuple(map(_error, streams.errors)),
        warnings=tuple(streams.warnings),
        information=tuple(to_text(record) for record in streams.informations),
        ended_by=ended_by,
    )


def _is_refused(ended_by: ErrorAnswer | None) -> bool:
    return ended_by is not None and ended_by.id == "OutsideSubset"


def _render(runspace: Any, values: list[Any], text: CollectedStreams) -> ErrorAnswer | None:
    """What Out-String makes of the output; the refusal where it cannot."""
    runspace.interpreter.assign("recorded", values)
    script = "$recorded | Out-String -Width 120"
    try:
        runspace.invoke([PipelineCommand(text=script, is_script=True)], text)
    except TerminatingError as error:
        return _error(error.record)
    return None


def _error(record: ErrorRecord) -> ErrorAnswer:
    return ErrorAnswer(record.message, record.fully_qualified_id, record.category.name)
