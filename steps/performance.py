"""One drill on one lab, from opening it to having put it back; every stage is noted in the journal."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from lab.errors import LabError
from lab.evidence import EvidenceStore
from lab.journal import Journal
from lab.model.endpoints import local_url
from lab.model.hosts import HostRole
from lab.model.state import Difference, LabState, differences
from lab.model.subject import Subject
from lab.opening import Lab
from lab.ports import Garoon, GaroonHealth
from steps.course import Course, EventView
from steps.measuring import Measuring
from steps.observation import Observation
from steps.readiness import capture_state, look_over
from steps.recording import Album, RecordedGaroon, note_event
from steps.restoration import Restoration
from steps.vocabulary import Language

Reason = Literal["finished", "interrupted"]
Moment = Literal["before", "during", "after", "restored"]


@dataclass(slots=True)
class Performance:
    """A drill under way: the opened lab, what steps share, and the state the lab has to return to."""

    drill: str
    lab: Lab
    subject: Subject
    language: Language
    journal: Journal
    evidence: EvidenceStore
    course: Course = field(default_factory=Course)
    garoon: Garoon = field(init=False)
    garoon_health: GaroonHealth = field(init=False)
    pictures: Album = field(init=False)
    observation: Observation = field(init=False)
    event_view: EventView = field(init=False)
    measuring: Measuring = field(init=False)
    before: LabState = field(init=False)
    _test_garoon: Garoon | None = None

    @property
    def test_garoon(self) -> Garoon:
        """Garoon inside the guest on the replica host; its browser starts when it is first asked for."""
        if self._test_garoon is None:
            browser = self.lab.garoon_in_guest(HostRole.REPLICA)
            self._test_garoon = RecordedGaroon(
                browser, "browser in the test guest", local_url(self.subject.garoon_url), self.journal
            )
        return self._test_garoon

    def begin(self) -> None:
        """Everything that can be found wrong is found here, before anything is touched."""
        self.pictures = Album(self.evidence, self.course)
        self.observation = Observation(self.lab.clock, self.journal, self.language)
        self.measuring = Measuring(self.lab.measurement, self.lab.clock, self.journal)
        browser = self.lab.garoon_browser()
        browser.start()
        self.garoon_health = self.lab.garoon_http()
        self.garoon = RecordedGaroon(browser, "browser", self.subject.garoon_url, self.journal)
        self.before = look_over(self.subject, self.lab.windows, self.lab.hyperv, self.lab.replication)
        self.event_view = EventView(self.lab.replication, note_event(self.journal))
        self._note_state("before", self.before)

    def end(self, reason: Reason) -> bool | None:
        """Restores and compares; None when the comparison itself could not be made."""
        self.look_round("after")
        restored = self._restore()
        self.journal.write("drill.ended", drill=self.drill, reason=reason)
        return restored

    def look_round(self, moment: Literal["during", "after"]) -> None:
        """Notes new events and the state of the lab, as far as they can be read at this moment."""
        try:
            self.event_view.refresh()
            self._note_state(moment, self._state())
        except LabError as error:
            self.journal.write("note", text=f"the state {moment} the drill could not be read: {error}")

    def _restore(self) -> bool | None:
        self.journal.write("restore.began")
        self._restoration().run(self.course)
        canaries_left = self.measuring.end()
        try:
            self.event_view.refresh()
            now = self._state()
        except LabError as error:
            self.journal.write("restore.ended", restored=None, differences=[f"the lab could not be read: {error}"])
            return None
        self._note_state("restored", now)
        left = differences(self.before, now)
        if canaries_left:
            left = (*left, Difference("Garoon/canaries", "0", str(canaries_left)))
        self.journal.write("restore.ended", restored=not left, differences=[str(difference) for difference in left])
        return not left

    def _restoration(self) -> Restoration:
        return Restoration(
            before=self.before,
            subject=self.subject,
            windows=self.lab.windows,
            master=self.lab.hyperv[HostRole.MASTER],
            replica=self.lab.hyperv[HostRole.REPLICA],
            replication=self.lab.restoring,
            wizard=self.lab.wizard,
            incidents=self.lab.incidents,
            assured_recovery=self.lab.assured_recovery,
            garoon=self.garoon,
            observation=self.observation,
            journal=self.journal,
            look_round=lambda: self.look_round("during"),
        )

    def _state(self) -> LabState:
        return capture_state(self.subject, self.lab.hyperv, self.lab.replication)

    def _note_state(self, moment: Moment, state: LabState) -> None:
        self.journal.write("state", moment=moment, **state.facts())
