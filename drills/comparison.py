"""Whether the lab is as it was before the drill: the state then, the state now, and what differs."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from drills.acts import ActName
from drills.course import Course
from drills.interruption import Held, UnderWay
from drills.readiness import Preflight
from drills.wording import may_be_done
from journal.course import RestoreEnded
from journal.writer import Journal
from lab.model.state import Difference, LabState, differences, settled
from lab.model.subject import Subject
from lab.opening import Lab
from lab.ports import GaroonEntries
from lab.waiting import wait_until
from words import Quoted, Told, sentence, told

LONGEST = timedelta(minutes=3)
"""How long the comparison is tried again while the lab cannot be read, which takes a minute where nothing answers."""
BETWEEN_LOOKS = timedelta(seconds=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What has to be as in `before`; each state that was read whole is given to `note`."""

    lab: Lab
    subject: Subject
    before: LabState
    course: Course
    surveyor: Preflight
    entries: GaroonEntries
    journal: Journal
    note: Callable[[LabState], None]
    defects: list[str]
    """Tracebacks of what failed in Kunren itself."""

    def make(self, held: Held, canaries: Sequence[Difference], *, stays: bool) -> bool | None:
        """What cannot be read at once is asked for again, unless the operator is in a hurry; the rest is compared.

        None when the comparison could not be made; with `stays` the guest is to be where the drill has moved it.
        """
        if self.lab.people is not None:
            self.lab.people.attention.end_step()
        try:
            looked = wait_until(
                lambda: self.surveyor.survey_what_answers(self.before),
                lambda read: not read.unread or held.asked_again,
                clock=self.lab.clock,
                within=_patience(held),
                every=BETWEEN_LOOKS,
            )
            read = looked.result()
            now = replace(read.now, entries=self.course.entries_left(self.entries))
        except Exception as error:  # noqa: BLE001  # whatever broke, whether the lab is as before is not known
            self.defects.append(traceback.format_exc())
            self.journal.write(RestoreEnded(restored=None, differences=(_unread(told(error)),)))
            return None
        if not read.unread:
            self.note(now)
        found = (*differences(settled(read.before, now), now), *canaries)
        if len(now.running_on(self.subject.guest)) > 1:
            return self._judged(found, self._split_brain(), read.unread, stays=stays)
        return self._judged(found, None, read.unread, stays=stays)

    def _judged(
        self, found: Sequence[Difference], urgent: Told | None, unread: Sequence[Told], *, stays: bool
    ) -> bool | None:
        """Differences that the site file permits, or that were requested to stay, are told and do not count."""
        may_differ, doubts = self.lab.safety.may_differ, self.lab.safety.guard.doubtful
        kept = self._moved_things() if stays else frozenset()
        left = [each for each in found if each.subject not in may_differ | kept]
        doubtful = tuple(map(may_be_done, doubts))
        restored = False if left else None if unread or doubtful else True
        self.journal.write(
            RestoreEnded(
                restored=restored,
                differences=(*([urgent] if urgent else ()), *left, *doubtful, *map(_unread, unread)),
                permitted=tuple(each for each in found if each.subject in may_differ),
                stays=tuple(each for each in found if each.subject in kept - may_differ),
                by=() if self.lab.people is None else self.lab.people.attention.rests_on,
            )
        )
        return restored

    def _split_brain(self) -> Told:
        """The guest runs on both hosts; with the guide's way out."""
        guest, master, replica = self.subject.guest, self.subject.master, self.subject.replica
        if self.course.test_under_way:
            return sentence("differences.test_in_progress", guest=guest, replica=replica)
        return sentence("differences.split_brain", guest=guest, master=master, replica=replica)

    def _moved_things(self) -> frozenset[str]:
        """What differs where a guest stays on the host it was moved to, as a comparison names it."""
        hosts = (self.subject.master, self.subject.replica)
        return frozenset({f"RHA/{self.subject.scenario}", *(f"{host}/{self.subject.guest}" for host in hosts)})


def under_way(held: Held, question: timedelta) -> UnderWay:
    """The last look at a silent host, of `question` at the longest, may begin when the time is over."""
    longest = _patience(held) + 3 * question
    return UnderWay(ActName.COMPARE, (), sentence("restoration.hosts_answer"), longest.total_seconds())


def of_canaries(*, left: int, lost: int) -> Iterator[Difference]:
    """Entries of the measurement that are still in Garoon, or are gone since the restoration."""
    for fate, n in (("left", left), ("lost", lost)):
        if n:
            yield Difference("Garoon", Quoted("0"), sentence(f"differences.canaries_{fate}", n=n))


def _patience(held: Held) -> timedelta:
    return timedelta() if held.asked_again else LONGEST


def _unread(error: Told) -> Told:
    return sentence("differences.unread", error=error)
