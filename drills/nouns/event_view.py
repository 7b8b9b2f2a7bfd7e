"""The event view of Arcserve RHA's manager."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from drills.course import Sighting
from drills.nouns.observed import Context, Observed
from drills.vendor import REPLICA_HOST
from drills.wording import says, several
from lab.model.limits import Within
from lab.model.replication import RhaEvent
from lab.ports import Replication
from words import Told, sentence

NO_EVENT = sentence("steps.events.none")


class EventView(Observed[Sequence[RhaEvent]]):
    """The event view from the start of the drill on; every new line is noted once.

    Looked at, it shows the lines since the drill's last command.
    """

    asked = True

    def __init__(
        self,
        replication: Replication,
        note: Callable[[RhaEvent], None],
        context: Context,
        *,
        after: int | None = None,
    ) -> None:
        """`after` is the last line from before the last command of a run that is resumed."""
        super().__init__(context)
        self._replication = replication
        self._note = note
        self._lines: list[RhaEvent] = []
        last = max((event.sequence for event in replication.events(0)), default=0)
        self._last = last if after is None else min(after, last)

    def refresh(self) -> None:
        for event in self._replication.events(self._last):
            self._last = event.sequence
            self._lines.append(event)
            self._note(event)

    def count_anew(self) -> None:
        """From here on, new lines are those of what is commanded next."""
        self.refresh()
        self.context.course.commanded_after = self._last

    def now(self) -> Sequence[RhaEvent]:
        self.refresh()
        lines = [event for event in self._lines if event.sequence > self.context.course.commanded_after]
        self.context.observation.rely(*(event.by for event in lines))
        return lines

    def told(self, seen: Sequence[RhaEvent]) -> Told:
        if not seen:
            return NO_EVENT
        return sentence("steps.events.last", message=seen[-1].message)

    def await_kind(self, kind: str, expected: Told, minutes: int) -> Sighting:
        """An event of that kind, as the profile knows it."""
        within = timedelta(minutes=minutes)
        events = self.until(lambda events: any(event.kind == kind for event in events), expected, within)
        stamped = next(event.stamped for event in events if event.kind == kind)
        return Sighting(self.context.clock.now(), stamped)

    def await_message(self, message: str, within: Within) -> None:
        """The guide's own placeholder in a message stands for the replica host's name."""
        message = message.replace(REPLICA_HOST, self.context.subject.replica)
        self.await_messages(
            lambda events: any(says(event.message, message) for event in events),
            sentence("steps.events.event", message=message),
            within,
        )

    def await_messages(self, holds: Callable[[Sequence[RhaEvent]], bool], expected: Told, within: Within) -> None:
        """The same of several lines, all of which are told."""
        self.context.observation.until(
            self.now, holds, expected=expected, seen=messages_text, within=within, asked=True
        )


def messages_text(events: Sequence[RhaEvent]) -> Told:
    return several([event.message for event in events], NO_EVENT)
