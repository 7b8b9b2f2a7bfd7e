"""One drill on one lab, from opening it to having put it back; every stage is noted in the journal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from lab.errors import LabError
from lab.evidence import EvidenceStore
from lab.journal import Journal
from lab.model.endpoints import local_url
from lab.model.hosts import HostRole
from lab.model.state import Difference, LabState, differences
from lab.model.subject import Subject
from lab.model.undertakings import Change
from lab.opening import Lab
from lab.ports import Garoon, GaroonEntries, GaroonHealth
from steps.clocks import HostClocks
from steps.course import Course, EventView
from steps.measuring import Measuring
from steps.observation import Observation
from steps.readiness import Surveyor, capture_state
from steps.recording import Album, RecordedEntries, RecordedGaroon, note_event
from steps.restoration import Restoration, entries_left
from steps.vocabulary import Language
from steps.wording import Text

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
    _surveyor: Surveyor = field(init=False)
    _entries: GaroonEntries = field(init=False)
    _clocks: HostClocks = field(init=False)
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
        self.observation = Observation(self.lab.clock, self.journal, self.language, self.lab.limits)
        self.measuring = Measuring(self.lab.measurement, self.lab.clock, self.journal)
        browser = self.lab.garoon_browser()
        browser.start()
        visitor = self.lab.garoon_http()
        self.garoon_health = visitor
        self._entries = RecordedEntries(visitor, "http", self.subject.garoon_url, self.journal)
        self.garoon = RecordedGaroon(browser, "browser", self.subject.garoon_url, self.journal)
        self._clocks = HostClocks(self.lab.clock, self.journal, self.observation)
        self._surveyor = Surveyor(
            subject=self.subject,
            windows=self.lab.windows,
            hyperv=self.lab.hyperv,
            replication=self.lab.replication,
            services=self.lab.services,
            journal=self.journal,
        )
        self.before = self._surveyor.look_over(self._clocks)
        self.event_view = EventView(self.lab.replication, note_event(self.journal))
        self._note_state("before", self.before)
        for service in self._surveyor.not_installed(self.before):
            self.observation.note(
                Text(
                    f"{service} is not installed, so its state is not compared.",
                    f"{service} はインストールされていないため、状態の比較の対象にならない。",
                )
            )

    def allow(self, changes: frozenset[Change], *, premise: bool) -> None:
        """What the step about to run declares may be sent; a premise acts only in a lab that is gone with the run."""
        self.lab.guard.asked = bool(changes) or (premise and self.lab.disposable)

    def end(self, reason: Reason) -> bool | None:
        """Restores and compares; None when the comparison itself could not be made."""
        self.look_round("after")
        if reason == "finished":
            self.measuring.settle()
        self.measuring.read_back()
        restored = self._restore()
        self._compare_clocks()
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
        self.lab.guard.asked = True
        self._restoration().run(self.course)
        canaries_left = self.measuring.end()
        try:
            self.event_view.refresh()
            now = replace(self._surveyor.survey(), entries=entries_left(self.course, self._entries))
        except LabError as error:
            unread = [f"the lab could not be read: {error}"]
            self.journal.write("restore.ended", restored=None, differences=unread, permitted=[])
            return None
        self._note_state("restored", now)
        found = differences(self.before, now)
        if canaries_left:
            found = (*found, Difference("Garoon/canaries", "0", str(canaries_left)))
        return self._proven(found)

    def _proven(self, found: Sequence[Difference]) -> bool:
        """What the site file permits to differ is told, and does not count."""
        permitted = [str(each) for each in found if each.subject in self.lab.may_differ]
        left = [str(each) for each in found if each.subject not in self.lab.may_differ]
        self.journal.write("restore.ended", restored=not left, differences=left, permitted=permitted)
        return not left

    def _compare_clocks(self) -> None:
        for role in HostRole:
            host = self.subject.host(role)
            try:
                self._clocks.ask(host, self.lab.windows[role], "after")
            except LabError as error:
                self.journal.write("note", text=f"the clock of {host} could not be read after the drill: {error}")

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
            garoon=self._entries,
            observation=self.observation,
            journal=self.journal,
            look_round=lambda: self.look_round("during"),
        )

    def _state(self) -> LabState:
        return capture_state(self.subject, self.lab.hyperv, self.lab.replication)

    def _note_state(self, moment: Moment, state: LabState) -> None:
        self.journal.write("state", moment=moment, **state.facts())
