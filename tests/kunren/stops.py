"""Drills that a signal stops right after a chosen entry of their journal."""

import os
import signal
from dataclasses import dataclass

from drills import interruption
from journal.seen import Call
from journal.writer import JournalFile


@dataclass(frozen=True)
class StopAt:
    """Entries count from 1, and none is number 0; a second signal comes `later` entries after the first.

    With `acts` only calls that change something are counted.
    """

    drill: str
    entry: int = 0
    number: int = signal.SIGINT
    later: int = 0
    second: int = signal.SIGTERM
    acts: bool = False

    def due(self, written):
        """The signal after so many entries, if there is one."""
        if written == self.entry:
            return self.number
        return self.second if self.later and written == self.entry + self.later else None

    def prepare(self, folder):
        """The process sends itself real signals, which its own handler takes."""
        written, write = 0, JournalFile.write

        def counted(journal, entry):
            nonlocal written
            write(journal, entry)
            if self.acts and not (isinstance(entry, Call) and entry.changes):
                return
            written += 1
            if (number := self.due(written)) is not None:
                os.kill(os.getpid(), number)

        JournalFile.write = counted
        interruption.ONE_REQUEST_S = 0.0  # the restoration of a simulated lab is over in less
