"""Drills on simulated labs, some at a time: each process has one lab after the other, and the journal has one order.

Entries of the drill whose turn it is are written as they come; those of later ones wait until the drills before them
have ended, so that a run reads the same however many went on at once.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import tempfile
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from kunren.performing import Circumstances, Ended, clock_before, perform_drill, standing
from lab.clock import SystemClock
from lab.evidence import EvidenceStore
from lab.garoon.browser import BrowserDriver
from lab.journal import Journal, JournalFile, RecordLost
from lab.secrets import Masking
from steps.reading import PlannedDrill


class RelayedJournal(Journal):
    """Hands each entry to the process that writes the journal."""

    def __init__(self, line: Connection, under: Circumstances, masking: Masking) -> None:
        super().__init__(clock=clock_before(under.site), wall=SystemClock(), masking=masking)
        self._line = line
        self._stops = under.stops

    def _keep(self, entry: Mapping[str, Any]) -> None:
        with self._stops.whole():
            self._line.send(entry)


class SideBySide:
    """One run of `drills`, `at_once` of them at a time."""

    def __init__(
        self, drills: Sequence[PlannedDrill], under: Circumstances, journal: JournalFile, folder: Path, at_once: int
    ) -> None:
        self._drills = drills
        self._under = under
        self._journal = journal
        self._folder = folder
        self._at_once = min(at_once, len(drills))
        self._to_begin = deque(range(len(drills)))
        self._under_way: dict[Connection, int] = {}
        self._pids: list[int] = []
        self._waiting: list[list[Mapping[str, Any]]] = [[] for _ in drills]
        self._ended: dict[int, Ended] = {}
        self._turn = 0
        self._pictures = 0

    def run(self) -> Sequence[Ended]:
        """How each drill that was begun ended, in their order; the journal's clock then stands where the last did."""
        with (
            tempfile.TemporaryDirectory(prefix="pictures-", dir=self._folder) as pictures,
            self._workers(Path(pictures)) as lines,
        ):
            self._under.stops.listeners.append(self._interrupt)
            if self._under.stops.asked:
                self._interrupt()
            for line in lines:
                self._hand_out(line)
            while self._under_way:
                for line in [each for each in wait(list(self._under_way)) if isinstance(each, Connection)]:
                    self._hear(line, Path(pictures))
        return [self._ended[number] for number in sorted(self._ended)]

    def _hand_out(self, line: Connection) -> None:
        number = self._to_begin.popleft() if self._to_begin else None
        with suppress(BrokenPipeError):  # a worker that has died is heard of when it is listened to
            line.send(number)
        if number is not None:
            self._under_way[line] = number

    def _hear(self, line: Connection, pictures: Path) -> None:
        number = self._under_way[line]
        try:
            said = line.recv()
        except EOFError:
            name = self._drills[number].name
            said = (
                Ended(stopped=True)
                if self._under.stops.asked
                else Ended(internal_error=f"The process of {name} has died.")
            )
        if not isinstance(said, Ended):
            self._take(number, said, pictures)
            return
        del self._under_way[line]
        self._ended[number] = said
        if said.ends_the_run:
            self._to_begin.clear()
        self._hand_out(line)
        while self._turn in self._ended:
            self._turn += 1
            for entry in self._waiting[self._turn] if self._turn < len(self._drills) else ():
                self._write(self._turn, entry, pictures)

    def _take(self, number: int, entry: Mapping[str, Any], pictures: Path) -> None:
        if number == self._turn:
            self._write(number, entry, pictures)
        else:
            self._waiting[number].append(entry)

    def _write(self, number: int, entry: Mapping[str, Any], pictures: Path) -> None:
        try:
            if entry["what"] == "evidence":
                entry = self._numbered(entry, pictures / str(number))
            self._journal.adopt(entry)
        except RecordLost:
            self._journal.must_keep = False
            self._interrupt()
        self._journal.clock = standing(datetime.fromisoformat(entry["at"]))

    def _numbered(self, entry: Mapping[str, Any], taken_to: Path) -> Mapping[str, Any]:
        """The picture takes its place among those of the whole run."""
        self._pictures += 1
        own = Path(entry["file"])
        file = own.with_name(f"{self._pictures:04}-{own.name.partition('-')[2]}")
        try:
            (taken_to / own).replace(self._folder / file)
        except OSError as error:
            raise self._journal.lose(error) from error
        return {**entry, "id": self._pictures, "file": file.as_posix()}

    # -- the processes ------------------------------------------------------------------------------------------

    @contextmanager
    def _workers(self, pictures: Path) -> Iterator[list[Connection]]:
        forking = multiprocessing.get_context("fork")
        lines: list[Connection] = []
        processes = []
        try:
            for _ in range(self._at_once):
                here, there = forking.Pipe()
                process = forking.Process(target=self._work, args=(there, [*lines, here], pictures))
                lines.append(here)
                process.start()
                there.close()
                processes.append(process)
            self._pids = [process.pid for process in processes if process.pid is not None]
            yield lines
        finally:
            for line in lines:
                line.close()
            for process in processes:
                process.join()

    def _work(self, line: Connection, of_others: Sequence[Connection], pictures: Path) -> None:
        """What a worker does: drills until there are none, each noted over `line`."""
        self._under.stops.listeners.clear()
        for other in of_others:
            other.close()
        os.setpgrp()  # Ctrl-C reaches the whole group of the terminal; workers hear of it once, from their parent
        with suppress(EOFError, BrokenPipeError), BrowserDriver().kept() as browser_driver:
            while (number := line.recv()) is not None:
                journal = RelayedJournal(line, self._under, self._journal.masking)
                own = pictures / str(number)
                own.mkdir()
                evidence = EvidenceStore(own, journal)
                line.send(perform_drill(self._drills[number], self._under, browser_driver, journal, evidence))

    def _interrupt(self) -> None:
        """The labs under way are restored, and drills that were not begun never are; workers hear of each request."""
        self._to_begin.clear()
        for pid in self._pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
