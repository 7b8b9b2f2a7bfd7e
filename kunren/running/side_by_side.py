"""Drills on simulated labs, some at a time: each process has one lab after the other, and the journal has one order.

Entries of the drill whose turn it is are written as they come; those of later ones wait until the drills before them
have ended, so that a run reads the same however many went on at once.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import tempfile
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from drills.reading import PlannedDrill
from journal.course import DrillEnded, Ending, Outcome, RestoreBegan, RestoreEnded, StepBegan, StepEnded
from journal.entry import Entry, Error
from journal.evidence import EvidenceStore
from journal.masking import Masking
from journal.seen import Evidence
from journal.writer import Journal, JournalFile, RecordLost
from kunren.running.performing import DrillOutcome, RunOptions, clock_before, perform_drill, standing
from kunren.running.stopping import Notice
from lab.clock import SystemClock
from lab.drivers.garoon.browser_driver import BrowserDriver
from lab.model.json_values import instant
from words import sentence


class RelayedJournal(Journal):
    """Hands each entry to the process that writes the journal."""

    def __init__(self, line: Connection, under: RunOptions, masking: Masking) -> None:
        super().__init__(clock=clock_before(under.site), wall=SystemClock(), masking=masking)
        self._line = line
        self._stops = under.stops

    def _keep(self, entry: Mapping[str, Any]) -> None:
        with self._stops.whole():
            self._line.send(entry)


class SideBySide:
    """One run of `drills`, `at_once` of them at a time."""

    def __init__(
        self, drills: Sequence[PlannedDrill], under: RunOptions, journal: JournalFile, folder: Path, at_once: int
    ) -> None:
        self._drills = drills
        self._under = under
        self._journal = journal
        self._folder = folder
        self._at_once = min(at_once, len(drills))
        self._to_begin = deque(range(len(drills)))
        self._under_way: dict[Connection, int] = {}
        self._workers: dict[Connection, BaseProcess] = {}
        self._told = [ToldDrill(drill.name) for drill in drills]
        self._begun_in_vain: set[int] = set()
        self._ended: dict[int, DrillOutcome] = {}
        self._turn = 0
        self._pictures = 0

    def run(self) -> Sequence[DrillOutcome]:
        """How each drill that was begun ended, in their order; the journal's clock then stands where the last did."""
        with tempfile.TemporaryDirectory(prefix="pictures-", dir=self._folder) as pictures:
            try:
                for _ in range(self._at_once):
                    self._start(Path(pictures))
                self._under.stops.listeners.append(self._interrupt)
                if self._under.stops.asked:
                    self._interrupt()
                for line in list(self._workers):
                    self._hand_out(line)
                while self._under_way:
                    for line in [each for each in wait(list(self._under_way)) if isinstance(each, Connection)]:
                        self._hear(line, Path(pictures))
            finally:
                for line in self._workers:
                    line.close()
                for process in self._workers.values():
                    process.join()
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
        except (EOFError, OSError):  # OSError: in the middle of what it said
            self._worker_died(line, pictures)
            return
        if not isinstance(said, DrillOutcome):
            self._take(number, said, pictures)
            return
        del self._under_way[line]
        self._drill_ended(number, said, pictures)
        self._hand_out(line)

    def _drill_ended(self, number: int, how: DrillOutcome, pictures: Path) -> None:
        for entry in self._told[number].closing(how):
            self._take(number, entry, pictures)
        self._ended[number] = how
        if how.ends_the_run:
            self._to_begin.clear()
        while self._turn in self._ended:
            self._turn += 1
            for entry in self._told[self._turn].spooled() if self._turn < len(self._drills) else ():
                self._write(self._turn, entry, pictures)

    def _worker_died(self, line: Connection, pictures: Path) -> None:
        """Its drill is closed as interrupted, and another worker takes its place; drills not begun are not lost."""
        number = self._under_way.pop(line)
        if self._told[number].ended:
            self._drill_ended(number, DrillOutcome(stopped=self._under.stops.asked), pictures)
        elif not self._told[number].began and number not in self._begun_in_vain and not self._under.stops.asked:
            self._begun_in_vain.add(number)
            self._to_begin.appendleft(number)
        else:
            died = sentence("side_by_side.died", drill=self._drills[number].name)
            self._drill_ended(number, DrillOutcome(stopped=self._under.stops.asked, died=died), pictures)
        line.close()
        self._workers.pop(line).join()
        if self._to_begin:
            self._hand_out(self._start(pictures))

    def _take(self, number: int, entry: Mapping[str, Any], pictures: Path) -> None:
        self._told[number].note(entry)
        if number == self._turn:
            self._write(number, entry, pictures)
            return
        try:
            self._told[number].spool(entry, pictures / f"{number}.jsonl")
        except OSError as error:
            self._journal.lose(error)
            self._go_on_without_record()

    def _write(self, number: int, entry: Mapping[str, Any], pictures: Path) -> None:
        try:
            if entry["what"] == Evidence.what:
                entry = self._numbered(entry, pictures / str(number))
            self._journal.adopt(entry)
        except RecordLost:
            self._go_on_without_record()
        self._journal.clock = standing(datetime.fromisoformat(entry["at"]))

    def _go_on_without_record(self) -> None:
        """The labs under way are still restored."""
        self._journal.must_keep = False
        self._interrupt()

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

    def _start(self, pictures: Path) -> Connection:
        """A further worker, which knows the lines of the others only to close them."""
        forking = multiprocessing.get_context("fork")
        here, there = forking.Pipe()
        process = forking.Process(target=self._work, args=(there, [*self._workers, here], pictures))
        self._workers[here] = process
        process.start()
        there.close()
        return here

    def _work(self, line: Connection, of_others: Sequence[Connection], pictures: Path) -> None:
        """What a worker does: drills until there are none, each noted over `line`."""
        stops = self._under.stops
        stops.listeners.clear()
        for other in of_others:
            other.close()
        os.setpgrp()  # Ctrl-C reaches the whole group of the terminal; workers hear of it once, from their parent
        with suppress(EOFError, BrokenPipeError), BrowserDriver(stops.whole).kept() as browser_driver:
            while (number := line.recv()) is not None:
                journal = RelayedJournal(line, self._under, self._journal.masking)
                stops.listeners[:] = [Notice(stops, self._under.language, drill=self._drills[number].name)]
                own = pictures / str(number)
                own.mkdir(exist_ok=True)
                evidence = EvidenceStore(own, journal)
                line.send(perform_drill(self._drills[number], self._under, browser_driver, journal, evidence))

    def _interrupt(self) -> None:
        """The labs under way are restored, and drills that were not begun never are; workers hear of each request."""
        self._to_begin.clear()
        for process in self._workers.values():
            if process.pid is not None:
                with suppress(ProcessLookupError):
                    os.kill(process.pid, signal.SIGTERM)


GONE = sentence("side_by_side.gone")


class ToldDrill:
    """What has been told of a drill: its entries, in a file of their own until it is its turn, and what is open."""

    def __init__(self, drill: str) -> None:
        self._drill = drill
        self._last: Mapping[str, Any] | None = None
        self._step: StepBegan | None = None
        self._stepped = False
        self._restoration = ""
        self.ended = False
        self._spool: Path | None = None

    @property
    def began(self) -> bool:
        return self._last is not None

    def note(self, entry: Mapping[str, Any]) -> None:
        self._last = entry
        match entry["what"]:
            case StepBegan.what:
                self._step, self._stepped = StepBegan.from_json({"n": 0, **entry}), True
            case StepEnded.what:
                self._step = None
            case RestoreBegan.what | RestoreEnded.what as stage:
                self._restoration = stage
            case DrillEnded.what:
                self.ended = True

    def closing(self, how: DrillOutcome) -> Iterator[Mapping[str, Any]]:
        """What closes a drill that has not closed itself; nothing of one that has, or was never begun."""
        if self._last is None or self.ended:
            return
        if how.died and self._stepped:
            yield from map(self._noted, self._cut_off())
        text = GONE if how.died else None
        yield self._noted(DrillEnded(drill=self._drill, reason=Ending.INTERRUPTED, text=text))

    def _cut_off(self) -> Iterator[Entry]:
        if (step := self._step) is not None:
            error = Error("interrupted", sentence("side_by_side.step_cut"))
            yield StepEnded(
                drill=step.drill, chapter=step.chapter, step=step.step, outcome=Outcome.UNKNOWN, error=error
            )
        if not self._restoration:
            yield RestoreBegan(mode="auto", acts=())
        if self._restoration != RestoreEnded.what:
            yield RestoreEnded(restored=None, differences=(GONE,))

    def spool(self, entry: Mapping[str, Any], file: Path) -> None:
        self._spool = file
        with file.open("a", encoding="utf-8", newline="\n") as spool:
            spool.write(json.dumps(entry) + "\n")

    def spooled(self) -> Iterator[Mapping[str, Any]]:
        if self._spool is not None:
            with self._spool.open(encoding="utf-8") as spool:
                yield from map(json.loads, spool)

    def _noted(self, entry: Entry) -> Mapping[str, Any]:
        """At the drill's last instant, for its lab's clock is gone."""
        assert self._last is not None, "a drill that was begun"
        wall = instant(SystemClock().now().astimezone(UTC))
        return {"at": self._last["at"], "wall": wall, "what": entry.what, **entry.to_json()}
