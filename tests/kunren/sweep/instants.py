"""Instants of a run at which SIGKILL ends its whole process group, by the phases of its journal."""

import os
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum

from journal.course import RestoreBegan, RestoreEnded
from journal.people import Asked, PersonAsked
from journal.seen import ChangeStage, Phase, StateSeen, Undertaken
from journal.writer import JournalFile


class Stretch(Enum):
    """A part of a run, from an entry of its journal on."""

    PREFLIGHT = "preflight"
    BEFORE_ACTS = "before first act"
    ACT = "act in flight"
    COURSE = "course"
    TASK = "open task"
    RESTORATION = "restoration"
    RECORD = "record"

    def begins_with(self, entry):
        match self:
            case Stretch.BEFORE_ACTS:
                return isinstance(entry, StateSeen) and entry.moment is Phase.BEFORE
            case Stretch.ACT | Stretch.COURSE:
                return isinstance(entry, Undertaken) and entry.phase is ChangeStage.BEGUN
            case Stretch.TASK:
                return isinstance(entry, PersonAsked) and entry.kind is Asked.TASK
            case Stretch.RESTORATION:
                return isinstance(entry, RestoreBegan)
            case Stretch.RECORD:
                return isinstance(entry, RestoreEnded)
            case _:
                return False


@dataclass(frozen=True)
class KillIn:
    """`after` seconds of the wall from the beginning of a stretch, or from the `nth` of its acts or tasks.

    Another process sleeps and kills, so that the instant does not depend on what the run is doing.
    """

    stretch: Stretch
    after: float
    nth: int = 1

    def __call__(self):
        """In the process that is to be killed."""
        os.setpgid(0, 0)
        reader, writer = os.pipe()
        if os.fork() == 0:
            os.close(writer)
            _kill(os.getppid(), reader, self.after)
        os.close(reader)
        if self.stretch is Stretch.PREFLIGHT:
            os.write(writer, b"!")
            return
        write, seen = JournalFile.write, 0

        def watched(journal, entry):
            nonlocal seen
            write(journal, entry)
            if self.stretch.begins_with(entry):
                seen += 1
                if seen == self.nth:
                    os.write(writer, b"!")

        JournalFile.write = watched


def _kill(group, reader, after):
    """Ends with the run where its instant does not come."""
    os.setsid()
    if os.read(reader, 1):
        time.sleep(after)
        with suppress(ProcessLookupError):  # where it has ended by itself
            os.killpg(group, signal.SIGKILL)
    os._exit(0)


@dataclass(frozen=True)
class Course:
    """How long the stretches of a whole run took on the wall, and how many acts and tasks it had."""

    seconds: dict
    acts: int
    tasks: int

    @classmethod
    def of(cls, entries, began, ended):
        first = {}
        for entry in entries:
            for stretch in Stretch:
                if stretch.begins_with(entry):
                    first.setdefault(stretch, entry.at.wall.timestamp())
        first[Stretch.PREFLIGHT] = began
        ends = {
            Stretch.PREFLIGHT: first[Stretch.BEFORE_ACTS],
            Stretch.BEFORE_ACTS: first[Stretch.COURSE],
            Stretch.COURSE: first[Stretch.RESTORATION],
            Stretch.RESTORATION: first[Stretch.RECORD],
            Stretch.RECORD: ended,
        }
        return cls(
            seconds={stretch.value: max(0.05, end - first[stretch]) for stretch, end in ends.items()},
            acts=sum(map(Stretch.ACT.begins_with, entries)),
            tasks=sum(map(Stretch.TASK.begins_with, entries)),
        )
